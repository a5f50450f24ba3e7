"""What bad data cost a faithful learner is known without training, and told from what training loses."""

import math
from dataclasses import replace

import pytest
import torch

from bench.metrics import measure, reference_for
from bench.verdict.blame import Parts, parts_of
from gans.data import Dataset, load
from gans.data.defective import apply_defect
from gans.rng import stream

DIGITS = load("digits")
START = 280.0
"""FID of an untrained generator of digits, about; only the scale depends on it."""

DEGRADING = (
    "noise:0.5",
    "blur:0.7",
    "salt:0.3",
    "scaling:0.7",
    "outliers:0.4",
    "missing:0.5",
    "imbalance:0.9",
)


@pytest.fixture(scope="module")
def reference():
    return reference_for(DIGITS)


def drawn_from(samples, n, seed=99):
    return samples[torch.randint(len(samples), (n,), generator=stream(seed, "planted sampler"))]


def judged(samples, reference, data_size, defect):
    """Cut the score of a planted sampler as a run's would be."""
    distance = measure(samples, reference, {reference.distance_name}).values["distance"]
    clean, copied = reference.copy(data_size)["distance"], reference.copy(data_size, defect)["distance"]
    floor = reference.distance_floor
    q = math.log(distance / floor) / math.log(START / floor)
    return parts_of(q, clean, copied, floor, START)


@pytest.mark.parametrize("defect", DEGRADING)
def test_bad_data_cost_a_faithful_copy_its_score(reference, defect):
    assert reference.copy(1100, defect)["distance"] > 2 * reference.copy(1100)["distance"]


@pytest.mark.parametrize("defect", DEGRADING)
def test_more_of_a_defect_costs_more(reference, defect):
    name, _, strength = defect.partition(":")
    weak = reference.copy(256, f"{name}:{float(strength) / 3:.12g}")["distance"]

    assert reference.copy(256)["distance"] * 0.9 < weak < reference.copy(256, defect)["distance"]


@pytest.mark.parametrize("defect", DEGRADING)
def test_a_sampler_that_learned_bad_data_faithfully_is_not_blamed_for_it(reference, defect):
    own = apply_defect(DIGITS, defect, seed=5)  # of no seed that the anchors were made with

    parts = judged(drawn_from(own.train, reference.n), reference, 1100, defect)

    assert "defect" in parts.blamed
    assert "training" not in parts.blamed


@pytest.mark.parametrize("defect", ["none", *DEGRADING])
def test_a_sampler_that_failed_on_its_own_is_blamed(reference, defect):
    own = apply_defect(DIGITS, defect, seed=5).train
    collapsed = drawn_from(own[:3], reference.n)

    assert "training" in judged(collapsed, reference, 1100, defect).blamed


def test_a_faithful_sampler_of_clean_data_is_blamed_for_nothing(reference):
    parts = judged(drawn_from(DIGITS.train, reference.n), reference, 1100, "none")

    assert parts.blamed == ""
    assert parts.defect == 0


def test_few_samples_are_told_from_bad_ones(reference):
    few = apply_defect(DIGITS, "none", seed=5, data_size=32).train

    assert judged(drawn_from(few, reference.n), reference, 32, "none").blamed == "size"


def test_copies_count_as_few_samples_do(reference):
    doubled = reference.copy(64, "duplicates:0.5")["distance"]  # 32 distinct ones, some of them often

    assert reference.copy(32)["distance"] < doubled < reference.copy(16)["distance"]


def test_the_anchors_are_measured_against_the_clean_holdout(reference):
    assert torch.equal(reference.real, DIGITS.holdout)
    assert reference.copy(256, "scaling:1")["coverage"] < 0.2


def test_the_parts_add_up_to_the_whole():
    parts = parts_of(0.8, clean=3.0, copied=9.0, floor=2.0, start=300.0)

    assert parts.size + parts.defect + parts.training == pytest.approx(0.8)


def test_without_anchors_nothing_is_known():
    parts = parts_of(0.8, clean=math.nan, copied=9.0, floor=2.0, start=300.0)

    assert math.isnan(parts.defect)
    assert parts.blamed == ""


def test_little_room_is_enough_to_be_blamed():
    assert Parts(0.0, 0.9, 0.08).blamed == "defect training"
    assert Parts(0.0, 0.9, 0.01).blamed == "defect"


def test_the_heaviest_part_comes_first():
    assert Parts(0.15, 0.1, 0.5).blamed == "training size defect"


def test_a_defect_that_cannot_be_has_no_anchor():
    images = torch.rand(40, 1, 4, 4, generator=stream(0, "images")) * 2 - 1
    unlabeled = Dataset("mine:images", images, images.flip(0), None, None, classes=0, bounded=True)

    with pytest.raises(ValueError, match="missing must have labels"):
        reference_for(replace(unlabeled)).copy(20, "missing:0.5")
