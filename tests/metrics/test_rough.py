"""Rough distances stay within their error, and what is decided by them is what exact ones decide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist

from bench.metrics.hits import hits_by_rough_distances
from bench.metrics.manifold import _hits, real_balls
from bench.metrics.nearest import nearest_by_rough_distances
from bench.metrics.pairs import median_by_rough_distances
from bench.metrics.rough import rough_distances, three_smallest


def matrix(rough):
    return np.concatenate([block.copy() for _, block in rough.blocks()])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([1, 2, 32, 200]), st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_no_rough_distance_is_further_off_than_its_error(seed, d, shift, scale):
    rng = np.random.default_rng(seed)
    first, second = (scale * rng.normal(size=(n, d)) + shift for n in (300, 40))
    less = scale * rng.uniform(size=300)

    rough = rough_distances(first, second, less)

    exact = cdist(first, second, "sqeuclidean") - less[:, None]
    assert np.abs(matrix(rough) - exact).max() <= rough.error
    assert rough.error < 1e-3 * (np.abs(exact).max() + scale)


def test_rows_beyond_single_precision_have_no_rough_distances(rng):
    rows = rng.normal(size=(10, 3))
    rows[4] *= 1e16

    assert rough_distances(rows, rows) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 60), st.integers(1, 8), st.integers(1, 9), st.integers(0, 2**31))
def test_the_three_smallest_are_those_of_a_sort(n, m, values, seed):
    table = np.random.default_rng(seed).integers(values, size=(n, m)).astype(np.float32)

    expected = np.sort(table, axis=0)[:3]

    np.testing.assert_array_equal(three_smallest(table), expected)


def same(found, expected):
    return (
        np.array_equal(found.inside_real, expected.inside_real)
        and np.array_equal(found.inside_fake, expected.inside_fake)
        and np.array_equal(found.covered, expected.covered)
        and found.in_balls == expected.in_balls
    )


@pytest.mark.parametrize("spread", [1.0, 0.3, 1e-3])
@pytest.mark.parametrize("n, m, d", [(697, 697, 32), (300, 500, 2), (513, 40, 64)])
def test_hits_are_those_of_exact_distances(rng, n, m, d, spread):
    real, fake = rng.normal(size=(n, d)), 0.1 + spread * rng.normal(size=(m, d))

    found = hits_by_rough_distances(real, fake, real_balls(real))

    assert found is not None
    assert same(found, _hits(real, fake, real_balls(real)))


def test_what_lies_on_the_edge_of_a_ball_is_decided_by_exact_distances(rng):
    real = 5 * rng.normal(size=(400, 16))
    balls, fake = real_balls(real), 5 * rng.normal(size=(400, 16))
    # On the surfaces of twenty balls but for a part in ten million, within and without.
    for index in range(20):
        step = rng.normal(size=16)
        radius = np.sqrt((balls.ball if index % 2 else balls.manifold)[index])
        fake[index] = real[index] + step / np.linalg.norm(step) * radius * (1 + (-1) ** (index // 2) * 1e-7)

    found = hits_by_rough_distances(real, fake, balls)

    assert found is not None
    assert same(found, _hits(real, fake, balls))


def test_copies_are_left_to_exact_distances(rng):
    real = rng.normal(size=(400, 16))

    assert hits_by_rough_distances(real, real.copy(), real_balls(real)) is None


@pytest.mark.parametrize("n, d", [(700, 64), (699, 2), (201, 5), (3, 1)])
def test_the_median_is_that_of_exact_distances(rng, n, d):
    rows = 1e3 + rng.normal(size=(n, d))

    assert median_by_rough_distances(rows) == pytest.approx(np.median(pdist(rows)), rel=1e-9)


def test_the_median_of_a_few_repeated_rows_is_left_to_exact_distances(rng):
    assert median_by_rough_distances(np.repeat(rng.normal(size=(3, 8)), 100, axis=0)) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 400), st.integers(1, 60), st.integers(2, 9))
def test_the_nearest_point_is_that_of_an_exhaustive_search_and_of_equals_the_first(seed, n, m, values):
    rng = np.random.default_rng(seed)
    queries, points = (rng.integers(values, size=(count, 4)) / 8 for count in (n, m))

    found = nearest_by_rough_distances(queries, points)

    expected = cdist(queries, points, "sqeuclidean")
    if found is not None:
        np.testing.assert_array_equal(found[0], expected.min(axis=1))
        np.testing.assert_array_equal(found[1], expected.argmin(axis=1))


def test_nearest_points_that_differ_beyond_single_precision_are_told_apart(rng):
    points = np.repeat(rng.normal(size=(300, 16)), 2, axis=0)
    points[1::2] += 1e-7 * rng.normal(size=(300, 16))
    queries = points + 0.1 * rng.normal(size=points.shape)

    found = nearest_by_rough_distances(queries, points)

    assert found is not None
    assert (found[1] == cdist(queries, points).argmin(axis=1)).all()
