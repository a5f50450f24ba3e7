"""Precision, recall, density and coverage against torch-fidelity, a slow twin and known nulls."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch_fidelity.metric_prc import prc_features_to_metric

from bench.metrics import measure
from bench.metrics.manifold import manifold_scores, real_balls


def scores(real, fake):
    return manifold_scores(real, fake, real_balls(real))


def slow_twin(real, fake):
    """Straight from the definitions, one distance at a time."""

    def distance(a, b):
        return np.sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)))

    def radius(rows, i, k):
        return sorted(distance(rows[i], row) for j, row in enumerate(rows) if j != i)[k - 1]

    r3 = [radius(real, i, 3) for i in range(len(real))]
    r5 = [radius(real, i, 5) for i in range(len(real))]
    f3 = [radius(fake, j, 3) for j in range(len(fake))]
    gap = [[distance(x, y) for y in fake] for x in real]
    columns = list(zip(*gap, strict=True))
    return (
        np.mean([any(d <= r for d, r in zip(column, r3, strict=True)) for column in columns]),
        np.mean([any(d <= r for d, r in zip(row, f3, strict=True)) for row in gap]),
        sum(d < r for row, r in zip(gap, r5, strict=True) for d in row) / (5 * len(fake)),
        np.mean([min(row) < r for row, r in zip(gap, r5, strict=True)]),
    )


@pytest.mark.parametrize("n, m, d", [(300, 300, 32), (200, 150, 2), (40, 90, 64)])
def test_precision_and_recall_are_torch_fidelitys(rng, n, m, d):
    real, fake = rng.normal(size=(n, d)), 1.2 * rng.normal(size=(m, d)) + 0.2

    found = scores(real, fake)
    expected = prc_features_to_metric(torch.from_numpy(fake), torch.from_numpy(real), verbose=False)

    # torch-fidelity averages in float32.
    assert found.precision == pytest.approx(expected["precision"], abs=1e-6)
    assert found.recall == pytest.approx(expected["recall"], abs=1e-6)


def test_precision_and_recall_of_digits_are_torch_fidelitys(digits):
    samples = digits.dataset.train[:697]

    found = measure(samples, digits, "window").values
    fake = digits.extractor.features(samples).double()
    expected = prc_features_to_metric(fake, torch.from_numpy(digits.features), verbose=False)

    assert found["precision"] == pytest.approx(expected["precision"], abs=1e-6)
    assert found["recall"] == pytest.approx(expected["recall"], abs=1e-6)


@pytest.mark.parametrize("n, m, d", [(30, 30, 3), (20, 45, 1), (12, 8, 6)])
def test_all_four_are_their_definitions(rng, n, m, d):
    real, fake = rng.normal(size=(n, d)), rng.normal(size=(m, d)) + 0.5

    found = scores(real, fake)

    assert (found.precision, found.recall, found.density, found.coverage) == pytest.approx(
        slow_twin(real, fake)
    )


@pytest.mark.parametrize("d", [2, 16, 64])
def test_coverage_of_an_equal_law_is_one_minus_two_to_the_minus_five_in_any_dimension(rng, d):
    draws = [scores(rng.normal(size=(500, d)), rng.normal(size=(500, d))) for _ in range(8)]

    assert np.mean([each.coverage for each in draws]) == pytest.approx(1 - 2**-5, abs=0.008)
    assert np.mean([each.density for each in draws]) == pytest.approx(1, abs=0.06)


def test_precision_of_an_equal_law_depends_on_the_dimension(rng):
    plane, space = (scores(rng.normal(size=(500, d)), rng.normal(size=(500, d))) for d in (2, 64))

    assert space.precision < plane.precision - 0.1


def test_half_of_the_modes_is_half_of_the_coverage(rng):
    centers = 100 * rng.normal(size=(10, 16))
    real = centers[np.arange(600) % 10] + rng.normal(size=(600, 16))
    fake = centers[np.arange(600) % 5] + rng.normal(size=(600, 16))

    found = scores(real, fake)

    assert found.coverage == pytest.approx(0.5, abs=0.03)
    assert found.density == pytest.approx(1, abs=0.1)


def test_a_constant_at_the_mean_has_full_precision_no_recall_and_next_to_no_coverage(rng):
    real = rng.normal(size=(500, 16))

    found = scores(real, np.tile(real.mean(axis=0), (500, 1)))

    assert (found.precision, found.recall) == (1.0, 0.0)
    assert found.coverage < 0.2
    assert found.density > 3


def test_real_rows_that_a_duplicated_sample_hits_exactly_are_recalled(rng):
    real = rng.normal(size=(100, 8))

    # Radii among duplicates are zero: only <= counts a hit, and only an exact zero distance is one.
    found = scores(real, np.repeat(real[:10], 10, axis=0))

    assert found.recall == pytest.approx(0.10)


def test_features_far_from_the_origin_keep_their_neighbours(rng):
    # Where float32 products gave duplicates a distance of 0.6.
    real, fake = 10 * rng.normal(size=(300, 16)), 10 * rng.normal(size=(300, 16))

    assert scores(real + 1e5, fake + 1e5) == scores(real, fake)


@pytest.mark.parametrize("m", [1, 3])
def test_fewer_samples_than_neighbours_have_no_score(rng, m):
    found = scores(rng.normal(size=(50, 2)), rng.normal(size=(m, 2)))

    assert np.isnan([found.precision, found.recall, found.density, found.coverage]).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.01, 100))
def test_scores_ignore_rotation_shift_scale_and_order(seed, scale):
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(size=(60, 4)), rng.normal(size=(60, 4)) + 0.3
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]

    moved = scores(scale * rng.permutation(real) @ turn + 1, scale * rng.permutation(fake) @ turn + 1)

    assert moved == scores(real, fake)
