"""Support by collisions: known supports are found again, real data have none."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist

from bench.metrics import measure
from bench.metrics.birthday import close_pairs, duplicate_rule, pairs_of, support


def resampled(reference, size, n, generator, noise=1e-3):
    """A generator that knows a few real samples: draws them with replacement, and blurs a little."""
    pool = reference.dataset.train
    known = pool[torch.randperm(len(pool), generator=generator)[:size]]
    drawn = known[torch.randint(size, (n,), generator=generator)]
    return drawn + noise * torch.randn(drawn.shape, generator=generator)


@pytest.mark.parametrize("size", [100, 1000])
def test_known_images_are_counted(digits, generator, size):
    found = [
        measure(resampled(digits, size, 697, generator), digits, "support_size").values["support_size"]
        for _ in range(9)
    ]

    assert all(size / 1.5 < value < size * 1.5 for value in found)
    assert np.median(found) == pytest.approx(size, rel=0.12)


def test_ten_thousand_known_points_are_counted(grid, generator):
    found = measure(resampled(grid, 10_000, 2500, generator, noise=1e-7), grid, "support_size").values

    assert 10_000 / 1.5 < found["support_size"] < 10_000 * 1.5


def test_the_interval_holds_the_truth_as_often_as_it_says(rng):
    held = 0
    for _ in range(300):
        drawn = rng.integers(1000, size=697)
        repeats = np.bincount(drawn)
        found = support(int((repeats * (repeats - 1) // 2).sum()), n=697)
        held += abs(found.size - 1000) < 1.96 * found.se

    assert held / 300 == pytest.approx(0.95, abs=0.04)


def test_it_is_the_batch_form_of_the_paradox(rng):
    # Draw batches from a support of 1,000 until half of them hold a duplicate.
    def collides(size):
        drawn = np.sort(rng.integers(1000, size=(4000, size)), axis=1)
        return (drawn[:, 1:] == drawn[:, :-1]).any(axis=1).mean()

    half = next(size for size in range(2, 100) if collides(size) >= 0.5)

    assert half == pytest.approx(37, abs=2)
    assert half**2 / (2 * math.log(2)) == pytest.approx(1000, rel=0.1)
    assert support(pairs_of(697) // 1000, n=697).size == pytest.approx(1000, rel=0.01)


def test_real_data_have_a_lower_bound_and_say_so(digits, grid, generator):
    for reference in (digits, grid):
        pool = reference.dataset.train
        fresh = pool[torch.randperm(len(pool), generator=generator)[: reference.n]]

        found = measure(fresh, reference, "support_size")

        assert found.statuses["support_size"] == "too_few"
        assert found.values["support_size"] > 10_000


def test_collapse_lowers_it(digits, generator):
    sizes = [
        measure(resampled(digits, size, 697, generator), digits, "support_size").values["support_size"]
        for size in (5, 50, 500)
    ]

    assert sizes == sorted(sizes)
    assert (
        measure(digits.real[:1].expand(697, 1, 8, 8), digits, "support_size").values["support_size"] < 1.001
    )


def test_the_rule_calls_one_real_sample_in_a_hundred_a_duplicate(digits):
    rule = duplicate_rule(digits.rows)

    nearest = np.sort(pdist(digits.rows, "sqeuclidean"))
    assert rule.real_rate * pairs_of(697) == (nearest <= rule.radius * (1 + 1e-9)).sum()
    assert 3 <= rule.real_rate * pairs_of(697) <= 7


@pytest.mark.parametrize("dimension", [2, 30])
def test_close_pairs_are_those_of_all_pairs(rng, dimension):
    rows = rng.normal(size=(150, dimension))
    squared = pdist(rows, "sqeuclidean")
    radius = float(np.quantile(squared, 0.1))

    assert close_pairs(rows, radius) == (squared <= radius).sum()
