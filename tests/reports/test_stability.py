"""Stability statistics against closed forms, slow twins, planted effects and planted nulls."""

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report_records import QUICK, config, draws, evenly, grid, record

from bench.records.schema import EvaluationRecord
from reports.frame import Results, frames
from reports.stability import FILES, build
from reports.stability.curves import curve, measured
from reports.stability.improving import improvement
from reports.stability.profiles import quantile
from reports.stability.robustness import decades, ranges
from reports.stats import iqm, iqm_interval, tail

SCORES = st.lists(st.floats(-0.5, 1.5), min_size=1, max_size=12)


def with_curve(given, scores, **more):
    """A run whose evaluations score as told, evenly over its steps."""
    item = record(given, score=scores[-1], **more)
    steps = [given.steps * (at + 1) // len(scores) for at in range(len(scores))]
    looks = tuple(
        EvaluationRecord(step=at, values={"q": 1 - score}) for at, score in zip(steps, scores, strict=True)
    )
    return dataclasses.replace(item, evaluations=looks, speed={**item.speed, "train_seconds": 10.0})


def test_a_curve_that_rises_has_no_regret_and_half_the_area():
    q = 1 - np.linspace(0.1, 1.0, 10)
    best, last, area, regret = curve(q, np.arange(1.0, 11.0), 10.0)
    assert (best, last, regret) == (1.0, 1.0, 0.0)
    assert area == pytest.approx(0.5)


def test_a_run_that_diverged_half_way_ends_at_nothing():
    best, last, area, regret = curve(np.array([0.2, 0.2]), np.array([1.0, 2.0]), 4.0)
    assert (best, last, regret) == (pytest.approx(0.8), 0.0, pytest.approx(0.8))
    assert area == pytest.approx((0.4 + 0.8) / 4)


@given(SCORES)
def test_measures_keep_their_order(q):
    best, last, area, regret = curve(np.array(q), np.arange(1.0, len(q) + 1), float(len(q)))
    assert 0 <= last <= best <= 1
    assert 0 <= area <= best
    assert regret == pytest.approx(best - last)


def test_runs_get_their_measures_from_their_own_evaluations():
    found = frames([with_curve(config(seed=0), [0.2, 0.6, 0.4]), with_curve(config(seed=1), [0.8, 0.8, 0.8])])
    table = measured(found.runs, found.evaluations).set_index("seed")

    assert table.loc[0, "best"] == pytest.approx(0.6)
    assert table.loc[0, "regret"] == pytest.approx(0.2)
    assert table.loc[0, "seconds_to_0.75"] == math.inf
    seconds = table.loc[0, "train_seconds"] / table.loc[0, "steps_done"] * (2 * 2500 // 3)
    assert table.loc[0, "seconds_to_0.5"] == pytest.approx(seconds)
    assert table.loc[1, "regret"] == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 1))
def test_quantiles_are_values_that_occur(values, share):
    found = quantile(np.array(values), share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def pairwise(left, right):
    wins = [(a > b) + 0.5 * (a == b) for a, b in itertools.product(left, right)]
    return sum(wins) / len(wins)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=4, max_size=4), st.integers(0, 9))
def test_improvement_counts_pairs(scores, seed):
    table = np.array(scores, dtype=float)
    left, right = list(table[:, 0].reshape(2, 2)), list(table[:, 1].reshape(2, 2))
    found = improvement(left, right, 50, np.random.default_rng(seed))
    slow = np.mean([pairwise(a, b) for a, b in zip(left, right, strict=True)])

    assert found.estimate == pytest.approx(slow)
    assert -1e-9 <= found.low <= found.high <= 1 + 1e-9


def test_improvement_of_equals_covers_a_half():
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        left, right = (list(rng.random((6, 10))) for _ in range(2))
        found = improvement(left, right, 200, rng)
        hits += found.low <= 0.5 <= found.high
    assert 0.9 <= hits / 200 <= 0.995


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        ([1, 1, 1], 2.0), ([1, 100, 100], 0.5 * math.log10(2)), ([4, 1, 4], 1.0),
        ([math.inf, 1, math.inf], 0.0), ([math.inf, 1, 1], 1.0), ([math.inf] * 3, 0.0),
        ([2, 1, math.inf], 1.0),
    ],
)  # fmt: skip
def test_decades_of_straight_lines(distances, expected):
    found = decades(np.log10([distances]), np.array([-1.0, 0.0, 1.0]))
    assert found[0] == pytest.approx(expected)


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=6))
@example([0.0, 0.0, 2.2250738585e-313])
def test_decades_are_those_that_a_fine_mesh_counts(values):
    rates = np.arange(float(len(values)))
    mesh = np.linspace(0, rates[-1], 20001)
    drawn = np.interp(mesh, rates, values)
    slow = np.mean(drawn <= min(values) + math.log10(2)) * rates[-1]
    assert decades(np.array([values]), rates)[0] == pytest.approx(slow, abs=2e-3 * len(values))


