"""A planted sampler as a run: evaluations by the ordinary metrics, and the context of a real run."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from bench.detectors.samplers import Sampler, Scene, noisy, perfect, scene_of, untrained
from bench.metrics import Measurement, Reference, measure, measure_memorisation, reference_for
from bench.probe_samples import HOLDOUT_PROBES, TRAIN_PROBES
from bench.records.schema import EvaluationRecord
from bench.verdict import Context, Verdict, context_of, judge, window_start
from gans.data import load
from gans.defaults import config_of
from gans.losses import LOSSES
from gans.rng import stream

EVALUATIONS, STEPS = 40, 4000
"""As many evaluations as runs of the standard profile have."""
HALVINGS = 8
"""On its way to the data a planted run starts with this many doublings of its last noise."""


@dataclass(frozen=True)
class Script:
    """What happens in one planted run.

    Args:
        dataset: its name. failing: the sampler from the onset on; None for a run that stays healthy.
        healthy: the sampler before it.
        averaged: what the generator of averaged weights makes from the onset on; None where not measured.
        arrival, onset: evaluation at which the run has learned, and at which the failure sets in.
        data_size: training samples the run may see; None for all.
        memory: whether memorisation is measured at the end.
    """

    dataset: str
    failing: Sampler | None
    healthy: Sampler = perfect
    averaged: Sampler | None = None
    arrival: int = 10
    onset: int = 20
    data_size: int | None = None
    memory: bool = False
    evaluations: int = EVALUATIONS


@dataclass(frozen=True)
class Played:
    """A planted run with its verdict.

    Args:
        onset_step: first evaluated step at which the failure showed; None for a healthy run.
    """

    evaluations: tuple[EvaluationRecord, ...]
    context: Context
    verdict: Verdict
    onset_step: int | None


def play(script: Script, seed: int) -> Played:
    """Measure a planted run from its first to its last evaluation, as a worker does, and judge it."""
    data = load(script.dataset)
    scene = scene_of(data, script.data_size, seed)
    random = stream(seed, f"detectors/{script.dataset}")
    context = context_for(scene, script.evaluations)
    evaluations = tuple(_evaluate(script, scene, random, t) for t in range(script.evaluations))
    failed_at = None if script.failing is None else evaluations[script.onset].step
    return Played(evaluations, context, judge(evaluations, context), failed_at)


def context_for(scene: Scene, evaluations: int = EVALUATIONS) -> Context:
    """The context of a run of the default recipe on a scene's data."""
    data_size = len(scene.own)
    config = config_of(
        "nsgan", dataset=scene.data.name, data_size=data_size, steps=STEPS, evaluations=evaluations
    )
    return context_of(
        config,
        scene.reference,
        LOSSES.get(config.loss),
        distance_start=start_distance(scene.data.name),
        probe_train=min(data_size, TRAIN_PROBES),
        probe_holdout=min(len(scene.data.holdout), HOLDOUT_PROBES),
    )


@functools.cache
def start_distance(dataset: str) -> float:
    """Distance of an untrained generator on a dataset."""
    scene = scene_of(load(dataset))
    random = stream(0, f"detectors/start/{dataset}")
    return _distance(measure(untrained(scene, random), scene.reference, "every"))


@functools.cache
def noise_ladder(dataset: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Noise levels, and the normalised log distance of perfect samples with that noise on, both rising."""
    scene = scene_of(load(dataset))
    random = stream(0, f"detectors/ladder/{dataset}")
    floor, start = scene.reference.floors["distance"], start_distance(dataset)
    levels = spread(scene.reference) * np.geomspace(1e-3, 4.0, 48)
    distances = [
        _distance(measure(noisy(float(level))(scene, random, 0), scene.reference, "every"))
        for level in levels
    ]
    q = np.log(np.array(distances) / floor) / np.log(start / floor)
    return tuple(levels.tolist()), tuple(np.maximum.accumulate(q).tolist())


def levels_for(dataset: str, path: Sequence[float]) -> tuple[float, ...]:
    """Noise levels that lead along a path of normalised log distances; none where it lies below all."""
    levels, q = noise_ladder(dataset)
    logs = np.interp(path, q, np.log(levels))
    return tuple(np.where(np.array(path) <= q[0], 0.0, np.exp(logs)).tolist())


def spread(reference: Reference) -> float:
    """Largest standard deviation of the data along a coordinate."""
    return float(reference.real.flatten(1).std(dim=0).max())


def _evaluate(script: Script, scene: Scene, random: torch.Generator, t: int) -> EvaluationRecord:
    begun = script.failing is not None and t >= script.onset
    sampler = script.failing if begun and script.failing is not None else _learning(script, t)
    samples = sampler(scene, random, t - script.onset if begun else t)
    last = t == script.evaluations - 1
    found = measure(samples, scene.reference, _tiers(t, script.evaluations))
    values, statuses = dict(found.values), dict(found.statuses)
    if script.averaged is not None:
        smooth = script.averaged if begun else sampler
        drawn = smooth(scene, random, t - script.onset if begun else t)
        values["distance_ema"] = _distance(measure(drawn, scene.reference, {scene.reference.distance_name}))
    if script.memory and last:
        memory = measure_memorisation(samples, scene.data.train[scene.own], scene.reference)
        values, statuses = {**values, **memory.values}, {**statuses, **memory.statuses}
    return EvaluationRecord(
        step=(t + 1) * STEPS // script.evaluations,
        values=values,
        histogram=found.histogram,
        statuses=statuses,
    )


def _learning(script: Script, t: int) -> Sampler:
    """From an untrained generator by ever less noise to the healthy sampler."""
    if t >= script.arrival:
        return script.healthy
    if t == 0:
        return untrained
    sd = spread(reference_for(load(script.dataset))) * 0.5 ** (HALVINGS * t / script.arrival)
    return noisy(sd)


def _tiers(t: int, evaluations: int) -> tuple[str, ...]:
    return ("every",) if t < window_start(evaluations) else ("every", "window")


def _distance(found: Measurement) -> float:
    return found.values["distance"]
