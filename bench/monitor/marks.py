"""By what a monitored run is judged: its own reference, floors that have to be tried, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from bench.metrics import Reference
from bench.metrics.reference import FEWEST_REAL
from bench.monitor.looks import Look
from bench.monitor.observed import QUALITY, Problem
from bench.monitor.run import Run
from bench.monitor.scales import Meaning, scales
from bench.monitor.stick import Given, Schedule, context_for
from bench.records.schema import EvaluationRecord
from bench.verdict import Context

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Plan:
    """What a monitor was told when it was made.

    Args:
        train_rows: training samples given; None where none were.
        wanted: whether real samples were given at all.
    """

    meaning: Meaning
    steps: int | None
    evaluations: int | None
    regularizer: str
    train_rows: int | None
    given: Given | None
    wanted: bool

    @property
    def knows_copies(self) -> bool:
        """Whether the training samples are known, and so what a faithful copy of them would score."""
        return self.given is None or self.given.has_train


def contexts_of(
    run: Run, plan: Plan, reference: Reference | None, stand_ins: dict[str, str]
) -> tuple[Context, ...]:
    """The measuring sticks of a run; what stood in is added to ``stand_ins``."""
    if reference is None or not any(look.samples is not None for look in run.looks):
        return _tried(run, plan.meaning, stand_ins)
    start = run.start
    if math.isnan(start):
        start = next(look.values[QUALITY] for look in run.looks if look.samples is not None)
        stand_ins["distance_start"] = (
            f"the first distance, at step {run.looks[0].step}, stands in for the untrained generator's: call "
            "evaluate before training, with step 0"
        )
    train = len(reference.dataset.train)
    schedule = Schedule(
        steps=max(1, plan.steps or max(run.looks[-1].step, *run.order.steps[-1:].tolist(), 1)),
        evaluations=plan.evaluations or len(run.looks),
        data_size=min(plan.train_rows or train, train),
        regularizer=plan.regularizer,
    )
    train_probes, holdout_probes = (len(run.looks[-1].outputs.get(name, ())) for name in ("train", "holdout"))
    return (
        context_for(
            reference, schedule, plan.meaning, start, (train_probes, holdout_probes), copies=plan.knows_copies
        ),
    )


def one_context(contexts: tuple[Context, ...], meaning: Meaning) -> Context:
    """The one measuring stick of a verdict: without scale where none is known."""
    if len(contexts) == 1:
        return contexts[0]
    if contexts:
        return replace(contexts[0], distance_floor=math.nan)  # several were tried: none is known
    nothing = EvaluationRecord(step=0, values={})
    return scales(np.array([1]), None, (nothing,), meaning, {})[0]


def problems_of(
    looks: list[Look], plan: Plan, repeated: int, empty: Mapping[str, int] = NOTHING
) -> list[Problem]:
    """What was wrong with the data and the evaluations."""
    problems = [] if plan.given is None else list(plan.given.problems)
    if plan.wanted and plan.given is None:
        problems.append(
            Problem(f"real: more than {FEWEST_REAL} finite samples are needed to measure against, got fewer")
        )
    statuses = [(look.statuses.get(QUALITY) == "too_few", QUALITY in look.values) for look in looks]
    few, small = statuses.count((True, False)), statuses.count((True, True))
    if few:
        problems.append(
            Problem(f"{few} evaluations brought too few samples and have no quality of their own")
        )
    if small:
        problems.append(
            Problem(f"{small} evaluations have few samples: their quality stands, but is measured coarsely")
        )
    problems += [
        Problem(f"{name} was empty {times} times, and not measured") for name, times in empty.items()
    ]
    if repeated:
        problems.append(Problem(f"{repeated} evaluations repeat a step; the later one stands"))
    return problems


def _tried(run: Run, meaning: Meaning, stand_ins: dict[str, str]) -> tuple[Context, ...]:
    known = [
        (record.step, record.values[QUALITY])
        for record in run.records
        if math.isfinite(record.values.get(QUALITY, math.nan))
    ]
    if len(known) < 2:
        steps = np.array([record.step for record in run.records] or [1])
        return scales(steps, None, run.records, meaning, stand_ins)
    if not math.isnan(run.start):
        known = [(0, run.start), *known]
    steps, quality = np.array([step for step, _ in known]), np.array([value for _, value in known])
    return scales(steps, quality, run.records, meaning, stand_ins)
