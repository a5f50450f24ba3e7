"""The one object of limits: each has a ground, can be changed, and matters to a planted run."""

import math
from dataclasses import fields

import numpy as np
import pytest
from planted_runs import (
    COVERAGE_CEILING,
    CRITIC,
    EVALUATIONS,
    FLAGGED,
    GOOD,
    IMAGES,
    PLANTED,
    Planted,
    approach,
    distance_at,
    ending,
    few_images,
    image_context,
    mixture_context,
    mixture_ending,
    q_series,
    run,
    swing_of,
    swinging,
    with_series,
)

from bench.verdict import DEFAULT, Thresholds, judge, override
from bench.verdict.thresholds import grounds, read_settings


def planted(rows, **context):
    return Planted("", run(rows), image_context(**context))


def constant(q=0.7, **columns):
    rows = q_series(np.r_[1.0, np.full(EVALUATIONS - 1, q)])
    for name, values in columns.items():
        rows = with_series(rows, name, np.broadcast_to(values, EVALUATIONS))
    return planted(rows)


def critic(regularizer="none", **columns):
    return Planted("", constant(**columns).evaluations, image_context(regularizer=regularizer, **CRITIC))


def recently_collapsed(evaluations, among=GOOD):
    rows = ending()
    return planted(rows[:-evaluations] + [among | {"modes_strict": 6}] * evaluations)


def short(count, collapsed):
    """A run of few evaluations, good but for the last ones."""
    return planted([GOOD] * (count - collapsed) + [GOOD | {"modes_strict": 6}] * collapsed)


THIN = {"coverage": 0.9 * DEFAULT.intra_coverage * COVERAGE_CEILING, "recall": 0.7}
"""Covers too little to be diverse, and still more than makes a run stall."""

