"""Copies are told from independent samples, at the promised rate of false alarms."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import mannwhitneyu, norm

from bench.metrics import measure, measure_memorisation
from bench.metrics.memorisation import authentic_fraction, rank_z, recall_train
from bench.metrics.neighbours import Neighbours


def test_exact_copies_of_training_images_are_caught_far_out(digits, generator):
    train = digits.dataset.train[:256]
    copies = train[torch.randint(256, (697,), generator=generator)]

    found = measure_memorisation(copies, train, digits).values

    assert found["data_copying"] < -30
    assert found["authenticity"] == 0.0


def test_slightly_blurred_copies_are_caught_too(digits, generator):
    train = digits.dataset.train
    copies = train[:697] + 0.05 * torch.randn(697, 1, 8, 8, generator=generator)

    found = measure_memorisation(copies, train, digits).values

    assert found["data_copying"] < -3
    assert found["authenticity"] < digits.floors["authenticity"] - 0.1


def test_independent_real_images_copy_nothing(digits, generator):
    # Shuffled, because neighbours in the file are by one writer.
    shuffled = digits.dataset.train[torch.randperm(1100, generator=generator)]
    train, other = shuffled[:400], shuffled[400:1097]

    found = measure_memorisation(other, train, digits).values

    assert abs(found["data_copying"]) < 3


def test_noise_far_from_everything_underfits(digits, generator):
    noise = 2 * torch.rand(697, 1, 8, 8, generator=generator) - 1

    found = measure_memorisation(noise, digits.dataset.train, digits).values

    assert found["data_copying"] > 3
    assert found["authenticity"] == 1.0


def test_the_holdout_itself_is_exactly_at_the_null(digits):
    found = measure_memorisation(digits.real, digits.dataset.train, digits).values

    assert found["data_copying"] == 0.0


def test_copies_of_mixture_points_are_caught(ring, generator):
    train = ring.dataset.train[:500]
    copies = train[torch.randint(500, (2500,), generator=generator)]

    found = measure_memorisation(copies, train, ring).values

    assert found["data_copying"] < -30
    assert found["authenticity"] == 0.0


def test_mixture_points_never_seen_are_no_copies(ring):
    data = ring.dataset

    found = measure_memorisation(data.holdout[2500:5000], data.train, ring).values

    assert abs(found["data_copying"]) < 4


def test_the_comparator_of_authenticity_is_what_held_out_samples_score_whatever_was_generated(digits):
    train = digits.dataset.train

    copies = measure_memorisation(train[:697], train, digits).values
    unseen = measure_memorisation(digits.real, train, digits).values

    assert copies["authenticity"] == 0.0
    assert unseen["authenticity"] == unseen["authenticity_holdout"] == copies["authenticity_holdout"] > 0.4


def test_without_training_samples_memorisation_is_not_measured(digits):
    assert not {"data_copying", "authenticity"} & set(measure(digits.real, digits, "end").values)


def test_a_single_training_sample_has_no_authenticity(digits):
    found = measure_memorisation(digits.real, digits.dataset.train[:1], digits)

    assert math.isnan(found.values["authenticity"])
    assert found.statuses["authenticity"] == "too_few"
    assert found.values["data_copying"] == 0.0


def test_equal_distances_everywhere_say_nothing():
    assert math.isnan(rank_z(np.ones(300), np.ones(200)))


@pytest.mark.parametrize("levels", [4, 1000])
def test_z_gives_the_p_value_of_the_rank_test_with_and_without_ties(rng, levels):
    first, second = rng.integers(levels, size=60) + 0.2, rng.integers(levels, size=45) + 0.2

    z = rank_z(first, second)
    test = mannwhitneyu(first, second, alternative="less", method="asymptotic", use_continuity=False)

    assert norm.cdf(z) == pytest.approx(test.pvalue, rel=1e-9)


def test_false_alarms_come_at_the_promised_rate(rng):
    z = np.array([rank_z(rng.normal(size=80), rng.normal(size=60)) for _ in range(2000)])

    # Three standard errors of a share of 2.28 % over 2,000 draws.
    assert (z < -2).mean() == pytest.approx(norm.cdf(-2), abs=0.01)
    assert z.std() == pytest.approx(1, abs=0.05)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_z_is_antisymmetric_and_depends_on_order_alone(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.gamma(1.0, size=30), rng.gamma(1.3, size=40)

    assert rank_z(first, second) == pytest.approx(-rank_z(second, first))
    assert rank_z(np.log(first), np.log(second)) == pytest.approx(rank_z(first, second))


@pytest.mark.parametrize("d", [2, 20])
def test_authenticity_is_its_definition(rng, d):
    train, samples = rng.normal(size=(50, d)), rng.normal(size=(30, d))
    gap, own = cdist(samples, train), cdist(train, train)
    np.fill_diagonal(own, np.inf)

    search = Neighbours(train)
    found = authentic_fraction(*search.nearest(samples), search)

    assert found == np.mean(gap.min(axis=1) > own.min(axis=1)[gap.argmin(axis=1)])


def test_memory_holds_both_sides(rng):
    train = rng.normal(size=(40, 3))

    memory = recall_train(train[:5], train[5:9] + 1e-3, train)

    assert memory.generated[1].tolist() == [0, 1, 2, 3, 4]
    assert memory.held_out[1].tolist() == [5, 6, 7, 8]
    assert memory.generated[0].max() == 0 < memory.held_out[0].min()
