"""The check before all metrics counts what is wrong and never raises."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bench.metrics.finite import Precheck, precheck, repeated

LOW, HIGH = torch.tensor(-1.0), torch.tensor(1.0)


def test_clean_distinct_samples_pass(generator):
    samples = 2 * torch.rand(50, 1, 8, 8, generator=generator) - 1

    assert precheck(samples, LOW, HIGH) == Precheck(1.0, 1.0, samples.abs().max().item())


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_one_bad_pixel_makes_its_image_not_finite(generator, bad):
    samples = 2 * torch.rand(50, 1, 8, 8, generator=generator) - 1
    samples[7, 0, 3, 4] = bad

    found = precheck(samples, LOW, HIGH)

    assert found.finite_fraction == 0.98
    assert found.range_fraction == 0.98
    assert not found.finite


def test_the_largest_value_counts_infinity_and_skips_nan():
    samples = torch.tensor([[0.5], [math.nan], [-3.0]])

    assert precheck(samples, LOW, HIGH).max_abs == 3.0
    assert precheck(torch.tensor([[0.5], [-math.inf]]), LOW, HIGH).max_abs == math.inf


def test_nothing_but_nan_has_no_largest_value():
    found = precheck(torch.full((4, 2), math.nan), LOW, HIGH)

    assert math.isnan(found.max_abs)
    assert found.finite_fraction == 0.0
    assert repeated(torch.full((4, 2), math.nan)) == 0.75
    assert found.range_fraction == 0.0


def test_repeats_of_a_constant_are_all_but_one():
    assert repeated(torch.ones(100, 1, 8, 8)) == pytest.approx(0.99)


def test_samples_within_half_a_millionth_are_one_sample():
    samples = torch.tensor([[0.25], [0.25 + 2e-7], [0.25 + 3e-6]], dtype=torch.float64)

    assert repeated(samples) == pytest.approx(1 / 3)


def test_minus_zero_is_zero():
    assert repeated(torch.tensor([[0.0], [-0.0]])) == 0.5


def test_a_range_may_differ_by_coordinate():
    samples = torch.tensor([[0.0, 5.0], [5.0, 0.0], [0.0, 0.0]])

    found = precheck(samples, torch.tensor([-1.0, -9.0]), torch.tensor([1.0, 9.0]))

    assert found.range_fraction == pytest.approx(2 / 3)


def test_samples_are_not_written_to(generator):
    samples = torch.randn(20, 2, generator=generator, dtype=torch.float64)
    before = samples.clone()

    precheck(samples, LOW, HIGH)
    repeated(samples)

    assert torch.equal(samples, before)


@settings(max_examples=50, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 30), st.integers(1, 5)),
        elements=st.sampled_from([0.0, -0.0, 1.0, 2.0, 0.5, 1e-3, 1e9, 3e38]),
    )
)
def test_duplicates_are_those_that_a_sort_of_rows_finds(rows):
    distinct = len(np.unique(np.round(rows.astype(np.float64) / 1e-6) + 0.0, axis=0))

    found = repeated(torch.from_numpy(rows))

    assert found == pytest.approx(1 - distinct / len(rows))


def test_close_but_distinct_digit_like_rows_never_collide(rng):
    # Seventeen grey levels leave most bits of a float empty, the hard case for a hash.
    rows = rng.integers(0, 17, size=(20_000, 6)) / 8.0 - 1
    distinct = len(np.unique(rows, axis=0))

    found = repeated(torch.from_numpy(rows))

    assert found == pytest.approx(1 - distinct / 20_000, abs=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e-7, 1e9])
def test_duplicates_among_many_distinct_samples_are_all_found(rng, scale):
    rows = scale * rng.normal(size=(3000, 40))
    rows[rng.permutation(3000)[:30]] = rows[7]
    distinct = len(np.unique(np.round(rows / 1e-6) + 0.0, axis=0))

    found = repeated(torch.from_numpy(rows))

    assert found == pytest.approx(1 - distinct / 3000, abs=1e-12)
