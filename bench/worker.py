"""Train one cohort, probe it on schedule, judge its members and hand their records over.

A member that diverges is a record like any other; nothing that a GAN does raises here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bench import artifacts, films
from bench.checkpoints import Checkpoints, tell
from bench.diagnostics.leakage import leak_columns
from bench.diagnostics.spectrum import early_size, field_sizes, spectrum_columns, spectrum_of_run
from bench.dynamics import run_level
from bench.harvest import GOOD_ENOUGH, Member, context_for, harvest
from bench.jobs import CohortJob
from bench.live import Outcomes, Progress, Watch, pays
from bench.machine import machine_id
from bench.metrics import Reference, measure_many, measure_memorisation, reference_for
from bench.metrics.final_modes import final_modes
from bench.metrics.training import SUMMARY_ROWS, searched
from bench.probe import probe
from bench.probe_samples import Probes, probes_for
from bench.records import spool
from bench.records.schema import EvaluationRecord
from bench.verdict import Look, window_start
from bench.verdict.scale import normalised_log_distance
from gans import checkpoint
from gans.cohort import Cohort
from gans.config import run_id
from gans.data import load

EVERY, WINDOW, END = (
    frozenset({"every"}),
    frozenset({"every", "window"}),
    frozenset({"every", "window", "end"}),
)


def _silent(step: int, outcomes: Outcomes | None = None, /) -> None:
    return


def run_cohort(job: CohortJob, progress: Progress = _silent) -> list[str]:
    """Train a cohort to its last step and spool one record per member.

    With ``job.stop_early`` members that are past hope are handed over as they are and let go, where that
    saves time. A cohort that was cut off goes on from its last checkpoint and ends in the same bits.

    Returns:
        the run ids, in the order of the job's configs.
    """
    checkpoints = Checkpoints(job)
    _begun(job, checkpoints).run(progress)
    checkpoints.remove()
    return [run_id(config) for config in job.configs]


def _begun(job: CohortJob, checkpoints: Checkpoints) -> _Training:
    """A cohort at its start, or where its checkpoint left it."""
    training = _Training(job, checkpoints)
    found = checkpoints.read(training.cohort.mode)
    if found is None:
        return training
    try:
        training.resume(found)
    except (ValueError, TypeError, KeyError) as error:
        tell(f"checkpoint of cohort {job.cohort} does not fit and is not used: {error}")
        return _Training(job, checkpoints)
    return training


@dataclass
class _Log:
    """What a cohort has shown so far: a list of probes, each with one record per member."""

    start: Sequence[float]
    probes: list[list[EvaluationRecord]] = field(default_factory=list)
    traces: list[Mapping[str, Tensor]] = field(default_factory=list)
    eval_seconds: float = 0.0

    def keep(self, members: Sequence[int]) -> None:
        """Forget all other members, and their share of the time."""
        self.eval_seconds *= len(members) / len(self.start)
        self.start = [self.start[member] for member in members]
        self.probes = [[records[member] for member in members] for records in self.probes]
        self.traces = [{name: rows[list(members)] for name, rows in trace.items()} for trace in self.traces]

    def trace(self, member: int) -> dict[str, Tensor]:
        """One member's series, the pieces put together."""
        names = self.traces[0] if self.traces else ()
        return {name: torch.cat([trace[name][member] for trace in self.traces]) for name in names}


def schedule(steps: int, evaluations: int) -> tuple[int, ...]:
    """Steps at which a run is probed: evenly spaced, the last one at the end.

    Example:
        >>> schedule(2500, 4), schedule(3, 40)
        ((625, 1250, 1875, 2500), (1, 2, 3))
    """
    return tuple(sorted({max(1, round(steps * (index + 1) / evaluations)) for index in range(evaluations)}))


