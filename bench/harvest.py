"""From the evaluations of a trained member to its run record: verdict, headline numbers, speed."""

from __future__ import annotations

import math
import resource
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from torch import Tensor

from bench.diagnostics.spectrum import field_sizes, stationarity
from bench.jobs import CohortJob
from bench.metrics import Reference
from bench.probe_samples import HOLDOUT_PROBES, TRAIN_PROBES
from bench.records.columns import DYNAMICS_COLUMNS, METRIC_COLUMNS
from bench.records.schema import DIVERGED, FINISHED, STOPPED, EvaluationRecord, RunRecord
from bench.sizes import sizes_of
from bench.timestamp import now
from bench.verdict import Context, Verdict, annotate, context_of, headline, judge, window_start
from bench.verdict.blame import Parts, parts_of
from bench.verdict.early import as_ended
from gans.cohort import Cohort
from gans.config import RunConfig, run_id
from gans.data import Dataset
from gans.recipes import RECIPES

TRACE_POINTS = 500
"""A stored trace keeps at most this many of its steps, evenly spaced."""
GOOD_ENOUGH = 0.4
"""Normalised log distance that counts as quality reached (metrics.md C14)."""


@dataclass(frozen=True)
class Member:
    """All that one run of a cohort has left when training ends.

    Args:
        evaluations: its probes, up to the one at which it stopped being finite.
        start_distance: distance of its untrained generator.
        trace: per-step series, name to (steps,).
        diverged_step: None for a run that stayed finite.
        run_level: columns of ``RUN_ONLY`` that were measured when training ended, such as a spectrum.
        stopped: why it was ended before its time; empty for a run that was not.
    """

    config: RunConfig
    evaluations: Sequence[EvaluationRecord]
    start_distance: float
    trace: Mapping[str, Tensor]
    diverged_step: int | None
    eval_seconds: float
    run_level: Mapping[str, float] = field(default_factory=dict)
    stopped: str = ""

    @property
    def status(self) -> str:
        """One of STATUSES. A run that stopped being finite is whole, however little of it was trained."""
        if self.diverged_step is not None:
            return DIVERGED
        return STOPPED if self.stopped else FINISHED


def context_for(
    config: RunConfig, cohort: Cohort, dataset: Dataset, reference: Reference, start_distance: float
) -> Context:
    """What the data, the loss and the schedule of one member allow."""
    return context_of(
        config,
        reference,
        cohort.game.loss,
        distance_start=start_distance,
        probe_train=min(config.data_size, TRAIN_PROBES),
        probe_holdout=min(len(dataset.holdout), HOLDOUT_PROBES),
    )


def harvest(
    member: Member, cohort: Cohort, job: CohortJob, dataset: Dataset, reference: Reference, machine: str
) -> RunRecord:
    """Judge one member and write down what there is to know about it."""
    context = context_for(member.config, cohort, dataset, reference, member.start_distance)
    if member.status == STOPPED:
        context = as_ended(context, cohort.state.step)
    evaluations = annotate(member.evaluations, context)
    member = replace(member, run_level={"stationarity": _stationarity(member), **member.run_level})
    verdict = judge(evaluations, context, diverged_step=member.diverged_step, run_level=member.run_level)
    metrics = {**_headline(member, evaluations, reference, verdict), **_sizes(member.config)}
    parts = _data_parts(metrics)
    metrics |= {name: value for name, value in parts.columns().items() if not math.isnan(value)}
    evidence = {**verdict.evidence, "fid_extractor": _fid_name(reference), "blamed": parts.blamed}
    return RunRecord(
        run_id=run_id(member.config),
        config=asdict(member.config),
        status=member.status,
        outcome=verdict.outcome,
        state=verdict.state,
        mechanisms=verdict.mechanisms,
        onset_step=verdict.onset_step,
        evidence={**evidence, **_stopping(member, cohort)},
        thresholds=verdict.thresholds,
        metrics=metrics,
        speed=_speed(member, cohort, evaluations),
        cohort=job.cohort,
        cohort_members=len(job.configs),
        mode=cohort.mode,
        machine=machine,
        finished_at=now(),
        traces={name: _thinned(series) for name, series in member.trace.items()},
        evaluations=evaluations,
    )


def _stopping(member: Member, cohort: Cohort) -> dict[str, Any]:
    """What the evidence of a run says that is but the start of one."""
    if member.status != STOPPED:
        return {}
    step, planned = cohort.state.step, member.config.steps
    return {"stopped": {"reason": member.stopped, "step": step, "planned_steps": planned}}


