"""Robustness to the learning rate: over how many decades a recipe stays within twice its best distance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import coverage
from reports.bands import bands, nearest
from reports.contrasts import Resampling
from reports.stats import Floats, Interval, tail
from reports.summaries import levels, recipes

WITHIN, FEWEST = 2.0, 3
"""How many times the best distance still counts, and how many learning rates make a range."""
_SETTING = ["capacity_ratio", "generator_width", "data_size"]


@dataclass(frozen=True, slots=True)
class Range:
    """A recipe's range of learning rates on a dataset.

    Args:
        decades: length of the range, mean over settings; level: what its interval is worth.
        best: median score at the best rate, mean over settings: a recipe that fails at every rate alike has
            a long range too.
        edge: whether a range ends where the rates that were tried end, so that it may be longer.
        tried: decades that were tried. rates, settings, seeds: how much is behind it.
    """

    dataset: str
    recipe: str
    decades: Interval
    level: str
    best: float
    edge: bool
    tried: float
    rates: int
    settings: int
    seeds: int


def ranges(runs: pd.DataFrame, resampling: Resampling) -> list[Range]:
    """Measure each recipe of one dataset that was run at three learning rates of one setting.

    The best of hundreds of rates is the luckiest run: of many rates those in the middles of bands are taken.
    """
    runs = nearest(runs, bands(levels(runs, "lr_scale")))
    return [item for recipe in recipes(runs) for item in _range(runs[runs["variant"] == recipe], resampling)]


def _range(runs: pd.DataFrame, resampling: Resampling) -> Iterator[Range]:
    settings = [part for _, part in runs.groupby(_SETTING, dropna=False)
                if part["lr_scale"].nunique() >= FEWEST]  # fmt: skip
    if not settings:
        return
    first = runs.iloc[0]
    dataset, recipe = str(first["dataset"]), str(first["variant"])
    rng = resampling.rng(f"robustness {dataset} {recipe}")
    tables = [_table(part) for part in settings]
    estimates = [decades(np.median(table, axis=1)[None], rates)[0] for rates, table in tables]
    rates, _ = max(tables, key=lambda item: len(item[0]))
    yield Range(
        dataset, recipe, interval(float(np.mean(estimates)), tables, resampling.reps, rng),
        coverage.level(coverage.ROBUSTNESS, int(np.median([table.shape[1] for _, table in tables]))),
        float(np.mean([part.groupby("lr_scale")["score"].median().max() for part in settings])),
        any(_edge(np.median(table, axis=1)) for _, table in tables), float(rates[-1] - rates[0]), len(rates),
        len(settings), int(pd.concat(settings)["seed"].nunique()),
    )  # fmt: skip


def _table(runs: pd.DataFrame) -> tuple[Floats, Floats]:
    """Log rates, and log distances by rate and seed; runs that diverged are infinitely far."""
    far = np.log10(runs["distance"].mask(runs["distance"].isna() | (runs["status"] == "diverged"), math.inf))
    wide = runs.assign(far=far).pivot_table(index="lr_scale", columns="seed", values="far", dropna=False)
    whole = wide.dropna(axis=1)
    table = (whole if whole.shape[1] else wide.fillna(math.inf)).to_numpy(dtype=float)
    return np.log10(wide.index.to_numpy(dtype=float)), table


def interval(
    estimate: float, tables: list[tuple[Floats, Floats]], reps: int, rng: np.random.Generator
) -> Interval:
    """Percentiles of resampled seeds, moved by as much as resampling makes ranges shorter or longer.

    The best of several noisy distances is too good, so ranges come out short, and those of resamples shorter
    still: without the move the interval held the truth in as few as 38 % of simulations of six seeds.

    Args:
        estimate: mean range over settings. tables: log rates, and log distances by rate and seed, of each.
    """
    seeds = [table.shape[1] for _, table in tables]
    if max(seeds) < 2:
        return Interval(estimate)
    drawn = np.zeros((len(tables), reps))
    for at, (rates, table) in enumerate(tables):
        picks = rng.integers(0, table.shape[1], (reps, table.shape[1]))
        drawn[at] = decades(np.median(table[:, picks], axis=2).T, rates)
    cut = tail(seeds)
    means = drawn.mean(axis=0)
    low, high = np.quantile(means, (cut, 1 - cut)) + estimate - means.mean()
    longest = float(np.mean([rates[-1] - rates[0] for rates, _ in tables]))
    return Interval(estimate, max(0.0, float(low)), min(longest, float(high)))


def decades(distances: Floats, rates: Floats) -> Floats:
    """Decades of learning rate at which the distance is at most twice the best.

    Between two rates the log distance is a straight line; towards a rate that diverged nothing counts.

    Args:
        distances: log10 of the distance at each rate, one row per draw. rates: log10, rising.

    Shapes:
        distances: (draws, rates). result: (draws,).

    Example:
        >>> decades(np.log10([[1.0, 1.0, 4.0, np.inf]]), np.array([-2.0, -1.0, 0.0, 1.0])).tolist()
        [1.5]
    """
    limit = np.min(distances, axis=1, keepdims=True) + math.log10(WITHIN)
    left, right = distances[:, :-1], distances[:, 1:]
    low, high = np.minimum(left, right), np.maximum(left, right)
    with np.errstate(invalid="ignore", over="ignore"):  # between distances all but equal: clipped below
        part = np.where(np.isinf(high), 0.0, (limit - low) / np.where(high > low, high - low, 1.0))
    part = np.where(high <= limit, 1.0, np.clip(part, 0.0, 1.0)) * np.isfinite(low)
    return np.asarray(part @ np.diff(rates))


def _edge(distances: Floats) -> bool:
    limit = distances.min() + math.log10(WITHIN)
    return bool(np.isfinite(limit) and (distances[0] <= limit or distances[-1] <= limit))
