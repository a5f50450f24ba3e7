"""What a profile may say: pydantic models whose field descriptions are half of their error messages.

A description reads "what must hold; what to do". Rules between fields are in checks.py,
the wording of errors is in problems.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bench.profile.names import known, known_augmentation, known_defect, known_optimizer
from bench.profile.search import Search, search_of

T = TypeVar("T")


def _as_axis(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("must hold at least one value, got an empty list; give a value or leave the key out")
    return values


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise ValueError(f"must hold each value once, got {value!r} twice; drop one of them")
    return values


Axis = Annotated[
    tuple[T, ...], BeforeValidator(_as_axis), AfterValidator(_not_empty), AfterValidator(_distinct)
]
"""A list of distinct values, or one value, which is read as a list of one."""

_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
_Count = Annotated[int, Field(ge=1, le=2**31)]
_Width = Annotated[int, Field(ge=1, le=16_384)]
_Depth = Annotated[int, Field(ge=1, le=64)]
_Pack = Annotated[int, Field(ge=1, le=64)]
_Rate = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
_Decay = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
_Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
_Recipe = Annotated[str, AfterValidator(known("gans.recipes", "RECIPES"))]
_Network = Annotated[str, AfterValidator(known("gans.networks", "NETWORKS"))]
_Dataset = Annotated[str, AfterValidator(known("gans.data", "DATASETS"))]
_Optimizer = Annotated[str, AfterValidator(known_optimizer)]
_Defect = Annotated[str, AfterValidator(known_defect)]
_Augmentation = Annotated[str, AfterValidator(known_augmentation)]
_Norm = Literal["own", "none", "batch", "layer"]
_Precision = Literal["none", "bfloat16"]
_Order = Literal["discriminator-first", "generator-first", "simultaneous"]

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


def _field(wanted: str, default: Any = None) -> Any:
    return Field(default=default, description=wanted)


class Grid(BaseModel):
    """One full factorial: every tuple is an axis, and every combination is a cell with ``seeds`` runs.

    None stands for what the recipe, the data set or the other fields decide.
    """

    model_config = _STRICT

    name: _Name = Field(description="a word of letters, digits, '.', '_' and '-'; shorten or respell it")
    dataset: Axis[_Dataset] = Field(description="a name in quotes; see ganbench list datasets")
    recipe: Axis[_Recipe] = Field(description="a name in quotes; see ganbench list recipes")
    network: Axis[_Network] = _field("a name in quotes; see ganbench list networks", ("mlp",))
    generator_width: Axis[_Width] = _field(
        "an integer from 1 to 16384; it counts units per hidden layer", (32,)
    )
    discriminator_width: Axis[_Width] | None = _field(
        "an integer from 1 to 16384; it counts units per hidden layer"
    )
    capacity_ratio: Axis[_Rate] | None = _field("a number > 0; 1 is a discriminator as wide as its generator")
    generator_depth: Axis[_Depth] = _field("an integer from 1 to 64; it counts hidden layers", (2,))
    discriminator_depth: Axis[_Depth] = _field("an integer from 1 to 64; it counts hidden layers", (2,))
    latent_dim: Axis[_Count] = _field("an integer >= 1; 16 is usual for digits", (16,))
    batch_size: Axis[_Count] = _field("an integer >= 1; 64 is usual", (64,))
    lr_scale: Axis[_Rate] | None = _field("a number > 0; 1 keeps the recipe's own rates")
    lr: Axis[_Rate] | None = _field("a learning rate > 0; 2e-4 is usual")
    generator_lr: Axis[_Rate] | None = _field("a learning rate > 0; 2e-4 is usual")
    discriminator_lr: Axis[_Rate] | None = _field("a learning rate > 0; 2e-4 is usual")
    data_size: Axis[_Count] | None = _field("an integer >= 1; leave it out to train on all samples")
    defect: Axis[_Defect] = _field(
        "'none' or a name and its strength in quotes; as in \"noise:0.2\"", ("none",)
    )
    augmentation: Axis[_Augmentation] = _field(
        'a name in quotes; "none" leaves what the discriminator sees as it is', ("none",)
    )
    generator_norm: Axis[_Norm] = _field(
        "one of own, none, batch, layer; own is what the network's authors did", ("own",)
    )
    discriminator_norm: Axis[_Norm] = _field(
        "one of own, none, batch, layer; own is what the network's authors did", ("own",)
    )
    autocast: Axis[_Precision] = _field("one of none, bfloat16; none is the precision of the data", ("none",))
    packing: Axis[_Pack] = _field(
        "an integer from 1 to 64; it counts samples that the discriminator judges at once", (1,)
    )
    n_critic: Axis[_Count] | None = _field("an integer >= 1; use 1 for alternating updates")
    regularizer_weight: Axis[_Weight] | None = _field("a number >= 0; leave it out for the recipe's own")
    optimizer: Axis[_Optimizer] = _field('a name in quotes; "recipe" keeps each recipe\'s own', ("recipe",))
    beta1: Axis[_Decay] | None = _field("a number in [0, 1); leave it out for the optimizer's own")
    beta2: Axis[_Decay] | None = _field("a number in [0, 1); leave it out for the optimizer's own")
    update_order: Axis[_Order] | None = _field(
        "one of discriminator-first, generator-first, simultaneous; leave it out for the recipe's own"
    )
    steps: Axis[_Count] = _field("an integer >= 1; it counts generator updates", (2500,))
    discriminator_steps: Axis[_Count] | None = _field(
        "an integer >= 1; it counts discriminator updates, n_critic to a step"
    )
    search: dict[str, Any] | None = _field(
        "a table of trials and of what to draw each key from; begin it with [grid.search]"
    )
    evaluations: _Count = _field("an integer >= 1; it counts evaluations over the whole run", 40)
    seeds: _Count = _field("an integer >= 1; it is how many seeds each cell gets", 5)
    first_seed: Annotated[int, Field(ge=0, le=2**31)] = _field("an integer >= 0; seeds count up from it", 0)
    ema_half_life: Axis[_Rate] = _field("a number > 0; it counts samples seen", (10_000.0,))

    @property
    def cells(self) -> int:
        """How many cells the factorial has, counted without building it."""
        axes = (getattr(self, name) for name in type(self).model_fields)
        trials = self.drawn.trials if self.drawn else 1
        return trials * prod(len(axis) for axis in axes if isinstance(axis, tuple))

    @property
    def drawn(self) -> Search | None:
        """The random search within each cell; None where every combination is trained."""
        return None if self.search is None else search_of(self.search, kinds_of(int))


def kinds_of(*kinds: type) -> frozenset[str]:
    """The axes that take values of some types.

    Example:
        >>> "n_critic" in kinds_of(int), "lr" in kinds_of(int), "recipe" in kinds_of(int, float)
        (True, False, False)
    """
    fields = Grid.model_fields.items()
    return frozenset(name for name, field in fields if any(_holds(field.annotation, kind) for kind in kinds))


def _holds(annotation: Any, kind: type) -> bool:
    return annotation is kind or any(_holds(part, kind) for part in get_args(annotation))


class Profile(BaseModel):
    """A named set of grids, and whether their cohorts are compiled."""

    model_config = _STRICT

    name: _Name = Field(description="a word of letters, digits, '.', '_' and '-'; shorten or respell it")
    description: str = _field("text in quotes; one sentence for ganbench list", "")
    compile: Literal["auto", "always", "never"] = _field(
        "one of auto, always, never; auto compiles what is long enough to repay it", "auto"
    )
    grid: Annotated[tuple[Grid, ...], BeforeValidator(_as_axis), AfterValidator(_not_empty)] = Field(
        description="one or more [[grid]] tables; begin each with [[grid]]"
    )

    @property
    def runs(self) -> int:
        """How many runs the grids hold, those that two grids share counted twice."""
        return sum(grid.cells * grid.seeds for grid in self.grid)


def axes_of(grid: Grid, names: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The values of each named axis; (None,) where somebody else decides."""
    return {name: value if (value := getattr(grid, name)) is not None else (None,) for name in names}
