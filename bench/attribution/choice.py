"""Which failing cells are worth an experiment: spread over what a folder varied, far from their remedies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.attribution.remedies import factorial, factors
from bench.records.schema import ATTRIBUTION, FAILED, UNSTABLE, RunRecord, only_attribution
from bench.sizes import sizes_of
from gans.config import RunConfig, cell_id, from_mapping

_FEWEST_FACTORS = 2
"""With one factor there is nothing to share out; such a cell must be asked for by name."""
_MOST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a results folder, with how often it failed.

    Args:
        config: of its runs, with seed 0. failed, runs: judged runs. factors: remedies that change it.
        obstacle: why it cannot be trained with its remedies, else empty.
    """

    id: str
    config: RunConfig
    failed: int
    runs: int
    factors: str = ""
    obstacle: str = ""

    @property
    def fails(self) -> bool:
        """Whether it failed on most of its seeds."""
        return self.failed > _MOST_SHARE * self.runs

    @property
    def grid(self) -> str:
        """Name of the grid of its experiment."""
        return f"{ATTRIBUTION}{self.id}"


def cells(records: Iterable[RunRecord], grids: Mapping[str, Sequence[str]]) -> dict[str, Cell]:
    """The cells of a folder by id; runs of experiments are left out, so none is chosen by its own answer."""
    found: dict[str, RunConfig] = {}
    runs, failed = Counter[str](), Counter[str]()
    for record in records:
        if (
            record.status == FAILED
            or record.outcome == "invalid"
            or only_attribution(grids.get(record.run_id, ()))
        ):
            continue
        config = from_mapping(record.config)
        name = cell_id(config)
        found.setdefault(name, replace(config, seed=0))
        runs[name] += 1
        failed[name] += record.state == UNSTABLE
    return {name: Cell(name, config, failed[name], runs[name]) for name, config in found.items()}


def examined(cell: Cell) -> Cell:
    """A cell with its factors, and with what keeps it from being trained with remedies.

    Raises:
        ValueError: its data set cannot be loaded.
    """
    obstacle = ""
    try:
        for config in factorial(cell.config).values():
            sizes_of(config)
    except ValueError as error:
        if type(error) is not ValueError:  # data that are not there concern every cell
            raise
        obstacle = str(error)
    return replace(cell, factors=factors(cell.config), obstacle=obstacle)


def choose(candidates: Sequence[Cell], count: int, begun: Collection[str] = ()) -> list[Cell]:
    """Pick cells one by one: those begun first, then whatever is least like those picked already.

    Candidates far from their remedies go first, as far as their data set allows; then those whose data set,
    recipe, rate, capacity ratio and data size were picked least; then those that failed most often.
    """
    fit = [
        cell
        for cell in candidates
        if cell.fails and not cell.obstacle and len(cell.factors) >= _FEWEST_FACTORS
    ]
    most: defaultdict[str, int] = defaultdict(int)
    for cell in fit:
        most[cell.config.dataset] = max(most[cell.config.dataset], len(cell.factors))
    chosen: list[Cell] = []
    while len(chosen) < count and len(chosen) < len(fit):
        used = Counter(trait for cell in chosen for trait in _traits(cell.config))
        rest = (cell for cell in fit if cell not in chosen)
        chosen.append(min(rest, key=lambda cell: _rank(cell, used, most, cell.id in begun)))
    return chosen


def _traits(config: RunConfig) -> tuple[tuple[str, object], ...]:
    names = ("dataset", "recipe", "generator_lr", "capacity_ratio", "data_size")
    dataset, *others = ((name, getattr(config, name)) for name in names)
    return dataset, ("both", (config.dataset, config.recipe)), *others


def _rank(
    cell: Cell, used: Counter[tuple[str, object]], most: Mapping[str, int], begun: bool
) -> tuple[object, ...]:
    config = cell.config
    dataset, both, recipe, *others = (used[trait] for trait in _traits(config))
    lacking = most[config.dataset] - len(cell.factors)
    # Of cells alike in all this the cheaper one: few updates of small players say as much.
    cost = config.n_critic * config.discriminator_width * config.steps
    share = -cell.failed / cell.runs
    return (not begun, lacking, dataset, both, recipe, sum(others), share, cost, cell.id)
