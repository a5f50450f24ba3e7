"""A training log read as a run: its columns, what stands in for what it lacks, and the scales it may have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.diagnostics.arrays import Flags, Floats
from bench.monitor import stand_ins
from bench.monitor.blocks import evaluations_of
from bench.monitor.columns import EPOCH, FAKE_OUTPUT, REAL_OUTPUT, STEP, chosen, recognise
from bench.monitor.curves import curves_of
from bench.monitor.divergence import lost_for_good
from bench.monitor.observed import QUALITY, Observed, Problem
from bench.monitor.order import Order, order_of
from bench.monitor.scales import Meaning, scales
from bench.monitor.table import Numbers, Table, numbers_of, one_line, read_table

TRAINED = (
    "discriminator_loss", "generator_loss", REAL_OUTPUT, FAKE_OUTPUT, "generator_gradient",
    "discriminator_gradient",
)  # fmt: skip
"""What stops being finite when training does."""

OUTPUTS = (REAL_OUTPUT, FAKE_OUTPUT)
_ON_TRAINING = (
    "the discriminator's outputs on training batches stand in for those on real samples it has not seen"
)


@dataclass
class _Columns:
    """The columns of a log by name and step, and what was noticed while they were read."""

    order: Order
    values: dict[str, Floats] = field(default_factory=dict)
    nonfinite: dict[str, Flags] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stand_ins: dict[str, str] = field(default_factory=dict)
    bounds: set[str] = field(default_factory=set)
    called_logits: bool = False


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
    found = {**recognise(table.names), **chosen(options, table.names)}
    mapping = {table.names[place]: name for name, place in found.items()}
    unknown = tuple(name for name in table.names if name not in mapping)
    counts = {"rows": len(table.rows), "columns": len(table.names), "columns recognised": len(mapping)}
    if not table.rows:
        return Observed(
            source=one_line(source), problems=table.problems, counts=counts, mapping=mapping, unknown=unknown
        )
    numbers = {name: numbers_of(table, place) for name, place in found.items()}
    columns = _ordered(table, numbers)
    columns.called_logits = any(
        "logit" in table.names[found[name]].lower() for name in OUTPUTS if name in found
    )
    _shape(columns, meaning)
    steps = columns.order.steps
    evaluations = evaluations_of(steps, _judged(columns))
    contexts = scales(steps, columns.values.get(QUALITY), evaluations, meaning, columns.stand_ins)
    return Observed(
        source=one_line(source),
        evaluations=evaluations,
        contexts=contexts,
        diverged_step=_diverged(columns),
        problems=(*table.problems, *columns.order.problems, *columns.problems),
        stand_ins=columns.stand_ins,
        bounds=frozenset(columns.bounds),
        counts={**counts, "steps": len(steps), "parts judged": len(evaluations)},
        mapping=mapping,
        unknown=unknown,
        curves=curves_of({name: (steps, values) for name, values in columns.values.items()}),
    )


def _ordered(table: Table, numbers: Mapping[str, Numbers]) -> _Columns:
    clock = {name: numbers[name].values if name in numbers else None for name in (STEP, EPOCH)}
    columns = _Columns(order_of(table.rows, clock[STEP], clock[EPOCH]))
    if columns.order.counted:
        columns.stand_ins[STEP] = columns.order.counted
    for name, read in numbers.items():
        columns.problems.extend(read.problems)
        if name in (STEP, EPOCH):
            continue
        columns.values[name] = columns.order.gather(read.values)
        columns.nonfinite[name] = columns.order.gather_flags(read.nonfinite)
        written = [row for row, flag in zip(table.rows, read.nonfinite, strict=True) if flag]
        if written:
            columns.problems.append(Problem.at(f"{name} was written as NaN or infinity", written))
    return columns


def _shape(columns: _Columns, meaning: Meaning) -> None:
    """Turn what was logged into what the rules look at."""
    values = columns.values
    quality = values.get(QUALITY)
    if quality is not None and np.count_nonzero(np.isfinite(quality)) < 2:
        columns.problems.append(Problem("the quality curve has fewer than two values and is not judged", 0))
        del values[QUALITY]
    _rank(columns, meaning)
    _gain(columns, meaning)
    if {REAL_OUTPUT, FAKE_OUTPUT, "output_holdout"} <= set(values) and "overfit_ratio" not in values:
        train, holdout, fake = (values[name] for name in (REAL_OUTPUT, "output_holdout", FAKE_OUTPUT))
        apart = np.abs(train - fake) > 0
        values["overfit_ratio"] = np.where(
            apart, (train - holdout) / np.where(apart, train - fake, 1.0), math.nan
        )
        if stand_ins.are_probabilities(train, fake):
            columns.stand_ins["overfit_ratio"] = (
                "made of the discriminator's probabilities, not of its logits"
            )
    if not meaning.loss:
        values.pop("discriminator_slope", None)  # what a flat critic means depends on the loss


def _rank(columns: _Columns, meaning: Meaning) -> None:
    """Bound how well the discriminator ranks, from whatever was logged; the largest bound of each step."""
    values = columns.values
    if "auc_real_fake" in values:
        return
    bounds: dict[str, Floats] = {}
    real, fake = values.get("output_holdout", values.get(REAL_OUTPUT)), values.get(FAKE_OUTPUT)
    if real is not None and fake is not None and _probabilities(columns, real, fake, meaning):
        bounds["mean probabilities"] = stand_ins.auc_from_probabilities(real, fake)
    if {"accuracy_real", "accuracy_fake"} <= set(values):
        bounds["accuracies"] = stand_ins.auc_from_accuracies(
            *(_share(values[name]) for name in ("accuracy_real", "accuracy_fake"))
        )
    elif "accuracy" in values:
        bounds["accuracy"] = stand_ins.auc_from_accuracy(_share(values["accuracy"]))
    if meaning.loss in stand_ins.LOGISTIC and "discriminator_loss" in values:
        bounds["loss"] = stand_ins.auc_from_logistic_loss(values["discriminator_loss"])
    if not bounds:
        return
    values["auc_real_fake"] = np.fmax.reduce(list(bounds.values()))
    columns.bounds.add("auc_real_fake")
    what = f"a lower bound from the discriminator's {' and '.join(bounds)}"
    columns.stand_ins["auc_real_fake"] = (
        what if "output_holdout" in values and len(bounds) == 1 else f"{what}; {_ON_TRAINING}"
    )


def _gain(columns: _Columns, meaning: Meaning) -> None:
    values = columns.values
    real, fake = values.get(REAL_OUTPUT), values.get(FAKE_OUTPUT)
    if fake is None or "generator_gain" in values:
        return
    if _probabilities(columns, fake if real is None else real, fake, meaning):
        gain = stand_ins.gain_from_probabilities(fake, meaning.loss)
        if gain is not None:
            values["generator_gain"] = gain


def _probabilities(columns: _Columns, real: Floats, fake: Floats, meaning: Meaning) -> bool:
    possible = meaning.loss in ("", *stand_ins.LOGISTIC) and not columns.called_logits
    return possible and stand_ins.are_probabilities(real, fake)


def _share(values: Floats) -> Floats:
    """A share, also where percent were logged."""
    largest = np.nanmax(values, initial=0.0)
    return values / 100 if largest > 1 else values


def _judged(columns: _Columns) -> dict[str, Floats]:
    inner = {REAL_OUTPUT: "logit_real", FAKE_OUTPUT: "logit_fake"}
    left_off = ("output_holdout", "accuracy")
    return {inner.get(name, name): values for name, values in columns.values.items() if name not in left_off}


def _diverged(columns: _Columns) -> int | None:
    """First step from which something trained was written as not finite, and never as finite again."""
    first = [
        place
        for name in TRAINED
        if name in columns.values
        and (place := lost_for_good(columns.values[name], columns.nonfinite[name])) is not None
    ]
    return int(columns.order.steps[min(first)]) if first else None
