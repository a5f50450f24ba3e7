"""From a profile to its runs: every cell of every grid, resolved against recipe, data set and defaults."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from bench.profile.model import Grid, Profile, axes_of
from bench.profile.optimizers import COMMON_OPTIMIZERS, CommonOptimizer
from bench.sizes import sizes_of
from gans.config import MEMBER_FIELDS, RunConfig, run_id
from gans.defaults import config_of
from gans.recipes import RECIPES, Recipe

_FIXED = ("name", "evaluations", "seeds", "first_seed", "search")
_AXES = tuple(name for name in Grid.model_fields if name not in _FIXED)

_COPIED = (
    "dataset", "network", "generator_width", "generator_depth", "discriminator_depth", "latent_dim",
    "batch_size", "ema_half_life", "defect", "augmentation", "generator_norm", "discriminator_norm",
    "autocast", "packing",
)  # fmt: skip
"""Keys that go into the config as they are."""

_LARGEST_ROUNDING = 0.01


class CellSkipped(ValueError):  # noqa: N818 - an ending, not a mistake
    """A cell that cannot be trained, with the reason; it is reported and the rest of the grid goes on."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Cells of one grid that share a reason why they cannot be trained."""

    grid: str
    reason: str
    cells: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """The runs of each grid, and what was skipped; a run may belong to several grids."""

    grids: Mapping[str, tuple[RunConfig, ...]]
    skipped: tuple[Skipped, ...]

    def runs(self) -> dict[str, RunConfig]:
        """Every run once, by id, in the order of the profile."""
        return {run_id(config): config for configs in self.grids.values() for config in configs}


def expand(profile: Profile) -> Expansion:
    """Build every run of a profile.

    Raises:
        ValueError: a data set cannot be loaded.
    """
    grids: dict[str, tuple[RunConfig, ...]] = {}
    skipped: Counter[tuple[str, str]] = Counter()
    known: dict[tuple[Any, ...], str] = {}
    for grid in profile.grid:
        configs: list[RunConfig] = []
        for cell in _cells(grid):
            try:
                config = resolve(cell, grid, known)
            except CellSkipped as skip:
                skipped[grid.name, str(skip)] += 1
                continue
            seeds = range(grid.first_seed, grid.first_seed + grid.seeds)
            configs += [config if seed == config.seed else replace(config, seed=seed) for seed in seeds]
        grids[grid.name] = tuple(configs)
    return Expansion(grids, tuple(Skipped(name, reason, cells) for (name, reason), cells in skipped.items()))


def _cells(grid: Grid) -> Iterator[dict[str, Any]]:
    axes = axes_of(grid, _AXES)
    points = list(grid.drawn.points()) if grid.drawn else [{}]
    for values in itertools.product(*axes.values()):
        for point in points:
            yield dict(zip(axes, values, strict=True)) | point


_SHARED = attrgetter(*(field.name for field in fields(RunConfig) if field.name not in MEMBER_FIELDS))


def kin_of(config: RunConfig) -> tuple[Any, ...]:
    """Equal for runs that differ only in what members of a cohort may; 1 and 1.0 are not equal here.

    Much that is asked of a run has one answer for all its kin, who are many in a large grid.
    """
    values = _SHARED(config)
    return (*values, *map(type, values))


def resolve(cell: Mapping[str, Any], grid: Grid, known: dict[tuple[Any, ...], str]) -> RunConfig:
    """Turn one cell into the config of its runs, with seed 0.

    Args:
        known: why runs like others cannot be trained, empty where they can; filled here.

    Raises:
        CellSkipped: the cell cannot be trained.
        gans.data.DataError: a data set is not there, that of outliers included.
    """
    recipe = RECIPES.resolve(cell["recipe"])
    steps = _steps(cell, recipe)
    config = config_of(
        cell["recipe"],
        **{name: cell[name] for name in _COPIED},
        **_optimization(cell, recipe),
        **_given(cell, "n_critic", "update_order"),
        **_regularization(cell, recipe),
        discriminator_width=_discriminator_width(cell),
        data_size=_data_size(cell),
        steps=steps,
        evaluations=min(grid.evaluations, steps),
    )
    kin = (*kin_of(config), config.defect)
    if kin not in known:
        known[kin] = _obstacle(config)
    if known[kin]:
        raise CellSkipped(known[kin])
    return config


