"""Vendi score, coverage per class, and the ratio of distances to holdout and training samples."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_digits import draw

from bench.metrics import measure, measure_memorisation
from bench.metrics.diversity import vendi_score
from bench.metrics.memorisation import distance_ratio


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_far_points_count_as_their_shares_entropy(repeats):
    rows = np.repeat(100.0 * np.arange(len(repeats)), repeats)[:, None]
    share = np.array(repeats) / sum(repeats)

    assert vendi_score(rows, width=1.0) == pytest.approx(math.exp(-(share * np.log(share)).sum()))


def test_every_collapse_lowers_the_vendi_ratio_and_real_data_are_one(digits):
    found = {
        name: measure(draw(name), digits, "vendi_ratio").values["vendi_ratio"]
        for name in ("real", "1 class missing", "5 classes missing", "50 memorised", "9 classes missing",
                     "single image")
    }  # fmt: skip

    assert found["real"] == pytest.approx(1, abs=0.1)
    assert found["real"] > found["1 class missing"] > found["5 classes missing"] > found["9 classes missing"]
    assert found["50 memorised"] < 0.6
    assert found["single image"] < 0.03


def class_coverage(samples, reference):
    found = measure(samples, reference, ("class_coverage", "coverage", "modes_strict"))
    return found.values["class_coverage"], found


def test_collapse_within_one_class_is_seen_where_coverage_hardly_moves(digits):
    data = digits.dataset
    samples = data.train[:697].clone()
    zeros = data.train_labels[:697] == 0
    samples[zeros] = data.train[data.train_labels == 0][0]

    worst, found = class_coverage(samples, digits)

    assert found.values["modes_strict"] == 10
    assert found.values["coverage"] > 0.8
    assert worst < 0.2


def test_real_data_cover_every_class(digits, grid):
    assert min(digits.floor_draws["class_coverage"]) > 0.75
    assert min(grid.floor_draws["class_coverage"]) > 0.6


def test_noise_that_falls_into_all_classes_does_not_count(digits):
    value, found = class_coverage(draw("uniform noise"), digits)

    assert math.isnan(value)
    assert found.statuses["class_coverage"] == "not_applicable"


def test_a_lost_mode_of_a_mixture_has_no_coverage(ring):
    data = ring.dataset

    assert class_coverage(data.train[data.train_labels != 3][:2500], ring)[0] == 0.0


def test_points_near_no_mode_do_not_count(ring, generator):
    noise = 3 * torch.rand(2500, 2, generator=generator)

    assert class_coverage(noise, ring)[1].statuses["class_coverage"] == "not_applicable"


def test_classes_without_real_samples_are_left_out(digits):
    few = digits.against(digits.real[digits.dataset.holdout_labels[:697] < 4])

    value, _ = class_coverage(digits.dataset.train[digits.dataset.train_labels < 4], few)

    assert value > 0.7


@pytest.mark.parametrize("name", ["digits", "ring"])
def test_a_generator_of_few_training_samples_is_closer_to_them(request, name, generator):
    reference = request.getfixturevalue(name)
    own = reference.dataset.train[torch.randperm(reference.dataset.size, generator=generator)[:64]]
    copies = own[torch.randint(64, (reference.n,), generator=generator)]

    assert measure_memorisation(copies, own, reference).values["memory_ratio"] > 2


def test_an_honest_generator_however_poor_is_equally_far_from_both(digits):
    for name in ("5 classes missing", "uniform noise", "mean image"):
        found = measure_memorisation(draw(name), digits.dataset.train, digits).values

        assert found["memory_ratio"] == pytest.approx(1, abs=0.15)


def test_distances_at_their_floors_are_a_ratio_of_one():
    assert distance_ratio(1.0, 2.0, floors=(1.0, 2.0)) == 1.0
    assert distance_ratio(0.5, 3.9, floors=(1.0, 3.0)) == 1.0


def test_the_energy_distance_of_mixtures_sees_a_lost_mode(ring):
    data = ring.dataset

    lost = measure(data.train[data.train_labels != 3][:2500], ring, "energy_distance").values

    assert lost["energy_distance"] > 2 * max(map(abs, ring.floor_draws["energy_distance"]))
    assert ring.floors["energy_distance"] == pytest.approx(0, abs=0.01)


def test_shuffled_samples_keep_their_vendi_and_probe_scores_bit_for_bit(digits, generator):
    samples = draw("noise 0.1")
    order = torch.randperm(len(samples), generator=generator)
    names = ("vendi_ratio", "probe_auc", "support_size")

    first, second = (measure(each, digits, names).values for each in (samples, samples[order]))

    assert second == pytest.approx(first, rel=1e-6)
