"""Made-up factorials of remedies: failing cells under all eight sets, with planted causes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from report_records import config, draws

from bench.attribution.remedies import treated
from bench.records.schema import ATTRIBUTION
from gans.config import RunConfig, run_id
from reports.frame import Frames, frames
from reports.interventions.shapley import SETS

FRESH = range(100, 110)
Odds = Callable[[str], float]
"""Set of remedies to the odds of failing under it."""


def failing(recipe: str = "mmgan", ratio: float = 0.125, size: int = 64, **changes) -> RunConfig:
    return config(recipe, ratio=ratio, data_size=size, **changes)


TWO = (failing(), failing("nsgan", 2.0, 256))
"""Two failing cells that share the runs with all three remedies."""
APART = (failing(), failing("nsgan", 2.0, 256, scale=30.0))
"""Two that share none, because their rates differ."""


def experiment(
    bases: Sequence[RunConfig],
    odds: Odds,
    *,
    seeds: Iterable[int] = FRESH,
    sets: Sequence[str] = SETS,
    source: int = 0,
    undecided: float = 0.0,
    elsewhere: Iterable[int] = (),
) -> Frames:
    """Runs of every set of remedies of some cells; each set fails with its own odds.

    Args:
        elsewhere: seeds on which the cells themselves are in a grid "main" too.
    """
    seeds, runs, odds_of, names = list(seeds), {}, {}, {}
    for number, base in enumerate(bases):
        for name in sets:
            for seed in seeds:
                item = replace(treated(base, name), seed=seed)
                run = run_id(item)
                runs.setdefault(run, item)
                odds_of.setdefault(run, odds(name))
                names.setdefault(run, []).append(f"{ATTRIBUTION}{number}")
                if not name and seed in set(elsewhere):
                    names[run].append("main")
    records = draws(runs.values(), lambda item: odds_of[run_id(item)], seed=source, undecided=undecided)
    return frames(records, names)
