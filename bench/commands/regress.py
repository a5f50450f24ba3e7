"""ganbench regress: is this tree slower or worse than another one?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError

if TYPE_CHECKING:
    from bench.regression.outcome import Row
    from bench.regression.trees import Tree

KINDS = ("speed", "quality", "counts", "all")


@dataclass(frozen=True, slots=True)
class RegressOptions:
    """What the command line may change; None is the module's own default."""

    base: str
    pairs: int | None = None
    seeds: int | None = None
    workloads: Sequence[str] = ()
    json: bool = False
    markdown: bool = False
    strict: bool = False


def regress(kind: str, options: RegressOptions) -> int:
    """Compare this tree with ``options.base``; print a table; 1 where something is worse."""
    _check(kind, options)
    from bench.machine import package_version
    from bench.regression import table
    from bench.regression.outcome import Comparison
    from bench.regression.trees import TreeError, checked_out, head

    ours = head()
    try:
        with checked_out(options.base, ours.folder) as base:
            rows = [row for part in _parts(kind) for row in part(base, ours, options)]
            known = f"{base.name} {base.revision}".strip()
    except TreeError as error:
        raise CommandError([str(error)]) from error
    comparison = Comparison(
        base=known,
        head=f"{ours.name} {ours.revision}".strip(),
        rows=tuple(rows),
        versions={"gan-stability-bench": package_version()},
    )
    spelled = "json" if options.json else "markdown" if options.markdown else "text"
    print(table.FORMATS[spelled](comparison))
    return OUR_FAULT if comparison.fails(strict=options.strict) else DONE


def _check(kind: str, options: RegressOptions) -> None:
    from bench.regression.decision import FEWEST_PAIRS
    from bench.regression.quality import FEWEST_SEEDS

    if kind not in KINDS:
        raise CommandError(
            [f"regress: must be one of {', '.join(KINDS)}, got {kind!r}; {_nearest(kind, KINDS)}"]
        )
    for name, value, least in (
        ("pairs", options.pairs, FEWEST_PAIRS),
        ("seeds", options.seeds, FEWEST_SEEDS),
    ):
        if value is not None and value < least:
            raise CommandError(
                [f"--{name}: must be at least {least}, got {value}; leave it out for the default"]
            )
    if options.json and options.markdown:
        raise CommandError(["--markdown: must not stand beside --json; choose one"])
    _workloads(options)


def _workloads(options: RegressOptions) -> list[str]:
    from bench.regression.workloads import WORKLOADS

    for name in options.workloads:
        if ":" not in name and name not in WORKLOADS:
            wanted = "must be a workload or module:function"
            raise CommandError([f"--workload: {wanted}, got {name!r}; {_nearest(name, tuple(WORKLOADS))}"])
    return list(options.workloads) or list(WORKLOADS)


def _nearest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def _parts(kind: str) -> tuple[Callable[[Tree, Tree, RegressOptions], tuple[Row, ...]], ...]:
    parts = {"counts": (_counts,), "speed": (_speed,), "quality": (_quality,)}
    return (_counts, _quality, _speed) if kind == "all" else parts[kind]


def _counts(base: Tree, head: Tree, options: RegressOptions) -> tuple[Row, ...]:
    from bench.regression.counts import compare_counts, counts

    _say("counting FLOPs, updates, operators, graphs, modules and memory in both trees")
    return compare_counts(counts(base), counts(head))


def _quality(base: Tree, head: Tree, options: RegressOptions) -> tuple[Row, ...]:
    from bench.regression.golden import changed, compare_traces, traces
    from bench.regression.quality import compare_quality

    _say("training every recipe for fifty steps in both trees")
    rows = compare_traces(traces(base), traces(head))
    if not changed(rows):
        _say("the traces are equal: quality is unchanged by construction")
        return rows
    _say(f"training changed for {', '.join(changed(rows))}: comparing the pinned cells")
    return (
        *rows,
        *compare_quality(base, head, seeds=options.seeds, told=lambda cell: _say(f"training {cell}")),
    )


def _speed(base: Tree, head: Tree, options: RegressOptions) -> tuple[Row, ...]:
    from bench.regression.decision import PAIRS
    from bench.regression.speed import compare_speed

    pairs = options.pairs or PAIRS

    def told(phase: str, done: int) -> None:
        """Say every fifth pair."""
        if done % 5 == 0:
            _say(f"{phase}: {done} of {pairs} pairs")

    return compare_speed(base, head, _workloads(options), pairs=pairs, told=told)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
