"""The probe classifier: a null of one half, the definition's perceptron as its slow twin, planted faults."""

import itertools
import math

import numpy as np
import pytest
import torch
from planted_digits import draw
from scipy.stats import mannwhitneyu, norm

from bench.metrics import measure
from bench.metrics.separability import area_under_curve, null_error, separate

DEFINITION = {"width": 128, "steps": 500, "batch": 128, "rate": 1e-3}


def standardised(reference, samples):
    return reference.standardised(reference.extractor.features(samples).double().numpy())


def perceptron_auc(real, fake, seed):
    """The definition: two layers of 128 units, 500 steps of Adam, on half of either side."""
    source = torch.Generator().manual_seed(seed)
    halves = [
        torch.from_numpy(rows[torch.randperm(len(rows), generator=source)]).float() for rows in (real, fake)
    ]
    n = len(real) // 2
    train = torch.cat([half[:n] for half in halves])
    labels = torch.tensor([1.0, 0.0]).repeat_interleave(n)
    sizes = (real.shape[1], DEFINITION["width"], DEFINITION["width"], 1)
    layers = [torch.nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
    for layer in layers:
        bound = 1 / math.sqrt(layer.in_features)
        with torch.no_grad():
            for part in (layer.weight, layer.bias):
                part.copy_(bound * (2 * torch.rand(part.shape, generator=source) - 1))
    network = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    optimizer = torch.optim.Adam(network.parameters(), lr=DEFINITION["rate"])
    for _ in range(DEFINITION["steps"]):
        batch = torch.randint(len(train), (DEFINITION["batch"],), generator=source)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            network(train[batch])[:, 0], labels[batch]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        scores = [network(half[n:])[:, 0].numpy() for half in halves]
    return area_under_curve(*scores)


def test_area_is_the_rank_test(rng):
    first, second = rng.integers(9, size=40) + 1.0, rng.integers(9, size=30) + 0.0

    assert area_under_curve(first, second) == pytest.approx(mannwhitneyu(first, second).statistic / 1200)


def test_gaussians_apart_are_told_apart_as_well_as_can_be(rng):
    real, fake = rng.normal(size=(2, 600, 1))

    # The best possible AUC of a shift by s is that of the difference of two normals.
    assert separate(real, fake + 2.0) == pytest.approx(norm.cdf(2 / math.sqrt(2)), abs=0.03)


def test_equal_laws_give_one_half_within_the_promised_error(rng):
    found = np.array([separate(*rng.normal(size=(2, 240, 3))) for _ in range(60)])

    error = null_error(120, 120)
    assert found.mean() == pytest.approx(0.5, abs=4 * error / math.sqrt(60))
    # Three halvings share their samples: their mean moves less than one of them, and not by much.
    assert 0.4 * error < found.std() < 1.1 * error


def test_real_images_are_not_told_from_real_images(halves):
    found = [measure(images, other, "probe_auc").values["probe_auc"] for images, other in halves(8)]

    assert np.mean(found) == pytest.approx(0.5, abs=3 * null_error(300, 300) / math.sqrt(8))


def test_it_separates_as_well_as_the_perceptron_of_the_definition(digits):
    real = standardised(digits, digits.real)
    for name in ("1 class missing", "5 classes missing", "50 memorised", "noise 0.5"):
        fake = standardised(digits, draw(name))

        expected = np.mean([perceptron_auc(real, fake, seed) for seed in range(2)])

        assert measure(draw(name), digits, "probe_auc").values["probe_auc"] > expected - 0.045


def test_planted_faults_rank_by_size(digits):
    found = [
        measure(draw(name), digits, "probe_auc").values["probe_auc"]
        for name in ("real", "1 class missing", "3 classes missing", "5 classes missing", "single image")
    ]

    assert found == sorted(found)
    assert found[0] < 0.5 + 4 * null_error(300, 300)
    assert found[-1] == 1.0


def test_the_wrong_grain_of_a_mixture_is_seen(ring, generator):
    # A perceptron of the definition does not: it reads 0.52.
    blurred = ring.dataset.train[:2500] + 0.05 * torch.randn(2500, 2, generator=generator)

    assert measure(blurred, ring, "probe_auc").values["probe_auc"] > 0.85
    assert measure(ring.dataset.train[:2500], ring, "probe_auc").values["probe_auc"] < 0.6