def _obstacle(config: RunConfig) -> str:
    """Why a run cannot be trained; empty where it can."""
    from gans.augment import augmentation_for
    from gans.data import DataError, load
    from gans.data.defective import check_source
    from gans.data.defects import check_defect

    dataset = load(config.dataset)
    if dataset.is_constant:
        return (
            f"dataset {config.dataset!r} has samples that are all equal, which no metric can measure; "
            "train it with gans.cohort.Cohort"
        )
    try:
        check_defect(dataset, config.defect)
        check_source(dataset, config.defect)
        augmentation_for(config.augmentation, dataset.sample_shape)
        sizes_of(config)
    except DataError:
        raise  # files that are not there are for the user to bring, not for the grid to do without
    except ValueError as error:
        return str(error)
    return ""


def _given(cell: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: cell[name] for name in names if cell[name] is not None}


def _steps(cell: Mapping[str, Any], recipe: Recipe) -> int:
    """Generator updates, where needed so many that the discriminator makes the number that is wanted."""
    if cell["discriminator_steps"] is None:
        return int(cell["steps"])
    n_critic = recipe.n_critic if cell["n_critic"] is None else cell["n_critic"]
    steps, rest = divmod(cell["discriminator_steps"], n_critic)
    if rest or not steps:
        raise CellSkipped(
            f"discriminator_steps {cell['discriminator_steps']} must be a multiple of n_critic {n_critic}; "
            "use another number"
        )
    return int(steps)


def _discriminator_width(cell: Mapping[str, Any]) -> int:
    if cell["discriminator_width"] is not None:
        return int(cell["discriminator_width"])
    ratio = 1.0 if cell["capacity_ratio"] is None else cell["capacity_ratio"]
    wanted: float = ratio * cell["generator_width"]
    width = round(wanted)
    if width < 1 or abs(width - wanted) > _LARGEST_ROUNDING * wanted:
        raise CellSkipped(
            f"capacity_ratio {ratio:g} times generator_width {cell['generator_width']} "
            f"must be a whole number of units within 1 %, got {wanted:g}; use another width"
        )
    return width


def _data_size(cell: Mapping[str, Any]) -> int:
    from gans.data import load

    return load(cell["dataset"]).size if cell["data_size"] is None else int(cell["data_size"])


def _optimization(cell: Mapping[str, Any], recipe: Recipe) -> dict[str, Any]:
    """Optimizer, betas and both rates: the recipe's own or common ones, scaled or replaced."""
    own: dict[str, Any] = {"generator_lr": recipe.generator_lr, "discriminator_lr": recipe.discriminator_lr}
    if cell["optimizer"] != "recipe":
        common = COMMON_OPTIMIZERS.get(
            cell["optimizer"], CommonOptimizer(0.0, 0.0, 0.0, "given by the profile")
        )
        own = {
            "optimizer": cell["optimizer"], "beta1": common.beta1, "beta2": common.beta2,
            "generator_lr": common.lr, "discriminator_lr": common.lr,
        }  # fmt: skip
    if cell["lr_scale"] is not None:
        own |= {name: _rounded(own[name] * cell["lr_scale"]) for name in ("generator_lr", "discriminator_lr")}
    if cell["lr"] is not None:
        own |= {"generator_lr": float(cell["lr"]), "discriminator_lr": float(cell["lr"])}
    return own | _given(cell, "generator_lr", "discriminator_lr", "beta1", "beta2")


def _rounded(rate: float) -> float:
    """Twelve digits: 3 * 2e-4 and 6e-4 are one rate, so they must be one run."""
    return float(f"{rate:.12g}")


def _regularization(cell: Mapping[str, Any], recipe: Recipe) -> dict[str, Any]:
    weight = cell["regularizer_weight"]
    if weight is None:
        return {}
    if recipe.regularizer == "none":
        raise CellSkipped(
            f"regularizer_weight {weight:g} needs a recipe with a regularizer, "
            f"got {cell['recipe']!r}; leave it out"
        )
    return {"regularizer_weight": float(weight)}
