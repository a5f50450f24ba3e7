"""The median distance within one set of samples, against the plain median over all pairs."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from bench.metrics import measure
from bench.metrics.diversity import PAIR_ROWS, median_distance


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.integers(1, 10), st.booleans(), st.integers(0, 2**31))
def test_the_median_is_that_of_all_pairs_for_even_and_odd_counts(n, d, repeats, seed):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, d))
    if repeats:
        rows = rows[rng.integers(n, size=n)]

    assert median_distance(rows) == pytest.approx(np.median(pdist(rows)), rel=1e-9, abs=1e-9)


def test_real_images_are_as_far_apart_as_real_images(digits):
    value = measure(digits.dataset.train, digits, "pairwise_ratio").values["pairwise_ratio"]

    assert value == pytest.approx(1, abs=0.03)


def test_shrinking_all_samples_shrinks_the_ratio(digits):
    full, half = (
        measure(scale * digits.real, digits, "pairwise_ratio").values["pairwise_ratio"]
        for scale in (1.0, 0.5)
    )

    assert full == pytest.approx(1.0)
    assert half == pytest.approx(0.5)


def test_only_the_first_rows_enter(ring):
    samples = ring.dataset.train[:2500].clone()
    value = measure(samples, ring, "pairwise_ratio").values["pairwise_ratio"]

    samples[PAIR_ROWS:] = 0.0

    assert measure(samples, ring, "pairwise_ratio").values["pairwise_ratio"] == value


def test_a_constant_has_no_diversity(digits):
    found = measure(torch.full((697, 1, 8, 8), 0.3), digits, "pairwise_ratio")

    assert found.values["pairwise_ratio"] == 0.0
