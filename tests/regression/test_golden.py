"""Traces and quality: equal is equal, changed is told, what cannot be compared is refused."""

import copy

import numpy as np
import pytest

from bench.regression.counts import compare_counts
from bench.regression.golden import changed, compare_traces
from bench.regression.outcome import INCONCLUSIVE, NO_WORSE, REFUSED, WARNING, WORSE, Comparison
from bench.regression.quality import judge_cell, non_inferior
from bench.regression.table import markdown, text, to_json

TRACE = {
    "recipes": {"nsgan": {"digest": "a", "values": {"loss": [1.0, 2.0]}}},
    "metrics": {"digest": "xy 1", "values": {"ring8/modes": [8.0], "ring8/kid": [float("nan")]}},
}


def other(path, value):
    made = copy.deepcopy(TRACE)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return made


def answers(head):
    return {row.name: row.answer for row in compare_traces(TRACE, head)}


def test_equal_traces_are_no_worse():
    assert set(answers(TRACE).values()) == {NO_WORSE}
    assert changed(compare_traces(TRACE, TRACE)) == ()


@pytest.mark.parametrize(
    "path, value, name, answer",
    [
        (("recipes", "nsgan", "values", "loss"), [1.0, 2.1], "trace/nsgan", WARNING),
        (("recipes", "nsgan", "values", "loss"), [1.0, float("nan")], "trace/nsgan", REFUSED),
        (("recipes", "nsgan"), {"error": "broken"}, "trace/nsgan", REFUSED),
        (("metrics", "values", "ring8/modes"), [7.0], "metrics", REFUSED),
        (("metrics", "digest"), "xy 2", "metrics", REFUSED),
    ],
)
def test_what_changed_is_told(path, value, name, answer):
    assert answers(other(path, value))[name] == answer


def test_a_new_metric_is_told_and_one_that_is_gone_is_refused():
    more = other(("metrics", "values"), {**TRACE["metrics"]["values"], "ring8/fid": [2.0]})
    new, gone = (compare_traces(base, head)[-1] for base, head in ((TRACE, more), (more, TRACE)))

    assert (new.answer, new.reason.endswith("new: ring8/fid")) == (NO_WORSE, True)
    assert (gone.answer, "ring8/fid" in gone.reason) == (REFUSED, True)


def outcomes(distances, coverage=0.8, state="stable", **changes):
    rows = {
        str(seed): {"distance": value, "coverage": coverage, "state": state, "floor": 1.0}
        for seed, value in enumerate(distances)
    }
    return {"seeds": rows, "measured_by": "fid", **changes}


def judged(base, head):
    return {row.name.rpartition("/")[2]: row.answer for row in judge_cell("digits", base, head)}


STEADY = 10 * np.exp(np.random.default_rng(0).normal(0, 0.1, 20))


def test_the_same_results_are_no_worse():
    assert set(judged(outcomes(STEADY), outcomes(STEADY)).values()) == {NO_WORSE}


def test_a_distance_that_grew_by_half_is_worse_and_noise_is_inconclusive():
    noisy = STEADY * np.exp(np.random.default_rng(1).normal(0.1, 0.8, 20))

    assert judged(outcomes(STEADY), outcomes(1.5 * STEADY))["distance"] == WORSE
    assert judged(outcomes(STEADY), outcomes(noisy))["distance"] == INCONCLUSIVE


def test_runs_that_are_not_stable_any_more_are_worse():
    assert judged(outcomes(STEADY), outcomes(STEADY, state="failed"))["stable"] == WORSE


@pytest.mark.parametrize(
    "head, reason",
    [
        (outcomes(STEADY, measured_by="other"), "measured by"),
        (outcomes(STEADY[:3]), "at least 5"),
        ({"error": "it broke", "seeds": {}, "measured_by": ""}, "it broke"),
    ],
)
def test_what_cannot_be_compared_is_refused(head, reason):
    (row,) = judge_cell("digits", outcomes(STEADY), head)

    assert row.answer == REFUSED
    assert reason in row.reason


def test_true_equality_is_seldom_called_worse_and_mostly_shown():
    random = np.random.default_rng(3)
    found = [non_inferior(random.normal(0, 0.15, 20), np.log(1.2))[0] for _ in range(400)]

    assert found.count(WORSE) <= 0.06 * 400
    assert found.count(NO_WORSE) >= 0.9 * 400


def test_counts_have_no_noise():
    base = {"flops/nsgan": 100, "memory/peak": 900.0}

    assert [row.answer for row in compare_counts(base, base)] == [NO_WORSE, NO_WORSE]
    assert [row.answer for row in compare_counts(base, {"flops/nsgan": 101, "memory/peak": 950.0})] == [
        WORSE,
        NO_WORSE,
    ]
    assert [row.answer for row in compare_counts(base, {"flops/nsgan": "broken"})] == [REFUSED, REFUSED]


def test_a_comparison_is_spelled_for_people_and_programs():
    made = Comparison(
        base="main", head="this | tree", rows=compare_traces(TRACE, other(("metrics", "digest"), "a|b"))
    )

    assert "metrics" in text(made)
    assert "a\\|b" in markdown(made)
    assert '"answer": "refused"' in to_json(made)
    assert "NaN" not in to_json(made)
