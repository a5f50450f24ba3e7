"""What the thresholds would say about stored runs: ``python -m bench.verdict.calibrate RESULTS_DIR``.

Prints, per dataset and recipe, how the numbers that rules look at are distributed, how runs end under the
current limits and under others given with ``--set``, and the gate: whether the best tuned cell of each recipe
at full data is stable in enough seeds. Reads records only and changes nothing.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.diagnostics.arrays import median, share_of
from bench.records.schema import FAILED, STABLE, RunRecord
from bench.records.store import StoreError, open_store
from bench.verdict.context import Context, context_from_mapping
from bench.verdict.judging import Verdict, rejudge
from bench.verdict.thresholds import DEFAULT, Thresholds, override, read_settings
from gans.config import cell_id, from_mapping

GATE = 0.8
"""Share of seeds of each recipe's best tuned cell that must be stable before thresholds are frozen."""


@dataclass(frozen=True)
class Judged:
    """One stored run with its verdict under each set of limits, the current ones first."""

    record: RunRecord
    context: Context
    verdicts: tuple[Verdict, ...]

    def number(self, name: str) -> float:
        """One number of the final window; NaN where not measured."""
        value = self.verdicts[0].evidence["window"].get(name)
        return math.nan if value is None else float(value)

    def over(self, name: str, mark: str) -> float:
        """One number of the final window over one of the run's marks."""
        return share_of(self.number(name), getattr(self.context, mark))


NUMBERS: Mapping[str, Callable[[Judged], float]] = {
    "q": lambda run: run.verdicts[0].q,
    "delta_q": lambda run: run.number("delta_q"),
    "precision/floor": lambda run: run.over("precision", "precision_floor"),
    "precision/copy": lambda run: run.over("precision", "precision_copy"),
    "coverage/floor": lambda run: run.over("coverage", "coverage_floor"),
    "coverage/copy": lambda run: run.over("coverage", "coverage_copy"),
    "recall/copy": lambda run: run.over("recall", "recall_copy"),
    "mode_kl": lambda run: run.number("mode_kl"),
    "modes_strict": lambda run: run.number("modes_strict"),
    "high_quality": lambda run: run.over("high_quality", "high_quality_floor"),
    "amplitude": lambda run: run.number("amplitude"),
    "tv/null": lambda run: share_of(run.number("histogram_tv"), run.context.tv_null),
    "hop": lambda run: run.number("hop"),
}
"""What calibration looks at, each as the rules see it."""


def judge_all(records: Iterable[RunRecord], limits: Sequence[Thresholds]) -> list[Judged]:
    """Judge every stored run that was ever judged under each set of limits."""
    return [
        Judged(
            record,
            context_from_mapping(record.evidence["context"]),
            tuple(rejudge(record, each) for each in limits),
        )
        for record in records
        if record.status != FAILED and "context" in record.evidence
    ]


def by_recipe(runs: Iterable[Judged]) -> dict[tuple[str, str], list[Judged]]:
    """Group runs by dataset and recipe."""
    groups: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
    for run in runs:
        groups[(run.record.config["dataset"], run.record.config["recipe"])].append(run)
    return dict(sorted(groups.items()))


def best_cell(runs: Sequence[Judged]) -> list[Judged]:
    """Runs of the cell with the lowest median q among those that see the most data."""
    full = max(run.record.config["data_size"] for run in runs)
    cells = cells_of([run for run in runs if run.record.config["data_size"] == full])
    return min(cells, key=lambda cell: _or_worst(median([run.verdicts[0].q for run in cell])))


def cells_of(runs: Iterable[Judged]) -> list[list[Judged]]:
    """Runs that differ in nothing but their seeds, together."""
    cells: defaultdict[str, list[Judged]] = defaultdict(list)
    for run in runs:
        cells[cell_id(from_mapping(run.record.config))].append(run)
    return list(cells.values())


def stable_share(runs: Sequence[Judged], which: int) -> float:
    """Share of runs that are stable under one set of limits."""
    return sum(run.verdicts[which].state == STABLE for run in runs) / len(runs)


def distributions(groups: Mapping[tuple[str, str], Sequence[Judged]]) -> list[str]:
    """One line per recipe: 10th, 50th and 90th percentile of every number."""
    rows = [["dataset", "recipe", "runs", *NUMBERS]]
    for (dataset, recipe), runs in groups.items():
        cells = [_percentiles([measure(run) for run in runs]) for measure in NUMBERS.values()]
        rows.append([dataset, recipe, str(len(runs)), *cells])
    return _table(rows)


