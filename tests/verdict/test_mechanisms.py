"""Scripted discriminator traces for every mechanism flag, on both sides of each limit."""

import math

import numpy as np
import pytest
from planted_runs import (
    CRITIC,
    EVALUATIONS,
    FLAGGED,
    GOOD,
    STEPS,
    STUCK,
    at_the_end,
    distance_at,
    ending,
    image_context,
    run,
    trace,
    with_series,
)

from bench.diagnostics.discriminator import auc_null_sd
from bench.records.schema import MECHANISMS
from bench.verdict import DEFAULT, judge
from bench.verdict.mechanisms import MECHANISM_RULES

LEARNING = np.linspace(1.0, 0.2, EVALUATIONS)
EARLY = 4
"""Evaluations in the first tenth of training, less the one that ends it."""


def findings(rows, context=None, **options):
    return judge(run(rows), context or image_context(), **options).evidence["mechanisms"]


def flags(rows, context=None, **options):
    return judge(run(rows), context or image_context(), **options).mechanisms


def partly(value, otherwise, share):
    """``value`` in a share of the evaluations after the first tenth, the rest ``otherwise``."""
    series = np.full(EVALUATIONS, float(otherwise))
    looked_at = np.arange(EARLY - 1, EVALUATIONS)
    series[looked_at[: math.ceil(share * looked_at.size)]] = value
    return series


def test_the_table_holds_every_known_mechanism_in_order():
    assert tuple(MECHANISM_RULES) == MECHANISMS


def verdict_of(planted, **options):
    return judge(planted.evaluations, planted.context, run_level=planted.run_level, **options)


@pytest.mark.parametrize("name", FLAGGED)
def test_a_planted_mechanism_is_found(name):
    flag, make = FLAGGED[name]

    assert flag in verdict_of(make()).mechanisms


def test_every_mechanism_is_planted():
    assert {flag for flag, _ in FLAGGED.values()} == set(MECHANISMS)


@pytest.mark.parametrize("flag", MECHANISMS)
def test_switching_a_mechanism_off_changes_the_verdict_of_its_planted_runs(flag):
    rest = {name: find for name, find in MECHANISM_RULES.items() if name != flag}
    planted = [make() for name, make in FLAGGED.values() if name == flag]

    assert planted
    for each in planted:
        assert set(verdict_of(each).mechanisms) - set(verdict_of(each, mechanisms=rest).mechanisms) == {flag}


def test_a_healthy_run_has_no_flag():
    rows = trace(
        LEARNING,
        auc_real_fake=0.8,
        auc_train_holdout=0.52,
        overfit_ratio=0.05,
        generator_gain=0.4,
        generator_gradient=0.1,
        data_copying=0.3,
        probe_auc=0.7,
    )

    assert flags(rows) == ()


@pytest.mark.parametrize(("auc", "share", "q", "flagged"), [
    (0.985, 1.0, STUCK, True),
    (0.975, 1.0, STUCK, False),
    (0.985, 0.75, STUCK, True),
    (0.985, 0.65, STUCK, False),
    (1.0, 1.0, LEARNING, False),
    (1.0, 1.0, 0.7 - 0.045 * np.arange(EVALUATIONS) / EVALUATIONS, True),
    (1.0, 1.0, 0.7 - 0.070 * np.arange(EVALUATIONS) / EVALUATIONS, False),
])  # fmt: skip
def test_d_dominated_needs_a_sure_discriminator_and_a_stuck_generator(auc, share, q, flagged):
    rows = trace(q, auc_real_fake=partly(auc, 0.7, share))

    assert ("D-dominated" in flags(rows)) == flagged


def test_every_discriminator_wins_early_and_that_does_not_count():
    auc = np.r_[np.ones(EARLY - 1), np.full(EVALUATIONS - EARLY + 1, 0.9)]

    assert findings(trace(auc_real_fake=auc))["D-dominated"]["numbers"]["share"] == 0.0


