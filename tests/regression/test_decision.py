"""Speed of two trees: what is found on a simulated machine, and what no number can be made of."""

import math

import numpy as np
import pytest

from bench.regression.decision import confirmed, held, judge
from bench.regression.outcome import NO_WORSE, REFUSED, WARNING, WORSE
from bench.regression.proof.rates import comparisons, failed, found
from bench.regression.proof.simulated import machine

NAMES = ["step/a", "step/b", "step/c", "step/d", "step/e"]
SEVERAL = 40


def rng():
    return np.random.default_rng(0)


def test_a_slowdown_of_ten_percent_is_found_by_the_whole_procedure():
    assert found(comparisons(NAMES, "step/a", 1.1, machine, SEVERAL, 0), "step/a") >= 0.9 * SEVERAL


def test_equal_trees_do_not_fail_on_a_machine_that_drifts():
    assert failed(comparisons(NAMES, "", 1.0, machine, SEVERAL, 1)) == 0


def test_a_machine_that_gets_slower_all_the_time_fails_nobody():
    def slowing(slower, base, random):
        return machine(slower, base, random, trend=0.002)

    assert failed(comparisons(NAMES, "", 1.0, slowing, SEVERAL, 2)) == 0


def test_with_its_sides_exchanged_a_slowdown_is_a_gain():
    slow, fast = [1.2] * 20, [1.0] * 20

    assert judge(fast, slow, rng()).answer == WORSE
    assert judge(slow, fast, rng()).answer == NO_WORSE


@pytest.mark.parametrize(
    "base, head, reason",
    [
        ([1.0] * 20, [1.0] * 19, "make no pairs"),
        ([1.0] * 20, [math.nan] * 20, "missing, not finite"),
        ([1.0] * 20, [-1.0] * 20, "not above 0"),
        ([1.0], [1.2], "only 1 pairs"),
        ([], [], "only 0 pairs"),
    ],
)
def test_numbers_of_which_nothing_can_be_said_are_refused(base, head, reason):
    verdict = judge(base, head, rng())

    assert verdict.answer == REFUSED
    assert reason in verdict.reason


def test_worse_once_and_equal_when_tested_again_is_a_warning():
    worse, equal = judge([1.0] * 20, [1.2] * 20, rng()), judge([1.0] * 20, [1.0] * 20, rng())

    assert confirmed({"a": worse}, {"a": equal})["a"].answer == WARNING
    assert held(confirmed({"a": worse}, {"a": worse}))["a"].answer == WORSE
