"""How each metric answers to known faults on the real digits: orderings, not values.

The table of values it was taken from had another split and another classifier; what must hold on any is
which fault a metric sees, which it is blind to, and in which order it ranks them.
"""

import math

import pytest
from planted_digits import PLANTED, draw

from bench.metrics import measure

COLLAPSED = (
    "1 class missing", "3 classes missing", "5 classes missing", "8 classes missing", "9 classes missing",
    "one image per class", "single image", "mean image", "50 memorised",
)  # fmt: skip
MISSING = ("real", "1 class missing", "3 classes missing", "5 classes missing", "8 classes missing")


@pytest.fixture(scope="module")
def table(digits):
    tiers = ("every", "window", "end")
    return {name: measure(draw(name), digits, tiers).values for name in PLANTED}


def column(table, metric, rows):
    return [table[row][metric] for row in rows]


def test_coverage_falls_below_real_data_for_every_kind_of_collapse(table, digits):
    lowest_real = min(digits.floor_draws["coverage"])

    assert all(value < lowest_real - 0.05 for value in column(table, "coverage", COLLAPSED))


def test_coverage_catches_what_the_class_histogram_misses(table):
    for row in ("one image per class", "50 memorised"):
        assert table[row]["modes_strict"] == 10
        assert table[row]["mode_kl"] < 0.15
        assert table[row]["coverage"] < 0.5


def test_inception_score_misses_collapse_within_classes(table):
    assert table["one image per class"]["inception_score"] > 0.95 * table["real"]["inception_score"]


def test_mode_counts_and_histogram_are_fooled_by_noise_and_precision_is_not(table):
    for row in ("noise 0.5", "uniform noise"):
        assert table[row]["modes"] == 10
        assert table[row]["mode_kl"] < 0.15
        assert table[row]["precision"] < 0.75 * table["real"]["precision"]


def test_pairwise_distance_sees_total_collapse_only(table):
    partial = (
        "1 class missing",
        "3 classes missing",
        "5 classes missing",
        "one image per class",
        "50 memorised",
    )

    assert column(table, "pairwise_ratio", ("single image", "mean image")) == [0.0, 0.0]
    assert table["9 classes missing"]["pairwise_ratio"] < 0.7
    assert all(0.9 < value < 1.1 for value in column(table, "pairwise_ratio", partial))


def test_recall_is_an_alarm_and_no_scale(table):
    few = ("50 memorised", "one image per class", "single image", "mean image")

    assert all(value < 0.01 for value in column(table, "recall", few))
    assert table["noise 0.5"]["recall"] > 0.9


@pytest.mark.parametrize("metric", ["fid", "kid", "mode_kl"])
def test_the_more_classes_are_missing_the_higher(table, metric):
    values = column(table, metric, (*MISSING, "9 classes missing"))

    assert values == sorted(values)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("metric", ["coverage", "recall", "inception_score", "modes_strict"])
def test_the_more_classes_are_missing_the_lower(table, metric):
    values = column(table, metric, (*MISSING, "9 classes missing"))

    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_missing_classes_are_counted_exactly(table):
    counted = column(table, "modes_strict", (*MISSING, "9 classes missing"))

    assert counted == [10, 9, 7, 5, 2, 1]


def test_the_divergence_of_missing_classes_is_near_log_of_their_share(table):
    for row, left in (("1 class missing", 9), ("5 classes missing", 5), ("9 classes missing", 1)):
        assert table[row]["mode_kl"] == pytest.approx(math.log(10 / left), abs=0.12)


def test_precision_keeps_collapsed_images_and_drops_noise(table):
    assert all(value > 0.8 for value in column(table, "precision", COLLAPSED))
    assert table["uniform noise"]["precision"] == 0
    assert table["noise 0.5"]["precision"] < table["noise 0.1"]["precision"]


def test_density_tells_noise_from_collapse(table):
    assert table["noise 0.5"]["density"] < 0.5 < table["50 memorised"]["density"]
    assert table["uniform noise"]["density"] == 0


def test_a_constant_at_the_mean_is_precise_and_covers_nothing(table):
    assert table["mean image"]["precision"] == 1
    assert table["mean image"]["recall"] == 0
    assert table["mean image"]["coverage"] < 0.05


def test_distance_ranks_faults_by_their_size(table):
    order = ("real", "noise 0.5", "50 memorised", "one image per class", "9 classes missing", "single image")
    values = column(table, "distance", order)

    assert values == sorted(values)


def test_real_training_images_score_as_real_data_do(table, digits):
    draws = digits.floor_draws

    assert table["real"]["fid"] < max(draws["fid"])
    for metric in ("precision", "recall", "coverage", "density"):
        assert table["real"][metric] == pytest.approx(digits.floors[metric], abs=0.06)
    assert abs(table["real"]["kid"]) < 0.03