def _stationarity(member: Member) -> float:
    """From the trace; a spectrum measures it better, and then stands in ``run_level``."""
    if not member.trace:
        return math.nan
    players = [member.trace[f"{name}_gradient"].numpy() for name in ("generator", "discriminator")]
    own = sizes_of(member.config)
    sizes = own.generator.parameters, own.discriminator.parameters
    return stationarity(field_sizes(players[0], players[1], sizes))


def _fid_name(reference: Reference) -> str:
    return reference.fid_name if reference.distance_name == "fid" else ""


def _headline(
    member: Member, evaluations: Sequence[EvaluationRecord], reference: Reference, verdict: Verdict
) -> dict[str, float]:
    window = evaluations[window_start(len(evaluations)) :] if evaluations else ()
    medians = {
        name: _median([record.values.get(name, math.nan) for record in window])
        for name in (*METRIC_COLUMNS, *DYNAMICS_COLUMNS, "distance", "distance_ema")
    }
    copies = reference.copy(member.config.data_size, member.config.defect)
    clean = reference.copy(member.config.data_size)
    floors = {f"{name}_floor": reference.floors.get(name, math.nan) for name in _WITH_FLOOR}
    copied = {f"{name}_copy": copies.get(name, math.nan) for name in _WITH_COPY}
    unspoiled = {f"{name}_clean": clean.get(name, math.nan) for name in _WITH_COPY}
    is_fid = reference.distance_name == "fid"
    own = {
        "lr_scale": lr_scale(member.config),
        "fid_last": evaluations[-1].values.get("fid", math.nan) if evaluations else math.nan,
        "fid_start": member.start_distance if is_fid else math.nan,
        "distance_start": member.start_distance,
        "modes_total": float(reference.dataset.classes),
        "distance_excess": medians["distance"] - copies.get("distance", math.nan),
        **headline(verdict),
    }
    merged = {**medians, **floors, **copied, **unspoiled, **own, **member.run_level}
    return {name: value for name, value in merged.items() if not math.isnan(value)}


_WITH_FLOOR = ("fid", "distance", "precision", "recall", "coverage")
_WITH_COPY = ("fid", "distance", "coverage")


def _data_parts(metrics: Mapping[str, float]) -> Parts:
    """How much of the run's distance is due to its data, by its own columns."""
    names = ("q", "distance_clean", "distance_copy", "distance_floor", "distance_start")
    return parts_of(*(metrics.get(name, math.nan) for name in names))


def lr_scale(config: RunConfig) -> float:
    """Generator learning rate over the recipe's own; NaN where the run's optimizer is not the recipe's."""
    try:
        recipe = RECIPES.resolve(config.recipe)
    except ValueError:
        return math.nan
    same = (recipe.optimizer, recipe.beta1, recipe.beta2) == (config.optimizer, config.beta1, config.beta2)
    return config.generator_lr / recipe.generator_lr if same else math.nan


def _sizes(config: RunConfig) -> dict[str, float]:
    own = sizes_of(config)
    return {
        "generator_params": float(own.generator.parameters),
        "discriminator_params": float(own.discriminator.parameters),
        "generator_flops": own.generator.flops,
        "discriminator_flops": own.discriminator.flops,
    }


def _speed(member: Member, cohort: Cohort, evaluations: Sequence[EvaluationRecord]) -> dict[str, float]:
    """The run's equal share of its cohort's time; every member makes every step, finite or not."""
    clock, steps, config = cohort.clock, cohort.state.step, member.config
    share = {phase: seconds / cohort.members for phase, seconds in clock.seconds.items()}
    train = clock.training / cohort.members
    reached = [record.step for record in evaluations if record.values.get("q", math.nan) <= GOOD_ENOUGH]
    return {
        "steps_saved": float(config.steps - steps) if member.stopped else 0.0,
        "steps_done": float(steps if member.diverged_step is None else member.diverged_step),
        "train_seconds": train,
        "steps_per_second": steps / train if train else math.nan,
        "samples_per_second": steps * config.n_critic * config.batch_samples / train if train else math.nan,
        "discriminator_seconds": share["discriminator"],
        "generator_seconds": share["generator"],
        "data_seconds": share["data"],
        "compile_seconds": share["warm_up"],
        "eval_seconds": member.eval_seconds,
        "flop_per_second": cohort.step_flops() * steps / clock.training if train else math.nan,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
        "time_to_quality": train * reached[0] / steps if reached and steps else math.inf,
    }


def _thinned(series: Tensor) -> list[float]:
    positions = np.unique(np.linspace(0, len(series) - 1, min(len(series), TRACE_POINTS)).round().astype(int))
    return [float(value) for value in series[positions]]


def _median(values: Sequence[float]) -> float:
    finite = [value for value in values if math.isfinite(value)]
    return float(np.median(finite)) if finite else math.nan