class _Training:
    """A cohort on its way, with the members that are still in it."""

    def __init__(self, job: CohortJob, checkpoints: Checkpoints) -> None:
        self.job, self.checkpoints = job, checkpoints
        self.dataset = dataset = load(job.configs[0].dataset)
        self.reference = reference = reference_for(dataset)
        self.cohort = cohort = Cohort(job.configs, dataset, compiled=job.compiled, device=job.device)
        self.members = list(range(cohort.members))
        self.compile_seconds = cohort.clock.seconds["warm_up"]
        self.probes = probes_for(cohort, dataset, reference)
        self.film = films.Film(films.due_steps(schedule(job.configs[0].steps, job.configs[0].evaluations)))
        self.log = _Log(start=_distances(cohort, self.probes, reference))
        starts = zip(cohort.configs, self.log.start, strict=True)
        self.watch = Watch(
            [context_for(config, cohort, dataset, reference, start) for config, start in starts]
        )

    def state(self) -> dict[str, Any]:
        """All that changes while the cohort trains, for a checkpoint."""
        return checkpoint.state_of(
            self.cohort,
            log=self.log,
            watch=self.watch,
            probes=self.probes,
            film=self.film,
            compile_seconds=self.compile_seconds,
        )

    def resume(self, found: checkpoint.Checkpoint) -> None:
        """Go back to where a checkpoint was written.

        Raises:
            ValueError, TypeError, KeyError: it does not fit.
        """
        kept = found.about["members"]
        if kept != self.members:
            self._keep(kept)
        state = checkpoint.restore(self.state(), found.snapshot, (EvaluationRecord, Look))
        self.log, self.watch, self.probes = state["log"], state["watch"], state["probes"]
        self.film, self.compile_seconds = state["film"], state["compile_seconds"]

    def run(self, progress: Progress) -> None:
        """Train to the end, with a probe and a note of how far it is at every evaluation that is due."""
        config = self.cohort.configs[0]
        due = schedule(config.steps, config.evaluations)
        done = self.cohort.state.step
        if done:
            progress(done, self.watch.outcomes())
        for index, step in enumerate(due):
            if step <= done:
                continue
            trace = self.cohort.train(step - self.cohort.state.step)
            started = time.perf_counter()
            self.log.traces.append(trace)
            tiers = tiers_at(index, len(due))
            seen = probe(self.cohort, self.probes, self.reference, trace, tiers, self.film)
            self.log.probes.append(seen)
            looked = self.watch.after(self.log.probes, self.cohort.diverged_at.tolist())
            self.log.eval_seconds += time.perf_counter() - started
            progress(step, self.watch.outcomes())
            if bool((self.cohort.diverged_at >= 0).all()):
                break
            if self.job.stop_early and looked and not self._let_go(due[-1] - step):
                return
            if self.checkpoints.due():
                self.checkpoints.write(self.state(), step, self.members, self.cohort.mode)
        self._hand_over(dict.fromkeys(range(self.cohort.members), ""))

    def _let_go(self, steps_left: int) -> bool:
        """Hand over members that are past hope, where that pays; say whether any are left."""
        doomed = self.watch.doomed()
        if not pays(self.cohort, len(doomed), steps_left, self.compile_seconds):
            return True
        self._hand_over(doomed)
        rest = [member for member in range(self.cohort.members) if member not in doomed]
        if rest:
            self._keep(rest)
        return bool(rest)

    def _keep(self, rest: Sequence[int]) -> None:
        """Go on with some members only."""
        self.log.keep(rest)
        self.film.keep(rest)
        self.watch.keep(rest)
        self.probes = self.probes.keep(rest)
        self.cohort.keep(rest)
        self.members = [self.members[member] for member in rest]

    def _hand_over(self, endings: Mapping[int, str]) -> None:
        """Spool the records of some members, each with why it was stopped: empty at the end of training."""
        started = time.perf_counter()
        samples = self.cohort.generate(self.probes.latents)
        self.log.eval_seconds += time.perf_counter() - started
        for index, stopped in endings.items():
            self._hand_over_one(index, samples[index], stopped)

    def _hand_over_one(self, index: int, samples: Tensor, stopped: str) -> None:
        """Measure what is measured at the end, judge the member and spool its record."""
        started = time.perf_counter()
        cohort, log, out = self.cohort, self.log, Path(self.job.out)
        diverged = int(cohort.diverged_at[index])
        step = None if diverged < 0 else diverged
        config = cohort.configs[index]
        indices = _as_a_set(cohort.training_indices(index))
        # Of many only those are fetched that copies are sought among: stacked MNIST would take 1.2 GB.
        own = cohort.training_samples(indices[searched(self.dataset.train, len(indices))])
        evaluations = _until(step, [records[index] for records in log.probes])
        if step is None:
            evaluations = [
                *evaluations[:-1],
                _with_memorisation(evaluations[-1], samples, own, self.reference),
            ]
        member = Member(
            config=config,
            evaluations=evaluations,
            start_distance=log.start[index],
            trace=log.trace(index),
            diverged_step=step,
            eval_seconds=log.eval_seconds / cohort.members + time.perf_counter() - started,
            run_level={
                **run_level(self.probes, index),
                **leak_columns(config, samples, self.dataset, near=self._is_near(index, evaluations)),
                **self._final_modes(index, step),
                **self._spectra(index, step),
            },
            stopped=stopped,
        )
        record = harvest(member, cohort, self.job, self.dataset, self.reference, machine_id())
        artifacts.write_real(out, self.dataset)
        shots = self.film.shots(index, step, (cohort.state.step, samples))
        strip = {films.FILE: films.strip(shots, self.dataset)}
        files = artifacts.write_member(out, record.run_id, cohort, index, samples, self.dataset, strip)
        spool.write(out, replace(record, artifacts=files))

    def _is_near(self, index: int, evaluations: Sequence[EvaluationRecord]) -> bool:
        """Whether a member's last evaluation found it good enough; False where that cannot be known."""
        last = evaluations[-1].values.get("distance", math.nan) if evaluations else math.nan
        floor = self.reference.floors.get("distance", math.nan)
        return bool(normalised_log_distance(np.array([last]), floor, self.log.start[index])[0] <= GOOD_ENOUGH)

    def _final_modes(self, index: int, diverged: int | None) -> dict[str, float]:
        """Count a finite member's modes once more, of as many samples as papers do."""
        if diverged is not None or not self.reference.extractor.even_classes:
            return {}
        own = self.cohort.alone(index)
        return final_modes(
            lambda latents: own.generate(latents)[0], own.configs[0].latent_dim, self.reference
        )

    def _spectra(self, index: int, diverged: int | None) -> dict[str, float]:
        """Take the eigenvalues of a finite member's game, where they were asked for."""
        if not self.job.spectra or diverged is not None:
            return {}
        trace, own = self.log.trace(index), self.cohort.alone(index)
        sizes = own.game.generator.layout.size, own.game.discriminator.layout.size
        early = early_size(field_sizes(trace["generator_gradient"], trace["discriminator_gradient"], sizes))
        return spectrum_columns(spectrum_of_run(own, 0), early)


def _as_a_set(indices: Tensor) -> Tensor:
    """Ascending, so that runs on the same samples share what is known of them.

    Where only the first of many samples are looked at, they stay as they were drawn.
    """
    return indices.sort().values if len(indices) <= SUMMARY_ROWS else indices


def tiers_at(index: int, evaluations: int) -> frozenset[str]:
    """What is looked at in one of a run's evaluations.

    Example:
        >>> [sorted(tiers_at(index, 4)) for index in (0, 2, 3)]
        [['every'], ['every', 'window'], ['end', 'every', 'window']]
    """
    if index == evaluations - 1:
        return END
    return WINDOW if index >= window_start(evaluations) else EVERY


def _distances(cohort: Cohort, probes: Probes, reference: Reference) -> list[float]:
    untrained = measure_many(cohort.generate(probes.latents), reference, {reference.distance_name})
    return [measurement.values["distance"] for measurement in untrained]


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
