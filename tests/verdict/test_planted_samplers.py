"""Planted samplers, measured by the real metrics on the real data: each must get its planted verdict."""

import math

import pytest
import torch

from bench.metrics import measure, reference_for
from bench.records.schema import EvaluationRecord
from bench.verdict import context_of, judge, window_start
from gans.config import RunConfig
from gans.data import load
from gans.losses import LOSSES

EVALUATIONS, STEPS = 14, 1400
START = window_start(EVALUATIONS)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


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


def untrained(data, random):
    """What an untrained generator makes: a small cloud in the middle of the data's range."""
    return 0.1 * torch.randn(reference_for(data).n, *data.sample_shape, generator=random)


def pick(pool, data, random):
    return pool[torch.randint(len(pool), (reference_for(data).n,), generator=random)]


def classes(*kept):
    """A perfect sampler of some classes or modes only."""

    def sample(data, random, t):
        wanted = torch.isin(data.train_labels, torch.tensor(kept))
        return pick(data.train[wanted], data, random)

    return sample


def weighted(weights):
    """All modes, unevenly."""

    def sample(data, random, t):
        label = torch.multinomial(
            torch.tensor(weights), reference_for(data).n, replacement=True, generator=random
        )
        pools = [data.train[data.train_labels == mode] for mode in range(data.classes)]
        spots = torch.rand(len(label), generator=random)
        return torch.stack([pools[m][int(s * len(pools[m]))] for m, s in zip(label, spots, strict=True)])

    return sample


def memorised(count, jitter=0.0):
    """The same few training samples at every evaluation."""

    def sample(data, random, t):
        few = data.train[torch.randperm(len(data.train), generator=source(5))[:count]]
        drawn = pick(few, data, random)
        return drawn + jitter * torch.randn(drawn.shape, generator=random)

    return sample


def one_per_class(data, random, t):
    images = [data.train[data.train_labels == label][0] for label in range(data.classes)]
    return pick(torch.stack(images), data, random)


def perfect(data, random, t):
    return pick(data.train, data, random)


def noisy(sd):
    return lambda data, random, t: (
        (drawn := perfect(data, random, t)) + sd * torch.randn(drawn.shape, generator=random)
    )


def uniform_noise(data, random, t):
    return 2 * torch.rand(reference_for(data).n, *data.sample_shape, generator=random) - 1


def constant(image):
    return lambda data, random, t: image(data).expand(reference_for(data).n, *data.sample_shape).clone()


def rotating(held):
    """Another ``held`` modes at every evaluation."""
    return lambda data, random, t: classes(*[(t * held + k) % data.classes for k in range(held)])(
        data, random, t
    )


def narrow(data, random, t):
    """All modes, each a twentieth as wide as it should be."""
    drawn = pick(torch.arange(len(data.train)), data, random)
    centers = data.mode_centers[data.train_labels[drawn]]
    return centers + 0.05 * (data.train[drawn] - centers)


def shifted(size, period):
    def sample(data, random, t):
        return perfect(data, random, t) + size * abs(math.sin(math.pi * t / period))

    return sample


def growing(data, random, t):
    return perfect(data, random, t) * 1.8**t


def broken_from(step):
    def sample(data, random, t):
        drawn = perfect(data, random, t)
        return (
            torch.where(torch.rand(len(drawn), 1, generator=random) < 0.1, math.nan, drawn)
            if t >= step
            else drawn
        )

    return sample


def shrinking(data, random, t):
    """Noise that halves every few evaluations and has not stopped doing so."""
    return noisy(1.2 * 0.8**t)(data, random, t)


def verdict_of(name, sampler, data_size=None, seed=0):
    data = load(name)
    reference, random = reference_for(data), source(seed)
    start = measure(untrained(data, random), reference, "every").values["distance"]
    context = context_of(
        config(name, data_size or data.size), reference, LOSSES.get("non_saturating"), distance_start=start
    )
    evaluations = []
    for t in range(EVALUATIONS):
        samples = untrained(data, random) if t < 2 else sampler(data, random, t)
        tiers = ("every",) if t < START else ("every", "window", "mode_spread")
        found = measure(samples, reference, tiers)
        step = (t + 1) * STEPS // EVALUATIONS
        evaluations.append(
            EvaluationRecord(
                step=step, values=found.values, histogram=found.histogram, statuses=found.statuses
            )
        )
    return judge(evaluations, context)


DIGITS = {
    "perfect": (perfect, "converged", ""),
    "1 class missing": (classes(*range(9)), "collapsed:partial", "inter"),
    "5 classes missing": (classes(0, 1, 2, 3, 4), "collapsed:partial", "inter"),
    "one class left": (classes(3), "collapsed:total", ""),
    "single image": (constant(lambda data: data.train[0]), "collapsed:total", ""),
    "mean image": (constant(lambda data: data.train.mean(dim=0)), "collapsed:total", ""),
    "one image per class": (one_per_class, "collapsed:partial", "intra"),
    "memorised 50 of 1100": (memorised(50), "collapsed:partial", "intra"),
    "noise 0.5, within the calibrated limits": (noisy(0.5), "converged", ""),
    "noise 0.7, beyond them": (noisy(0.7), "stalled-low-quality", "precision_rel"),
    "uniform noise": (uniform_noise, "no-progress", ""),
    "hopping": (rotating(2), "oscillating:mode-hopping", ""),
}

RING = {
    "perfect": (perfect, "converged", ""),
    **{f"{m} dropped": (classes(*range(8 - m)), "collapsed:partial", "inter") for m in (1, 4, 6)},
    "7 dropped": (classes(0), "collapsed:total", ""),
    "uneven 3:1, within the calibrated limit": (weighted([3.0, 1.0] * 4), "converged", ""),
    "uneven 5:1, beyond it": (weighted([5.0, 1.0] * 4), "collapsed:partial", "inter"),
    "uneven 10:1": (weighted([10.0, 1.0] * 4), "collapsed:partial", "inter"),
    "narrow": (narrow, "collapsed:partial", "intra"),
    "memorised 50": (memorised(50, jitter=0.001), "collapsed:partial", "intra"),
    "hopping": (rotating(2), "oscillating:mode-hopping", ""),
    "swinging": (shifted(0.35, 2.6), "oscillating:quality", ""),
    "growing": (growing, "diverged:nonfinite", "samples far out of range"),
    "nan at the end": (broken_from(11), "diverged:nonfinite", "samples not finite"),
    "shrinking error": (shrinking, "still-improving", ""),
    "uniform noise": (uniform_noise, "stalled-low-quality", "q high_quality_rel"),
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
    verdict = verdict_of(dataset, memorised(count), data_size=count)

    assert verdict.outcome == "converged", verdict.evidence


def test_one_image_per_class_is_collapse_even_where_data_are_few():
    assert verdict_of("digits", one_per_class, data_size=64).outcome == "collapsed:partial"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("dataset", ["digits", "ring8"])
def test_a_perfect_sampler_raises_no_alarm_on_any_seed(dataset, seed):
    assert verdict_of(dataset, perfect, seed=seed).outcome == "converged"


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
