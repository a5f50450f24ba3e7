"""Sliced Wasserstein-2 and energy distance against closed forms and slow twins."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.metrics import measure
from bench.metrics.distances import DIRECTIONS, directions, energy, projections, sliced_wasserstein


def distance(first, second):
    return sliced_wasserstein(projections(first), projections(second))


def quantile_twin(first, second, steps=200_000):
    """Both quantile functions looked up on a fine even grid."""
    at = (np.arange(steps) + 0.5) / steps
    a = first[(at * len(first)).astype(int)]
    b = second[(at * len(second)).astype(int)]
    return np.mean((a - b) ** 2)


@pytest.mark.parametrize("dimension", [1, 2, 3, 50])
def test_directions_are_unit_vectors_that_never_change(dimension):
    found = directions(dimension)

    assert found.shape == (DIRECTIONS, dimension)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)
    directions.cache_clear()
    assert (directions(dimension) == found).all()


def test_directions_of_the_plane_are_as_good_as_all_angles():
    found = directions(2)

    np.testing.assert_allclose(found.T @ found / DIRECTIONS, np.eye(2) / 2, atol=1e-12)


def test_a_shift_of_the_plane_costs_half_its_squared_length(rng):
    points = rng.normal(size=(400, 2))

    assert distance(points, points + np.array([0.3, -0.4])) == pytest.approx(0.125, rel=1e-9)


def test_gaussians_of_different_spread_are_the_square_of_the_difference_apart(rng):
    first, second = rng.normal(size=(10_000, 2)), 3 * rng.normal(size=(10_000, 2))

    assert distance(first, second) == pytest.approx(4, rel=0.06)


def test_a_ring_and_a_blob_of_equal_covariance_are_told_apart(ring, rng):
    # The Frechet distance in the plane cannot: it sees mean and covariance alone.
    points = ring.rows
    blob = rng.multivariate_normal(points.mean(0), np.cov(points.T), size=len(points))

    value = measure(torch.from_numpy(blob).float(), ring, "sw2").values["sw2"]

    assert value > 3 * max(ring.floor_draws["sw2"])


@pytest.mark.parametrize("n, m", [(1, 7), (12, 18), (50, 49), (8, 8)])
def test_samples_of_unequal_size_are_compared_by_their_quantiles(rng, n, m):
    first, second = np.sort(rng.normal(size=(1, n))), np.sort(rng.normal(size=(1, m)))

    expected = quantile_twin(first[0], second[0])

    assert sliced_wasserstein(first, second) == pytest.approx(expected, rel=1e-3)


def test_repeating_every_sample_changes_nothing(rng):
    first, second = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))

    assert distance(np.repeat(first, 3, axis=0), second) == pytest.approx(distance(first, second))


def test_the_metric_is_the_distance_over_all_directions_at_once(ring, generator):
    samples = ring.dataset.train[:2500] + 0.1 * torch.randn(2500, 2, generator=generator)

    expected = distance(ring.rows, samples.double().numpy())

    assert measure(samples, ring, "sw2").values["sw2"] == pytest.approx(expected, rel=1e-12)


def energy_twin(first, second):
    def mean(pairs):
        gaps = [math.dist(a, b) for a, b in pairs]
        return sum(gaps) / len(gaps)

    def within(rows):
        return mean([(a, b) for i, a in enumerate(rows) for j, b in enumerate(rows) if i != j])

    return 2 * mean([(a, b) for a in first for b in second]) - within(first) - within(second)


def test_energy_distance_is_the_slow_sum(rng):
    first, second = rng.normal(size=(20, 3)), rng.normal(size=(25, 3)) + 1

    assert energy(first, second) == pytest.approx(energy_twin(first, second), rel=1e-10)


def test_energy_distance_of_equal_laws_is_zero_on_average(rng):
    draws = [energy(rng.normal(size=(100, 2)), rng.normal(size=(100, 2))) for _ in range(200)]

    assert abs(np.mean(draws)) < 4 * np.std(draws) / math.sqrt(200)
    assert min(draws) < 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.01, 100), st.integers(2, 6))
def test_distances_scale_as_their_units_say_and_ignore_order_and_shift(seed, scale, dimension):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(40, dimension)), rng.normal(size=(40, dimension)) + 0.5
    moved = scale * rng.permutation(first) + 2, scale * second + 2

    assert distance(*moved) == pytest.approx(scale**2 * distance(first, second), rel=1e-6)
    assert energy(*moved) == pytest.approx(scale * energy(first, second), rel=1e-6)
    assert distance(first, second) == pytest.approx(distance(second, first))
