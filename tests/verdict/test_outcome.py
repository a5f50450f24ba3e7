"""The table of outcomes: every planted ending gets its label, and every rule is needed for one of them."""

import math

import numpy as np
import pytest
from planted_runs import (
    COVERAGE_CEILING,
    EVALUATIONS,
    GOOD,
    IMAGES,
    PLANTED,
    PRECISION_CEILING,
    STEPS,
    Planted,
    approach,
    distance_at,
    ending,
    few_images,
    held,
    image_context,
    late_divergence,
    mixture_context,
    mixture_ending,
    nonfinite_end,
    q_series,
    run,
    swing_of,
    swinging,
    wandering,
    with_series,
)

from bench.records.schema import OUTCOMES, EvaluationRecord
from bench.verdict import DEFAULT, judge
from bench.verdict.outcome import RULES


def verdict_of(planted: Planted, **options):
    return judge(planted.evaluations, planted.context, diverged_step=planted.diverged_step, **options)


def outcome_of(rows, context=None, **options):
    return judge(run(rows), context or image_context(), **options).outcome


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_ending_is_found(name):
    planted = PLANTED[name]()

    verdict = verdict_of(planted)

    assert (verdict.outcome, verdict.evidence["rule"]) == (planted.outcome, planted.expected_rule)
    assert verdict.state == OUTCOMES[planted.outcome]


