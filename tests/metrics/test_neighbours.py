"""Distances: as exact as differences, zero for equal rows, and found alike by tree and by matrix."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist

from bench.metrics import neighbours
from bench.metrics.arrays import as_rows
from bench.metrics.neighbours import (
    TREE_DIMENSIONS,
    Neighbours,
    kth_neighbour,
    neighbour_radii,
    pair_distances,
    self_blocks,
    self_distances,
    squared_distances,
)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([1, 2, 7, 40]), st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_squared_distances_are_those_of_differences(seed, d, shift, scale):
    rng = np.random.default_rng(seed)
    first, second = (scale * rng.normal(size=(n, d)) + shift for n in (20, 30))

    found = squared_distances(first, second)

    size = np.square(scale) * d
    np.testing.assert_allclose(
        found, cdist(first, second, "sqeuclidean"), rtol=1e-9, atol=1e-11 * size + 1e-9
    )


@pytest.mark.parametrize("copies", [2, 40])
def test_equal_rows_are_exactly_zero_apart_whether_few_or_many(rng, copies):
    rows = np.repeat(1e4 + rng.normal(size=(50, 32)), copies, axis=0)

    squared = squared_distances(rows, rows)

    same = np.repeat(np.arange(50), copies)
    assert ((squared == 0) == np.equal.outer(same, same)).all()


def test_one_far_row_does_not_blur_the_others():
    rows = np.array([[0.0, 0.0], [0.3, 0.0], [1e6, 0.0]])

    squared = self_distances(rows - [5e5, 0.0])

    assert squared[0, 1] > 0


def test_rows_and_what_they_came_from_are_not_written_to(rng):
    rows = rng.normal(size=(30, 4))
    before = rows.copy()

    kth_neighbour(self_distances(rows), 3)

    assert (rows == before).all()


@pytest.mark.parametrize("d", [2, TREE_DIMENSIONS, TREE_DIMENSIONS + 1, 64])
def test_nearest_points_are_those_of_an_exhaustive_search(rng, monkeypatch, d):
    monkeypatch.setattr(neighbours, "BLOCK", 37)
    points, queries = rng.normal(size=(150, d)), rng.normal(size=(40, d))

    distance, index = Neighbours(points).nearest(queries)

    expected = cdist(queries, points, "sqeuclidean")
    assert (index == expected.argmin(axis=1)).all()
    np.testing.assert_allclose(distance, expected.min(axis=1), rtol=1e-9)


@pytest.mark.parametrize("d", [2, 64])
def test_the_nearest_other_point_is_never_the_point_itself(rng, monkeypatch, d):
    monkeypatch.setattr(neighbours, "BLOCK", 37)
    points = rng.normal(size=(150, d))
    chosen = np.array([0, 36, 37, 149])

    found = Neighbours(points).nearest_other(chosen)

    everything = cdist(points, points, "sqeuclidean")
    np.fill_diagonal(everything, np.inf)
    np.testing.assert_allclose(found, everything[chosen].min(axis=1), rtol=1e-9)


@pytest.mark.parametrize("d", [2, 64])
def test_a_point_that_is_there_twice_has_a_neighbour_at_zero(rng, d):
    points = np.repeat(rng.normal(size=(20, d)), 2, axis=0)

    assert Neighbours(points).nearest_other(np.arange(40)).tolist() == [0.0] * 40


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rows_are_float64_and_share_no_memory_with_the_samples(dtype):
    samples = torch.ones(3, 1, 2, 2, dtype=dtype)

    rows = as_rows(samples)
    rows[:] = 7

    assert (rows.dtype, rows.shape) == (np.dtype("float64"), (3, 4))
    assert samples.unique().tolist() == [1.0]


@pytest.mark.parametrize("n", [1, 2, 3, 400, 401, 697, 1001])
def test_pairs_are_those_of_the_library_each_once(rng, n):
    rows = rng.normal(size=(n, 3)) + 100.0

    np.testing.assert_allclose(np.sort(pair_distances(rows)), np.sort(pdist(rows, "sqeuclidean")), atol=1e-9)


@pytest.mark.parametrize("n", [5, 255, 256, 257, 700])
def test_blocks_of_rows_give_the_whole_matrix(rng, n):
    rows = rng.normal(size=(n, 12))

    whole = np.vstack([block.copy() for _, block in self_blocks(rows)])

    np.testing.assert_allclose(whole, self_distances(rows), atol=1e-12)
    assert (np.diag(whole) == 0).all()
    np.testing.assert_allclose(
        neighbour_radii(rows, 3), kth_neighbour(self_distances(rows), 3), rtol=1e-12, atol=1e-12
    )
