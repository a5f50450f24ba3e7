"""Every remedy and the averaged generator, their scores at equal budgets corrected as one family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from reports.contrasts import Resampling
from reports.prices.average import Averaging, averaging
from reports.prices.effects import Price, effects
from reports.prices.verdicts import NOT_MEASURED, corrected


@dataclass(frozen=True, slots=True)
class Prices:
    """All that was priced.

    Args:
        remedies: one per remedy and level, in the order of the page. average: the averaged generator.
    """

    remedies: Sequence[Price]
    average: Averaging

    @property
    def measured(self) -> list[Price]:
        """The remedies with pairs enough for a verdict."""
        return [item for item in self.remedies if item.verdict != NOT_MEASURED]

    @property
    def families(self) -> tuple[int, int, int]:
        """How many failure rates, final scores and scores at equal budgets were corrected together."""
        contrasts = [item.contrast for item in self.remedies]
        budgets = [score.family for item in self.remedies for score in item.scores.values()]
        return (
            max((each.failure.family for each in contrasts), default=0),
            max((each.score.family for each in contrasts), default=0),
            max([*budgets, self.average.score.family]),
        )


def prices(judged: pd.DataFrame, evaluations: pd.DataFrame, resampling: Resampling) -> Prices:
    """Measure every remedy and the averaged generator, and correct what was tested."""
    found = effects(judged, evaluations, resampling)
    return together(found, averaging(judged, evaluations, resampling))


def together(found: Sequence[Price], average: Averaging) -> Prices:
    """Correct all scores at equal budgets by Holm, as one family: remedies times budgets, and averaging."""
    scores = iter(corrected([*(each for item in found for each in item.scores.values()), average.score]))
    remedies = [replace(item, scores={budget: next(scores) for budget in item.scores}) for item in found]
    return Prices(remedies, replace(average, score=next(scores)))