@pytest.mark.parametrize("name", IMAGES)
def test_every_measured_sampler_gets_the_label_it_was_planted_for(name):
    expected = {
        "other half": "converged",
        "1 class missing": "collapsed:partial",
        "3 missing": "collapsed:partial",
        "5 missing": "collapsed:partial",
        "9 missing": "collapsed:total",
        "1 image per class": "collapsed:partial",
        "single image": "collapsed:total",
        "mean image": "collapsed:total",
        # Within the calibrated limits: six of ten samples look real and six of ten real ones are covered.
        "real + noise 0.5": "converged",
        "real + noise 1.0": "stalled-low-quality",
        "uniform noise": "no-progress",
        "50 memorised": "collapsed:partial",
    }

    assert outcome_of(approach(IMAGES[name])) == expected[name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_switching_a_rule_off_changes_the_verdict_of_its_planted_run(rule):
    needing = [
        planted for planted in (make() for make in PLANTED.values()) if planted.expected_rule == rule.name
    ]
    others = [other for other in RULES if other is not rule]

    assert needing
    for planted in needing:
        verdict = verdict_of(planted, rules=others)
        assert verdict.evidence["rule"] != planted.expected_rule
        # Without its gate a run that got nowhere is still one that got nowhere, by the later rule.
        assert (verdict.outcome == planted.outcome) == (rule.name == "no-progress:gate-off")


def test_every_outcome_is_planted_and_every_rule_gives_a_known_one():
    assert {make().outcome for make in PLANTED.values()} == set(OUTCOMES)
    assert {rule.label for rule in RULES} == set(OUTCOMES)


@pytest.mark.parametrize(("name", "later"), [
    ("hopping", "collapsed:partial"),
    ("single image", "no-progress"),
    ("late divergence", "degrading"),
    ("nan in training", "invalid"),
])  # fmt: skip
def test_the_first_rule_that_matches_wins(name, later):
    planted = PLANTED[name]()
    label = planted.outcome
    first = [rule for rule in RULES if rule.label == label]
    last = [rule for rule in RULES if rule.label == later]
    if name == "nan in training":
        verdict = verdict_of(planted)
        assert verdict.outcome == label
        assert judge(planted.evaluations, planted.context).outcome == later
        return

    assert verdict_of(planted, rules=first + last).outcome == label
    assert verdict_of(planted, rules=last + first).outcome == later


def test_faithful_copies_of_few_images_are_no_collapse_but_the_same_samples_of_all_images_are():
    rows = approach(IMAGES["50 memorised"])

    assert outcome_of(rows, few_images()) == "converged"
    assert outcome_of(rows, image_context()) == "collapsed:partial"


def test_worse_than_a_copy_of_few_images_is_still_collapse():
    assert outcome_of(approach(IMAGES["1 image per class"]), few_images()) == "collapsed:partial"
    assert outcome_of(approach(IMAGES["single image"]), few_images()) == "collapsed:total"


@pytest.mark.parametrize(("name", "expected"), [
    ("real + noise 0.5", "converged"),
    ("real + noise 1.0", "stalled-low-quality"),
])  # fmt: skip
def test_a_diverse_noisy_sampler_of_few_images_is_not_collapsed(name, expected):
    assert outcome_of(approach(IMAGES[name]), few_images()) == expected


def test_few_data_move_the_limit_of_q_by_what_a_copy_would_score():
    far = distance_at(0.6)

    assert outcome_of(ending(distance=far)) == "stalled-low-quality"
    assert outcome_of(ending(distance=far), image_context(distance_copy=distance_at(0.3))) == "converged"


@pytest.mark.parametrize(("copied", "lost", "expected"), [
    (10.0, 1, "collapsed:partial"),
    (9.6, 1, "converged"),
    (9.6, 2, "collapsed:partial"),
])  # fmt: skip
def test_modes_that_a_copy_loses_by_chance_are_no_collapse(copied, lost, expected):
    context = image_context(modes_strict_copy=copied)

    assert outcome_of(ending(modes_strict=10 - lost), context) == expected


def test_partial_collapse_says_between_or_within_modes():
    between, within = verdict_of(PLANTED["classes missing"]()), verdict_of(PLANTED["1 image per class"]())

    assert (between.evidence["detail"], within.evidence["detail"]) == ("inter", "intra")


def test_missing_classes_of_a_generator_that_makes_noise_are_no_collapse():
    rows = ending(distance=distance_at(0.6), precision=0.3, modes_strict=4, mode_kl=0.9)

    assert outcome_of(rows) == "stalled-low-quality"


def test_hopping_between_classes_of_noise_is_no_mode_hopping():
    rows = approach(IMAGES["uniform noise"] | {"precision": 0.1})
    histograms = [held([t % 10]) for t in range(EVALUATIONS)]

    assert judge(run(rows, histograms), image_context()).outcome == "no-progress"


@pytest.mark.parametrize(("every", "expected"), [(1, "oscillating:mode-hopping"), (20, "collapsed:partial")])
def test_a_collapse_that_stays_where_it_is_does_not_hop(every, expected):
    rows = ending(modes_strict=3, mode_kl=1.2, coverage=0.3)
    histograms = [held([(3 * (t // every) + k) % 10 for k in range(3)]) for t in range(EVALUATIONS)]

    assert judge(run(rows, histograms), image_context()).outcome == expected


@pytest.mark.parametrize(("collapsed", "expected"), [(5, "converged"), (6, "collapsed:partial")])
def test_collapse_must_last_for_most_of_the_window(collapsed, expected):
    rows = ending()
    bad = GOOD | {"modes_strict": 6}
    spots = [EVALUATIONS - 1 - k for k in range(collapsed)]

    assert outcome_of([bad if place in spots else values for place, values in enumerate(rows)]) == expected


@pytest.mark.parametrize(("last", "expected"), [(0, "converged"), (1, "diverged:nonfinite")])
def test_nonfinite_samples_at_the_end_are_divergence(last, expected):
    assert outcome_of(nonfinite_end(last)) == expected


@pytest.mark.parametrize(("length", "expected"), [(1, "converged"), (2, "diverged:nonfinite")])
def test_one_early_nan_evaluation_that_recovers_is_no_divergence(length, expected):
    broken = {"finite_fraction": 0.5, "distance": math.nan}
    rows = [values | broken if 4 <= place < 4 + length else values for place, values in enumerate(ending())]

    assert outcome_of(rows) == expected


def test_outputs_that_fly_far_early_and_come_back_have_not_diverged():
    far = np.r_[np.full(10, 1e3), np.ones(30)]

    assert outcome_of(with_series(ending(), "max_abs", far)) == "converged"


@pytest.mark.parametrize(("rows", "expected", "detail"), [
    (wandering(swing_of(1.3), 0.9 * DEFAULT.ema_gap), "oscillating:quality", "average"),
    (wandering(swing_of(1.3), 1.1 * DEFAULT.ema_gap), "converged", ""),
    (wandering(swing_of(0.7), 0.9 * DEFAULT.ema_gap), "converged", ""),
    (wandering(swing_of(1.3)), "converged", ""),
    (swinging(2.6, swing_of(1.3)), "oscillating:quality", "reversals"),
    (swinging(10, swing_of(1.3)), "oscillating:quality", "rhythm"),
    (swinging(10, swing_of(0.7)), "converged", ""),
])  # fmt: skip
def test_quality_oscillates_only_if_it_swings_and_comes_back(rows, expected, detail):
    rules = [rule for rule in RULES if rule.name not in ("still-improving", "degrading")]

    verdict = judge(run(rows), image_context(), rules=rules)

    assert (verdict.outcome, verdict.evidence["detail"]) == (expected, detail)


def test_no_run_can_slip_between_the_gate_of_collapse_and_the_limit_of_precision():
    """A run whose samples look too little like data for the one must stall for the other."""
    assert DEFAULT.gate_precision <= DEFAULT.stalled_precision
    for share in np.linspace(0.3, 0.6, 31):
        rows = ending(precision=share * PRECISION_CEILING, modes_strict=5, mode_kl=0.7)
        assert outcome_of(rows) in ("collapsed:partial", "stalled-low-quality")


@pytest.mark.parametrize(("total", "expected"), [
    (0.8 * DEFAULT.improving_delta_q, "converged"),
    (1.2 * DEFAULT.improving_delta_q, "still-improving"),
    (0.8 * DEFAULT.degrading_delta_q, "converged"),
    (1.2 * DEFAULT.degrading_delta_q, "degrading"),
])  # fmt: skip
def test_the_trend_of_the_window_decides_at_its_limits(total, expected):
    window = 0.2 + total * np.arange(10) / 10
    q = np.r_[np.linspace(1, 0.2, 15), np.full(15, 0.2), window]

    assert outcome_of(q_series(q), image_context(distance_noise=0.05)) == expected


@pytest.mark.parametrize(("noise", "expected"), [(0.05, "still-improving"), (1.0, "converged")])
def test_a_trend_that_sampling_could_show_is_none(noise, expected):
    window = 0.2 + 1.2 * DEFAULT.improving_delta_q * np.arange(10) / 10
    q = np.r_[np.linspace(1, 0.2, 15), np.full(15, 0.2), window]

    assert outcome_of(q_series(q), image_context(distance_noise=noise)) == expected


@pytest.mark.parametrize(("name", "limit"), [
    ("precision", DEFAULT.stalled_precision * PRECISION_CEILING),
    ("coverage", DEFAULT.stalled_coverage * COVERAGE_CEILING),
])  # fmt: skip
@pytest.mark.parametrize(("side", "expected"), [(0.99, "stalled-low-quality"), (1.01, "converged")])
def test_quality_stalls_just_below_its_share_of_the_ceiling(name, limit, side, expected):
    assert outcome_of(ending(**{name: limit * side, "recall": 0.9})) == expected


@pytest.mark.parametrize(("side", "expected"), [(0.99, "converged"), (1.01, "stalled-low-quality")])
def test_distance_stalls_just_above_its_limit(side, expected):
    context = image_context(distance_copy=math.nan)

    assert outcome_of(ending(distance=distance_at(DEFAULT.stalled_q * side)), context) == expected


@pytest.mark.parametrize(("side", "expected"), [(0.99, "stalled-low-quality"), (1.01, "converged")])
def test_mixtures_are_measured_against_the_high_quality_of_a_perfect_sampler(side, expected):
    quality = side * DEFAULT.stalled_high_quality * mixture_context().high_quality_floor

    assert outcome_of(mixture_ending(high_quality=quality), mixture_context()) == expected


def test_what_was_not_measured_is_never_called_converged():
    rows = [{name: value for name, value in values.items() if name != "coverage"} for values in ending()]

    verdict = judge(run(rows), image_context())

    assert (verdict.outcome, verdict.evidence["rule"]) == ("invalid", "undecidable")
    assert "coverage_rel" in verdict.evidence["detail"]


@pytest.mark.parametrize(("scale", "reason"), [
    ({"distance_floor": math.nan}, "no scale"),
    ({"distance_start": 1.0}, "no scale"),
    ({"distance_floor": 0.0}, "no scale"),
])  # fmt: skip
def test_without_a_distance_scale_a_run_is_invalid(scale, reason):
    verdict = judge(run(ending()), image_context(**scale))

    assert verdict.outcome == "invalid"
    assert reason in verdict.evidence["detail"]


def test_a_distance_that_was_never_measured_is_our_fault_not_the_runs():
    rows = [values | {"distance": math.nan} for values in ending()]

    assert judge(run(rows), image_context()).evidence["detail"] == "the distance was never measured"


def test_no_evaluations_is_invalid_and_divergence_before_the_first_is_divergence():
    nothing, early = judge((), image_context()), judge((), image_context(), diverged_step=3)

    assert (nothing.outcome, nothing.state, math.isnan(nothing.score)) == ("invalid", "undecided", True)
    assert (early.outcome, early.q, early.score, early.onset_step) == ("diverged:nonfinite", 1.5, 0.0, 3)


def test_one_evaluation_is_enough_for_a_verdict():
    verdict = judge((EvaluationRecord(step=STEPS, values=GOOD),), image_context())

    assert verdict.outcome == "converged"


@pytest.mark.parametrize(("name", "onset"), [
    ("nan in training", 2050),
    ("nan samples", 3800),
    ("scale growth", 3100),
    ("single image", 100),
    ("late divergence", 3600),
    ("uniform noise", 100),
    ("far but plausible", 100),
    ("still improving", None),
    ("stopped early", None),
    ("degrading", 2100),
])  # fmt: skip
def test_onset_is_the_first_evaluation_from_which_it_held(name, onset):
    assert verdict_of(PLANTED[name]()).onset_step == onset


def test_the_onset_of_a_collapse_bridges_one_odd_evaluation_but_not_two():
    def onset_with_gap(width):
        rows = ending()
        for place in range(10, EVALUATIONS):
            if not 20 <= place < 20 + width:
                rows[place] = GOOD | {"modes_strict": 6}
        return judge(run(rows), image_context()).onset_step

    assert (onset_with_gap(0), onset_with_gap(1), onset_with_gap(2)) == (1100, 1100, 2300)


def test_convergence_has_its_onset_where_q_first_stayed_within_its_limit():
    q = np.r_[np.full(8, 1.0), np.full(32, 0.1)]

    assert judge(run(q_series(q)), image_context()).onset_step == 900


@pytest.mark.parametrize(("path", "onset"), [
    (np.r_[np.full(8, 1.0), np.full(32, 0.6)], 900),  # came down to its level
    (np.r_[np.full(8, 1.0), np.full(12, 0.1), np.full(20, 0.6)], 2100),  # was good, then fell back at once
    (np.r_[np.full(4, 1.0), np.full(12, 0.1), np.linspace(0.1, 0.6, 9), np.full(15, 0.6)], 2000),  # slowly
    (np.r_[np.full(8, 1.0), np.full(12, 0.1), np.full(6, 0.6), np.full(4, 0.1), np.full(10, 0.6)], 3100),
    (np.r_[np.full(8, 1.0), np.full(12, 0.52), np.full(20, 0.6)], 900),  # never clearly better
    (np.r_[np.full(8, 1.0), 0.1, np.full(31, 0.6)], 900),  # one lucky evaluation is no better level
])  # fmt: skip
def test_a_stall_has_its_onset_where_q_came_to_its_level_or_left_a_better_one(path, onset):
    verdict = judge(run(q_series(path)), image_context(distance_noise=0.05))

    assert (verdict.outcome, verdict.onset_step) == ("stalled-low-quality", onset)


def test_the_order_of_stored_evaluations_does_not_matter():
    evaluations = run(late_divergence())

    shuffled = tuple(evaluations[place] for place in np.random.default_rng(0).permutation(EVALUATIONS))

    assert judge(shuffled, image_context()) == judge(evaluations, image_context())


@pytest.mark.parametrize(("data_range", "wanted"), [(0.0, "invalid"), (math.nan, "converged")])
def test_samples_are_never_out_of_a_range_that_is_none(data_range, wanted):
    context = image_context(data_range=data_range)

    assert outcome_of(ending(max_abs=1.0), context) == wanted
    assert outcome_of(nonfinite_end(8), context) == "diverged:nonfinite"
