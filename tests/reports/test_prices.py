"""Remedies with their price: planted effects are found, planted nulls are not, budgets are cut right."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from report_records import QUICK, draws, grid

from reports.frame import Results, frames
from reports.prices import build
from reports.prices.average import Averaging, averaging
from reports.prices.budgets import curves, equal, score_at
from reports.prices.effects import difference_at, slower
from reports.prices.remedies import REMEDIES
from reports.prices.together import prices, together
from reports.prices.verdicts import HELPS, HURTS, NOT_MEASURED, NOTHING, Equal, corrected
from reports.stats import Interval


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
    """Two runs of 40 steps at a tenth of a second and 64 samples each."""
    given = {
        "run_id": ["a", "b"], "steps": 40, "steps_done": 40, "train_seconds": 4.0, "status": "finished",
        "score": 0.5, "n_critic": 1, "batch_size": 64, "packing": 1,
    }  # fmt: skip
    return pd.DataFrame({**given, **columns})


def looks(*rows):
    return pd.DataFrame([{"run_id": run, "step": step, "q": q} for run, step, q in rows])


def test_a_diverged_run_scores_nothing_at_the_end_of_its_partners_budget():
    runs = runs_of(steps_done=[40, 12], train_seconds=[4.0, 1.2], status=["finished", "diverged"])
    probes = looks(("a", 20, 0.5), ("a", 40, 0.2), ("b", 10, 0.4), ("b", 20, np.nan))
    pair = pd.DataFrame({"treated": ["a"], "baseline": ["b"]})

    for budget in ("steps", "samples", "seconds"):
        treated, baseline = equal(pair, curves(runs, probes), budget)
        assert (treated[0], baseline[0]) == (pytest.approx(0.8), 0.0), budget


def test_a_run_that_diverged_soon_after_a_good_look_scores_nothing_and_its_partner_is_read_to_the_end():
    """The audit's case: cut at the last finite look, R1 seemed worse (0.55 to 0.60) than what diverged."""
    runs = runs_of(steps_done=[40, 12], train_seconds=[4.0, 1.2], status=["finished", "diverged"])
    known = curves(runs, looks(("a", 10, 0.45), ("a", 20, 0.3), ("a", 40, 0.2), ("b", 10, 0.4)))

    for budget in ("steps", "samples", "seconds"):
        treated, baseline = equal(pd.DataFrame({"treated": ["a"], "baseline": ["b"]}), known, budget)
        assert (treated[0], baseline[0]) == (pytest.approx(0.8), 0.0), budget


def test_a_run_ended_early_stays_as_it_was_and_does_not_cut_its_partner():
    runs = runs_of(steps_done=[40, 20], train_seconds=[4.0, 2.0], status=["finished", "stopped"])
    known = curves(runs, looks(("a", 20, 0.5), ("a", 40, 0.2), ("b", 10, 0.9), ("b", 20, 0.7)))

    for budget in ("steps", "samples", "seconds"):
        treated, baseline = equal(pd.DataFrame({"treated": ["a"], "baseline": ["b"]}), known, budget)
        assert (treated[0], baseline[0]) == (pytest.approx(0.8), pytest.approx(0.3)), budget


