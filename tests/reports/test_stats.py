import numpy as np
import pytest
from scipy import stats as scipy_stats

from reports.stats import (
    MEASURED_COVERAGE,
    improvement,
    iqm,
    iqm_difference,
    iqm_interval,
    iqm_of_resamples,
    iqm_sides,
    level_of,
    resample,
    strata,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def two_peaked(cells: int, seeds: int, source: np.random.Generator) -> np.ndarray:
    """Scores of a grid in which some cells fail often and others seldom."""
    odds = 0.1 + 0.8 * ((np.arange(cells)[:, None] * 7) % 10) / 10
    good = source.beta(8, 3, (cells, seeds))
    return np.where(source.random((cells, seeds)) < odds, 0.1 * source.random((cells, seeds)), good).ravel()


def test_iqm_drops_a_quarter_at_either_end():
    expected = (3 + 4 + 5 + 6) / 4

    assert expected == iqm(np.array([1.0, 2, 3, 4, 5, 6, 7, 8]))


@pytest.mark.parametrize("runs", [1, 2, 3, 4, 5, 7, 12, 61])
@pytest.mark.parametrize("drawn", [1, 4, 6, 61])
def test_the_iqm_of_resamples_is_scipys_trimmed_mean_of_each(runs, drawn):
    scores = rng(runs).normal(size=runs).round(1)  # rounded, so that some are tied
    at = rng(drawn).integers(0, runs, (9, drawn))

    expected = scipy_stats.trim_mean(scores[at], 0.25, axis=1)

    np.testing.assert_allclose(iqm_of_resamples(scores)(at), expected, rtol=0, atol=1e-12)


def test_resampling_never_leaves_the_stratum():
    labels = ["a"] * 3 + ["b"] * 5 + ["c"] * 3
    values = np.array([0] * 3 + [1] * 5 + [2] * 3)

    drawn = values[resample(strata(labels), 50, rng())]

    assert {(3, 5, 3)} == {tuple(np.bincount(row, minlength=3)) for row in drawn}


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    scores, cells = two_peaked(4, 5, rng(1)), np.repeat(range(4), 5).tolist()

    first, again, other = (iqm_interval(scores, cells, reps=200, rng=rng(seed)) for seed in (3, 3, 4))

    assert first == again
    assert first != other


def test_one_run_per_cell_gives_no_interval():
    interval = iqm_interval(np.array([0.1, 0.9, 0.5]), ["a", "b", "c"], reps=50, rng=rng())

    assert not interval.known
    assert interval.estimate == pytest.approx(0.5)


def test_the_difference_of_pairs_that_differ_by_a_constant_is_that_constant():
    baseline = two_peaked(6, 5, rng(2))

    interval = iqm_difference(baseline + 0.25, baseline, [0] * 30, reps=200, rng=rng())

    assert (interval.estimate, interval.low, interval.high) == pytest.approx((0.25, 0.25, 0.25))


def test_sides_drawn_together_have_the_intervals_that_each_has_by_itself():
    treated, baseline = two_peaked(4, 5, rng(3)), two_peaked(4, 5, rng(4))
    cells = np.repeat(range(4), 5).tolist()

    together = iqm_sides(treated, baseline, cells, reps=300, rng=rng(8))

    assert together[0] == iqm_interval(treated, cells, reps=300, rng=rng(8))
    assert together[1] == iqm_interval(baseline, cells, reps=300, rng=rng(8))
    assert together[2] == iqm_difference(treated, baseline, cells, reps=300, rng=rng(8))


def test_improvement_equals_the_mann_whitney_statistic_over_all_pairs():
    treated, baseline = rng(5).integers(0, 4, 9).astype(float), rng(6).integers(0, 4, 9).astype(float)

    expected = scipy_stats.mannwhitneyu(treated, baseline).statistic / 81

    assert improvement(treated, baseline, ["cell"] * 9) == pytest.approx(expected)


@pytest.mark.parametrize(("seeds", "cells"), [(5, 1), (3, 6), (5, 6), (10, 6)])
def test_the_interval_holds_the_truth_as_often_as_the_table_says(seeds, cells):
    truth = iqm(two_peaked(cells, 200_000 // cells, rng(11)))
    labels, source, draws = np.repeat(range(cells), seeds).tolist(), rng(12), 300

    hits = 0
    for _ in range(draws):
        found = iqm_interval(two_peaked(cells, seeds, source), labels, reps=200, rng=source)
        hits += found.low <= truth <= found.high

    said = MEASURED_COVERAGE[seeds][cells >= 6]
    assert hits / draws == pytest.approx(said, abs=3 * np.sqrt(said * (1 - said) / draws) + 0.01)


def test_few_seeds_are_never_called_95_percent():
    told = {level_of(seeds, cells) for seeds in range(10) for cells in (1, 6, 60)}
    assert all(level == "no interval" or level.startswith("≈") for level in told)
