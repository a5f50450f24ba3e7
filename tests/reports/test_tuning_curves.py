"""Expected best of k trials: closed forms, a twin that goes through every choice, ties and leaders."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_records import QUICK, draws, grid

from reports.frame import Results, frames
from reports.tuning_curves import build
from reports.tuning_curves.expected import curve, expected_best, weights

scores = st.lists(st.floats(0, 1), min_size=1, max_size=9).map(np.array)


@given(scores, st.data())
def test_it_is_the_mean_over_every_choice(values, data):
    k = data.draw(st.integers(1, len(values)))
    every = [max(chosen) for chosen in itertools.combinations(values, k)]

    assert expected_best(values, k) == pytest.approx(np.mean(every), abs=1e-12)


@given(scores)
def test_more_trials_never_lower_it(values):
    reached = [expected_best(values, k) for k in range(1, len(values) + 1)]

    assert all(after >= before - 1e-12 for before, after in itertools.pairwise(reached))
    assert reached[0] == pytest.approx(values.mean())
    assert reached[-1] == pytest.approx(values.max())


def test_large_searches_do_not_overflow():
    chances = weights(5000, 2500)

    assert np.isfinite(chances).all()
    assert chances.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("k", [0, 4])
def test_a_budget_outside_the_search_is_refused(k):
    with pytest.raises(ValueError, match="k: must be between 1 and 3"):
        expected_best(np.ones(3), k)


def test_intervals_hold_the_estimate():
    drawn = np.random.default_rng(0).beta(2, 3, 60)
    for point in curve(drawn, np.array([1, 4, 30]), 400, np.random.default_rng(1)):
        assert point.low <= point.estimate <= point.high


def section(odds, recipes=("nsgan", "nsgan-r1"), seed=0):
    return build(Results(frames(draws(grid(recipes=recipes), odds, seed=seed))), QUICK)


def test_recipes_of_equal_odds_are_a_tie():
    assert "A tie" in section(lambda given: 0.5).points[0]


def test_a_planted_leader_leads():
    told = section(lambda given: 0.0 if given.recipe == "nsgan-r1" else 1.0).points[0]

    assert "nsgan-r1 is expected" in told
    assert "overlaps no other" in told


def test_one_recipe_or_no_run_is_said():
    for results in (Results(frames([])), Results(frames(draws(grid(recipes=("nsgan",)), lambda given: 0.5)))):
        assert "No two recipes share" in build(results, QUICK).points[0]
