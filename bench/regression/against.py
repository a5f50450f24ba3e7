"""This tree against another one, or against the stored baseline: what is looked at, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.machine import describe
from bench.regression.cells import CELLS, PinnedCell
from bench.regression.counts import Counts, anywhere, compare_counts, counts
from bench.regression.decision import PAIRS
from bench.regression.golden import OTHER_MACHINE, changed, compare_traces, traces
from bench.regression.outcome import NO_BASELINE, Row
from bench.regression.quality import Outcomes, refused
from bench.regression.seeds import SETS, compare_quality, judged_twice, part, train
from bench.regression.speed import compare_speed
from bench.regression.stored import Baseline, made
from bench.regression.trees import Tree
from bench.regression.workloads import WORKLOADS

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a comparison is made.

    Args:
        pairs: of processes that are timed. seeds: of each cell; None: its own number.
        workloads: what is timed. cells: what is trained; None: the pinned cells, after every recipe's trace.
        say: is told what goes on.
    """

    pairs: int = PAIRS
    seeds: int | None = None
    workloads: Sequence[str] = tuple(WORKLOADS)
    cells: Mapping[str, PinnedCell] | None = None
    say: Say = field(default=lambda line: None)

    @property
    def trained(self) -> Mapping[str, PinnedCell]:
        """The cells whose quality is compared."""
        return CELLS if self.cells is None else self.cells


def _traced(base: Tree, head: Tree, asked: Asked) -> tuple[Row, ...]:
    asked.say("training for fifty steps in both trees")
    return compare_traces(traces(base, asked.cells), traces(head, asked.cells))


def _counted(base: Tree, head: Tree, asked: Asked) -> tuple[Row, ...]:
    asked.say("counting FLOPs, updates, operators, graphs, modules and memory in both trees")
    return compare_counts(counts(base), counts(head))


def _quality(base: Tree, head: Tree, asked: Asked) -> tuple[Row, ...]:
    rows = _traced(base, head, asked)
    if not _must_train(rows, asked):
        return rows

    def told(cell: str) -> None:
        """Say which cell is in training."""
        asked.say(f"training {cell} in both trees")

    return (*rows, *compare_quality(base, head, seeds=asked.seeds, cells=asked.trained, told=told))


def _timed(base: Tree, head: Tree, asked: Asked) -> tuple[Row, ...]:
    def told(phase: str, done: int) -> None:
        """Say how many pairs are done, every fifth time."""
        if done % 5 == 0:
            asked.say(f"{phase}: {done} of {asked.pairs} pairs")

    return compare_speed(base, head, asked.workloads, pairs=asked.pairs, told=told)


_PARTS: Mapping[str, tuple[Callable[[Tree, Tree, Asked], tuple[Row, ...]], ...]] = {
    "trace": (_traced,),
    "counts": (_counted,),
    "quality": (_quality,),
    "speed": (_timed,),
    "all": (_counted, _quality, _timed),
}

KINDS = tuple(_PARTS)
"""What can be compared."""


def with_tree(kind: str, base: Tree, head: Tree, asked: Asked) -> tuple[Row, ...]:
    """Compare two trees side by side in all that ``kind`` names."""
    return tuple(row for part in _PARTS[kind] for row in part(base, head, asked))


def with_baseline(kind: str, baseline: Baseline, head: Tree, asked: Asked) -> tuple[Row, ...]:
    """Compare a tree with what was kept: traces, counts and quality; times must be taken side by side."""
    rows: list[Row] = []
    if kind in ("counts", "all"):
        rows += _counts_kept(baseline, head, asked)
    if kind in ("trace", "quality", "all"):
        asked.say("training for fifty steps")
        found = compare_traces(baseline.traces, traces(head, asked.cells), OTHER_MACHINE)
        rows += found
        if kind != "trace" and _must_train(found, asked):
            rows += _quality_kept(baseline, head, asked)
    if kind == "speed":
        rows.append(_no_times())
    return tuple(rows)


