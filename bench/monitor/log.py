"""A training log read as a run: its columns, what stands in for what it lacks, and the scales it may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.diagnostics.arrays import Floats
from bench.monitor.blocks import evaluations_of
from bench.monitor.cells import Numbers, commas_of, numbers_of
from bench.monitor.columns import EPOCH, FAKE_OUTPUT, REAL_OUTPUT, RUNS, STEP, chosen, recognise, spelled
from bench.monitor.curves import curves_of
from bench.monitor.derive import Logged, derive
from bench.monitor.divergence import lost_for_good
from bench.monitor.observed import QUALITY, Observed, Problem, brief
from bench.monitor.order import MERGED, order_of
from bench.monitor.scales import Meaning, scales
from bench.monitor.table import Table, one_line, read_table

TRAINED = (
    "discriminator_loss", "generator_loss", REAL_OUTPUT, FAKE_OUTPUT, "generator_gradient",
    "discriminator_gradient",
)  # fmt: skip
"""What stops being finite when training does."""

JUDGED_BY = (
    QUALITY, "precision", "recall", "density", "coverage", "high_quality", "modes_strict", "mode_kl",
    "pairwise_ratio", "inception_score",
)  # fmt: skip
"""Columns that say how good samples are: what is blank there is listed."""

MOST_UNKNOWN = 40
"""Columns that are not known are named up to so many."""

OUTPUTS = (REAL_OUTPUT, FAKE_OUTPUT)


def observe(path: Path, options: Sequence[str] = (), meaning: Meaning | None = None) -> Observed:
    """Read a log.

    Args:
        options: ``NAME=COLUMN`` for columns whose names are not known.
        meaning: what is known of the run besides.

    Raises:
        ValueError: an option cannot be used.
        OSError: the file cannot be read.
    """
    return observe_table(read_table(path), path.name, options, meaning)


def observe_table(
    table: Table, source: str, options: Sequence[str] = (), meaning: Meaning | None = None
) -> Observed:
    """Read a table; as ``observe``."""
    meaning = meaning or Meaning()
    places = {**recognise(table.names), **chosen(options, table.names)}
    unread = _unread(table, source, places)
    if not table.rows:
        return unread
    columns = _columns(table, places, meaning)
    steps = columns.order.steps
    evaluations = evaluations_of(steps, _judged(columns))
    unclear = table.unclear or _several_runs(table, columns) or columns.order.unclear
    contexts = scales(steps, columns.values.get(QUALITY), evaluations, meaning, columns.stand_ins)
    return replace(
        unread,
        evaluations=evaluations,
        contexts=() if unclear else contexts,
        unclear=unclear,
        diverged_step=_diverged(columns),
        lost_from=_lost(columns, (QUALITY,)),
        problems=(*table.problems, *_order_problems(columns), *columns.problems),
        stand_ins=columns.stand_ins,
        bounds=frozenset(columns.bounds),
        counts={**unread.counts, "steps": len(steps), "parts judged": len(evaluations)},
        curves=curves_of({name: (steps, values) for name, values in columns.values.items()}),
    )


def _unread(table: Table, source: str, places: Mapping[str, int]) -> Observed:
    """What the header alone says."""
    mapping = {brief(table.names[place]): name for name, place in places.items()}
    unknown = [brief(name) for place, name in enumerate(table.names) if place not in places.values()]
    more = len(unknown) - MOST_UNKNOWN
    return Observed(
        source=one_line(source),
        problems=table.problems,
        counts={"rows": len(table.rows), "columns": len(table.names), "columns recognised": len(mapping)},
        mapping=mapping,
        unknown=(*unknown[:MOST_UNKNOWN], *([f"{more:,} others"] if more > 0 else [])),
    )


def _columns(table: Table, places: Mapping[str, int], meaning: Meaning) -> Logged:
    """The columns that are known, in the order of their steps, as the rules look at them."""
    commas = commas_of(table.columns[place] for place in places.values())
    columns = _ordered(
        table,
        {
            name: numbers_of(table.names[place], table.columns[place], table.rows, commas)
            for name, place in places.items()
        },
    )
    columns.called_logits = any(
        "logit" in table.names[places[name]].lower() for name in OUTPUTS if name in places
    )
    derive(columns, meaning)
    return columns


def _ordered(table: Table, numbers: Mapping[str, Numbers]) -> Logged:
    clock = {name: numbers[name].values if name in numbers else None for name in (STEP, EPOCH, QUALITY)}
    columns = Logged(order_of(table.rows, clock[STEP], clock[EPOCH], clock[QUALITY]))
    if columns.order.counted:
        columns.stand_ins[STEP] = columns.order.counted
    for name, read in numbers.items():
        columns.problems.extend(read.problems)
        if name in (STEP, EPOCH):
            continue
        columns.values[name] = columns.order.gather(read.values)
        columns.overwritten |= columns.order.overwrites(read.values)
        columns.nonfinite[name] = columns.order.gather_flags(read.nonfinite)
        columns.problems.extend(_odd_cells(name, read, table.rows))
    return columns


def _odd_cells(name: str, read: Numbers, rows: Sequence[int]) -> list[Problem]:
    """Cells of a column that are numbers of no use, or none; blanks only where samples are judged."""
    found = [(f"{name} was written as NaN or infinity", read.nonfinite, True)]
    if name in JUDGED_BY:
        found.append((f"{name} is blank, of {len(rows):,} rows", read.blank, False))
    if name == QUALITY:
        found.append((f"{name} is zero or less, of which there is no logarithm", read.values <= 0, False))
    return [
        Problem.at(what, [row for row, flag in zip(rows, flags, strict=True) if flag], spoils=spoils)
        for what, flags, spoils in found
        if flags.any()
    ]


def _order_problems(columns: Logged) -> list[Problem]:
    """What is wrong with the order; rows of a step that only fill each other's blanks spoil nothing."""
    return [
        replace(each, spoils=columns.overwritten) if each.what == MERGED else each
        for each in columns.order.problems
    ]


def _several_runs(table: Table, columns: Logged) -> str:
    """Why a log with a column of runs is not judged: it holds several, and their steps run side by side."""
    if len(columns.order.steps) == len(table.rows) and not columns.order.counted:
        return ""
    for name, texts in zip(table.names, table.columns, strict=True):
        if spelled(name) in RUNS and len(set(texts)) > 1:
            return f"column {brief(name)!r} tells {len(set(texts))} runs apart; give one log per run"
    return ""


def _judged(columns: Logged) -> dict[str, Floats]:
    inner = {REAL_OUTPUT: "logit_real", FAKE_OUTPUT: "logit_fake"}
    left_off = ("output_holdout", "accuracy")
    return {inner.get(name, name): values for name, values in columns.values.items() if name not in left_off}


def _diverged(columns: Logged) -> int | None:
    """First step from which something trained was written as not finite, and never as finite again."""
    return _lost(columns, TRAINED)


def _lost(columns: Logged, names: Sequence[str]) -> int | None:
    first = [
        place
        for name in names
        if name in columns.values
        and (place := lost_for_good(columns.values[name], columns.nonfinite[name])) is not None
    ]
    return int(columns.order.steps[min(first)]) if first else None
