"""How many seeds each part of the benchmark takes, and which."""

from __future__ import annotations

from dataclasses import dataclass

TWICE = 2.0
"""The multiple of the threshold severity at which failures must be found."""
FIRST_SCORING_SEED = 10_000


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many seeds each part takes.

    Args:
        tuning: to find threshold severities. scoring: at twice that. curve: at each other severity.
        gross: of failures without a scale. healthy: of each kind of healthy run. traces: of planted traces.
        healthy_traces: in all. trained: of planted real runs, 0 for none. faults: keys to keep; None for all.
    """

    tuning: int = 3
    scoring: int = 20
    curve: int = 4
    gross: int = 10
    healthy: int = 24
    traces: int = 20
    healthy_traces: int = 240
    trained: int = 10
    faults: tuple[str, ...] | None = None
    quick: bool = False


FULL = Size()
QUICK = Size(
    tuning=1, scoring=2, curve=1, gross=1, healthy=1, traces=4, healthy_traces=24, trained=0, quick=True,
    faults=(
        "digits: classes missing", "digits: few images", "digits: noise", "digits: not a number",
        "digits: swinging fast", "ring8: classes uneven", "ring8: hopping", "ring8: narrow modes",
        "ring8: still improving", "ring8: copying",
    ),
)  # fmt: skip
"""A sample of everything, in half a minute on one core."""


def scoring_seeds(count: int) -> range:
    """So many seeds that nothing was tuned on."""
    return range(FIRST_SCORING_SEED, FIRST_SCORING_SEED + count)
