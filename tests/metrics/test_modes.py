"""Mode counts and what is made of them, on the real mixtures and against closed forms."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bench.metrics import measure
from bench.metrics.mode_counts import ModeCounts, assign_modes, count_modes, smoothed_share
from bench.metrics.modes import jensen_shannon, perfect_high_quality, reverse_kl

EVERY_MODE_METRIC = ("modes", "modes_strict", "mode_kl", "high_quality")


def draw(reference, generator, modes, n=2500, spread=1.0):
    """A perfect sampler of some of the modes."""
    data = reference.dataset
    picked = torch.tensor(modes)[torch.randint(len(modes), (n,), generator=generator)]
    return data.mode_centers[picked] + spread * data.mode_sd * torch.randn(n, 2, generator=generator)


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_real_mixtures_are_98_89_percent_high_quality_with_every_mode(request, name):
    reference = request.getfixturevalue(name)

    found = measure(reference.dataset.train, reference, EVERY_MODE_METRIC).values

    # 100,000 samples: the standard error is 0.00033.
    assert found["high_quality"] == pytest.approx(1 - math.exp(-4.5), abs=0.0013)
    assert found["modes"] == found["modes_strict"] == reference.dataset.classes


@pytest.mark.parametrize("dimension, share", [(1, 0.9973), (2, 0.9889), (3, 0.9707)])
def test_perfect_high_quality_depends_on_the_dimension(dimension, share):
    assert perfect_high_quality(dimension) == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize("left", [1, 3, 8])
def test_an_even_collapse_to_m_of_8_modes_is_log_8_over_m(ring, generator, left):
    samples = draw(ring, generator, list(range(left)))

    found = measure(samples, ring, ("every", "effective_modes", "missing_modes")).values

    null = 7 / (2 * 2500)
    assert found["mode_kl"] == pytest.approx(math.log(8 / left), abs=6 * null)
    assert found["effective_modes"] == pytest.approx(left, rel=0.01)
    assert (found["modes"], found["modes_strict"], found["missing_modes"]) == (left, left, 8 - left)


@pytest.mark.parametrize("left", [1, 3, 8])
def test_the_jensen_shannon_divergence_of_an_even_collapse_has_a_closed_form_and_stays_below_log_2(left):
    """log(16 / (8 + m)) / 2 of the generated, m/16 log(2m / (8 + m)) + (8 - m)/16 log 2 of the real ones."""
    share = np.where(np.arange(8) < left, 1 / left, 0.0)

    found = jensen_shannon(share, np.full(8, 1 / 8))

    generated = 0.5 * math.log(16 / (8 + left))
    real = left / 16 * math.log(2 * left / (8 + left)) + (8 - left) / 16 * math.log(2)
    assert found == pytest.approx(generated + real, abs=1e-12)
    assert 0 <= found < math.log(2)


def test_histograms_that_share_no_mode_diverge_by_log_2():
    assert jensen_shannon(np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.0, 1.0])) == pytest.approx(math.log(2))


def test_the_divergence_of_a_perfect_sampler_is_its_null_on_average(grid, generator):
    draws = [
        measure(draw(grid, generator, list(range(25))), grid, "mode_kl").values["mode_kl"] for _ in range(60)
    ]

    null = 24 / (2 * 2500)
    assert np.mean(draws) == pytest.approx(null, abs=4 * null * math.sqrt(2 / 24 / 60))


def test_one_stray_sample_covers_a_mode_but_not_strictly(ring, generator):
    samples = draw(ring, generator, list(range(7)))
    samples[0] = ring.dataset.mode_centers[7]

    found = measure(samples, ring, "every").values

    assert (found["modes"], found["modes_strict"]) == (8, 7)


@pytest.mark.parametrize("count, held", [(62, 7), (63, 8)])
def test_a_mode_is_strictly_held_from_a_fifth_of_its_fair_share(count, held):
    counts = np.array([(2500 - count) / 7] * 7 + [count])

    assert ModeCounts(counts, 2500, np.full(8, 1 / 8)).strictly_covered == held


def test_a_share_of_exactly_a_fifth_is_held_despite_rounding():
    counts = np.full(75, 7.0)

    assert ModeCounts(counts, 2625, np.full(75, 1 / 75)).strictly_covered == 75


def test_samples_between_modes_are_in_none(ring):
    found = measure(torch.zeros(2500, 2), ring, EVERY_MODE_METRIC)

    assert (found.values["modes"], found.values["high_quality"]) == (0, 0)
    assert math.isnan(found.values["mode_kl"])
    assert found.statuses["mode_kl"] == "too_few"
    assert found.histogram == (0.0,) * 8


def test_the_histogram_holds_shares_of_all_samples(ring, generator):
    samples = draw(ring, generator, list(range(8)))
    samples[:1000] = 0.0

    found = measure(samples, ring, "every")

    assert sum(found.histogram) == pytest.approx(found.values["high_quality"])
    assert sum(found.histogram) == pytest.approx(0.6 * 0.9889, abs=0.01)


def test_a_sample_counts_for_the_nearest_mode_within_three_deviations():
    centers = np.array([[0.0, 0.0], [1.0, 0.0]])
    points = np.array([[0.29, 0.0], [0.31, 0.0], [1.0, -0.29], [0.5, 0.0]])

    assert assign_modes(points, centers, sd=0.1).tolist() == [0, -1, 1, -1]
    assert count_modes(points, centers, sd=0.1).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("spread", [0.05, 0.5])
def test_mode_spread_reads_collapse_within_modes(grid, generator, spread):
    samples = draw(grid, generator, list(range(25)), spread=spread)

    assert measure(samples, grid, "mode_spread").values["mode_spread"] == pytest.approx(spread, rel=0.03)


def test_mode_spread_of_real_data_is_near_one(grid):
    # Cutting a Gaussian at three deviations takes 2.5 % off its spread.
    value = measure(grid.dataset.train[:20_000], grid, "mode_spread").values["mode_spread"]

    assert value == pytest.approx(0.975, abs=0.01)


def test_class_shares_of_images_come_from_the_classifier_on_the_holdout(digits):
    guesses = digits.extractor.logits(digits.real).argmax(dim=1)
    counts = torch.bincount(guesses, minlength=10).double()

    expected = (counts + 0.5) / (697 + 5)

    np.testing.assert_allclose(digits.fair_share, expected.numpy())


def test_the_images_histogram_is_that_of_the_classifier(digits):
    samples = digits.dataset.train[:500]
    guesses = digits.extractor.logits(samples).argmax(dim=1)

    found = measure(samples, digits, "every")

    assert found.histogram == pytest.approx((torch.bincount(guesses, minlength=10) / 500).tolist())


def test_mode_tv_and_entropy_of_one_mode_left(ring, generator):
    found = measure(draw(ring, generator, [3]), ring, ("mode_tv", "label_entropy")).values

    assert found["mode_tv"] == pytest.approx(7 / 8)
    assert found["label_entropy"] == 0.0


counts = st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any)


@given(counts)
def test_reverse_kl_is_the_slow_sum_and_within_its_bounds(numbers):
    fair = smoothed_share(np.arange(len(numbers), dtype=float))
    share = np.array(numbers) / sum(numbers)

    slow = sum(p * math.log(p / q) for p, q in zip(share, fair, strict=True) if p > 0)

    assert reverse_kl(share, fair) == pytest.approx(max(slow, 0.0), abs=1e-12)
    assert 0 <= reverse_kl(share, fair) <= -math.log(fair.min()) + 1e-12


@given(counts)
def test_smoothing_makes_every_share_positive_and_keeps_their_order(numbers):
    share = smoothed_share(np.array(numbers, dtype=float))

    assert share.sum() == pytest.approx(1)
    assert share.min() > 0
    assert (np.argsort(share, kind="stable") == np.argsort(numbers, kind="stable")).all()
