"""What a results folder says to an experiment: its cells, the seeds it used, its experiments so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.attribution.choice import Cell, cells, choose, examined
from bench.attribution.remedies import factorial
from bench.records.schema import ATTRIBUTION, only_attribution
from bench.records.sqlite import FILE_NAME
from bench.records.store import open_store
from gans.config import cell_id, from_mapping


@dataclass(frozen=True)
class Contents:
    """A folder as an experiment sees it.

    Args:
        cells: judged cells by id. cell_of: run id to the id of its cell, also of runs still to be made.
        seeds: of all runs that are not of experiments alone.
        experiments: name of each experiment's grid to the ids of its cells.
    """

    cells: Mapping[str, Cell]
    cell_of: Mapping[str, str]
    seeds: frozenset[int]
    experiments: Mapping[str, frozenset[str]]

    def failing(self) -> list[Cell]:
        """Cells that failed on most of their seeds, with their factors.

        Raises:
            ValueError: a data set cannot be loaded.
        """
        return [examined(cell) for cell in self.cells.values() if cell.fails]

    def chosen(self, count: int, begun: Collection[str] = ()) -> list[Cell]:
        """So many failing cells, those begun first; what a grid of the profile attributes is left out."""
        return choose([cell for cell in self.failing() if not self._answered(cell, begun)], count, begun)

    def _answered(self, cell: Cell, begun: Collection[str]) -> bool:
        wanted = {cell_id(config) for config in factorial(cell.config).values()}
        return cell.id not in begun and any(wanted <= found for found in self.experiments.values())

    def named(self, start: str) -> list[str]:
        """The cells whose id, or a run of which, begins so."""
        own = {cell for cell in self.cells if cell.startswith(start)}
        theirs = {cell for run, cell in self.cell_of.items() if run.startswith(start) and cell in self.cells}
        return sorted(own or theirs)


def contents(folder: Path) -> Contents:
    """Read a folder.

    Raises:
        StoreError: it holds no results.
    """
    with open_store(folder) as store:
        records, grids, missing = store.load_runs(), store.grids(), store.missing()
    configs = {record.run_id: record.config for record in records} | missing
    cell_of = {run: cell_id(from_mapping(config)) for run, config in configs.items()}
    seeds = {
        int(config["seed"]) for run, config in configs.items() if not only_attribution(grids.get(run, ()))
    }
    experiments: defaultdict[str, set[str]] = defaultdict(set)
    for run, name in _experiment_runs(grids):
        experiments[name].add(cell_of[run])
    frozen = {name: frozenset(found) for name, found in experiments.items()}
    return Contents(cells(records, grids), cell_of, frozenset(seeds), frozen)


def begun(out: Path) -> frozenset[str]:
    """Ids of the cells whose experiments a folder has, finished or not; none where there is no store."""
    if not (out / FILE_NAME).exists():
        return frozenset()
    with open_store(out) as store:
        return frozenset(name.removeprefix(ATTRIBUTION) for _, name in _experiment_runs(store.grids()))


def _experiment_runs(grids: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for run, names in grids.items():
        yield from ((run, name) for name in names if name.startswith(ATTRIBUTION))
