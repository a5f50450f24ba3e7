"""Leakage: known mixtures of clean and augmented samples are told for what they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from bench.diagnostics.leakage import READABLE, augmentation_leak, leak_columns
from bench.metrics import measure_many, reference_for
from bench.verdict.scale import normalised_log_distance
from gans.augment import augmentation_for
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of

DIGITS = load("digits")
NAMES = [
    "diffaugment",
    "diffaugment:translation",
    "diffaugment:cutout",
    "diffaugment:translation,cutout",
    "ada",
]


def mixture(name: str, share: float, strength: float = 1.0) -> Tensor:
    """Held-out digits of which a share is augmented, with other draws than the diagnostic's own."""
    augmentation = augmentation_for(name, DIGITS.sample_shape)
    draws = torch.rand(len(DIGITS.holdout), augmentation.numbers, generator=torch.Generator().manual_seed(3))
    augmented, samples = augmentation(DIGITS.holdout, draws, strength), DIGITS.holdout.clone()
    # In steps of 100, so that every stretch of the holdout has its share.
    chosen = torch.arange(len(samples)) % 100 < 100 * share
    samples[chosen] = augmented[chosen]
    return samples


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_share_of_augmented_samples_is_found(name: str, share: float) -> None:
    assert augmentation_leak(mixture(name, share), DIGITS, name) == pytest.approx(share, abs=0.1)


def test_brightness_and_contrast_are_found_on_average() -> None:
    found = [augmentation_leak(mixture("diffaugment:brightness", share), DIGITS, "diffaugment:brightness")
             for share in (0.0, 0.5, 1.0)]  # fmt: skip

    assert found == pytest.approx([0.0, 0.5, 1.0], abs=0.15)


def test_adas_scale_is_what_its_discriminator_was_shown() -> None:
    shown = augmentation_leak(mixture("ada", 1.0, strength=0.5), DIGITS, "ada", strength=0.5)
    half = augmentation_leak(mixture("ada", 0.5, strength=0.5), DIGITS, "ada", strength=0.5)

    assert (shown, half) == pytest.approx((1.0, 0.5), abs=0.12)


def test_nothing_is_said_where_nothing_can_be_known() -> None:
    clean = DIGITS.holdout

    assert math.isnan(augmentation_leak(clean, DIGITS, "none"))
    assert math.isnan(augmentation_leak(clean, DIGITS, "ada", strength=0.01))
    assert math.isnan(augmentation_leak(clean * torch.nan, DIGITS, "diffaugment"))


def test_another_augmentation_does_not_count_as_this_one() -> None:
    """A probe for cut-out squares is not alarmed by training images that it has not seen."""
    assert augmentation_leak(DIGITS.train[:600], DIGITS, "diffaugment:cutout") == pytest.approx(0.0, abs=0.05)


def test_poor_samples_read_as_augmented_which_is_why_far_runs_are_not_recorded() -> None:
    noise = torch.rand(500, 1, 8, 8, generator=torch.Generator().manual_seed(0)) - 0.5
    config = config_of("nsgan", augmentation="diffaugment:translation")

    assert augmentation_leak(noise, DIGITS, config.augmentation) > 0.9
    assert leak_columns(config, noise, DIGITS, near=False) == {}
    assert leak_columns(config, DIGITS.holdout, DIGITS, near=True)["augmentation_leak"] < 0.1


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_what_ada_leaks_is_the_difference_to_a_twin_that_is_as_poor_without_it(share: float) -> None:
    """Poor digits: a tenth of the way to the mean digit."""
    poor = lambda samples: samples + 0.1 * (DIGITS.train.mean(dim=0) - samples)  # noqa: E731
    with_ada, without = config_of("nsgan", augmentation="ada"), config_of("nsgan")

    read = leak_columns(with_ada, poor(mixture("ada", share)), DIGITS, near=True)["ada_reading"]
    twin = leak_columns(without, poor(DIGITS.holdout), DIGITS, near=True)["ada_reading"]

    assert read - twin == pytest.approx(share, abs=0.12)


def test_points_of_the_plane_have_no_reading_of_pictures() -> None:
    ring = load("ring8")

    assert leak_columns(config_of("nsgan", dataset="ring8"), ring.holdout, ring, near=True) == {}


@pytest.mark.parametrize("name", ["ada:translation,cutout", "diffaugment:cutout", "diffaugment:brightness"])
def test_what_the_probe_cannot_tell_from_poor_samples_is_not_recorded(name: str) -> None:
    assert leak_columns(config_of("nsgan", augmentation=name), DIGITS.holdout, DIGITS, near=True) == {}


@pytest.mark.slow
def test_generators_that_never_saw_an_augmentation_do_not_leak_it() -> None:
    reference = reference_for(DIGITS)
    rates = {"generator_lr": 1e-3, "discriminator_lr": 1e-3}
    cohort = Cohort([config_of("nsgan-r1", seed=seed, **rates) for seed in range(30, 34)], DIGITS)

    def distances() -> np.ndarray:
        drawn = cohort.generate(reference.latents(16))
        return np.array([each.values["distance"] for each in measure_many(drawn, reference, {"fid"})])

    start = distances()
    cohort.train(1400)

    q = [normalised_log_distance(np.array([now]), reference.floors["distance"], before)[0]
         for now, before in zip(distances(), start, strict=True)]  # fmt: skip
    near = [member for member in range(4) if q[member] <= 0.4]
    assert near
    samples = cohort.generate(reference.latents(16))
    for name in READABLE:
        assert max(augmentation_leak(samples[member], DIGITS, name) for member in near) < 0.1