def endings(groups: Mapping[tuple[str, str], Sequence[Judged]], limits: Sequence[Thresholds]) -> list[str]:
    """One line per recipe: stable share under each set of limits, and all outcomes under the current ones."""
    rows = [["dataset", "recipe", "runs", *(f"stable {each.version}" for each in limits), "outcomes"]]
    for (dataset, recipe), runs in groups.items():
        shares = [f"{stable_share(runs, which):.2f}" for which in range(len(limits))]
        rows.append([dataset, recipe, str(len(runs)), *shares, _outcomes(runs)])
    return _table(rows)


def gate(groups: Mapping[tuple[str, str], Sequence[Judged]], limits: Sequence[Thresholds]) -> list[str]:
    """One line per recipe: its best tuned cell at full data, and whether enough of its seeds are stable.

    The cell is chosen and counted on the same seeds: an upper bound, to set limits by and not to report.
    """
    head = ["dataset", "recipe", "cell", "seeds", "q"]
    rows = [[*head, *(f"stable {each.version}" for each in limits), "outcomes"]]
    met = [True] * len(limits)
    for (dataset, recipe), runs in groups.items():
        cell = best_cell(runs)
        shares = [stable_share(cell, which) for which in range(len(limits))]
        met = [before and share >= GATE for before, share in zip(met, shares, strict=True)]
        q = _percentiles([run.verdicts[0].q for run in cell])
        named = [dataset, recipe, _describe(cell[0].record), str(len(cell)), q]
        rows.append([*named, *(f"{share:.2f}" for share in shares), _outcomes(cell)])
    verdicts = [
        f"gate under {each.version}: {'met' if ok else 'not met'} (every line >= {GATE:.2f})"
        for each, ok in zip(limits, met, strict=True)
    ]
    return [*_table(rows), "", *verdicts]


def alternatives(settings: Sequence[str]) -> list[Thresholds]:
    """The current limits, and one changed set per ``name=value[,name=value]``.

    Raises:
        ValueError: a setting is not of that form, or names no limit.

    Example:
        >>> [each.version.partition("+")[2] for each in alternatives(["hop=0.3,stalled_q=0.5"])]
        ['', 'hop=0.3,stalled_q=0.5']
    """
    found = [DEFAULT]
    for setting in settings:
        try:
            found.append(override(DEFAULT, read_settings([setting])))
        except ValueError as error:
            raise ValueError(f"--set: {str(error).removeprefix('thresholds: ')}") from error
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the calibration of one results folder; exit code 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m bench.verdict.calibrate", description=__doc__)
    parser.add_argument("results", type=Path, help="a results folder, best of a pilot with seeds of its own")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE[,NAME=VALUE]", help="limits to try as well"
    )
    options = parser.parse_args(arguments)
    try:
        limits = alternatives(options.set)
        with open_store(options.results) as store:
            runs = judge_all(store.load_runs(evaluations=True), limits)
    except (ValueError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2
    if not runs:
        print(f"{options.results}: no run was judged yet; train some first", file=sys.stderr)
        return 2
    groups = by_recipe(runs)
    sections = {
        "Final window, percentiles 10/50/90": distributions(groups),
        "How runs end": endings(groups, limits),
        "Best tuned cell of each recipe at full data": gate(groups, limits),
    }
    print("\n\n".join("\n".join([title, *lines]) for title, lines in sections.items()))
    return 0


def _or_worst(q: float) -> float:
    return math.inf if math.isnan(q) else q


def _percentiles(values: Sequence[float]) -> str:
    known = [value for value in values if math.isfinite(value)]
    return "/".join(f"{each:.3g}" for each in np.percentile(known, [10, 50, 90])) if known else "-"


def _outcomes(runs: Sequence[Judged]) -> str:
    found = Counter(" ".join(_named(run.verdicts[0])) for run in runs)
    return ", ".join(f"{name} {count}" for name, count in found.most_common())


def _named(verdict: Verdict) -> list[str]:
    # What a stalled run fell short of is what calibration has to know.
    short = verdict.outcome in ("stalled-low-quality", "collapsed:partial", "invalid")
    return [verdict.outcome, f"({verdict.evidence['detail']})"] if short else [verdict.outcome]


def _describe(record: RunRecord) -> str:
    config = record.config
    return (
        f"lr={config['generator_lr']:g} width={config['generator_width']}/{config['discriminator_width']} "
        f"n={config['data_size']} critic={config['n_critic']} {config['optimizer']}"
    )


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


if __name__ == "__main__":
    raise SystemExit(main())
