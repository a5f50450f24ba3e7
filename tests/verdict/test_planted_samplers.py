"""Planted samplers, measured by the real metrics on the real data: each must get its planted verdict."""

import pytest
import torch

from bench.detectors import samplers as plant
from bench.metrics import measure, reference_for
from bench.records.schema import EvaluationRecord
from bench.verdict import context_of, judge, window_start
from gans.config import RunConfig
from gans.data import load
from gans.losses import LOSSES

EVALUATIONS, STEPS = 14, 1400
START = window_start(EVALUATIONS)


def source(seed):
    return torch.Generator().manual_seed(seed)


def config(dataset, data_size):
    return RunConfig(
        recipe="nsgan", loss="non_saturating", regularizer="none", regularizer_weight=0.0, optimizer="adam",
        beta1=0.5, beta2=0.999, n_critic=1, update_order="discriminator-first", network="mlp",
        generator_width=32, discriminator_width=32, generator_depth=2, discriminator_depth=2, latent_dim=16,
        generator_lr=1e-3, discriminator_lr=1e-3, batch_size=64, dataset=dataset, data_size=data_size,
        defect="none", augmentation="none", steps=STEPS, evaluations=EVALUATIONS, ema_half_life=1e4, seed=0,
    )  # fmt: skip


def verdict_of(name, sampler, data_size=None, seed=0):
    data = load(name)
    reference, random, scene = reference_for(data), source(seed), plant.scene_of(data, seed=5)
    start = measure(plant.untrained(scene, random), reference, "every").values["distance"]
    context = context_of(
        config(name, data_size or data.size), reference, LOSSES.get("non_saturating"), distance_start=start
    )
    evaluations = []
    for t in range(EVALUATIONS):
        samples = plant.untrained(scene, random) if t < 2 else sampler(scene, random, t)
        tiers = ("every",) if t < START else ("every", "window", "mode_spread")
        found = measure(samples, reference, tiers)
        step = (t + 1) * STEPS // EVALUATIONS
        evaluations.append(
            EvaluationRecord(
                step=step, values=found.values, histogram=found.histogram, statuses=found.statuses
            )
        )
    return judge(evaluations, context)


shrinking = plant.along([1.2 * 0.8**t for t in range(EVALUATIONS)])
"""Noise that halves every few evaluations and has not stopped doing so."""

DIGITS = {
    "perfect": (plant.perfect, "converged", ""),
    "1 class missing": (plant.classes(*range(9)), "collapsed:partial", "inter"),
    "5 classes missing": (plant.classes(0, 1, 2, 3, 4), "collapsed:partial", "inter"),
    "one class left": (plant.classes(3), "collapsed:total", ""),
    "single image": (plant.constant(lambda data: data.train[0]), "collapsed:total", ""),
    "mean image": (plant.constant(lambda data: data.train.mean(dim=0)), "collapsed:total", ""),
    "one image per class": (plant.one_per_class, "collapsed:partial", "intra"),
    "memorised 50 of 1100": (plant.memorised(50), "collapsed:partial", "intra"),
    "noise 0.5, within the calibrated limits": (plant.noisy(0.5), "converged", ""),
    "noise 0.7, beyond them": (plant.noisy(0.7), "stalled-low-quality", "precision_rel"),
    "uniform noise": (plant.uniform_noise, "no-progress", ""),
    "hopping": (plant.rotating(2), "oscillating:mode-hopping", ""),
}

