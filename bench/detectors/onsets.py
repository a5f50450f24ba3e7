"""When a failure is noticed: the onset that the verdict names, and the first verdict so far that told it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.detectors.staging import Played
from bench.verdict.early import look


@dataclass(frozen=True)
class Noticed:
    """Steps from the planted onset of a failure, in evaluations; None where it never came.

    Args:
        named: to the onset that the final verdict names; negative where it names an earlier one.
        live: to the first verdict so far that names the failure and is not taken back.
        left: evaluations still to come at that moment: what stopping there would have saved.
    """

    named: float | None
    live: int | None
    left: int


def noticed(played: Played, labels: Collection[str]) -> Noticed:
    """How soon a planted failure was told."""
    steps = [record.step for record in played.evaluations]
    onset = played.onset_step if played.onset_step is not None else steps[0]
    place, spacing = steps.index(onset), steps[1] - steps[0]
    named = played.verdict.onset_step
    told = first_lasting(
        [
            look(played.evaluations[: end + 1], played.context).outcome in labels
            for end in range(place, len(steps))
        ]
    )
    return Noticed(
        named=None if named is None or played.verdict.outcome not in labels else (named - onset) / spacing,
        live=told,
        left=0 if told is None else len(steps) - 1 - place - told,
    )


def first_lasting(holds: Sequence[bool]) -> int | None:
    """Place from which something held to the end; None where it does not hold at the end.

    Example:
        >>> first_lasting([False, True, False, True, True]), first_lasting([True, False])
        (3, None)
    """
    if not holds or not holds[-1]:
        return None
    return max((place + 1 for place, held in enumerate(holds) if not held), default=0)
