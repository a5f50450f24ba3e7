"""The cells that quality is compared on: pinned and cheap; a profile of one's own may take their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.profile.model import Profile

FEWEST_SEEDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedCell:
    """One cell.

    Args:
        recipe: what is trained. settings: dataset and all else that is not default.
        seeds: how many are trained on either side. What they can show hangs on the scatter between them,
            which stands beside the stored outcomes (``bench.regression.stored``).
    """

    recipe: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 20

    def spelled(self) -> dict[str, Any]:
        """As a child process takes it."""
        return {"recipe": self.recipe, **self.settings}


_RING = {
    "dataset": "ring8", "generator_width": 64, "discriminator_width": 64, "latent_dim": 2, "steps": 2000,
    "evaluations": 8,
}  # fmt: skip
_DIGITS = {
    "dataset": "digits", "generator_width": 32, "discriminator_width": 32, "steps": 2000, "evaluations": 8,
    "generator_lr": 6e-3, "discriminator_lr": 6e-3,
}  # fmt: skip

CELLS: Mapping[str, PinnedCell] = {
    "ring8": PinnedCell(recipe="nsgan-r1", settings=_RING),
    "digits": PinnedCell(recipe="nsgan-r1", settings=_DIGITS),
}
"""Every pinned cell by its name; a further one is one entry.

The digits are trained at the highest rate that the standard profile finds stable: at lower ones a faster
player would pass for an improvement, and a rate three times as high could not be seen.
"""


def cells_of(profile: Profile) -> dict[str, PinnedCell]:
    """Pin every cell of a profile: its own networks, data and recipes by import path included.

    Raises:
        ValueError: a cell has too few seeds to be judged by.
    """
    from bench.grid import expand
    from gans.config import RunConfig, cell_id

    members: dict[str, list[RunConfig]] = {}
    for config in expand(profile).runs().values():
        members.setdefault(cell_id(config), []).append(config)
    for configs in members.values():
        if len(configs) < FEWEST_SEEDS:
            raise ValueError(
                f"--cells: seeds must be at least {FEWEST_SEEDS} in every grid, got {len(configs)}"
            )
    return {_name(configs[0], name): _pinned(configs[0], len(configs)) for name, configs in members.items()}


def _name(config: Any, cell: str) -> str:
    return f"{config.dataset}/{config.recipe}/{cell[:8]}"


def _pinned(config: Any, seeds: int) -> PinnedCell:
    settings = {key: value for key, value in asdict(config).items() if key not in ("recipe", "seed")}
    return PinnedCell(recipe=config.recipe, settings=settings, seeds=seeds)