RING = {
    "perfect": (plant.perfect, "converged", ""),
    **{f"{m} dropped": (plant.classes(*range(8 - m)), "collapsed:partial", "inter") for m in (1, 4, 6)},
    "7 dropped": (plant.classes(0), "collapsed:total", ""),
    "uneven 3:1, within the calibrated limit": (plant.weighted([3.0, 1.0] * 4), "converged", ""),
    "uneven 5:1, beyond it": (plant.weighted([5.0, 1.0] * 4), "collapsed:partial", "inter"),
    "uneven 10:1": (plant.weighted([10.0, 1.0] * 4), "collapsed:partial", "inter"),
    "narrow": (plant.narrow(0.05), "collapsed:partial", "intra"),
    "memorised 50": (plant.memorised(50, jitter=0.001), "collapsed:partial", "intra"),
    "hopping": (plant.rotating(2), "oscillating:mode-hopping", ""),
    "swinging": (plant.shifted(0.35, 2.6), "oscillating:quality", ""),
    "growing": (plant.growing(1.8), "diverged:nonfinite", "samples far out of range"),
    "nan at the end": (plant.broken(250, at=11), "diverged:nonfinite", "samples not finite"),
    "shrinking error": (shrinking, "still-improving", ""),
    "uniform noise": (plant.uniform_noise, "stalled-low-quality", "q high_quality_rel"),
}


@pytest.mark.parametrize("name", DIGITS)
def test_a_planted_sampler_of_the_digits_gets_its_verdict(name):
    sampler, outcome, detail = DIGITS[name]

    verdict = verdict_of("digits", sampler)

    assert verdict.outcome == outcome, verdict.evidence
    assert verdict.evidence["detail"] == detail or not detail


@pytest.mark.parametrize("name", RING)
def test_a_planted_sampler_of_the_ring_gets_its_verdict(name):
    sampler, outcome, detail = RING[name]

    verdict = verdict_of("ring8", sampler)

    assert verdict.outcome == outcome, verdict.evidence
    assert verdict.evidence["detail"] == detail or not detail


@pytest.mark.parametrize(("dataset", "count"), [("digits", 64), ("ring8", 64)])
def test_faithful_copies_of_few_training_samples_are_as_good_as_their_data_allow(dataset, count):
    verdict = verdict_of(dataset, plant.memorised(count), data_size=count)

    assert verdict.outcome == "converged", verdict.evidence


def test_one_image_per_class_is_collapse_even_where_data_are_few():
    assert verdict_of("digits", plant.one_per_class, data_size=64).outcome == "collapsed:partial"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("dataset", ["digits", "ring8"])
def test_a_perfect_sampler_raises_no_alarm_on_any_seed(dataset, seed):
    assert verdict_of(dataset, plant.perfect, seed=seed).outcome == "converged"


def test_modes_that_are_lost_late_are_collapse_even_where_what_is_left_lies_as_far_off_as_noise():
    lose_all_but_three = plant.classes(0, 1, 2)

    def sampler(scene, random, t):
        return (plant.perfect if t < 6 else lose_all_but_three)(scene, random, t)

    def noise(scene, random, t):
        return (plant.perfect if t < 6 else plant.noisy(1.5))(scene, random, t)

    assert verdict_of("ring8", sampler).outcome == "collapsed:partial"
    assert verdict_of("ring8", noise).outcome == "diverged:late"


def test_the_context_of_a_run_holds_what_its_data_and_loss_allow():
    data = load("digits")
    reference = reference_for(data)
    context = context_of(
        config("digits", 64),
        reference,
        LOSSES.get("wasserstein"),
        distance_start=150.0,
        probe_train=64,
        probe_holdout=512,
    )

    assert (context.kind, context.samples, context.modes_total, context.data_range) == (
        "images",
        697,
        10,
        2.0,
    )
    assert context.ceiling("coverage") == reference.copy(64)["coverage"] < reference.floors["coverage"]
    assert sum(context.mode_shares) == pytest.approx(1.0)
    assert (context.decision_point, context.has_gain, context.loss) == (None, True, "wasserstein")
    assert (context.steps, context.evaluations, context.probe_train) == (STEPS, EVALUATIONS, 64)


def test_the_context_of_a_mixture_knows_its_modes():
    data = load("ring8")
    context = context_of(
        config("ring8", 1000), reference_for(data), LOSSES.get("minimax"), distance_start=0.5
    )

    assert (context.kind, context.samples, context.modes_total) == ("mixture", 2500, 8)
    assert context.data_range == pytest.approx(2.06, abs=0.04)
    assert context.high_quality_floor == pytest.approx(0.9889, abs=0.002)
