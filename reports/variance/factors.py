"""What can be a cause in a grid: every setting that takes two values or more, a recipe's own parts apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gans.recipes import RECIPES
from reports import words
from reports.bands import Bands, bands
from reports.matching import IDENTITY, RECIPE
from reports.say import Text, say
from reports.stats import Ints
from reports.summaries import levels

NAMES = {
    "capacity_ratio": "capacity ratio",
    "recipe": "recipe (loss)",
    "data_size": "data size",
    "lr_scale": "learning rate",
    "defect": "data defect",
    "augmentation": "augmentation",
    "rate_ratio": "rate of D over rate of G",
    "evaluations": "number of evaluations",
}
"""What factors are called; others bear the name of their config field."""
_DERIVED = ("recipe", "capacity_ratio", "data_size", "lr_scale", "rate_ratio")
_INSTEAD_OF = RECIPE | {"discriminator_width", "generator_lr", "discriminator_lr", "seed"}
"""Fields that follow from a factor that stands for them, in runs with their recipe's own settings."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A column of the runs, with others that change together with it and cannot be told apart from it."""

    column: str
    with_it: tuple[str, ...] = ()

    @property
    def name(self) -> Text:
        """What it is called."""
        return name_of(self.column)

    @property
    def place(self) -> int:
        """Number of its colour, the same on every dataset."""
        names = list(NAMES)
        return names.index(self.column) if self.column in names else len(names)


def name_of(column: str) -> Text:
    """Name a column as a factor.

    Example:
        >>> name_of("lr_scale"), name_of("generator_width")
        ('learning rate', 'generator width')
    """
    return say(NAMES.get(column, column.replace("_", " ")))


def level_name(column: str, level: object) -> str:
    """Spell a level as the other parts of the report do.

    Example:
        >>> level_name("lr_scale", 30.0), level_name("capacity_ratio", 0.125), level_name("recipe", "wgan")
        ('×30', '1/8', 'wgan')
    """
    if isinstance(level, str):
        return words.label(level, 30)
    number = float(level)  # type: ignore[arg-type]
    return {"lr_scale": words.times, "capacity_ratio": words.ratio}.get(column, words.number)(number)


def prepared(runs: pd.DataFrame) -> pd.DataFrame:
    """Add what rates are in units of the recipe's own; where none has one, the rate itself is the factor."""
    own = [_own_ratio(name) for name in runs["recipe"]]
    ratio = (runs["discriminator_lr"] / runs["generator_lr"]).to_numpy(dtype=float) / np.array(own, float)
    scale = runs["lr_scale"]
    if len(runs) and scale.isna().all():
        scale = runs["generator_lr"]
    return runs.assign(rate_ratio=np.array([float(f"{x:.6g}") for x in ratio]), lr_scale=scale)


def rate_bands(runs: pd.DataFrame) -> Bands:
    """How the rates of prepared runs are pooled, where they are many."""
    return bands(levels(runs, "lr_scale"))


def _own_ratio(recipe: str) -> float:
    if recipe not in RECIPES.names():
        return 1.0
    own = RECIPES.get(recipe)
    return own.discriminator_lr / own.generator_lr if own.generator_lr else math.nan


def factors(runs: pd.DataFrame) -> tuple[Factor, ...]:
    """Find the columns that vary; of columns that change as one the first stands for all."""
    others = [name for name in IDENTITY if name not in _INSTEAD_OF and name not in _DERIVED]
    others.remove("dataset")
    found: dict[bytes, list[str]] = {}
    for column in (*_DERIVED, *others):
        codes = codes_of(runs[column])
        if codes.max(initial=0) > 0:
            found.setdefault(pd.factorize(codes)[0].tobytes(), []).append(column)
    return tuple(Factor(columns[0], tuple(columns[1:])) for columns in found.values())


def codes_of(values: pd.Series) -> Ints:
    """Number the levels of a column in their order; a missing level is a level of its own."""
    levels = sorted(values.dropna().unique())
    codes = pd.Categorical(values, categories=levels).codes.astype(np.int64)
    return np.asarray(np.where(codes < 0, len(levels), codes), dtype=np.int64)


def levels_of(values: pd.Series) -> Sequence[object]:
    """List the levels that ``codes_of`` numbers."""
    return sorted(values.dropna().unique())
