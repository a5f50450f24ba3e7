"""Digits: the scaling, the split that may never move, and its strata."""

import hashlib

import pytest
import torch
from sklearn.datasets import load_digits

from gans.data import load
from gans.data.images import DIGITS_TRAIN_SIZE, stratified_split

# Computed on 2026-11-23 with torch 2.15 and scikit-learn 1.9.1, no random generator involved, by
# hashlib.sha256(repr(stratified_split(labels, 1100, salt="digits")[0].tolist()).encode()).hexdigest()
GOLDEN_TRAIN_INDICES = "302930c6fb48c6b71f7ff4c03c154603259607bf04c42c7a4dc689f71196f849"


def _labels() -> torch.Tensor:
    return torch.from_numpy(load_digits().target).long()


def _rows(images: torch.Tensor) -> set[bytes]:
    return {image.numpy().tobytes() for image in images}


def test_pixels_are_ink_from_0_to_16_scaled_to_minus_1_to_1():
    digits = load("digits")
    ink = (digits.train + 1) * 8

    assert torch.equal(ink, ink.round())
    assert (ink.min().item(), ink.max().item()) == (0.0, 16.0)
    assert (digits.sample_shape, digits.bounded, digits.classes) == ((1, 8, 8), True, 10)


def test_both_sides_together_are_all_images_and_no_image_is_on_both():
    digits = load("digits")
    everything = _rows(torch.from_numpy(load_digits().images).float().div(8).sub(1)[:, None])

    train, holdout = _rows(digits.train), _rows(digits.holdout)

    assert (len(digits.train), len(digits.holdout)) == (1100, 697)
    assert train & holdout == set()
    assert train | holdout == everything


def test_an_image_kept_its_label():
    digits = load("digits")
    bunch = load_digits()
    label_of = {
        image.astype("float32").tobytes(): label
        for image, label in zip(bunch.images, bunch.target, strict=True)
    }

    for images, labels in ((digits.train, digits.train_labels), (digits.holdout, digits.holdout_labels)):
        found = [label_of[((image[0] + 1) * 8).numpy().tobytes()] for image in images]
        assert labels.tolist() == found


def test_every_class_is_cut_in_the_same_proportion_up_to_one_image():
    labels = load("digits").train_labels
    exact = torch.bincount(_labels()) * (1100 / 1797)

    assert (torch.bincount(labels) - exact).abs().max().item() < 1


def test_the_split_of_the_digits_is_the_one_that_stored_results_were_made_with():
    train, _ = stratified_split(_labels(), DIGITS_TRAIN_SIZE, salt="digits")

    assert hashlib.sha256(repr(train.tolist()).encode()).hexdigest() == GOLDEN_TRAIN_INDICES


@pytest.mark.parametrize("train_size", [1, 7, 50, 99])
def test_a_split_is_a_partition_of_the_size_asked_for(train_size):
    labels = torch.arange(100) % 7

    train, holdout = stratified_split(labels, train_size, salt="test")

    assert (len(train), len(holdout)) == (train_size, 100 - train_size)
    assert torch.cat([train, holdout]).sort().values.tolist() == list(range(100))


def test_another_salt_gives_another_split():
    labels = torch.zeros(100, dtype=torch.int64)

    assert not torch.equal(
        stratified_split(labels, 50, salt="a")[0], stratified_split(labels, 50, salt="b")[0]
    )


@pytest.mark.parametrize("train_size", [0, 100, 101])
def test_a_split_that_leaves_one_side_empty_is_refused(train_size):
    with pytest.raises(ValueError, match=f"train_size must be between 1 and 99, got {train_size}"):
        stratified_split(torch.zeros(100, dtype=torch.int64), train_size, salt="test")
