"""The real side: floors, copies, fixed latents, and that all of it depends on the data alone."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from bench.metrics import measure, reference_for
from bench.metrics.baselines import COPY_DRAWS, FLOOR_DRAWS
from gans.data import DATASETS, Dataset, load


def fresh(name):
    """A reference that no test has used, of data made anew."""
    return reference_for(DATASETS.get(name)())


def images(n, holdout, classes=0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    train, held = (torch.rand(size, 1, 4, 4, generator=generator) * 2 - 1 for size in (n, holdout))
    return Dataset("mine:images", train, held, None, None, classes, bounded=True)


def test_digits_are_measured_against_the_697_images_that_no_gan_sees(digits):
    assert digits.n == 697
    assert torch.equal(digits.real, load("digits").holdout)
    assert digits.fid_name == "fid-digits32@697"


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_mixtures_are_measured_on_2500_points(request, name):
    reference = request.getfixturevalue(name)

    assert (reference.n, reference.distance_name, reference.extractor.name) == (2500, "sw2", "xy")


def test_the_same_dataset_gives_the_same_reference(digits):
    assert reference_for(load("digits")) is digits


def test_latents_are_the_same_for_every_run_and_standard_normal(digits, ring):
    latents = digits.latents(16)

    assert torch.equal(latents, fresh("digits").latents(16))
    assert latents.shape == (697, 16)
    assert latents.mean().item() == pytest.approx(0, abs=0.04)
    assert latents.std().item() == pytest.approx(1, abs=0.03)
    assert not torch.equal(latents[:, :8], digits.latents(8))
    assert not torch.equal(latents, ring.latents(16)[:697])


def test_drawing_latents_leaves_the_global_generator_alone(digits):
    before = torch.random.get_rng_state()

    digits.latents(4)

    assert torch.equal(before, torch.random.get_rng_state())


def test_the_fid_floor_is_that_of_697_against_697_and_near_its_closed_form(digits):
    draws = np.array(digits.floor_draws["fid"])
    error = draws.std(ddof=1) / math.sqrt(len(draws))

    assert len(draws) == FLOOR_DRAWS >= 8
    # Digits are not Gaussian in feature space: the closed form is high by a tenth.
    assert digits.floors["fid"] == pytest.approx(digits.fid_bias, abs=0.15 * digits.fid_bias + 3 * error)


def test_the_floor_is_far_below_that_of_holdout_halves(digits, generator):
    def halves():
        order = torch.randperm(697, generator=generator)
        return measure(digits.real[order[:348]], digits.against(digits.real[order[348:]]), "fid").values[
            "fid"
        ]

    assert np.mean([halves() for _ in range(8)]) > 1.4 * digits.floors["fid"]


def test_coverage_density_and_kid_floors_are_their_nulls(digits):
    assert digits.floors["coverage"] == pytest.approx(1 - 2**-5, abs=0.01)
    assert digits.floors["density"] == pytest.approx(1, abs=0.03)
    assert digits.floors["kid"] == pytest.approx(0, abs=0.01)
    assert digits.floors["pairwise_ratio"] == pytest.approx(1, abs=0.02)


def test_floors_cover_every_metric_of_the_three_tiers(digits, grid):
    assert {"fid", "distance", "kid", "precision", "recall", "coverage", "mode_kl", "data_copying"} <= set(
        digits.floors
    )
    assert {"sw2", "distance", "high_quality", "coverage", "authenticity"} <= set(grid.floors)
    assert all(math.isfinite(value) for value in (*digits.floors.values(), *grid.floors.values()))


def test_mixture_floors_are_positive_and_hold_every_mode(ring, grid):
    for reference in (ring, grid):
        assert reference.floors["distance"] > 0
        assert reference.floors["modes_strict"] == reference.dataset.classes
        assert reference.floors["high_quality"] == pytest.approx(0.9889, abs=0.002)


def test_floors_depend_on_the_data_alone(ring):
    assert fresh("ring8").floor_draws == ring.floor_draws


def test_a_copy_of_few_images_is_what_few_images_allow(digits):
    few, more, every = (digits.copy(size) for size in (64, 256, 1100))

    assert few["fid"] > more["fid"] > every["fid"]
    assert few["coverage"] < more["coverage"] < every["coverage"] <= digits.floors["coverage"]
    assert few["coverage"] == pytest.approx(0.36, abs=0.08)
    assert few["recall"] < 0.1
    assert few["precision"] == pytest.approx(digits.floors["precision"], abs=0.06)
    assert few["duplicate_fraction"] > 0.85


def test_a_copy_of_all_images_is_no_worse_than_real_data_by_much(digits):
    draws = digits.floor_draws["fid"]

    assert digits.copy(1100)["fid"] < max(draws)


def test_copies_are_kept_and_depend_on_the_size_alone(digits):
    digits.copy(64)

    assert digits.copy(64) is digits.copy(64)
    assert fresh("digits").copy(64) == digits.copy(64)
    assert COPY_DRAWS == 8


@pytest.mark.parametrize("size", [0, 1101, -3])
def test_a_copy_of_more_or_less_than_there_is_is_refused(digits, size):
    with pytest.raises(ValueError, match=f"data_size: must be between 1 and 1100.* got {size}"):
        digits.copy(size)


def test_bounded_data_have_the_range_of_their_bounds_others_that_of_the_data(digits, grid):
    low, high = grid.range

    assert [bound.item() for bound in digits.range] == [-1.0, 1.0]
    assert (low <= grid.dataset.train).all()
    assert (high >= grid.dataset.train).all()
    assert grid.floors["range_fraction"] > 0.999


def test_images_of_ones_own_are_measured_without_classes():
    dataset = images(400, 300)
    reference = reference_for(dataset)

    found = measure(dataset.train[:300], reference, ("every", "window", "end"))

    assert reference.fid_name == "fid-pixels16@300"
    assert found.values["fid"] > 0
    assert found.values["coverage"] > 0.9
    for name in ("modes", "mode_kl", "inception_score"):
        assert math.isnan(found.values[name])
        assert found.statuses[name] == "not_applicable"
    assert found.histogram == ()


def test_points_without_known_modes_have_a_distance_and_no_modes():
    generator = torch.Generator().manual_seed(1)
    train, holdout = (torch.randn(600, 2, generator=generator) for _ in range(2))
    reference = reference_for(Dataset("mine:points", train, holdout, None, None, 0, bounded=False))

    found = measure(train, reference, ("every", "window", "mode_spread"))

    assert found.values["distance"] > 0
    assert found.values["coverage"] > 0.9
    for name in ("modes", "high_quality", "mode_spread"):
        assert found.statuses[name] == "not_applicable"


def test_a_holdout_of_a_handful_is_refused():
    with pytest.raises(
        ValueError, match="dataset 'mine:images': holdout must have more than 10 samples, got 7"
    ):
        reference_for(images(100, 7))


def test_a_pool_too_small_for_two_full_samples_is_halved():
    reference = reference_for(images(30, 200, seed=2))

    assert reference.floors["fid"] > 0
    assert len(reference.floor_draws["fid"]) == FLOOR_DRAWS


def test_laying_the_stick_on_other_real_samples_keeps_the_training_scale(digits):
    other = digits.against(digits.dataset.train[:697])

    rows = np.ones((2, 32))
    assert (other.standardised(rows) == digits.standardised(rows)).all()
    assert not (other.features == digits.features).all()


def test_images_with_centers_of_their_own_are_still_images():
    plain = images(60, 40, classes=2, seed=3)
    dataset = replace(plain, mode_centers=torch.zeros(2, 1, 4, 4), mode_sd=0.1)

    found = measure(dataset.train[:40], reference_for(dataset), "every")

    assert found.statuses["modes"] == "not_applicable"
