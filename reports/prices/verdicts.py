"""What a change did to the score, in one word: tested, corrected over all that were tested, large enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.contrasts import MIN_PAIRS, MIN_SEEDS, WORTH, Contrast
from reports.say import say
from reports.significance import holm
from reports.stats import Interval

HELPS, HURTS, NOTHING = say("helps"), say("hurts"), say("no difference shown")
MIXED, NOT_MEASURED = say("mixed"), say("not measured")
_ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """What a change did to the score at one equal budget.

    Args:
        difference: of IQM scores, treated less baseline. pairs, seeds: that it rests on.
        p, p_adjusted: of no difference, by sign flips of pairs, and corrected by Holm.
        family: over how many comparisons it was corrected.
    """

    difference: Interval
    pairs: int
    seeds: int
    p: float = math.nan
    p_adjusted: float = math.nan
    family: int = 0

    @property
    def measured(self) -> bool:
        """Whether there is enough to judge it by."""
        return self.pairs >= MIN_PAIRS and self.seeds >= MIN_SEEDS and self.difference.known

    @property
    def verdict(self) -> str:
        """A word for it: certain, and large enough to count."""
        if not self.measured:
            return NOT_MEASURED
        certain = self.p_adjusted <= _ALPHA and self.difference.excludes_zero
        if not certain or abs(self.difference.estimate) < WORTH:
            return NOTHING
        return HELPS if self.difference.estimate > 0 else HURTS


UNKNOWN = Equal(difference=Interval(math.nan), pairs=0, seeds=0)
"""Nothing to compare."""


def corrected(scores: Sequence[Equal]) -> list[Equal]:
    """Correct scores at equal budgets by Holm; what is not measured is no member of the family."""
    family = sum(each.measured for each in scores)
    adjusted = holm([each.p if each.measured else math.nan for each in scores])
    return [
        replace(each, p_adjusted=p, family=family) if each.measured else each
        for each, p in zip(scores, adjusted, strict=True)
    ]


def verdict(effect: Contrast) -> str:
    """Word for a contrast: failure decides, the score speaks where failure rates show nothing."""
    if effect.obstacle:
        return NOT_MEASURED
    harm = {effect.failure.sign, -effect.score.sign} - {0}
    if len(harm) > 1:
        return MIXED
    return {frozenset(): NOTHING, frozenset({1}): HURTS, frozenset({-1}): HELPS}[frozenset(harm)]
