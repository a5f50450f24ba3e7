"""One look at a whole cohort in training: the metrics of its samples and the state of its discriminators."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from bench.diagnostics.arrays import Floats
from bench.dynamics import dynamics, mean
from bench.films import Film
from bench.metrics import Measurement, Reference, measure_many
from bench.probe_samples import Probes
from bench.records.schema import EvaluationRecord
from gans.cohort import Cohort

Trace = Mapping[str, Tensor]

AVERAGED_EVERY = 16
"""Probes from one look at the averaged generators to the next. In the final window, where the verdict reads
them, it is every one; before it they only draw a curve."""


def probe(
    cohort: Cohort,
    probes: Probes,
    reference: Reference,
    trace: Trace,
    tiers: frozenset[str],
    film: Film | None = None,
) -> list[EvaluationRecord]:
    """Evaluate every member at the step it has reached.

    Args:
        trace: what training reported since the last probe.
        tiers: which metrics are due, see ``bench.metrics``.
        film: keeps a few of the samples.
    """
    samples = cohort.generate(probes.latents)
    if film is not None:
        film.look(cohort.state.step, samples)
    live = measure_many(samples, reference, tiers)
    averaged = _averaged(cohort, probes, reference, tiers)
    columns, statuses = dynamics(cohort, probes, samples, tiers)
    columns |= _since_last_probe(trace)
    return [
        _record(cohort, live[member], averaged.get(member), _member(columns, member), statuses[member])
        for member in range(cohort.members)
    ]


def _averaged(
    cohort: Cohort, probes: Probes, reference: Reference, tiers: frozenset[str]
) -> Mapping[int, Measurement]:
    """The distance of every member's averaged generator, where it is due."""
    if "window" not in tiers and probes.memory.probes % AVERAGED_EVERY:
        return {}
    samples = cohort.generate(probes.latents, average=True)
    return dict(enumerate(measure_many(samples, reference, {reference.distance_name})))


def _since_last_probe(trace: Trace) -> dict[str, Floats]:
    names = ("discriminator_loss", "generator_loss", "discriminator_gradient", "generator_gradient")
    return {name: mean(trace[name]) for name in names}


def _member(columns: Mapping[str, Floats], member: int) -> dict[str, float]:
    return {name: float(values[member]) for name, values in columns.items()}


def _record(
    cohort: Cohort,
    live: Measurement,
    averaged: Measurement | None,
    state: Mapping[str, float],
    statuses: Mapping[str, str],
) -> EvaluationRecord:
    config, step = cohort.configs[0], cohort.state.step
    shown = averaged.values if averaged else {}
    ema = {f"{name}_ema": shown[name] for name in ("distance", "fid") if name in shown}
    return EvaluationRecord(
        step=step,
        values={
            "samples_seen": float(step * config.n_critic * config.batch_samples),
            **live.values,
            **ema,
            **state,
        },
        histogram=live.histogram,
        statuses={**live.statuses, **statuses},
    )
