"""One look at a whole cohort in training: the metrics of its samples and the state of its discriminators."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from bench.diagnostics.arrays import Floats
from bench.dynamics import Probes, dynamics, mean
from bench.metrics import Measurement, Reference, measure_many
from bench.records.schema import EvaluationRecord
from gans.cohort import Cohort

Trace = Mapping[str, Tensor]


def probe(
    cohort: Cohort, probes: Probes, reference: Reference, trace: Trace, tiers: frozenset[str]
) -> list[EvaluationRecord]:
    """Evaluate every member at the step it has reached.

    Args:
        trace: what training reported since the last probe.
        tiers: which metrics are due, see ``bench.metrics``.
    """
    samples = cohort.generate(probes.latents)
    live = measure_many(samples, reference, tiers)
    averaged = measure_many(
        cohort.generate(probes.latents, average=True), reference, {reference.distance_name}
    )
    columns, statuses = dynamics(cohort, probes, samples, tiers)
    columns |= _since_last_probe(trace)
    return [
        _record(cohort, live[member], averaged[member], _member(columns, member), statuses[member])
        for member in range(cohort.members)
    ]


def _since_last_probe(trace: Trace) -> dict[str, Floats]:
    names = ("discriminator_loss", "generator_loss", "discriminator_gradient", "generator_gradient")
    return {name: mean(trace[name]) for name in names}


def _member(columns: Mapping[str, Floats], member: int) -> dict[str, float]:
    return {name: float(values[member]) for name, values in columns.items()}


def _record(
    cohort: Cohort,
    live: Measurement,
    averaged: Measurement,
    state: Mapping[str, float],
    statuses: Mapping[str, str],
) -> EvaluationRecord:
    config, step = cohort.configs[0], cohort.state.step
    ema = {f"{name}_ema": averaged.values[name] for name in ("distance", "fid") if name in averaged.values}
    return EvaluationRecord(
        step=step,
        values={
            "samples_seen": float(step * config.n_critic * config.batch_size),
            **live.values,
            **ema,
            **state,
        },
        histogram=live.histogram,
        statuses={**live.statuses, **statuses},
    )
