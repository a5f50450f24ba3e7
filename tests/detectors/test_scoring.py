"""Threshold severities, onsets, flips and tallies: what the scores of the detector benchmark are made of."""

import math
from dataclasses import replace

import pytest

from bench.detectors.faults import faults, gross
from bench.detectors.flips import COUNTS, ENDS, MOVE, WINDOW, JudgedRun, flips_of, known_limits, moved_limits
from bench.detectors.onsets import first_lasting, noticed
from bench.detectors.samplers import broken, dropped
from bench.detectors.severity import crossing, ladder_of, threshold_severity
from bench.detectors.staging import Script, levels_for, noise_ladder, play
from bench.detectors.tally import Rate, total
from bench.records.schema import MECHANISMS, OUTCOMES
from bench.verdict import DEFAULT, judge

FAULTS = {fault.key: fault for fault in faults()}


def test_every_planted_failure_names_verdicts_that_exist():
    named = {label for fault in FAULTS.values() for label in fault.outcomes}
    named |= {label for _, labels in gross().values() for label in labels}

    assert named <= set(OUTCOMES)
    assert {fault.mechanism for fault in FAULTS.values()} - {""} <= set(MECHANISMS)


def test_every_ending_but_converged_and_invalid_is_planted():
    planted = {fault.outcomes[0] for fault in FAULTS.values() if fault.outcomes}
    planted |= {labels[0] for _, labels in gross().values()}

    assert planted == set(OUTCOMES) - {"converged", "invalid"}


def test_loads_cross_one_where_they_are_interpolated():
    assert crossing([1.0, 2.0, 4.0], [0.5, 2.0, 3.0]) == pytest.approx(math.sqrt(2))
    assert math.isnan(crossing([1.0, 2.0], [0.5, 0.9]))
    assert math.isnan(crossing([1.0, 2.0], [1.5, 2.0]))


def test_a_threshold_is_the_severity_whose_measured_quantity_is_at_its_limit():
    thinness = threshold_severity(FAULTS["ring8: narrow modes"], seeds=(0,))

    assert 1 / thinness == pytest.approx(DEFAULT.intra_spread, rel=0.05)


def test_a_search_that_holds_no_threshold_is_refused():
    fault = FAULTS["ring8: narrow modes"]
    narrow = replace(fault, search=(1.1, 1.2))

    with pytest.raises(ValueError, match="load must cross 1 between"):
        threshold_severity(narrow, seeds=(0,))


def test_counted_severities_are_whole():
    assert ladder_of(FAULTS["digits: hopping"]) == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_noise_levels_lead_along_a_path_of_distances():
    levels, q = noise_ladder("digits")

    assert list(levels) == sorted(levels)
    assert list(q) == sorted(q)
    assert levels_for("digits", [-1.0, q[-1]]) == (0.0, pytest.approx(levels[-1]))


def test_a_failure_is_dated_from_its_onset():
    played = play(Script("digits", broken(3), onset=25), seed=3)
    told = noticed(played, ("diverged:nonfinite",))

    assert played.onset_step == played.evaluations[25].step
    assert (told.named, told.live, told.left) == (0.0, 0, 14)


def test_a_failure_that_was_not_found_has_no_date():
    played = play(Script("digits", dropped(1), onset=25), seed=3)
    told = noticed(played, ("diverged:late",))

    assert (told.named, told.live, told.left) == (None, None, 0)


def test_what_was_taken_back_is_not_told():
    assert [first_lasting(held) for held in ([], [True, False], [True, True], [True, False, True])] == [
        None,
        None,
        0,
        2,
    ]


def test_every_limit_but_those_of_the_window_is_moved_both_ways_by_the_same_step():
    moves = moved_limits()

    assert {name for name, _ in moves} == known_limits() - set(WINDOW)
    assert set(ENDS) | set(COUNTS) <= known_limits()
    assert sorted(value for name, value in moves if name == "late_evaluations") == [2, 4]
    first, second = (value for name, value in moves if name == "dominated_auc")
    assert first + second == pytest.approx(2 * DEFAULT.dominated_auc)
    assert first - DEFAULT.dominated_auc == pytest.approx(MOVE * (1 - DEFAULT.dominated_auc))


def test_flips_are_the_labels_that_judging_again_changes():
    short = {"arrival": 5, "onset": 8, "evaluations": 20}
    played = [play(Script("digits", failing, **short), seed=0) for failing in (None, dropped(1))]
    runs = [JudgedRun(each.evaluations, each.context) for each in played]

    for moved in flips_of(runs):
        limits = replace(DEFAULT, **{moved.limit: moved.moved})
        again = [judge(run.evaluations, run.context, thresholds=limits).outcome for run in runs]
        flipped = sum(new != each.verdict.outcome for new, each in zip(again, played, strict=True))
        assert moved.flips == Rate(flipped, 2), moved.limit


def test_rates_pool_and_carry_wilson_intervals():
    pooled = total([Rate(2, 100), Rate(2, 100)])

    assert pooled == Rate(4, 200)
    assert (round(pooled.low, 3), round(pooled.high, 3)) == (0.008, 0.05)
    assert (Rate(0, 0).low, Rate(0, 0).high) == (0.0, 1.0)
