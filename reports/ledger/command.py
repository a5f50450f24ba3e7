"""The command that makes records like the kept ones, as far as they tell what a preset was run with.

Presets come as raw grids: nothing of reports reads profiles, and whoever checks one looks for data sets.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from reports.ledger.records import COLUMNS

_COLUMN = {"lr": "generator_lr"}
"""Keys of a grid that stand in the records under another name."""

_SETTABLE = (
    "dataset", "recipe", "network", "generator_width", "capacity_ratio", "discriminator_norm", "lr",
    "generator_lr", "discriminator_lr", "beta1", "n_critic", "data_size", "augmentation", "batch_size",
    "steps",
)  # fmt: skip
"""Keys of a grid whose values the records hold."""

Grid = Mapping[str, Any]
"""A grid of a preset as its file spells it."""

Changes = Mapping[str, Sequence[Any]]
"""Key to the values that the records have in place of the preset's."""


def command(preset: str, runs: pd.DataFrame, grids: Sequence[Grid]) -> str:
    """Spell ``ganbench run`` with the options that these records must have been made with.

    Args:
        grids: the preset's; none where it is a table of known numbers.
    """
    words = ["ganbench", "run", preset]
    if grids and len(runs) and set(COLUMNS) <= set(runs.columns):
        changes = {str(grid["name"]): _changes(grid, runs) for grid in grids}
        words += [*_sets(changes), *_seeds(grids, runs)]
    return shlex.join(words)


def _changes(grid: Grid, runs: pd.DataFrame) -> Changes:
    own = runs[[grid["name"] in names.split() for names in runs.grids.astype(str)]]
    if own.empty:
        return {}
    found: dict[str, Sequence[Any]] = {}
    for key in _SETTABLE:
        seen = sorted(own[_COLUMN.get(key, key)].dropna().unique().tolist())
        if key in grid and seen and set(seen) != set(_axis(grid[key])):
            found[key] = seen
    if "discriminator_steps" in grid:
        taken = int((own.steps * own.n_critic).max())
        found |= {} if taken == grid["discriminator_steps"] else {"discriminator_steps": [taken]}
    return {**found, **(_trials(grid, own) if "search" in grid else {})}


def _trials(grid: Grid, own: pd.DataFrame) -> Changes:
    """How many points were drawn, if other than planned; a search that was stopped midway tells nothing."""
    searches = [
        frozenset(zip(each.generator_lr, each.beta1, strict=True))
        for _, each in own.groupby(["dataset", "recipe"])
    ]
    planned = len(_axis(grid["dataset"])) * len(_axis(grid["recipe"]))
    if len(searches) != planned or len(set(searches)) > 1:
        return {}
    drawn = len(searches[0])
    return {} if drawn == grid["search"]["trials"] else {"trials": [drawn]}


def _sets(changes: Mapping[str, Changes]) -> Iterator[str]:
    """What changed in all grids alike is set for all, the rest grid by grid.

    Trials that are fewer in some grids only are those that a stopped run has come to.
    """
    told = set()
    for grid, changed in changes.items():
        for key, values in changed.items():
            everywhere = all(other.get(key) == values for other in changes.values())
            if key == "trials" and not everywhere:
                continue
            option = f"{'' if everywhere else f'{grid}.'}{key}={','.join(map(_spelled, values))}"
            if option not in told:
                yield from ("--set", option)
            told.add(option)


def _seeds(grids: Sequence[Grid], runs: pd.DataFrame) -> list[str]:
    seen = int(runs.seed.nunique())
    return [] if {grid["seeds"] for grid in grids} == {seen} else ["--seeds", str(seen)]


def _axis(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _spelled(value: Any) -> str:
    """A value as ``--set`` reads it: whole numbers without a point.

    Example:
        >>> _spelled(12000.0), _spelled(0.25), _spelled("wgan-gp")
        ('12000', '0.25', 'wgan-gp')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
