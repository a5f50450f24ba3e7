"""From turns and looks to the records that rules judge: what a monitored run amounts to so far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from bench.diagnostics.arrays import Flags, Floats
from bench.diagnostics.discriminator import auc
from bench.monitor.blocks import evaluations_of
from bench.monitor.divergence import lost_for_good
from bench.monitor.looks import Look, all_probabilities, state_of, to_logits
from bench.monitor.observed import QUALITY, Problem
from bench.monitor.order import Order, order_of
from bench.monitor.turns import Turns
from bench.records.schema import EvaluationRecord
from gans.losses import Loss

OUTPUTS = ("auto", "logits", "probabilities")
"""What the discriminator returns: told, or found out."""

ON_TRAINING = "outputs on training batches stand in for those on real samples that it has not seen"


@dataclass(frozen=True)
class Run:
    """What is known of a run so far.

    Args:
        order: the turns in the order of their steps. columns: what was reported of each, infinite where it
            was not finite. records: one per evaluation, or per part of the turns where there is none.
        looks: the evaluations behind the records.
        start: distance of the untrained generator; NaN where it was not measured.
    """

    order: Order
    columns: Mapping[str, Floats]
    records: tuple[EvaluationRecord, ...]
    looks: tuple[Look, ...]
    diverged_step: int | None
    start: float
    problems: tuple[Problem, ...]
    stand_ins: Mapping[str, str]


def run_of(turns: Turns, looks: Sequence[Look], loss: Loss | None, outputs: str) -> Run:
    """Put together all that was reported."""
    steps, raw = turns.columns()
    order = order_of(range(1, len(steps) + 1), steps.astype(np.float64), None)
    columns = {name: _by_step(order, values) for name, values in raw.items()}
    diverged = _diverged(order, columns)
    problems: list[Problem] = []
    if turns.went_back:
        problems.append(Problem("the step went back during training (a restart?)", turns.went_back))
    stand_ins: dict[str, str] = {}
    if turns.began_again:
        said = f"steps began again {turns.began_again} times and are counted on, as if within epochs"
        problems.append(Problem(said))
        stand_ins["step"] = said
    batches = turns.snapshots()
    convert = _convert(looks, batches, loss, outputs, stand_ins)
    kept = _kept(looks, diverged, problems)
    untrained = [look.values[QUALITY] for look in looks if look.step == 0 and QUALITY in look.values]
    aucs = [(step, auc(real, fake)) for step, real, fake in batches if real.size and fake.size]
    if kept:
        records = _records(kept, order, columns, aucs, loss, convert, stand_ins)
    else:
        records = evaluations_of(order.steps, _parts(order, columns, aucs, stand_ins))
    return Run(
        order=order,
        columns=columns,
        records=records,
        looks=tuple(kept),
        diverged_step=diverged,
        start=untrained[-1] if untrained else math.nan,
        problems=tuple(problems),
        stand_ins=stand_ins,
    )


def _by_step(order: Order, values: Floats) -> Floats:
    gathered = order.gather(np.where(np.isfinite(values), values, math.nan))
    lost = order.gather_flags(np.isinf(values)) & np.isnan(gathered)
    return np.where(lost, math.inf, gathered)


def _diverged(order: Order, columns: Mapping[str, Floats]) -> int | None:
    found = [
        lost_for_good(np.where(np.isfinite(values), values, math.nan), np.isinf(values))
        for values in columns.values()
    ]
    places = [place for place in found if place is not None]
    return int(order.steps[min(places)]) if places else None


def _kept(looks: Sequence[Look], diverged: int | None, problems: list[Problem]) -> list[Look]:
    """The evaluations that are judged: those with quality where any has, up to the first after divergence."""
    trained = sorted((look for look in looks if look.step > 0), key=lambda look: look.step)
    with_quality = [look for look in trained if QUALITY in look.values]
    if with_quality and len(with_quality) < len(trained):
        left = len(trained) - len(with_quality)
        problems.append(Problem(f"{left} of {len(trained)} evaluations have no quality and are not judged"))
    kept = with_quality or trained
    if diverged is None:
        return kept
    return kept[: sum(look.step < diverged for look in kept) + 1]


def _convert(
    looks: Sequence[Look],
    batches: Sequence[tuple[int, Floats, Floats]],
    loss: Loss | None,
    outputs: str,
    stand_ins: dict[str, str],
) -> bool:
    """Whether outputs are probabilities, to be turned into logits."""
    if outputs != "auto":
        return outputs == "probabilities"
    if loss is not None and loss.decision_point != 0.0:
        return False
    seen = [values for _, real, fake in batches for values in (real, fake)]
    if not all_probabilities(looks, seen):
        return False
    stand_ins["outputs"] = (
        "all outputs of the discriminator lie from 0 to 1 and are taken as probabilities; outputs='logits' "
        "says otherwise"
    )
    return True


def _records(
    looks: Sequence[Look],
    order: Order,
    columns: Mapping[str, Floats],
    aucs: Sequence[tuple[int, float]],
    loss: Loss | None,
    convert: bool,
    stand_ins: dict[str, str],
) -> tuple[EvaluationRecord, ...]:
    records, before = [], -math.inf
    for look in looks:
        inside = (order.steps > before) & (order.steps <= look.step)
        values = _means(columns, inside)
        outputs = {name: to_logits(each) if convert else each for name, each in look.outputs.items()}
        point = None if loss is None else loss.decision_point
        state = state_of(outputs, point, log_odds=loss is not None and loss.log_odds)
        if "auc_real_fake" not in state:
            ranked = [value for step, value in aucs if before < step <= look.step]
            if ranked:
                state["auc_real_fake"] = sum(ranked) / len(ranked)
                stand_ins["auc_real_fake"] = f"the discriminator's {ON_TRAINING}"
        gain = _gain(loss, outputs.get("fake"))
        measured = {**values, **state, **gain, **look.values}
        records.append(
            EvaluationRecord(
                step=look.step, values=measured, histogram=look.histogram, statuses=look.statuses
            )
        )
        before = look.step
    return tuple(records)


def _means(columns: Mapping[str, Floats], inside: Flags) -> dict[str, float]:
    found = {}
    for name, values in columns.items():
        part = values[inside]
        part = part[~np.isnan(part)]
        if part.size:
            found[_COLUMN.get(name, name)] = float(part.mean())
    return found


_COLUMN = {"output_real": "logit_real", "output_fake": "logit_fake"}


def _gain(loss: Loss | None, fake: Floats | None) -> dict[str, float]:
    if loss is None or not loss.has_gain or fake is None or not fake.size:
        return {}
    return {"generator_gain": float(loss.generator_gain(torch.as_tensor(fake)).mean())}


def _parts(
    order: Order,
    columns: Mapping[str, Floats],
    aucs: Sequence[tuple[int, float]],
    stand_ins: dict[str, str],
) -> dict[str, Floats]:
    """Turns alone: what was reported, and how the discriminator ranked the batches that were kept."""
    parts = {
        _COLUMN.get(name, name): np.where(np.isfinite(values), values, math.nan)
        for name, values in columns.items()
    }
    if aucs and "auc_real_fake" not in parts:
        ranked = np.full(len(order.steps), math.nan)
        known = dict(aucs)
        for place, step in enumerate(order.steps.tolist()):
            ranked[place] = known.get(step, math.nan)
        parts["auc_real_fake"] = ranked
        stand_ins["auc_real_fake"] = f"the discriminator's {ON_TRAINING}"
    return parts


def series_of(run: Run) -> dict[str, tuple[npt.NDArray[np.int_], Floats]]:
    """Everything that can be drawn: turns as they were reported, evaluations where they were taken."""
    steps = np.array([record.step for record in run.records], dtype=np.int_)
    names = {name for record in run.records for name in record.values}
    evaluated = {
        name: (steps, np.array([record.values.get(name, math.nan) for record in run.records]))
        for name in names
    }
    return {**evaluated, **{name: (run.order.steps, values) for name, values in run.columns.items()}}


def with_values(
    record: EvaluationRecord, values: Mapping[str, float], statuses: Mapping[str, str]
) -> EvaluationRecord:
    """A record with more columns."""
    return replace(record, values={**record.values, **values}, statuses={**record.statuses, **statuses})
