"""Train one cohort, probe it on schedule, judge its members and hand their records over.

A member that diverges is a record like any other; nothing that a GAN does raises here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from bench import artifacts
from bench.dynamics import Probes, probes_for, run_level
from bench.harvest import Member, harvest
from bench.jobs import CohortJob
from bench.machine import machine_id
from bench.metrics import Reference, measure_many, measure_memorisation, reference_for
from bench.probe import probe
from bench.records import spool
from bench.records.schema import EvaluationRecord
from bench.verdict import window_start
from gans.cohort import Cohort
from gans.data import Dataset, load

EVERY, WINDOW, END = (
    frozenset({"every"}),
    frozenset({"every", "window"}),
    frozenset({"every", "window", "end"}),
)

Progress = Callable[[int], None]
"""Told the generator steps that the cohort has made."""


def _silent(step: int) -> None:
    return


def run_cohort(job: CohortJob, progress: Progress = _silent) -> list[str]:
    """Train a cohort to its last step and spool one record per member.

    Returns:
        the run ids, in the order of the job's configs.
    """
    dataset = load(job.configs[0].dataset)
    reference = reference_for(dataset)
    cohort = Cohort(job.configs, dataset, compiled=job.compiled, device=job.device)
    log = _train(cohort, dataset, reference, progress)
    return [_hand_over(member, log, cohort, job, dataset, reference) for member in range(cohort.members)]


@dataclass
class _Log:
    """What a cohort has shown so far: a list of probes, each with one record per member."""

    start: Sequence[float]
    probes: list[list[EvaluationRecord]] = field(default_factory=list)
    traces: list[Mapping[str, Tensor]] = field(default_factory=list)
    run_level: Sequence[Mapping[str, float]] = ()
    eval_seconds: float = 0.0

    def trace(self, member: int) -> dict[str, Tensor]:
        names = self.traces[0] if self.traces else ()
        return {name: torch.cat([trace[name][member] for trace in self.traces]) for name in names}


def schedule(steps: int, evaluations: int) -> tuple[int, ...]:
    """Steps at which a run is probed: evenly spaced, the last one at the end.

    Example:
        >>> schedule(2500, 4), schedule(3, 40)
        ((625, 1250, 1875, 2500), (1, 2, 3))
    """
    return tuple(sorted({max(1, round(steps * (index + 1) / evaluations)) for index in range(evaluations)}))


def _train(cohort: Cohort, dataset: Dataset, reference: Reference, progress: Progress) -> _Log:
    config = cohort.configs[0]
    probes = probes_for(cohort, dataset, reference)
    log = _Log(start=_distances(cohort, probes, reference))
    due = schedule(config.steps, config.evaluations)
    for index, step in enumerate(due):
        trace = cohort.train(step - cohort.state.step)
        started = time.perf_counter()
        log.traces.append(trace)
        log.probes.append(probe(cohort, probes, reference, trace, _tiers(index, len(due))))
        log.eval_seconds += time.perf_counter() - started
        progress(step)
        if bool((cohort.diverged_at >= 0).all()):
            break
    log.run_level = [run_level(probes, member) for member in range(cohort.members)]
    return log


def _tiers(index: int, evaluations: int) -> frozenset[str]:
    if index == evaluations - 1:
        return END
    return WINDOW if index >= window_start(evaluations) else EVERY


def _distances(cohort: Cohort, probes: Probes, reference: Reference) -> list[float]:
    untrained = measure_many(cohort.generate(probes.latents), reference, {reference.distance_name})
    return [measurement.values["distance"] for measurement in untrained]


def _hand_over(
    index: int, log: _Log, cohort: Cohort, job: CohortJob, dataset: Dataset, reference: Reference
) -> str:
    started = time.perf_counter()
    out = Path(job.out)
    diverged = int(cohort.diverged_at[index])
    step = None if diverged < 0 else diverged
    config = job.configs[index]
    samples = cohort.generate(reference.latents(config.latent_dim))[index]
    own = dataset.train[cohort.training_indices(index)]
    evaluations = _until(step, [records[index] for records in log.probes])
    if step is None:
        evaluations = [*evaluations[:-1], _with_memorisation(evaluations[-1], samples, own, reference)]
    member = Member(
        config=config,
        evaluations=evaluations,
        start_distance=log.start[index],
        trace=log.trace(index),
        diverged_step=step,
        eval_seconds=log.eval_seconds / cohort.members + time.perf_counter() - started,
        run_level=log.run_level[index],
    )
    record = harvest(member, cohort, job, dataset, reference, machine_id())
    artifacts.write_real(out, dataset)
    files = artifacts.write_member(out, record.run_id, cohort, index, samples, dataset)
    spool.write(out, replace(record, artifacts=files))
    return record.run_id


def _with_memorisation(
    last: EvaluationRecord, samples: Tensor, own: Tensor, reference: Reference
) -> EvaluationRecord:
    found = measure_memorisation(samples, own, reference)
    return replace(last, values={**last.values, **found.values}, statuses={**last.statuses, **found.statuses})


def _until(diverged: int | None, evaluations: Sequence[EvaluationRecord]) -> Sequence[EvaluationRecord]:
    """What came before divergence, and the first probe after it."""
    if diverged is None:
        return evaluations
    before = [record for record in evaluations if record.step < diverged]
    return evaluations[: len(before) + 1]
