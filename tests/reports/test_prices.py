"""Remedies with their price: planted effects are found, planted nulls are not, budgets are cut right."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from report_records import QUICK, draws, grid

from reports.frame import Results, frames
from reports.prices import build
from reports.prices.average import averaging
from reports.prices.budgets import curves, equal, score_at
from reports.prices.effects import (
    HELPS,
    HURTS,
    NOT_MEASURED,
    NOTHING,
    corrected,
    difference_at,
    prices,
    slower,
)
from reports.prices.remedies import REMEDIES


def curve(scores, step=10.0, samples=640.0, seconds=1.0):
    at = np.arange(1, len(scores) + 1, dtype=float)
    return {
        "score": np.array(scores), "step": step * at, "samples_seen": samples * at, "seconds": seconds * at,
    }  # fmt: skip


@pytest.mark.parametrize(
    "budget, expected",
    [("steps", (0.9, 0.4)), ("samples", (0.1, 0.4)), ("seconds", (0.5, 0.4))],
)
def test_the_richer_run_is_read_within_the_poorer_ones_budget(budget, expected):
    slow = curve([0.1, 0.5, 0.9], samples=1920.0, seconds=1.5)
    plain = curve([0.2, 0.3, 0.4])
    pair = pd.DataFrame({"treated": ["slow"], "baseline": ["plain"]})

    treated, baseline = equal(pair, {"slow": slow, "plain": plain}, budget)

    assert (treated[0], baseline[0]) == expected


def runs_of(**columns):
    """Two runs of 40 steps at a tenth of a second each."""
    given = {"run_id": ["a", "b"], "steps": 40, "steps_done": 40, "train_seconds": 4.0, "status": "finished"}
    return pd.DataFrame({**given, **columns})


def looks(*rows):
    return pd.DataFrame(
        [{"run_id": run, "step": step, "samples_seen": 64.0 * step, "q": q} for run, step, q in rows]
    )


def test_a_diverged_run_scores_nothing_at_the_end_of_its_partners_budget():
    runs = runs_of(steps_done=[40, 12], train_seconds=[4.0, 1.2])
    probes = looks(("a", 20, 0.5), ("a", 40, 0.2), ("b", 10, 0.4), ("b", 20, np.nan))
    pair = pd.DataFrame({"treated": ["a"], "baseline": ["b"]})

    for budget in ("steps", "samples", "seconds"):
        treated, baseline = equal(pair, curves(runs, probes), budget)
        assert (treated[0], baseline[0]) == (pytest.approx(0.8), 0.0), budget


def test_a_run_without_a_look_scores_nothing_and_one_ended_early_stays_as_it_was():
    runs = runs_of(steps_done=[0, 20], train_seconds=[0.0, 2.0], status=["finished", "stopped"])
    known = curves(runs, looks(("b", 10, 0.9), ("b", 20, 0.7)))

    assert score_at(known["a"], "step", 40.0) == 0.0
    assert score_at(known["b"], "step", 40.0) == pytest.approx(0.3)
    assert score_at(known["b"], "seconds", 4.0) == pytest.approx(0.3)


def test_a_run_that_has_no_evaluation_within_a_budget_has_no_score():
    assert np.isnan(score_at(curve([0.1]), "step", 9.9))
    assert np.isnan(score_at(None, "step", 10.0))
    assert np.isnan(score_at(curve([0.1]), "step", np.nan))


def test_the_cost_of_a_step_is_the_median_ratio_whatever_the_unit():
    joined = pd.DataFrame(
        {"pace_treated": [2.0, 4.0, 60.0], "pace_baseline": [1.0, 2.0, 3.0], "cell": [0, 0, 0]}
    )

    assert slower(joined, QUICK, "x").estimate == pytest.approx(2.0)


@pytest.fixture(scope="module")
def found(standard_frames):
    return {
        item.remedy.key: item for item in prices(standard_frames.judged, standard_frames.evaluations, QUICK)
    }


def test_what_no_grid_varies_is_not_measured(found):
    assert found["two-rates"].verdict == found["augmentation"].verdict == NOT_MEASURED


def test_every_remedy_is_priced_once(found):
    assert list(found) == [remedy.key for remedy in REMEDIES]


def priced(odds, **levels):
    made = frames(draws(grid(**levels), odds, probes=2))
    return {item.remedy.key: item for item in prices(made.judged, made.evaluations, QUICK)}


def test_a_planted_remedy_helps():
    by_key = priced(lambda given: 0.1 if given.recipe == "nsgan-r1" else 0.9, recipes=("nsgan", "nsgan-r1"))

    assert by_key["r1"].verdict == HELPS


def test_a_planted_harm_hurts():
    by_key = priced(lambda given: 0.9 if given.recipe == "nsgan-r1" else 0.1, recipes=("nsgan", "nsgan-r1"))

    assert by_key["r1"].verdict == HURTS


def test_planted_nulls_seldom_pass_for_an_effect():
    verdicts = [item.verdict for seed in range(10) for item in nulls(seed).values()]

    assert sum(verdict not in (NOTHING, NOT_MEASURED) for verdict in verdicts) <= 2


def nulls(seed):
    made = frames(
        draws(grid(recipes=("nsgan", "nsgan-r1", "wgan-gp", "mmgan")), lambda given: 0.4, seed=seed)
    )
    return {item.remedy.key: item for item in prices(made.judged, made.evaluations, QUICK)}


def runs_with(gain, count=40):
    """Runs whose averaged generator is so much closer, in q, than the live one."""
    rng = np.random.default_rng(0)
    live = rng.uniform(0.3, 0.7, count)
    ids = [f"r{i}" for i in range(count)]
    judged = pd.DataFrame(
        {
            "run_id": ids,
            "cell": [f"c{i % 4}" for i in range(count)],
            "distance_floor": 1.0,
            "distance_start": 100.0,
        }
    )
    evaluations = pd.DataFrame(
        {"run_id": ids, "distance": 100.0**live, "distance_ema": 100.0 ** (live - gain)}
    )
    return judged, evaluations


def test_averaging_that_gains_is_found_with_its_size():
    result = averaging(*runs_with(0.1), QUICK)

    assert result.verdict == HELPS
    assert result.difference.estimate == pytest.approx(0.1)


def test_averaging_that_changes_nothing_is_not_taken_for_a_help():
    assert averaging(*runs_with(0.0), QUICK).verdict != HELPS


def test_no_runs_give_a_section_that_says_so():
    section = build(Results(frames([])), QUICK)

    assert "No remedy" in section.points[0]
    assert len(section.rows["prices.csv"]) == len(REMEDIES) + 1


def test_a_remedy_that_helps_in_the_end_may_hurt_at_equal_seconds():
    slow = {"run_id": [f"s{i}" for i in range(40)], "train_seconds": 40.0}
    plain = {"run_id": [f"p{i}" for i in range(40)], "train_seconds": 4.0}
    runs = pd.concat([runs_of(**slow), runs_of(**plain)], ignore_index=True)
    rng = np.random.default_rng(0)
    probes = looks(
        *((f"s{i}", step, q + rng.normal(0, 0.02)) for i in range(40) for step, q in ((4, 0.9), (40, 0.1))),
        *((f"p{i}", step, q + rng.normal(0, 0.02)) for i in range(40) for step, q in ((4, 0.8), (40, 0.5))),
    )
    named = pd.DataFrame(
        {"treated": slow["run_id"], "baseline": plain["run_id"], "cell": [i % 4 for i in range(40)]}
    )
    known = curves(runs, probes)
    scores = {
        budget: difference_at(REMEDIES[0], named, known, budget, QUICK) for budget in ("steps", "seconds")
    }
    item = corrected([Planted(REMEDIES[0], scores)])[0]

    assert {budget: each.verdict for budget, each in item.scores.items()} == {
        "steps": HELPS,
        "seconds": HURTS,
    }
    assert all(each.p <= each.p_adjusted <= 2 * each.p for each in item.scores.values())


@dataclasses.dataclass(frozen=True)
class Planted:
    """As much of a price as is corrected."""

    remedy: object
    scores: dict