SENSITIVE = {
    "window_share": (lambda: recently_collapsed(10), 0.5),
    "window_min": (lambda: short(24, collapsed=5), 4),
    "window_most": (lambda: short(12, collapsed=5), 0.9),
    "persist_share": (lambda: recently_collapsed(7), 0.8),
    "span_start": (lambda: constant(auc_real_fake=np.r_[np.ones(30), np.full(10, 0.6)]), 0.5),
    "span_share": (lambda: constant(auc_real_fake=np.r_[np.ones(32), np.full(8, 0.6)]), 0.9),
    "done_share": (PLANTED["stopped early"], 0.4),
    "range_factor": (lambda: planted(ending(max_abs=50.0)), 30.0),
    "start_over_floor": (lambda: Planted("", run(ending()), image_context(distance_floor=100.0)), 1.5),
    "hop": (PLANTED["hopping"], 0.9),
    "hop_tv_factor": (PLANTED["hopping"], 50.0),
    "gate_precision": (
        lambda: planted(ending(precision=0.9 * DEFAULT.gate_precision, modes_strict=5)),
        DEFAULT.gate_precision / 2,
    ),
    "gate_high_quality": (
        lambda: Planted("", run(mixture_ending(high_quality=0.25, modes_strict=5)), mixture_context()),
        0.2,
    ),
    "strict_share": (PLANTED["hopping"], 6.0),
    "total_pairwise": (lambda: planted(ending(pairwise_ratio=0.05)), 0.01),
    "total_modes_share": (
        lambda: planted(approach(IMAGES["5 missing"] | {"modes_strict": 2, "coverage": 0.15})),
        0.2,
    ),
    "total_coverage": (PLANTED["one class left"], 0.05),
    "total_coverage_alone": (PLANTED["a patch, no classes"], 0.01),
    "many_modes": (
        lambda: Planted(
            "", run(ending(modes_strict=24)), image_context(modes_total=25, modes_strict_copy=25.0)
        ),
        10,
    ),
    "partial_modes_share": (PLANTED["many modes"], 0.5),
    "partial_kl": (PLANTED["imbalance"], 2 * DEFAULT.partial_kl),
    "kl_null_factor": (
        # As few samples as make chance, not partial_kl, the limit.
        lambda: planted(ending(mode_kl=1.2 * DEFAULT.partial_kl), samples=200, reference_samples=200),
        1.0,
    ),
    "intra_coverage": (PLANTED["1 image per class"], 0.01),
    "intra_recall": (lambda: planted(ending(**THIN, density=1.04)), 0.5),
    "intra_recall_blind": (
        lambda: Planted("", run(approach(IMAGES["1 image per class"])), few_images()),
        0.0,
    ),
    "intra_density": (lambda: planted(ending(**THIN, density=1.2 * DEFAULT.intra_density)), 0.7),
    "intra_spread": (lambda: Planted("", run(mixture_ending(mode_spread=0.3)), mixture_context()), 0.2),
    "late_q": (PLANTED["late divergence"], 0.99),
    "late_best_q": (PLANTED["late divergence"], 0.1),
    "late_evaluations": (PLANTED["late divergence"], 20),
    "no_progress_q": (PLANTED["far but plausible"], 0.9),
    "improving_delta_q": (PLANTED["still improving"], -0.5),
    "degrading_delta_q": (PLANTED["degrading"], 0.9),
    "trend_noise_sds": (
        lambda: planted(q_series(np.r_[np.linspace(1, 0.2, 30), 0.2 - 0.018 * np.arange(10)])),
        9.0,
    ),
    "stalled_q": (PLANTED["stalled far"], 0.8),
    "stalled_q_mixture": (PLANTED["far mixture"], 0.6),
    "stalled_precision": (
        lambda: planted(ending(precision=0.9 * DEFAULT.stalled_precision)),
        DEFAULT.stalled_precision / 2,
    ),
    "stalled_coverage": (PLANTED["uncovered"], DEFAULT.stalled_coverage / 2),
    "stalled_high_quality": (PLANTED["poor mixture"], 0.5),
    "distance_noise": (PLANTED["jumping"], 2 * DEFAULT.distance_noise),
    "amplitude": (PLANTED["jumping"], 10.0),
    "ema_gap": (PLANTED["circling"], DEFAULT.ema_gap / 2),
    "reversal_share": (PLANTED["jumping"], 1.1),
    "reversal_steps": (PLANTED["jumping"], 30),
    "noise_factor": (lambda: planted(swinging(2.6, swing_of(1.3))), 50.0),
    "oscillation_p": (PLANTED["in rhythm"], 0.001),
    "oscillation_start": (PLANTED["in rhythm"], 0.9),
    "dominated_auc": (lambda: constant(auc_real_fake=0.985), 0.99),
    "dominated_delta_q": (lambda: constant(auc_real_fake=1.0), 0.1),
    "vanished_gain": (lambda: constant(auc_real_fake=1.0, generator_gain=0.008), 0.005),
    "vanished_gradient": (
        lambda: constant(auc_real_fake=1.0, generator_gradient=np.r_[1.0, 1.0, np.full(38, 0.008)]),
        0.005,
    ),
    "early_share": (
        lambda: constant(auc_real_fake=1.0, generator_gradient=np.r_[1.0, 1.0, np.full(38, 0.008)]),
        0.5,
    ),
    "vanished_slope": (
        lambda: critic(auc_real_fake=1.0, discriminator_slope=np.r_[5.0, np.full(39, 0.04)]),
        0.001,
    ),
    "weak_auc": (lambda: constant(auc_real_fake=0.58, probe_auc=0.95), 0.55),
    "weak_probe_auc": (lambda: constant(auc_real_fake=0.58, probe_auc=0.95), 0.99),
    "overfit_auc": (lambda: constant(auc_train_holdout=0.8), 0.9),
    "overfit_null_sds": (
        lambda: Planted(
            "", constant(auc_train_holdout=0.8).evaluations, image_context(probe_train=20, probe_holdout=512)
        ),
        6.0,
    ),
    "overfit_ratio": (lambda: constant(overfit_ratio=0.6), 0.7),
    "overfit_smoothing": (
        lambda: constant(auc_train_holdout=np.r_[np.full(30, 0.5), np.tile([0.9, 0.5], 4), 0.9, 0.9]),
        1,
    ),
    "harmful_rise_q": (
        lambda: planted(
            [
                v | {"auc_train_holdout": 0.9}
                for v in q_series(np.r_[np.linspace(1, 0.1, 20), np.full(20, 0.25)])
            ]
        ),
        0.2,
    ),
    "memory_ratio": (lambda: constant(memory_ratio=3.0), 4.0),
    "slope_profile": (lambda: critic("clip", slope_profile=200.0), 300.0),
    "rotation": (FLAGGED["turning at rest"][1], 0.995),
    "stationarity": (FLAGGED["turning at rest"][1], 0.001),
    "copying_z": (lambda: constant(data_copying=-3.5), -4.0),
    "penalty_deviation": (lambda: critic("gradient_penalty", penalty_deviation=0.6), 0.7),
    "clip_saturation": (lambda: critic("clip", clip_saturation=0.95), 0.97),
}
"""Each limit with a planted run that hangs on it, and a value that turns the run's verdict."""


