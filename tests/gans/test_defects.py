"""Planted defects: graded, fixed by the seed, on the training part alone, refused where they cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gans.data import Dataset, load, subset_indices
from gans.data.defective import apply_defect, unseen
from gans.data.defects import DEFECTS, IMAGES, POINTS, canonical_defect, check_defect, kind_of, parse_defect

SELECTING = ("missing", "imbalance")
CONTINUOUS = ("blur", "noise", "salt", "scaling", "outliers", "duplicates", "near-duplicates", "imbalance")


def small_images(count: int = 60) -> Dataset:
    digits = load("digits")
    assert digits.train_labels is not None
    return replace(digits, train=digits.train[:count], train_labels=digits.train_labels[:count])


def some_points(count: int = 200) -> Dataset:
    ring = load("ring8")
    assert ring.train_labels is not None
    return replace(ring, train=ring.train[:count], train_labels=ring.train_labels[:count])


def cases() -> list[tuple[str, str]]:
    return [(name, kind) for name in DEFECTS for kind in DEFECTS.get(name).kinds]


def data_of(kind: str) -> Dataset:
    return small_images() if kind == IMAGES else some_points()


strengths = st.floats(0.01, 1.0)
seeds = st.integers(0, 50)


@pytest.mark.parametrize(("name", "kind"), cases())
@settings(max_examples=15, deadline=None)
@given(strength=strengths, seed=seeds)
def test_every_defect_keeps_shape_range_labels_and_holdout(
    name: str, kind: str, strength: float, seed: int
) -> None:
    clean = data_of(kind)
    before = clean.train.clone()

    spoiled = apply_defect(clean, f"{name}:{strength}", seed)

    assert spoiled.holdout is clean.holdout
    assert torch.equal(clean.train, before)
    assert spoiled.sample_shape == clean.sample_shape
    assert spoiled.train.dtype == clean.train.dtype
    assert spoiled.train_labels is not None
    assert len(spoiled.train_labels) == spoiled.size >= 1
    assert (spoiled.size == clean.size) or name in SELECTING
    assert bool(spoiled.train.isfinite().all())
    if clean.bounded:
        assert float(spoiled.train.abs().max()) <= 1


@pytest.mark.parametrize(("name", "kind"), cases())
@settings(max_examples=10, deadline=None)
@given(strength=st.floats(0.2, 1.0), seed=seeds)
def test_a_defect_is_determined_by_its_seed(name: str, kind: str, strength: float, seed: int) -> None:
    clean, text = data_of(kind), f"{name}:{strength}"

    first, second = apply_defect(clean, text, seed), apply_defect(clean, text, seed)

    assert torch.equal(first.train, second.train)


@pytest.mark.parametrize("name", [name for name in DEFECTS if name not in ("blur", "scaling")])
def test_another_seed_hits_other_samples(name: str) -> None:
    found = [apply_defect(small_images(), f"{name}:0.5", seed).train for seed in range(8)]

    assert any(len(each) != len(found[0]) or not torch.equal(each, found[0]) for each in found[1:])


@pytest.mark.parametrize("name", CONTINUOUS)
def test_next_to_no_strength_changes_next_to_nothing(name: str) -> None:
    clean = small_images()

    spoiled = apply_defect(clean, f"{name}:1e-6", seed=0)

    assert spoiled.train.shape == clean.train.shape
    assert float((spoiled.train - clean.train).abs().max()) < 1e-4


@pytest.mark.parametrize("name", ["blur", "noise", "salt", "scaling", "outliers", "near-duplicates"])
def test_more_strength_changes_more(name: str) -> None:
    clean = small_images()

    changes = [
        float((apply_defect(clean, f"{name}:{strength}", 3).train - clean.train).abs().mean())
        for strength in (0.05, 0.3, 1.0)
    ]

    assert 0 < changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize(("strength", "distinct"), [(0.25, 48), (0.5, 32), (1.0, 1)])
def test_duplicates_leave_their_share_distinct_at_any_data_size(strength: float, distinct: int) -> None:
    spoiled = apply_defect(load("digits"), f"duplicates:{strength}", seed=1, data_size=64)

    assert spoiled.size == 64
    assert len(spoiled.train.unique(dim=0)) == distinct


def test_missing_classes_do_not_shrink_a_run_whose_data_size_leaves_room() -> None:
    spoiled = apply_defect(load("digits"), "missing:0.5", seed=4, data_size=256)

    assert spoiled.size == 256
    assert spoiled.train_labels is not None
    assert len(spoiled.train_labels.unique()) == 5


def test_missing_classes_leave_fewer_samples_where_all_are_asked_for() -> None:
    clean = load("digits")
    spoiled = apply_defect(clean, "missing:0.5", seed=4, data_size=1100)

    assert spoiled.train_labels is not None
    assert clean.train_labels is not None
    kept = torch.isin(clean.train_labels, spoiled.train_labels.unique())
    assert spoiled.size == int(kept.sum()) < 1100


@pytest.mark.parametrize("strength", [0.01, 0.1, 0.100001, 0.95, 1.0])
def test_missing_takes_at_least_one_class_and_leaves_one(strength: float) -> None:
    labels = apply_defect(load("digits"), f"missing:{strength}", seed=0).train_labels

    assert labels is not None
    assert len(labels.unique()) == {0.01: 9, 0.1: 9, 0.100001: 8, 0.95: 1, 1.0: 1}[strength]


def test_the_rarest_class_is_rarer_by_the_strength() -> None:
    labels = apply_defect(load("digits"), "imbalance:0.5", seed=0).train_labels

    assert labels is not None
    counts = torch.bincount(labels, minlength=10).sort(descending=True).values
    assert float(counts[0] / counts[-1]) == pytest.approx(10, rel=0.15)


def test_a_defect_falls_upon_the_very_samples_the_clean_run_sees() -> None:
    clean = load("digits")

    spoiled = apply_defect(clean, "scaling:1", seed=7, data_size=32)

    rows = subset_indices(clean.size, 32, 7)
    assert torch.allclose(spoiled.train, (clean.train[rows] + 1) / 2)


def test_noise_has_the_standard_deviation_its_strength_says() -> None:
    ring = load("ring8")

    spoiled = apply_defect(ring, "noise:0.2", seed=0)

    half = float(ring.train.max() - ring.train.min()) / 2
    assert float((spoiled.train - ring.train).std()) == pytest.approx(0.2 * half, rel=0.02)


def test_joined_defects_fall_upon_data_in_one_order() -> None:
    clean = small_images()

    one = apply_defect(clean, "noise:0.2+blur:0.5", seed=0)
    other = apply_defect(clean, "blur:0.5+noise:0.2", seed=0)

    assert torch.equal(one.train, other.train)
    assert canonical_defect("noise:0.2+blur:0.5") == "blur:0.5+noise:0.2"


def test_copies_are_exact_even_beside_noise() -> None:
    spoiled = apply_defect(small_images(), "duplicates:0.5+noise:0.3", seed=0)

    assert len(spoiled.train.unique(dim=0)) == 30


def test_outliers_can_come_from_a_named_data_set_of_the_same_kind() -> None:
    spoiled = apply_defect(some_points(), "outliers@grid25:0.5", seed=0)

    far = spoiled.train.norm(dim=1) > 1.5
    assert 0.4 < float(far.float().mean()) <= 0.5  # 24 of 25 modes lie outside the ring


def test_samples_not_seen_bear_the_defect_and_keep_the_holdout_clean() -> None:
    clean = load("digits")
    before = clean.holdout.clone()

    drawn = unseen(clean, "missing:0.5+scaling:1", seed=3, count=100)
    trained = apply_defect(clean, "missing:0.5+scaling:1", seed=3).train_labels

    assert trained is not None
    assert clean.holdout_labels is not None
    kept = torch.isin(clean.holdout_labels, trained.unique())
    assert torch.allclose(drawn, (clean.holdout[kept][:100] + 1) / 2)
    assert torch.equal(clean.holdout, before)


def test_unlimited_and_undefective_is_the_very_same_object() -> None:
    digits = load("digits")

    assert apply_defect(digits, "none", seed=0) is digits


def test_kinds_are_told_by_the_shape_of_samples() -> None:
    assert (kind_of(load("digits")), kind_of(load("ring8"))) == (IMAGES, POINTS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("noise", "must be NAME:STRENGTH, got 'noise'; did you mean 'noise:0.2'?"),
        ("bluur:0.3", "must be NAME:STRENGTH, got 'bluur:0.3'; did you mean 'blur:0.3'?"),
        ("noise:0", "noise must have a strength above 0 and up to 1, got '0'; did you mean 'noise:0.2'?"),
        ("noise:1.5", "noise must have a strength above 0 and up to 1, got '1.5'; did you mean 'noise:1'?"),
        ("noise:nan", "noise must have a strength above 0 and up to 1, got 'nan'"),
        ("noise:much", "noise must have a strength above 0 and up to 1, got 'much'"),
        ("noise@mnist:0.1", "must be NAME:STRENGTH, got 'noise@mnist:0.1'; did you mean 'noise:0.1'?"),
        ("noise:0.1+noise:0.2", "must name each defect once, got 'noise:0.1+noise:0.2'"),
        ("", "must be NAME:STRENGTH, got ''; choose one of"),
        ("none+noise:0.2", "must be NAME:STRENGTH, got 'none'"),
    ],
)
def test_a_misspelled_defect_is_refused_with_the_nearest_right_one(text: str, told: str) -> None:
    with pytest.raises(ValueError, match="defect: ") as caught:
        parse_defect(text)

    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["blur", "salt", "scaling", "near-duplicates"])
def test_what_only_images_can_have_is_refused_for_points(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must have images, got points"):
        check_defect(load("ring8"), f"{name}:0.5")


def test_class_defects_are_refused_without_labels() -> None:
    unlabeled = replace(load("digits"), train_labels=None, holdout_labels=None, classes=0)

    with pytest.raises(ValueError, match="imbalance must have labels of two classes or more"):
        apply_defect(unlabeled, "imbalance:0.5", seed=0)


def test_outliers_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="outliers must come from data of the kind of 'ring8'"):
        apply_defect(some_points(), "outliers@digits:0.1", seed=0)