@pytest.mark.parametrize("sides", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("budget", ["steps", "samples", "seconds"])
def test_a_run_that_never_got_to_a_step_scores_nothing_at_its_partners_budget(budget, sides):
    runs = runs_of(steps_done=[0, 40], train_seconds=[0.0, 4.0], status=["diverged", "finished"])
    known = curves(runs, looks(("b", 20, 0.7), ("b", 40, 0.2)))

    scores = equal(pd.DataFrame({"treated": [sides[0]], "baseline": [sides[1]]}), known, budget)

    assert {name: side[0] for name, side in zip(sides, scores, strict=True)} == {
        "a": 0.0,
        "b": pytest.approx(0.8),
    }


def test_a_critic_spends_its_steps_in_samples():
    known = curves(runs_of(n_critic=[5, 1]), looks(("a", 40, 0.1), ("b", 40, 0.1)))

    assert [known[run]["samples_seen"][-1] for run in "ab"] == [5 * 64 * 40, 64 * 40]


def test_a_run_without_a_score_is_no_failure():
    known = curves(runs_of(score=[0.5, np.nan]), looks(("a", 40, 0.5), ("b", 40, np.nan)))

    assert list(known) == ["a"]


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
    return prices(standard_frames.judged, standard_frames.evaluations, QUICK)


def test_what_no_grid_varies_is_not_measured_and_every_remedy_is_priced_once(found):
    verdicts = {item.remedy.key: item.verdict for item in found.remedies}

    assert list(verdicts) == [remedy.key for remedy in REMEDIES]
    assert {verdicts[key] for key in ("faster-discriminator", "augmentation", "cleaner-data")} == {
        NOT_MEASURED
    }


def test_families_are_what_was_measured(found):
    judged = [item.contrast for item in found.remedies]
    tested = [score for item in found.remedies for score in item.scores.values() if score.measured]

    assert found.families == (
        sum(not each.failure.obstacle for each in judged),
        sum(not each.score.obstacle for each in judged),
        len(tested),
    )
    assert 0 < len(tested) < 3 * len(found.remedies)


def test_planted_nulls_seldom_pass_for_an_effect():
    verdicts = [item.verdict for seed in range(10) for item in nulls(seed)]

    assert sum(verdict not in (NOTHING, NOT_MEASURED) for verdict in verdicts) <= 2


def nulls(seed):
    made = frames(
        draws(grid(recipes=("nsgan", "nsgan-r1", "wgan-gp", "mmgan")), lambda given: 0.4, seed=seed)
    )
    return prices(made.judged, made.evaluations, QUICK).remedies


def runs_with(gain, count=40):
    """Runs whose averaged generator is so much closer, in q, than the live one."""
    rng = np.random.default_rng(0)
    live = rng.uniform(0.3, 0.7, count)
    ids = [f"r{i}" for i in range(count)]
    judged = pd.DataFrame(
        {
            "run_id": ids,
            "cell": [f"c{i % 4}" for i in range(count)],
            "seed": [i // 4 for i in range(count)],
            "status": "finished",
            "distance_floor": 1.0,
            "distance_start": 100.0,
        }
    )
    evaluations = pd.DataFrame(
        {"run_id": ids, "distance": 100.0**live, "distance_ema": 100.0 ** (live - gain)}
    )
    return judged, evaluations


def average_of(judged, evaluations, *others):
    """The averaged generator, corrected together with other scores."""
    planted = [Planted(REMEDIES[0], dict(zip("xyz", others, strict=False)))]
    return together(planted, averaging(judged, evaluations, QUICK)).average.score


def test_averaging_that_gains_is_found_with_its_size():
    result = average_of(*runs_with(0.1))

    assert result.verdict == HELPS
    assert result.difference.estimate == pytest.approx(0.1)


def test_averaging_that_changes_nothing_is_not_taken_for_a_help():
    assert average_of(*runs_with(0.0)).verdict == NOTHING


def test_averaging_is_corrected_with_the_scores_at_equal_budgets():
    rival = Equal(difference=Interval(0.0, -0.1, 0.1), pairs=40, seeds=5, p=0.9)
    alone, among = average_of(*runs_with(0.1)), average_of(*runs_with(0.1), rival, rival)

    assert (alone.family, among.family) == (1, 3)
    assert among.p_adjusted == pytest.approx(3 * alone.p_adjusted)


def test_averaging_is_read_at_the_last_look_and_no_earlier_one():
    judged, early = runs_with(0.1)
    late = early.assign(distance_ema=np.where(early.index < 10, np.nan, early["distance"]))

    result = average_of(judged, pd.concat([early, late], ignore_index=True))

    assert result.pairs == 30
    assert result.difference.estimate == pytest.approx(0.0)


def test_averaging_does_not_save_a_run_that_diverged():
    judged, evaluations = runs_with(0.1)
    judged.loc[:29, "status"] = "diverged"

    result = average_of(judged, evaluations)

    assert (result.pairs, result.difference.estimate) == (40, 0.0)


def test_what_is_not_measured_is_no_member_of_the_family():
    scores = [
        Equal(difference=Interval(0.2, 0.1, 0.3), pairs=pairs, seeds=seeds, p=p)
        for pairs, seeds, p in ((40, 5, 0.01), (5, 5, 0.02), (40, 2, 0.02), (40, 5, 0.04))
    ]

    done = corrected(scores)

    assert np.array([each.p_adjusted for each in done]) == pytest.approx(
        [0.02, np.nan, np.nan, 0.04], nan_ok=True
    )
    assert [each.family for each in done] == [2, 0, 0, 2]
    assert [each.verdict for each in done] == [HELPS, NOT_MEASURED, NOT_MEASURED, HELPS]


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
        {
            "treated": slow["run_id"],
            "baseline": plain["run_id"],
            "cell": [i % 4 for i in range(40)],
            "seed": [i // 4 for i in range(40)],
        }
    )
    known = curves(runs, probes)
    scores = {
        budget: difference_at(REMEDIES[0], named, known, budget, QUICK) for budget in ("steps", "seconds")
    }
    item = together([Planted(REMEDIES[0], scores)], Averaging()).remedies[0]

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
