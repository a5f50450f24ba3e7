"""One look at a whole cohort in training: the metrics of its samples and the state of its discriminators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from bench.diagnostics.clipping import clip_saturation, penalty_deviation
from bench.diagnostics.discriminator import discriminator_states, discriminator_statuses
from bench.metrics import Measurement, Reference, measure_many
from bench.records.schema import EvaluationRecord
from gans.cohort import Cohort
from gans.data import Dataset
from gans.regularizers import interpolate
from gans.rng import stream

TRAIN_PROBES = 500
"""Training samples shown to each discriminator, at most; fewer where the run may see fewer."""
HOLDOUT_PROBES = 512
SLOPE_PROBES = 256
"""Enough for a mean slope to 2 %, at a tenth of the price of all samples."""

Floats = npt.NDArray[np.float64]
Trace = Mapping[str, Tensor]


@dataclass(frozen=True)
class Probes:
    """What every probe of a cohort shows its discriminators: the same samples each time.

    Shapes:
        train: (members, T, *sample_shape), T the most any member has; counts: (members,).
        holdout: (members, H, *sample_shape). latents: (n, latent_dim). mix: (members, S).
    """

    train: Tensor
    counts: npt.NDArray[np.int_]
    holdout: Tensor
    latents: Tensor
    mix: Tensor


def probes_for(cohort: Cohort, dataset: Dataset, reference: Reference) -> Probes:
    """Choose the samples: the start of each member's own training data, the start of the holdout."""
    own = [cohort.training_indices(member)[:TRAIN_PROBES] for member in range(cohort.members)]
    counts = np.array([len(indices) for indices in own])
    # Short members repeat their samples to fill the row; counts say how many are their own.
    rows = [indices[torch.arange(int(counts.max())) % len(indices)] for indices in own]
    holdout = dataset.holdout[:HOLDOUT_PROBES]
    return Probes(
        train=dataset.train[torch.stack(rows)],
        counts=counts,
        holdout=holdout.expand(cohort.members, *holdout.shape),
        latents=reference.latents(cohort.configs[0].latent_dim),
        mix=torch.rand(cohort.members, SLOPE_PROBES, generator=stream(0, "probe mix")),
    )


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
    dynamics, statuses = _dynamics(cohort, probes, samples)
    dynamics |= _since_last_probe(trace)
    return [
        _record(cohort, live[member], averaged[member], _member(dynamics, member), statuses[member])
        for member in range(cohort.members)
    ]


def _dynamics(
    cohort: Cohort, probes: Probes, samples: Tensor
) -> tuple[dict[str, Floats], Sequence[Mapping[str, str]]]:
    loss = cohort.game.loss
    fakes = samples[:, :HOLDOUT_PROBES]
    fake_logits = cohort.logits(fakes)
    states = discriminator_states(
        cohort.logits(probes.train).numpy(force=True),
        cohort.logits(probes.holdout).numpy(force=True),
        fake_logits.numpy(force=True),
        loss,
        train_counts=probes.counts,
    )
    near = fakes[:, :SLOPE_PROBES]
    measured = {
        "generator_gain": _mean(loss.generator_gain(fake_logits)),
        "discriminator_slope": _mean(cohort.slopes(near)),
        **_regularizer_state(cohort, probes, near),
    }
    return {**states, **measured}, discriminator_statuses(states, loss)


def _regularizer_state(cohort: Cohort, probes: Probes, fakes: Tensor) -> dict[str, Floats]:
    regularizer = cohort.game.regularizer
    if regularizer.name == "gradient_penalty":
        reals = probes.holdout[:, : fakes.shape[1]]
        mix = probes.mix[:, : reals.shape[1]]
        points = torch.vmap(interpolate)(reals, fakes[:, : reals.shape[1]].to(reals), mix)
        return {"penalty_deviation": penalty_deviation(cohort.slopes(points).numpy(force=True))}
    if regularizer.constrain is not None:
        weights = cohort.state.discriminator.weights[: cohort.members].numpy(force=True)
        bounds = np.full(cohort.members, cohort.game.regularizer_weight)
        return {"clip_saturation": clip_saturation(weights, bounds)}
    return {}


def _since_last_probe(trace: Trace) -> dict[str, Floats]:
    names = ("discriminator_loss", "generator_loss", "discriminator_gradient", "generator_gradient")
    return {name: _mean(trace[name]) for name in names}


def _mean(values: Tensor) -> Floats:
    return values.double().mean(dim=1).numpy(force=True)


def _member(columns: Mapping[str, Floats], member: int) -> dict[str, float]:
    return {name: float(values[member]) for name, values in columns.items()}


def _record(
    cohort: Cohort,
    live: Measurement,
    averaged: Measurement,
    dynamics: Mapping[str, float],
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
            **dynamics,
        },
        histogram=live.histogram,
        statuses={**live.statuses, **statuses},
    )