def test_a_planted_range_of_rates_is_found():
    def distance(scale):
        return 5.0 if scale in (0.3, 1.0, 3.0) else 500.0

    records = []
    for item in grid(("nsgan",), (1.0,), (0.1, 0.3, 1.0, 3.0, 10.0), (1100,), seeds=5):
        scale = item.generator_lr / config("nsgan").generator_lr
        made = record(item)
        records.append(
            dataclasses.replace(made, metrics={**made.metrics, "distance": distance(round(scale, 1))})
        )
    (found,) = ranges(frames(records).judged, QUICK)

    assert found.decades.estimate == pytest.approx(1.0 + 2 * 0.15 * math.log10(10 / 3) / 1.0, abs=0.15)
    assert not found.edge
    assert (found.rates, found.seeds, found.settings) == (5, 5, 1)
    assert found.decades.low == pytest.approx(found.decades.high)


@pytest.mark.parametrize(("cells", "seeds"), [(1, 10), (6, 10), (1, 20)])
def test_an_interval_of_ten_seeds_holds_the_truth_in_93_to_97_of_100(cells, seeds):
    """2,000 draws of scores that are mostly good and sometimes collapsed."""
    rng = np.random.default_rng(cells + seeds)

    def scores(size):
        return np.where(rng.random(size) < 0.3, rng.beta(2, 10, size), rng.beta(12, 4, size))

    truth, labels, hits = iqm(scores(400_000)), np.repeat(np.arange(cells), seeds).tolist(), 0
    for _ in range(2000):
        found = iqm_interval(scores(cells * seeds), labels, reps=300, rng=rng)
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / 2000 <= 0.97


def test_the_tail_is_that_of_normal_percentiles_for_many_runs_and_further_out_for_few():
    assert tail([10_000]) == pytest.approx(0.025, abs=1e-4)
    sizes = [2, 3, 5, 10, 20, 50]
    assert sorted(tail([n]) for n in sizes) == [tail([n]) for n in sizes]
    assert tail([5] * 6) > tail([5])


def test_a_recipe_that_forgets_has_the_regret_and_the_report_names_it():
    shapes = {"nsgan": [0.3, 0.9, 0.1], "wgan": [0.3, 0.7, 0.7]}
    records = [
        with_curve(item, shapes[item.recipe])
        for item in grid(tuple(shapes), (0.5, 1.0), (1.0,), (64, 1100), seeds=6)
    ]
    section = build(Results(frames(records)), QUICK)

    regret = {
        row["recipe"]: row["iqm"] for row in section.rows["stability.csv"] if row["measure"] == "regret"
    }
    assert regret == {"nsgan": pytest.approx(0.8), "wgan": pytest.approx(0.0)}
    assert "nsgan loses most of its best score again" in section.points[0]
    assert "wgan, 0.70" in section.points[0]
    (better,) = section.rows["improvement.csv"]
    assert better["probability"] == 0
    reached = {(row["recipe"], row["target"]): row["share"] for row in section.rows["reached.csv"]}
    assert reached == {("nsgan", 0.5): 1, ("nsgan", 0.75): 1, ("wgan", 0.5): 1, ("wgan", 0.75): 0}


def test_files_have_the_columns_that_are_declared():
    section = build(Results(frames(draws(grid(scales=(0.1, 0.3, 1.0)), evenly(0.3), probes=2))), QUICK)
    for name, (_, columns) in FILES.items():
        assert section.rows[name], name
        assert all(set(row) == set(columns) for row in section.rows[name])


@pytest.mark.parametrize(
    "records",
    [
        [],
        [record(config())],
        [record(config(seed=seed), "diverged:nonfinite", math.nan) for seed in range(5)],
        draws(grid(("nsgan", "wgan"), seeds=1), evenly(0.5)),
        [record(item, score=math.nan) for item in grid(seeds=2)],
    ],
    ids=["no runs", "one run", "diverged", "one seed", "no scores"],
)
def test_bad_input_says_what_is_missing_and_breaks_nothing(records):
    section = build(Results(frames(records)), QUICK)
    assert section.points or section.notes
    assert isinstance(measured(frames(records).runs, frames(records).evaluations), pd.DataFrame)
