from dataclasses import replace

import pytest
from report_records import judged, paired

from reports.findings import (
    IN_PART,
    MIXED,
    NOT_MEASURED,
    NOT_SUPPORTED,
    OPPOSITE,
    SUPPORTED,
    VERDICTS,
    combine,
    verdict_of,
)
from reports.stats import Interval
from reports.telling import grouped, told


@pytest.mark.parametrize(
    ("votes", "verdict"),
    [
        ([], NOT_MEASURED),
        ([NOT_MEASURED], NOT_MEASURED),
        ([SUPPORTED, NOT_MEASURED], SUPPORTED),
        ([SUPPORTED, NOT_SUPPORTED], IN_PART),
        ([NOT_SUPPORTED, NOT_SUPPORTED], NOT_SUPPORTED),
        ([SUPPORTED, OPPOSITE], MIXED),
        ([OPPOSITE, NOT_SUPPORTED], OPPOSITE),
        ([MIXED], MIXED),
        ([IN_PART], IN_PART),
        ([IN_PART, OPPOSITE], MIXED),
    ],
)
def test_votes_combine(votes, verdict):
    assert combine(votes) == verdict
    assert verdict in VERDICTS


@pytest.mark.parametrize(
    ("odds", "claimed", "verdict"),
    [
        ((0.8, 0.2), 1, SUPPORTED),
        ((0.8, 0.2), -1, OPPOSITE),
        ((0.2, 0.8), -1, SUPPORTED),
        ((0.2, 0.8), 0, SUPPORTED),
        ((0.4, 0.4), 1, NOT_SUPPORTED),
    ],
)
def test_a_contrast_is_judged_by_what_was_claimed(odds, claimed, verdict):
    assert verdict_of(judged(paired(odds, source=1), claimed)) == verdict


def test_measures_that_disagree_are_mixed():
    found = judged(paired((0.8, 0.2)))
    flipped = replace(found, score=replace(found.score, difference=Interval(0.2, 0.1, 0.3)))

    assert verdict_of(flipped) == MIXED
    assert "failure rate and score disagree" in told(flipped)


def test_the_score_speaks_where_failure_rates_are_saturated():
    table = paired((0.5, 0.5)).assign(failure_treated=1.0, failure_baseline=1.0)
    table["score_treated"] = table["score_baseline"] - 0.2

    found = judged(table)

    assert verdict_of(found) == IN_PART
    assert verdict_of(replace(found, claimed=-1)) == NOT_SUPPORTED
    assert "the failure rate shows no difference, the score is lower" in told(found)


def test_saturated_failure_rates_are_said():
    table = paired((0.5, 0.5)).assign(failure_treated=1.0, failure_baseline=1.0, score_treated=0.0)

    assert told(judged(table.assign(score_baseline=0.0))).endswith("no difference shown, every run failed.")


def test_a_sentence_holds_the_numbers_it_rests_on():
    found = judged(paired((0.8, 0.2)))

    said = told(found).replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")

    difference = found.failure.difference
    assert f"{100 * found.failure.treated.estimate:.0f} % of runs failed with with" in said
    assert f"[{100 * difference.low:.0f}, {100 * difference.high:.0f}]" in said
    assert "(60 pairs, 5 seeds)" in said


def test_a_certain_difference_too_small_to_matter_is_none():
    table = paired((0.5, 0.5)).assign(failure_treated=1.0, failure_baseline=1.0)
    table["score_treated"] = table["score_baseline"] - 0.04

    found = judged(table)

    assert found.score.certain
    assert (found.score.sign, verdict_of(found)) == (0, NOT_SUPPORTED)
    assert told(found).endswith("no difference that counts (of 0.05 or more), every run failed.")


def test_seeds_that_disagree_are_said():
    found = judged(paired((0.8, 0.2)))
    doubtful = replace(found.failure, by_seed=Interval(0.3, -0.1, 0.7), agreeing=3)

    assert "though only 3 of 5 seeds agree" in told(replace(found, failure=doubtful))


def test_undecided_runs_that_could_undo_a_difference_are_said():
    found = judged(paired((0.8, 0.2)))
    doubtful = replace(found.failure, undecided=30, bounds=(-0.1, 0.9))

    assert "though 30 undecided runs could undo it" in told(replace(found, failure=doubtful))


def test_a_difference_lost_to_correction_is_said_so():
    found = judged(paired((0.8, 0.2)))
    lost = {name: replace(getattr(found, name), p_adjusted=0.2, family=9) for name in ("failure", "score")}

    assert told(replace(found, **lost)).endswith(
        "no difference shown after correction for the other comparisons."
    )


def test_many_contrasts_are_told_by_what_they_show():
    strong, null = judged(paired((0.9, 0.1))), judged(paired((0.4, 0.4), source=1))
    unjudged = judged(paired((0.5, 0.5), seeds=2))

    said = grouped([replace(strong, name="A"), replace(null, name="B"), replace(unjudged, name="C")])

    assert said.startswith("More failures: A (")
    assert "No difference shown: B (" in said
    assert "Not measured, only 2 seeds, at least 3 are needed: C." in said