@pytest.mark.parametrize(("columns", "context", "factor"), [
    ({"generator_gain": 0.008}, {}, "gain"),
    ({"generator_gain": 0.012}, {}, ""),
    ({"generator_gain": 0.008, "generator_gradient": 0.1}, {"has_gain": False, "decision_point": None}, ""),
    ({"generator_gradient": np.r_[1.0, 1.0, np.full(38, 0.008)]}, {}, "gradient"),
    ({"generator_gradient": np.r_[1.0, 1.0, np.full(38, 0.012)]}, {}, ""),
    ({"discriminator_slope": np.r_[1.0, 5.0, np.full(38, 0.04)]}, CRITIC, "slope"),
    ({"discriminator_slope": np.r_[1.0, 5.0, np.full(38, 0.06)]}, CRITIC, ""),
    ({"discriminator_slope": np.r_[1.0, 5.0, np.full(38, 0.04)]}, {}, ""),
])  # fmt: skip
def test_vanishing_names_the_factor_that_died(columns, context, factor):
    others = {"generator_gain": 0.5} if "generator_gain" not in columns else {}
    finding = findings(trace(auc_real_fake=1.0, **others, **columns), image_context(**context))[
        "vanishing-gradient"
    ]

    assert (finding["flagged"], finding["detail"]) == (bool(factor), factor)


def test_a_small_gain_under_a_balanced_discriminator_is_not_vanishing():
    assert "vanishing-gradient" not in flags(trace(auc_real_fake=0.8, generator_gain=0.001))


def test_a_flat_critic_at_the_data_has_not_vanished_and_far_from_it_has():
    flat = np.r_[1.0, 5.0, np.full(38, 0.01)]
    arrived, far = np.r_[1.0, np.full(39, 0.1)], np.r_[1.0, np.full(39, 0.7)]

    assert flags(trace(arrived, auc_real_fake=0.5, discriminator_slope=flat), image_context(**CRITIC)) == ()
    assert flags(trace(far, auc_real_fake=0.5, discriminator_slope=flat), image_context(**CRITIC)) == (
        "vanishing-gradient",
    )


def test_the_first_measured_gradient_stands_for_early_training_where_evaluations_are_few():
    rows = trace(
        auc_real_fake=1.0, generator_gradient=np.r_[math.nan, math.nan, math.nan, 1.0, np.full(36, 0.005)]
    )

    assert findings(rows)["vanishing-gradient"]["numbers"]["gradient"] == pytest.approx(0.005)


def test_the_factor_of_a_dead_gradient_is_named_where_all_are_known():
    def said(gain, slope):
        rows = trace(
            auc_real_fake=1.0,
            generator_gradient=np.r_[1.0, 1.0, np.full(38, 1e-3)],
            generator_gain=np.r_[5.0, 5.0, np.full(38, gain)],
            discriminator_slope=np.r_[2.0, 2.0, np.full(38, slope)],
        )
        return findings(rows)["vanishing-gradient"]["detail"]

    assert said(gain=0.0125, slope=1.8) == "gradient, most of it by the loss"
    assert said(gain=4.5, slope=0.005) == "gradient, most of it by the discriminator"
    assert said(gain=4.5, slope=1.8) == "gradient, most of it by the generator's own layers"


def test_a_probe_at_the_end_alone_speaks_for_the_run():
    rows = trace(auc_real_fake=0.55, probe_auc=at_the_end(0.95))

    assert "G-dominated" in flags(rows)


@pytest.mark.parametrize(("auc", "probe", "detail"), [
    (0.59, 0.91, "cannot tell"),
    (0.61, 0.91, ""),
    (0.59, 0.89, ""),
    (0.41, 0.91, "cannot tell"),
    (0.39, 0.91, "sides wrong"),
    (0.39, 0.89, ""),
])  # fmt: skip
def test_g_dominated_needs_a_useless_discriminator_and_a_seeing_probe(auc, probe, detail):
    finding = findings(trace(auc_real_fake=auc, probe_auc=probe))["G-dominated"]

    assert (finding["flagged"], finding["detail"]) == (bool(detail), detail)


def test_a_discriminator_that_is_right_now_and_wrong_then_is_not_too_weak():
    swinging = np.where(
        np.arange(EVALUATIONS) % 3 == 0, 0.9, np.where(np.arange(EVALUATIONS) % 3 == 1, 0.5, 0.1)
    )
    finding = findings(trace(auc_real_fake=swinging, probe_auc=0.99))["G-dominated"]

    assert np.median(swinging) <= DEFAULT.weak_auc
    assert (finding["flagged"], finding["status"]) == (False, "measured")


