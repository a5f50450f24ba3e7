"""The factors of the grid as the page names them, and filters of its table of cells by their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import pandas as pd

from reports import words
from reports.bands import MOST

USUAL: Mapping[str, str] = {
    "dataset": "dataset", "variant": "recipe", "generator_width": "G width", "capacity_ratio": "ratio",
    "lr_scale": "rate", "data_size": "data",
}  # fmt: skip
"""Column of a factor to its heading in the table of cells: those that are always shown."""
UNUSUAL: Mapping[str, str] = {
    "network": "network", "generator_depth": "G depth", "discriminator_depth": "D depth",
    "latent_dim": "latent", "batch_size": "batch", "update_order": "order", "defect": "defect",
    "augmentation": "augmentation", "steps": "updates", "packing": "packing",
}  # fmt: skip
"""Those that are shown where they vary."""
HEADINGS: Mapping[str, str] = {
    "dataset": "dataset", "recipe": "variant", "learning rate": "lr_scale",
    "capacity ratio": "capacity_ratio",
    "training samples": "data_size", "generator width": "generator_width",
}  # fmt: skip
"""Heading of a column behind a figure to the factor whose levels it holds, spelled as here."""


def spelled(column: str, level: object) -> str:
    """Spell a level of a factor as every table does.

    Example:
        >>> spelled("capacity_ratio", 0.125), spelled("lr_scale", 0.3), spelled("data_size", 1100.0)
        ('1/8', '×0.3', '1,100')
    """
    if not isinstance(level, int | float):
        return words.label(level)
    if level != level:
        return words.number(level)
    return _NUMBERS.get(column, lambda number: f"{number:,.0f}")(float(level))


_NUMBERS = {"capacity_ratio": words.ratio, "lr_scale": words.times}


def where(runs: pd.DataFrame) -> str:
    """Say which cells some runs are of, as a filter: levels of the usual factors that have MOST or fewer.

    Example:
        >>> where(pd.DataFrame({name: ["a"] for name in USUAL}))[:19]
        'dataset=a&variant=a'
    """
    levels = {name: _levels(runs, name) for name in USUAL}
    return urlencode(
        [(name, level) for name, found in levels.items() if len(found) <= MOST for level in found]
    )


def told_by(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Gather the levels that a table's rows name, as a filter.

    Example:
        >>> told_by(("recipe", "runs"), [["wgan", "5"], ["nsgan", "5"], ["wgan", "2"]])
        'variant=wgan&variant=nsgan'
    """
    found = [(HEADINGS[name], index) for index, name in enumerate(columns) if name in HEADINGS]
    return urlencode(
        [(factor, level) for factor, at in found for level in dict.fromkeys(row[at] for row in rows)]
    )


def _levels(runs: pd.DataFrame, column: str) -> list[str]:
    return [spelled(column, level) for level in sorted(runs[column].dropna().unique())]
