"""The default set: what metrics, diagnostics and verdicts cost beside the training that they look at."""

from __future__ import annotations

import statistics
import time

import pytest

from bench.grid import expand
from bench.harvest import context_for
from bench.live import Watch
from bench.metrics import Reference, measure_memorisation, reference_for
from bench.probe import probe
from bench.probe_samples import probes_for
from bench.profile import read_profile
from bench.records.schema import EvaluationRecord
from bench.speed.test_training import rate, steps_in
from bench.worker import schedule, tiers_at
from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import Dataset, load
from gans.defaults import config_of

pytestmark = pytest.mark.bench

MEMBERS = 32
STEPS = 3600
"""Generator steps of a run of the standard profile, between its 40 probes."""
STEPS_BETWEEN = 10
"""Steps made between two probes here: enough to move the players, too few to take long."""
ROUNDS = 3
MOST_SHARE = 15.0
"""Target: per cent of the training time that the default set may cost."""

RECIPES = ("nsgan", "wgan", "wgan-gp")
WIDTHS = (32, 64, 128)
"""Of the discriminator; those below 32 train in the program of 32."""

Seconds = tuple[float, float]
"""Of training and of looking, both of one run."""


@pytest.fixture(scope="module")
def measured() -> dict[tuple[str, int], Seconds]:
    """What each shape took, for the mean over all of them."""
    return {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("recipe", RECIPES)
def test_default_set(benchmark, figure, measured, recipe: str, width: int) -> None:
    """Per cent of its training time that a run of the standard profile is looked at; smaller is better."""
    dataset = load("digits")
    reference = reference_for(dataset)
    shape = {"generator_width": 32, "discriminator_width": width, "latent_dim": 16, "batch_size": 64}
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
    figure(f"default set, % of training, {case}", 100 * looking / training)
    measured[recipe, width] = training, looking


def test_default_set_of_the_standard_profile(figure, measured) -> None:
    """The same over all runs on digits of the standard profile, each by the shape that is most like it."""
    if len(measured) < len(RECIPES) * len(WIDTHS):
        pytest.skip("it is the mean of all shapes, which were not all measured: do not pick any")
    every = expand(read_profile("standard")).runs().values()
    runs = [config for config in every if config.dataset == "digits"]
    spent = [measured[shape_like(config)] for config in runs]
    training, looking = (statistics.fmean(each) for each in zip(*spent, strict=True))
    figure("ms of training a run, mean of the standard profile", 1000 * training)
    figure("ms of the default set a run, mean of the standard profile", 1000 * looking)
    share = 100 * looking / training
    figure("default set, % of training, mean of the standard profile", share, most=MOST_SHARE)


def shape_like(config: RunConfig) -> tuple[str, int]:
    """The measured shape with the same number of critic steps and the next greater discriminator.

    A run with one critic step counts as nsgan; wgan-gp with one step too, which is cheaper than it is.
    """
    width = next(width for width in WIDTHS if config.discriminator_width <= width)
    if config.n_critic == 1:
        return "nsgan", width
    return ("wgan-gp" if config.regularizer == "gradient_penalty" else "wgan"), width


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