@pytest.mark.parametrize("flag", ["D-dominated", "vanishing-gradient"])
@pytest.mark.parametrize(("rows", "context"), [
    (EVALUATIONS, {"distance_floor": math.nan}),
    (EARLY, {}),
])  # fmt: skip
def test_without_a_trend_of_q_domination_is_not_measured(flag, rows, context):
    """No scale for q, or one evaluation after the first tenth."""
    evaluations = run(trace(auc_real_fake=1.0, generator_gain=0.001))[:rows]
    finding = judge(evaluations, image_context(**context)).evidence["mechanisms"][flag]

    assert (finding["status"], finding["flagged"]) == ("not_measured", False)
    assert "trend of q" in finding["detail"]


def test_g_dominated_without_a_probe_is_not_measured_and_says_what_it_needs():
    finding = findings(trace(auc_real_fake=0.5))["G-dominated"]

    assert (finding["status"], finding["flagged"]) == ("not_measured", False)
    assert "probe_auc" in finding["detail"]


@pytest.mark.parametrize(("auc", "ratio", "flagged"), [
    (0.76, 0.0, True),
    (0.74, 0.0, False),
    (0.50, 0.51, True),
    (0.50, 0.49, False),
    (math.nan, 0.6, True),
    (0.8, math.nan, True),
])  # fmt: skip
def test_d_overfit_by_auc_or_by_ratio(auc, ratio, flagged):
    assert ("D-overfit" in flags(trace(auc_train_holdout=auc, overfit_ratio=ratio))) == flagged


@pytest.mark.parametrize(("count", "flagged"), [(5, False), (7, True)])
def test_d_overfit_must_last_for_most_of_the_window(count, flagged):
    auc = np.r_[np.full(EVALUATIONS - count, 0.6), np.full(count, 0.9)]

    # The median of three starts one evaluation late.
    assert ("D-overfit" in flags(trace(auc_train_holdout=auc))) == flagged


def test_one_wild_evaluation_in_three_is_smoothed_away():
    auc = np.where(np.arange(EVALUATIONS) % 3 == 0, 0.95, 0.55)

    assert "D-overfit" not in flags(trace(auc_train_holdout=auc))


def test_few_training_samples_need_a_larger_auc_to_count():
    few = image_context(probe_train=8, probe_holdout=512)
    chance = auc_null_sd(8, 512)

    assert 0.5 + 3 * chance > 0.78
    assert "D-overfit" not in flags(trace(auc_train_holdout=0.78), few)
    assert "D-overfit" in flags(trace(auc_train_holdout=0.5 + 3.1 * chance), few)


@pytest.mark.parametrize(("rise", "harmful"), [(0.08, 0.0), (0.12, 1.0)])
def test_overfitting_is_harmful_if_the_distance_rose_again(rise, harmful):
    q = np.r_[np.linspace(1, 0.2, 15), np.full(5, 0.2), np.full(20, 0.2 + rise)]

    assert findings(trace(q, auc_train_holdout=0.9))["D-overfit"]["numbers"]["harmful"] == harmful


@pytest.mark.parametrize(("z", "flagged"), [(-3.1, True), (-2.9, False), (5.0, False)])
def test_memorising_is_three_sd_too_near(z, flagged):
    rows = trace(data_copying=np.r_[np.full(EVALUATIONS - 1, math.nan), z], authenticity=0.4)

    assert ("memorising" in flags(rows)) == flagged


@pytest.mark.parametrize(("z", "ratio", "detail"), [
    (0.0, 2.1, "memory_ratio"),
    (0.0, 1.9, ""),
    (math.nan, 2.1, "memory_ratio"),
    (-4.0, math.nan, "data_copying"),
    (-4.0, 3.0, "data_copying memory_ratio"),
])  # fmt: skip
def test_memorising_by_sample_or_by_law_says_which(z, ratio, detail):
    finding = findings(trace(data_copying=at_the_end(z), memory_ratio=at_the_end(ratio)))["memorising"]

    assert (finding["flagged"], finding["detail"]) == (bool(detail), detail)


