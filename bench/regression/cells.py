"""The cells that quality is compared on: pinned, cheap, with their measured scatter between seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedCell:
    """One cell.

    Args:
        recipe: what is trained. settings: dataset and all else that is not default.
        seeds: how many are trained on either side.
        scatter: coefficient of variation of the final distance between seeds, measured once by
            ``ganbench regress quality --scatter`` and kept, so that a reader knows what the seeds can show.
    """

    recipe: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 20
    scatter: float = 0.0

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
    "ring8": PinnedCell(recipe="nsgan-r1", settings=_RING, scatter=0.15),
    "digits": PinnedCell(recipe="nsgan-r1", settings=_DIGITS, scatter=0.15),
}
"""Every pinned cell by its name; a further one is one entry.

The digits are trained at the highest rate that the standard profile finds stable: at lower ones a faster
player would pass for an improvement, and a rate three times as high could not be seen.
"""
