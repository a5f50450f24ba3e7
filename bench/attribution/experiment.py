"""The runs of an experiment: every set of remedies of each chosen cell, on the same fresh seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.attribution.choice import Cell
from bench.attribution.remedies import factorial
from bench.grid import Expansion
from bench.plan import Plan, plan_of
from gans.config import RunConfig

_ROUND = 100
"""Fresh seeds start at a round number, which leaves room for more seeds of the folder's own below."""


@dataclass(frozen=True)
class Experiment:
    """Chosen cells with the seeds that all their runs share."""

    cells: tuple[Cell, ...]
    seeds: range

    @property
    def grids(self) -> Mapping[str, tuple[RunConfig, ...]]:
        """The runs of each cell by the name of its grid."""
        return {cell.grid: tuple(self._runs(cell)) for cell in self.cells}

    def _runs(self, cell: Cell) -> Iterable[RunConfig]:
        for config in factorial(cell.config).values():
            for seed in self.seeds:
                yield replace(config, seed=seed)

    def plan(self) -> Plan:
        """How they train: as any others do."""
        return plan_of(Expansion(self.grids, ()))


def fresh_seeds(used: Iterable[int], count: int) -> range:
    """So many seeds above all that were used.

    Example:
        >>> fresh_seeds([0, 1, 5], 3), fresh_seeds([1000, 1009], 2)
        (range(100, 103), range(1100, 1102))
    """
    first = _ROUND * (max(used, default=0) // _ROUND + 1)
    return range(first, first + count)


def told(cell: Cell, seeds: Sequence[int]) -> str:
    """Say what becomes of one cell."""
    config, sets = cell.config, factorial(cell.config)
    changes = {
        "C": f"capacity ratio {config.capacity_ratio:g} to 1",
        "L": f"loss {config.recipe} to nsgan-r1",
        "D": f"data {config.data_size:,} to {sets[cell.factors].data_size:,}",
    }
    names = {"C": "capacity", "L": "loss", "D": "data"}
    there = [names[letter] for letter in "CLD" if letter not in cell.factors]
    parts = [
        f"{cell.id}  {config.recipe} on {config.dataset}, widths {config.generator_width}/"
        f"{config.discriminator_width}, rate {config.generator_lr:g}, {config.data_size:,} samples",
        f"failed on {cell.failed} of {cell.runs} seeds",
        ", ".join(changes[letter] for letter in cell.factors),
        *([f"already at its remedy: {', '.join(there)}"] if there else []),
        f"{len(sets)} cells x {len(seeds)} seeds",
    ]
    return "; ".join(parts)