@pytest.mark.parametrize(("rotation", "stationarity", "flagged", "status"), [
    (0.91, 0.04, True, "measured"),
    (0.89, 0.04, False, "measured"),
    (0.99, 0.06, False, "not_applicable"),
    (0.99, math.nan, False, "not_measured"),
])  # fmt: skip
def test_rotation_counts_only_where_training_came_to_rest(rotation, stationarity, flagged, status):
    numbers = {"spectrum_rotation": rotation, "stationarity": stationarity}
    finding = findings(trace(), run_level=numbers)["rotational"]

    assert (finding["flagged"], finding["status"]) == (flagged, status)


@pytest.mark.parametrize(("converged", "flagged", "status"), [
    ({"spectrum_rotation_ok": 1.0}, True, "measured"),
    ({"spectrum_rotation_ok": 0.0}, False, "not_measured"),
    ({"spectrum_real_ok": 0.0}, True, "measured"),
    ({}, True, "measured"),
], ids=["converged", "not converged", "another spectrum not converged", "stored without status"])  # fmt: skip
def test_rotation_counts_only_where_its_eigenvalues_converged(converged, flagged, status):
    numbers = {"spectrum_rotation": 0.99, "stationarity": 0.01, **converged}
    finding = findings(trace(), run_level=numbers)["rotational"]

    assert (finding["flagged"], finding["status"]) == (flagged, status)
    assert finding["numbers"]["spectrum_rotation"] == 0.99


@pytest.mark.parametrize(("regularizer", "column", "value", "flagged"), [
    ("clip", "slope_profile", 110.0, True),
    ("clip", "slope_profile", 90.0, False),
    ("gradient_penalty", "slope_profile", 1e6, False),
    ("gradient_penalty", "penalty_deviation", 0.52, True),
    ("gradient_penalty", "penalty_deviation", 0.48, False),
    ("clip", "clip_saturation", 0.92, True),
    ("clip", "clip_saturation", 0.88, False),
])  # fmt: skip
def test_a_critic_off_its_constraint_is_unconstrained(regularizer, column, value, flagged):
    context = image_context(regularizer=regularizer, **CRITIC)

    assert ("critic-unconstrained" in flags(trace(**{column: value}), context)) == flagged


def test_without_a_bound_there_is_nothing_to_be_unconstrained():
    finding = findings(trace(), image_context(regularizer="r1"))["critic-unconstrained"]

    assert (finding["status"], finding["flagged"]) == ("not_applicable", False)
    assert "'r1'" in finding["detail"]


def test_what_was_not_measured_is_said_for_every_flag():
    context = image_context(regularizer="clip")

    said = {name: finding["status"] for name, finding in findings(ending(), context).items()}

    assert said == dict.fromkeys(MECHANISMS, "not_measured")


def test_every_measured_flag_shows_a_number_beside_each_limit():
    rows = trace(
        auc_real_fake=1.0,
        auc_train_holdout=0.9,
        overfit_ratio=0.6,
        generator_gain=0.001,
        generator_gradient=0.1,
        discriminator_slope=1.0,
        data_copying=-5.0,
        probe_auc=0.95,
        clip_saturation=0.95,
        slope_profile=200.0,
        memory_ratio=3.0,
    )
    spectrum = {"spectrum_rotation": 0.95, "stationarity": 0.01}
    found = findings(rows, image_context(regularizer="clip"), run_level=spectrum)

    for name, finding in found.items():
        assert finding["status"] == "measured", name
        assert finding["limits"], name
        assert set(finding["limits"]) <= set(finding["numbers"]), name


def test_flags_are_independent_of_the_outcome():
    rows = [values | {"auc_real_fake": 1.0, "auc_train_holdout": 0.9} for values in ending(modes_strict=6)]
    rows = with_series(rows, "distance", [distance_at(each) for each in STUCK])

    verdict = judge(run(rows), image_context())

    assert verdict.outcome == "collapsed:partial"
    assert verdict.mechanisms == ("D-dominated", "D-overfit")


def test_a_run_that_diverged_early_still_says_what_its_discriminator_did():
    rows = trace(auc_real_fake=1.0)[:10]
    evaluations = run(rows)
    evaluations = tuple(e for e in evaluations if e.step <= STEPS)

    verdict = judge(evaluations, image_context(), diverged_step=1020)

    assert verdict.outcome == "diverged:nonfinite"
    assert verdict.evidence["mechanisms"]["D-dominated"]["status"] == "measured"


def test_good_rows_hold_what_the_outcome_needs():
    assert judge(run([GOOD] * EVALUATIONS), image_context()).outcome == "converged"
