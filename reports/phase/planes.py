"""Planes: the runs of one dataset, recipe and data size over the capacity ratio and a learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reports import words
from reports.bands import Bands, bands, pooled
from reports.matching import IDENTITY, RATES
from reports.proportions import FailureRate
from reports.stats import Floats, Ints
from reports.summaries import datasets, levels, recipes
from reports.variance.factors import level_name, name_of

RATE, RATE_RATIO = "lr_scale", "rate_ratio"
FEWEST_LEVELS, MOST_LEVELS = 2, 12
_INSIDE = RATES | {"discriminator_width", "generator_width", "dataset", "seed"}
"""Fields that a plane is made of, or that stand under another name."""


@dataclass(frozen=True, slots=True)
class Square:
    """One square of a plane.

    Args:
        ratio, rate: its level on either axis. cells: cells of the grid in it, one unless levels coincide.
    """

    ratio: float
    rate: float
    failure: FailureRate
    seeds: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Runs alike in all but capacity ratio and learning rate.

    Args:
        axis: ``lr_scale`` or ``rate_ratio``, what ``rate`` is. relative: whether it is a multiple of the
            recipe's own rate. setting: what tells it from other planes of its recipe and size.
        at, failure, seeds: square, ending (1, 0, NaN) and seed of each run.
    """

    dataset: str
    variant: str
    place: int
    data_size: float
    axis: str
    relative: bool
    squares: tuple[Square, ...]
    at: Ints
    failure: Floats
    seeds: Floats
    context: tuple[tuple[str, object], ...] = ()
    setting: str = ""

    @property
    def ratios(self) -> list[float]:
        """Capacity ratios in order."""
        return sorted({square.ratio for square in self.squares})

    @property
    def rates(self) -> list[float]:
        """Learning rates, or their ratios, in order."""
        return sorted({square.rate for square in self.squares})

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose figure panel it stands in."""
        return self.dataset, self.axis, self.variant

    def spelled(self, rate: float) -> str:
        """Write a level of the second axis."""
        if self.axis == RATE:
            return words.times(rate) if self.relative else words.number(rate)
        return words.ratio(rate)


def planes(runs: pd.DataFrame) -> list[Plane]:
    """Find every plane with two levels or more on both axes: learning rates first, then their ratios.

    Rates of a random search are pooled where they are an axis, and stand at the middles of their bands.
    """
    runs = _prepared(runs)
    placed = pooled(runs, RATE, rate_bands(runs))
    found = [
        plane
        for table, axis, held in ((placed, RATE, RATE_RATIO), (runs, RATE_RATIO, RATE))
        for dataset in datasets(runs)
        for plane in _of_dataset(table[table["dataset"] == dataset], axis, held)
    ]
    return _named(found)


def rate_bands(runs: pd.DataFrame) -> Bands:
    """How the rates are pooled."""
    return bands(levels(runs.assign(**{RATE: runs[RATE].fillna(runs["generator_lr"])}), RATE))


def _prepared(runs: pd.DataFrame) -> pd.DataFrame:
    """Add the ratio of the rates; a recipe without a rate of its own is told by its rate itself."""
    ratio = runs["discriminator_lr"] / runs["generator_lr"]
    return runs.assign(
        relative=runs["lr_scale"].notna(),
        lr_scale=runs["lr_scale"].fillna(runs["generator_lr"]),
        rate_ratio=[float(f"{value:.6g}") for value in ratio],
    )


def _of_dataset(runs: pd.DataFrame, axis: str, held: str) -> Iterator[Plane]:
    places = recipes(runs)
    order = [name for name in IDENTITY if name not in _INSIDE and name != "data_size"]
    varied = [name for name in order if runs[name].nunique(dropna=False) > 1]
    context = ["generator_width", held, *varied]
    for (variant, size, *at), part in runs.groupby(["variant", "data_size", *context], dropna=False):
        if not _wide(part, axis):
            continue
        yield _plane(part, axis, variant, float(size), places[variant], tuple(zip(context, at, strict=True)))


def _wide(runs: pd.DataFrame, axis: str) -> bool:
    return bool(
        runs["capacity_ratio"].nunique() >= FEWEST_LEVELS
        and runs[axis].nunique() >= FEWEST_LEVELS
        and runs["failure"].notna().any()
    )


def _plane(
    runs: pd.DataFrame,
    axis: str,
    variant: str,
    size: float,
    place: int,
    context: tuple[tuple[str, object], ...],
) -> Plane:
    groups = runs[["capacity_ratio", axis, "failure", "seed", "cell"]].groupby(
        ["capacity_ratio", axis], sort=True
    )
    squares = [
        Square(
            float(ratio), float(rate), FailureRate.of(part["failure"].to_numpy(dtype=float)),
            int(part["seed"].nunique()), tuple(dict.fromkeys(part["cell"])),
        )
        for (ratio, rate), part in groups
    ]  # fmt: skip
    return Plane(
        str(runs["dataset"].iloc[0]), str(variant), place, size, axis, bool(runs["relative"].all()),
        tuple(squares), groups.ngroup().to_numpy(dtype=np.int64), runs["failure"].to_numpy(dtype=float),
        runs["seed"].to_numpy(dtype=float), context,
    )  # fmt: skip


def _named(found: list[Plane]) -> list[Plane]:
    """Name the settings in which planes of one recipe and size differ; order the planes."""
    alike: dict[tuple[object, ...], list[Plane]] = {}
    for plane in found:
        alike.setdefault((*plane.key, plane.data_size), []).append(plane)
    named = []
    for group in alike.values():
        levels: dict[str, set[object]] = {}
        for name, level in (pair for plane in group for pair in plane.context):
            levels.setdefault(name, set()).add(level)
        differing = [name for name in levels if len(levels[name]) > 1]
        named += [_with_setting(plane, differing) for plane in group]
    order = {id(plane): place for place, plane in enumerate(named)}
    first = {plane.dataset: place for place, plane in reversed(list(enumerate(found)))}
    return sorted(named, key=lambda p: (p.axis != RATE, first[p.dataset], p.place, p.variant, p.data_size,
                                        order[id(p)]))  # fmt: skip


def _with_setting(plane: Plane, differing: list[str]) -> Plane:
    said = [
        words.told_by(name_of(name), level_name(name, level))
        for name, level in plane.context
        if name in differing
    ]
    return replace(plane, setting=words.clauses(said))