def measured(head: Tree, asked: Asked) -> Baseline:
    """Measure all that a baseline keeps of a tree."""
    asked.say("training for fifty steps")
    traced = traces(head, asked.cells)
    asked.say("counting")
    counted = counts(head)
    outcomes = {}
    for name, cell in asked.trained.items():
        seeds = SETS * (asked.seeds or cell.seeds)
        asked.say(f"training {name}, {seeds} seeds")
        outcomes[name] = train(head, cell, range(seeds))
    return made(head.revision, traced, counted, outcomes)


def between(old: Baseline, new: Baseline, asked: Asked) -> tuple[Row, ...]:
    """Compare two baselines: what an update changes."""
    alike = dict(old.versions) == dict(new.versions)
    counted = (old.counts, new.counts) if alike else (anywhere(old.counts), anywhere(new.counts))
    rows = [*compare_counts(*counted), *compare_traces(old.traces, new.traces, OTHER_MACHINE)]
    for name, cell in asked.trained.items():
        if name in old.quality:
            sides = partial(_kept_of_both, old.quality[name], new.quality[name])
            rows += judged_twice(name, sides, _seeds_of(old.quality[name], cell, asked))
    return tuple(rows)


def notes_on(baseline: Baseline) -> tuple[str, ...]:
    """What a reader must know of the baseline beside the rows."""
    spread = ", ".join(f"{name} {value:.0%}" for name, value in sorted(baseline.scatter.items()))
    processor = baseline.machine.get("processor", "an unknown machine")
    return (
        f"baseline of {baseline.revision or 'no revision'}, {baseline.measured_at}, on {processor} "
        f"({baseline.command}); scatter between seeds: {spread or 'not measured'}",
        "times are not compared: those of another sitting say nothing; give --base",
    )


def _must_train(rows: Sequence[Row], asked: Asked) -> bool:
    if changed(rows):
        asked.say(f"training changed for {', '.join(changed(rows))}: comparing cells")
        return True
    asked.say("the traces are equal: quality is unchanged by construction")
    return False


def _counts_kept(baseline: Baseline, head: Tree, asked: Asked) -> tuple[Row, ...]:
    asked.say("counting")
    base: Counts = baseline.counts
    found = counts(head)
    if dict(baseline.versions) != dict(describe().versions):
        base, found = anywhere(base), anywhere(found)
    return compare_counts(base, found)


def _quality_kept(baseline: Baseline, head: Tree, asked: Asked) -> list[Row]:
    rows: list[Row] = []
    for name, cell in asked.trained.items():
        kept = baseline.quality.get(name)
        if kept is None:
            rows.append(refused(f"quality/{name}", "the baseline has no such cell; --update adds it"))
            continue
        asked.say(f"training {name}")
        sides = partial(_kept_and_trained, kept, head, cell)
        rows += judged_twice(name, sides, _seeds_of(kept, cell, asked))
    return rows


def _kept_and_trained(
    kept: Outcomes, head: Tree, cell: PinnedCell, seeds: range
) -> tuple[Outcomes, Outcomes]:
    return part(kept, seeds), train(head, cell, seeds)


def _kept_of_both(before: Outcomes, now: Outcomes, seeds: range) -> tuple[Outcomes, Outcomes]:
    return part(before, seeds), part(now, seeds)


def _seeds_of(kept: Outcomes, cell: PinnedCell, asked: Asked) -> int:
    """Seeds of the first set: no more than the baseline has."""
    return min(asked.seeds or cell.seeds, len(kept["seeds"]) or cell.seeds)


def _no_times() -> Row:
    nan = float("nan")
    reason = "times of another sitting say nothing; give --base"
    return Row(
        name="speed", kind="speed", unit="s", base=nan, head=nan, ratio=nan, answer=NO_BASELINE, reason=reason
    )
