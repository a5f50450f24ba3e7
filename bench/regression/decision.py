"""Is head slower than base? Paired log-ratios, the bootstrap's lower bound, a re-test, Holm over benchmarks.

Machines drift by more than a regression is large, so that only pairs taken side by side say anything
(metrics.md F1 measured it: times of one tree after those of the other raise false alarms in 19 to 30 % of
comparisons, paired ones in 0 to 2 %).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.regression.outcome import INCONCLUSIVE, NO_WORSE, REFUSED, WARNING, WORSE, Answer

Floats = NDArray[np.float64]

MARGIN = 0.05
"""Share by which head may be slower: about half the change that must be caught."""
ALPHA = 0.01
PAIRS, FEWEST_PAIRS = 30, 8
REPS, TRIM = 4000, 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the pairs of one benchmark say.

    Args:
        ratio: trimmed mean of head over base, on the scale of logarithms.
        low, high: one-sided limits of it at 1 - ALPHA, below and above.
        p: bootstrap share in which the ratio is within the margin: of "not slower beyond the margin".
        answer: before Holm and before the re-test. reason: why.
    """

    ratio: float
    low: float
    high: float
    p: float
    n: int
    answer: Answer
    reason: str


def judge(
    base: Sequence[float], head: Sequence[float], rng: np.random.Generator, *, margin: float = MARGIN
) -> Verdict:
    """Judge the pairs of one benchmark.

    Args:
        base, head: seconds, element i of both taken side by side.
        margin: share by which head may be slower.

    Example:
        >>> slower = judge([1.0] * 20, [1.2] * 20, np.random.default_rng(0))
        >>> round(slower.ratio, 6), slower.answer
        (1.2, 'worse')
    """
    logs, wrong = _log_ratios(base, head)
    if wrong:
        return Verdict(math.nan, math.nan, math.nan, math.nan, len(logs), REFUSED, wrong)
    middles = _middle(logs[rng.integers(0, len(logs), (REPS, len(logs)))])
    low, high = np.quantile(middles, (ALPHA, 1 - ALPHA))
    ratio, limit = math.exp(float(_middle(logs[None])[0])), math.log1p(margin)
    p = (1 + np.count_nonzero(middles <= limit)) / (1 + len(middles))
    answer, reason = _answer(ratio, float(low), float(high), limit)
    return Verdict(ratio, math.exp(low), math.exp(high), float(p), len(logs), answer, reason)


def confirmed(first: Mapping[str, Verdict], second: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Put re-tests beside first tests: worse only what was worse both times, else a warning.

    Two tests of fresh pairs are independent, so that both go wrong with the square of the larger p.
    What was not timed again keeps its first verdict.
    """
    return {name: _confirmed(verdict, second.get(name)) for name, verdict in first.items()}


def held(verdicts: Mapping[str, Verdict], alpha: float = ALPHA) -> dict[str, Verdict]:
    """Holm over benchmarks: of those that look worse, keep as worse what holds for all looks together.

    Example:
        >>> slower = judge([1.0] * 20, [1.2] * 20, np.random.default_rng(0))
        >>> twice = confirmed({"a": slower}, {"a": slower})
        >>> held(twice)["a"].answer
        'worse'
    """
    known = sorted(
        (name for name in verdicts if not math.isnan(verdicts[name].p)), key=lambda n: verdicts[n].p
    )
    kept: set[str] = set()
    for place, name in enumerate(known):
        if verdicts[name].p > alpha / (len(known) - place):
            break
        kept.add(name)
    return {name: item if name in kept else _spared(item) for name, item in verdicts.items()}


def _spared(verdict: Verdict) -> Verdict:
    if verdict.answer != WORSE:
        return verdict
    doubt = "slower beyond the margin, but not once all benchmarks are looked at together"
    return replace(verdict, answer=WARNING, reason=doubt)


def _confirmed(first: Verdict, second: Verdict | None) -> Verdict:
    if second is None or first.answer != WORSE:
        return first
    if second.answer == WORSE:
        both = f"slower beyond the margin in two tests, by {_percent(first)} and {_percent(second)}"
        return replace(second, p=max(first.p, second.p) ** 2, reason=both)
    if second.answer == REFUSED:
        return second
    unlike = f"slower by {_percent(first)} at first, by {_percent(second)} when tested again"
    return replace(second, answer=WARNING, reason=unlike)


def _percent(verdict: Verdict) -> str:
    return f"{100 * (verdict.ratio - 1):.1f} %"


def _log_ratios(base: Sequence[float], head: Sequence[float]) -> tuple[Floats, str]:
    if len(base) != len(head):
        return np.zeros(0), f"{len(base)} times of base and {len(head)} of head make no pairs"
    sides = np.array([base, head], dtype=float).reshape(2, -1)
    wrong = int((~np.isfinite(sides) | (sides <= 0)).any(axis=0).sum())
    if wrong:
        return np.zeros(
            0
        ), f"{wrong} of {len(base)} pairs hold a time that is missing, not finite or not above 0"
    if len(base) < FEWEST_PAIRS:
        return np.zeros(0), f"only {len(base)} pairs, at least {FEWEST_PAIRS} are needed"
    return np.log(sides[1] / sides[0]), ""


def _middle(rows: Floats) -> Floats:
    """Mean of the middle three fifths of each row: deaf to stray times as the median is, less scattered."""
    return np.asarray(stats.trim_mean(rows, TRIM, axis=1), dtype=np.float64)


def _answer(ratio: float, low: float, high: float, limit: float) -> tuple[Answer, str]:
    if low > limit:
        return WORSE, "slower beyond the margin"
    if high <= limit:
        return (WARNING, "slower, but within the margin") if low > 0 else (NO_WORSE, "within the margin")
    if ratio > math.exp(limit):
        return INCONCLUSIVE, "looks slower beyond the margin, the times scatter too much to say"
    return (WARNING, "slower") if low > 0 else (NO_WORSE, "not shown to be slower")
