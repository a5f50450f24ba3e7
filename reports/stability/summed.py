"""Measures of curves over all runs of a recipe: interquartile means, seeds resampled within settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from reports.contrasts import Resampling
from reports.stability.curves import MEASURES
from reports.stats import Interval, level_of
from reports.summaries import middle


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """A recipe on a dataset.

    Args:
        measures: name to IQM with its stratified bootstrap interval; level: what that interval is worth.
        runs, seeds, cells: how much is behind it.
    """

    dataset: str
    recipe: str
    measures: Mapping[str, Interval]
    level: str
    runs: int
    seeds: int
    cells: int


def summed(dataset: str, found: Mapping[str, pd.DataFrame], resampling: Resampling) -> list[Summed]:
    """Sum up every recipe of a dataset."""
    return [_summed(dataset, recipe, runs, resampling) for recipe, runs in found.items()]


def _summed(dataset: str, recipe: str, runs: pd.DataFrame, resampling: Resampling) -> Summed:
    cells = int(runs["cell"].nunique())
    purpose = f"stability {dataset} {recipe}"
    return Summed(
        dataset, recipe, {name: middle(runs, name, resampling, purpose) for name in MEASURES},
        level_of(int(runs.groupby("cell").size().median()), cells), len(runs), int(runs["seed"].nunique()),
        cells,
    )  # fmt: skip
