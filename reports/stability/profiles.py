"""Shares of runs: above each score (performance profiles), and at a target after each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import coverage
from reports.proportions import wilson, wilson_within
from reports.stability.curves import TARGETS, seconds_to
from reports.stats import Interval

LEVELS = tuple(round(0.1 * k, 1) for k in range(10))
"""Scores at which a profile is told."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Share of a recipe's runs that end above a score; level: what its interval is worth."""

    dataset: str
    recipe: str
    above: float
    share: Interval
    level: str
    runs: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Runs of a recipe that reached a target.

    Args:
        share: how many of them ever did, Wilson. seconds: median training seconds, misses infinite; early,
            late: its quartiles.
    """

    dataset: str
    recipe: str
    target: float
    share: Interval
    seconds: float
    early: float
    late: float
    runs: int


def profile(dataset: str, found: Mapping[str, pd.DataFrame]) -> list[Profile]:
    """Tell every recipe's profile; bands are for runs within settings, each score alone.

    Percentiles of resampled runs held the truth in 10 to 98 % of simulations at ten seeds: where all runs
    of a cell end on one side there is nothing to resample.

    Source:
        Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice".
    """
    return [_profile(dataset, recipe, runs, above) for recipe, runs in found.items() for above in LEVELS]


def _profile(dataset: str, recipe: str, runs: pd.DataFrame, above: float) -> Profile:
    known = runs.dropna(subset=["last"])
    share = wilson_within((known["last"].to_numpy() > above).astype(float), known["cell"].tolist())
    seeds = int(known.groupby("cell").size().median()) if len(known) else 0
    return Profile(dataset, recipe, above, share, coverage.level(coverage.PROFILE, seeds), len(known))


def reached(dataset: str, found: Mapping[str, pd.DataFrame]) -> list[Reached]:
    """Tell how many runs of each recipe reach each target, and when."""
    return [_reached(dataset, recipe, runs, target) for recipe, runs in found.items() for target in TARGETS]


def _reached(dataset: str, recipe: str, runs: pd.DataFrame, target: float) -> Reached:
    seconds = runs[seconds_to(target)].dropna().to_numpy(dtype=float)
    hits = int(np.isfinite(seconds).sum())
    early, middle, late = (quantile(seconds, share) for share in (0.25, 0.5, 0.75))
    return Reached(dataset, recipe, target, wilson(hits, len(seconds)), middle, early, late, len(seconds))


def quantile(values: np.ndarray, share: float) -> float:
    """The value that a share of all reach or stay below; no mean is taken with infinity.

    Example:
        >>> quantile(np.array([1.0, 2.0, np.inf, np.inf]), 0.5), quantile(np.array([1.0, np.inf]), 0.75)
        (2.0, inf)
    """
    return float(np.quantile(values, share, method="inverted_cdf")) if len(values) else float("nan")
