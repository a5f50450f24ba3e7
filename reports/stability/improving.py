"""Probability of improvement: how often a run of one recipe ends above one of another, settings alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from reports import coverage
from reports.contrasts import Resampling
from reports.stats import Floats, Interval, tail
from reports.tuning_curves.trials import SPACE

_SETTING = [name for name in SPACE if name != "seed"]


@dataclass(frozen=True, slots=True)
class Improvement:
    """P(a run of ``recipe`` ends above one of ``other`` in the same setting), ties half.

    Args:
        level: what the interval is worth. settings: over which it is the mean. runs: of either side.
    """

    dataset: str
    recipe: str
    other: str
    probability: Interval
    level: str
    settings: int
    runs: int


def improving(dataset: str, found: Mapping[str, pd.DataFrame], resampling: Resampling) -> list[Improvement]:
    """Compare every two recipes."""
    scores = {
        recipe: [part["last"].to_numpy(dtype=float) for _, part in runs.groupby(_SETTING, sort=True)]
        for recipe, runs in found.items()
    }
    compared = []
    for recipe, other in combinations(found, 2):
        rng = resampling.rng(f"improvement {dataset} {recipe} {other}")
        probability = improvement(scores[recipe], scores[other], resampling.reps, rng)
        seeds = int(np.median([len(part) for part in scores[recipe]]))
        compared.append(Improvement(
            dataset, recipe, other, probability, coverage.level(coverage.IMPROVEMENT, seeds),
            len(scores[recipe]), len(found[recipe]),
        ))  # fmt: skip
    return compared


def improvement(left: list[Floats], right: list[Floats], reps: int, rng: np.random.Generator) -> Interval:
    """P(left > right) of each setting, mean over settings, seeds of both resampled within settings.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> improvement([np.array([1.0, 3.0])], [np.array([1.0, 2.0])], 9, rng).estimate
        0.625
    """
    wins = [(np.sign(a[:, None] - b[None, :]) + 1) / 2 for a, b in zip(left, right, strict=True)]
    estimate = float(np.mean([table.mean() for table in wins]))
    sizes = [min(table.shape) for table in wins]
    if max(sizes) < 2 or not np.isfinite(estimate):
        return Interval(estimate)
    drawn = np.mean([_drawn(table, reps, rng) for table in wins], axis=0)
    cut = tail(sizes)
    low, high = np.quantile(drawn, (cut, 1 - cut))
    return Interval(estimate, float(low), float(high))


def _drawn(wins: Floats, reps: int, rng: np.random.Generator) -> Floats:
    rows, columns = wins.shape
    chosen = rng.multinomial(rows, np.full(rows, 1 / rows), reps) / rows
    others = rng.multinomial(columns, np.full(columns, 1 / columns), reps) / columns
    return np.asarray(((chosen @ wins) * others).sum(axis=1))
