"""The default set: what metrics, diagnostics and verdicts cost beside the training that they look at."""

from __future__ import annotations

import statistics
import time

import pytest

from bench.dynamics import probes_for
from bench.harvest import context_for
from bench.live import Watch
from bench.metrics import Reference, measure_memorisation, reference_for
from bench.probe import probe
from bench.records.schema import EvaluationRecord
from bench.speed.test_training import rate, steps_in
from bench.worker import schedule, tiers_at
from gans.cohort import Cohort
from gans.data import Dataset, load
from gans.defaults import config_of

pytestmark = pytest.mark.bench

MEMBERS = 32
STEPS = 2500
"""Generator steps of a run of the standard profile, between its 40 probes."""
STEPS_BETWEEN = 10
"""Steps made between two probes here: enough to move the players, too few to take long."""
ROUNDS = 3
MOST_SHARE = 15.0
"""Target: per cent of the training time that the default set may cost."""

SHAPES = (("nsgan", 32), ("nsgan", 64), ("wgan", 32), ("wgan-gp", 32))
"""Recipes and widths of the standard profile, from the cheapest training to the dearest."""


@pytest.mark.parametrize("recipe, width", SHAPES)
def test_default_set(benchmark, figure, recipe: str, width: int) -> None:
    """Per cent of its training time that a run of the standard profile is looked at; smaller is better."""
    dataset = load("digits")
    reference = reference_for(dataset)
    shape = {"generator_width": width, "discriminator_width": width, "latent_dim": 16, "batch_size": 64}
    configs = [config_of(recipe, seed=seed, steps=STEPS, **shape) for seed in range(MEMBERS)]
    cohort = Cohort(configs, dataset, compiled=True)
    steps = steps_in(cohort.train, 0.4)
    looked_at_seconds(cohort, dataset, reference)  # what is known of the real side is looked up here, once

    found = [
        (STEPS / rate(cohort.train, steps), looked_at_seconds(cohort, dataset, reference))
        for _ in range(ROUNDS)
    ]
    benchmark.pedantic(looked_at_seconds, args=(cohort, dataset, reference), rounds=1)

    training, looking = (statistics.median(each) / MEMBERS for each in zip(*found, strict=True))
    case = f"{recipe} width {width} members {MEMBERS}"
    benchmark.extra_info.update(training_seconds=training, default_set_seconds=looking)
    figure(f"ms of training a run, {case}", 1000 * training)
    figure(f"ms of the default set a run, {case}", 1000 * looking)
    figure(f"default set, % of training, {case}", 100 * looking / training, most=MOST_SHARE)


def looked_at_seconds(cohort: Cohort, dataset: Dataset, reference: Reference) -> float:
    """Processor seconds of all that a worker does between and after a cohort's training, but storing it."""
    spent = time.process_time()
    probes = probes_for(cohort, dataset, reference)
    watch = Watch([context_for(config, cohort, dataset, reference, 1e3) for config in cohort.configs])
    spent = time.process_time() - spent
    looks: list[list[EvaluationRecord]] = []
    evaluations = len(schedule(STEPS, cohort.configs[0].evaluations))
    for index in range(evaluations):
        trace = cohort.train(STEPS_BETWEEN)
        start = time.process_time()
        looks.append(probe(cohort, probes, reference, trace, tiers_at(index, evaluations)))
        watch.after(looks, cohort.diverged_at.tolist())
        spent += time.process_time() - start
    start = time.process_time()
    for member, samples in enumerate(cohort.generate(probes.latents)):
        own = dataset.train[cohort.training_indices(member).sort().values]
        measure_memorisation(samples, own, reference)
    return spent + time.process_time() - start