def said(planted, thresholds):
    verdict = judge(
        planted.evaluations,
        planted.context,
        diverged_step=planted.diverged_step,
        thresholds=thresholds,
        run_level=planted.run_level,
    )
    found = verdict.evidence["mechanisms"]
    return verdict.outcome, verdict.mechanisms, found["D-overfit"]["numbers"].get("harmful")


def test_every_limit_has_a_planted_run_that_hangs_on_it():
    stopping = {"stop_share", "stop_looks", "stop_delta_q"}  # of runs in training: test_early.py

    assert set(SENSITIVE) | stopping == set(grounds())


@pytest.mark.parametrize("name", SENSITIVE)
def test_changing_a_limit_turns_the_verdict_of_its_planted_run(name):
    make, value = SENSITIVE[name]

    assert said(make(), override(DEFAULT, {name: value})) != said(make(), DEFAULT)


def test_every_limit_has_a_ground_and_only_the_version_has_none():
    without = {each.name for each in fields(Thresholds)} - set(grounds())

    assert without == {"version"}
    assert all(len(ground) > 12 for ground in grounds().values())


def test_a_changed_limit_shows_in_the_version():
    changed = override(DEFAULT, {"stalled_q": 0.5, "hop": 0.3})

    assert changed.version == f"{DEFAULT.version}+hop=0.3,stalled_q=0.5"
    assert (changed.stalled_q, changed.hop) == (0.5, 0.3)
    assert (DEFAULT.stalled_q, DEFAULT.hop) == (Thresholds().stalled_q, Thresholds().hop) != (0.5, 0.3)


def test_no_change_keeps_the_version():
    assert override(DEFAULT, {}) == DEFAULT


def test_an_unknown_limit_names_the_nearest_one():
    with pytest.raises(ValueError, match="must be a known limit, got 'staled_q'; did you mean 'stalled_q'"):
        override(DEFAULT, {"staled_q": 0.5})


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_limit_must_be_finite(value):
    with pytest.raises(ValueError, match="hop must be a finite number"):
        override(DEFAULT, {"hop": value})


def test_the_version_is_in_the_verdict():
    verdict = judge(
        run(ending(distance=distance_at(0.1))), image_context(), thresholds=override(DEFAULT, {"hop": 0.5})
    )

    assert verdict.thresholds == f"{DEFAULT.version}+hop=0.5"


def test_a_swing_below_its_limit_is_no_oscillation():
    assert judge(run(swinging(2.6, swing_of(0.7))), image_context()).outcome == "converged"


@pytest.mark.parametrize("name", SENSITIVE)
@pytest.mark.parametrize("value", [-7.0, 0.0, 0.5, 1e12])
def test_no_value_of_a_limit_makes_judging_fail(name, value):
    limits = override(DEFAULT, {name: value})

    for make in (PLANTED["hopping"], PLANTED["jumping"], PLANTED["stopped early"], SENSITIVE[name][0]):
        assert said(make(), limits)


def test_settings_name_each_limit_once():
    with pytest.raises(ValueError, match="must name each limit once, got 'hop' again"):
        read_settings(["hop=0.3,hop=0.4"])
