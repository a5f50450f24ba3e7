"""Planted traces raise their flag and no other; healthy ones raise none."""

import pytest

from bench.detectors.traces import Trace, healthy_trace, separation, show, trace_faults
from bench.records.schema import MECHANISMS
from bench.verdict import DEFAULT

FAULTS = {fault.key: fault for fault in trace_faults()}
SEEDS = range(500, 504)
ALONE = {"vanishing-gradient": {"vanishing-gradient", "D-dominated"}}
"""A gradient that vanished under a discriminator comes with a dominating one."""


def test_a_trace_is_planted_for_every_flag():
    assert {fault.flag for fault in FAULTS.values()} == set(MECHANISMS)


@pytest.mark.parametrize("key", FAULTS)
def test_a_flag_is_raised_at_twice_its_threshold_and_not_at_half_of_it(key):
    fault = FAULTS[key]
    beyond = [show(fault.trace(2 * fault.threshold), seed).mechanisms for seed in SEEDS]
    below = [show(fault.trace(0.5 * fault.threshold), seed).mechanisms for seed in SEEDS]

    assert all(fault.flag in flags for flags in beyond)
    assert all(set(flags) <= ALONE.get(fault.flag, {fault.flag}) for flags in beyond)
    assert not any(fault.flag in flags for flags in below)


@pytest.mark.parametrize("seed", range(500, 512))
def test_a_trace_in_balance_raises_no_flag(seed):
    verdict = show(healthy_trace(seed), seed)

    assert (verdict.outcome, verdict.mechanisms) == ("converged", ())


@pytest.mark.parametrize(
    ("apart", "detail"), [(0.1, "cannot tell"), (-0.1, "cannot tell"), (-1.5, "sides wrong")]
)
def test_a_weak_discriminator_cannot_tell_or_has_the_sides_wrong_and_the_flag_says_which(apart, detail):
    verdicts = [show(Trace(apart=apart, learned=0.0, columns={"probe_auc": 0.97}), seed) for seed in SEEDS]

    assert all("G-dominated" in verdict.mechanisms for verdict in verdicts)
    said = {verdict.evidence["mechanisms"]["G-dominated"]["detail"] for verdict in verdicts}
    assert said == {detail}


def test_a_trace_repeats_with_its_seed_only():
    fault = FAULTS["D-dominated: auc"]
    first, again, other = (show(fault.trace(3.0), seed).evidence["window"] for seed in (1, 1, 2))

    assert first == again
    assert first["auc_real_fake"] != other["auc_real_fake"]


def test_planted_separation_is_measured_as_its_auc():
    verdict = show(FAULTS["D-dominated: auc"].trace(separation(0.9)), 0)

    assert verdict.evidence["window"]["auc_real_fake"] == pytest.approx(0.9, abs=0.02)


def test_thresholds_of_traces_follow_the_limits():
    assert FAULTS["critic-unconstrained: gradient penalty"].threshold == DEFAULT.penalty_deviation
    assert FAULTS["D-overfit: auc"].threshold == separation(DEFAULT.overfit_auc)
