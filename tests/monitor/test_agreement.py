"""The verdict and the diagnosis of a Monitor name the same outcome, whatever it has seen."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.monitor import Monitor
from bench.monitor.diagnosis import NONE_SHOWN, NOT_JUDGED

SAMPLES = 60


def cloud(seed, scale=1.0, shift=0.0):
    return scale * torch.randn(SAMPLES, 2, generator=torch.Generator().manual_seed(seed)) + shift


REAL = cloud(0)
HELD = {
    "near": lambda step: cloud(step + 1),
    "far": lambda step: cloud(step + 1, shift=8.0),
    "out of range": lambda step: cloud(step + 1, shift=1e6),
    "one point": lambda step: torch.ones(SAMPLES, 2),
    "nan": lambda step: torch.full((SAMPLES, 2), math.nan),
    "some nan": lambda step: torch.where(torch.arange(SAMPLES)[:, None] < 9, math.nan, cloud(step)),
    "few": lambda step: cloud(step)[:5],
    "nothing": lambda step: None,
}
"""What a generator may return at an evaluation."""


def agree(monitor):
    verdict, outcomes = monitor.verdict().outcome, monitor.diagnosis().outcomes
    if len(outcomes) > 1 or outcomes[0] in (NOT_JUDGED, NONE_SHOWN):
        return verdict == "invalid"
    return verdict == outcomes[0]


@given(
    history=st.lists(st.sampled_from([*HELD]), max_size=8),
    losses=st.lists(st.sampled_from([1.0, math.nan, math.inf]), max_size=8),
    real=st.sampled_from([None, REAL, torch.ones(SAMPLES, 2), REAL[:5]]),
    first=st.integers(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_both_name_the_same_outcome_of_any_history(history, losses, real, first):
    monitor = Monitor(real=real)
    for step, loss in enumerate(losses, first):
        monitor.step(step=step, d_loss=loss)
    for step, name in enumerate(history, first):
        samples = HELD[name](step)
        if samples is not None:
            monitor.evaluate(samples, step=step)

    assert agree(monitor)


@given(
    distances=st.lists(st.one_of(st.floats(0, 400), st.sampled_from([math.nan, math.inf])), max_size=30),
    floor=st.sampled_from([math.nan, 3.0]),
)
@settings(max_examples=60, deadline=None)
def test_both_name_the_same_outcome_of_any_distances_of_ones_own(distances, floor):
    monitor = Monitor(floor=floor)
    for step, distance in enumerate(distances):
        monitor.evaluate(step=step, values={"distance": distance})

    assert agree(monitor)


def test_samples_that_never_were_finite_have_diverged_without_any_scale():
    monitor = Monitor(real=REAL)
    for step in range(20):
        monitor.evaluate(HELD["nan"](step), step=step)

    assert monitor.verdict().outcome == "diverged:nonfinite"
    assert monitor.diagnosis().outcomes == ("diverged:nonfinite",)


def test_constant_real_data_are_named_and_nothing_is_judged_against_them():
    monitor = Monitor(real=torch.ones(200, 2), steps=20)
    for step in range(21):
        monitor.evaluate(torch.ones(200, 2) + cloud(step).repeat(4, 1)[:200], step=step)

    assert monitor.verdict().outcome == "invalid"
    assert monitor.diagnosis().outcomes == (NOT_JUDGED,)
    assert monitor.diagnosis().reason == "real data are constant: nothing has a scale"
    assert any("real data are constant" in str(problem) for problem in monitor.diagnosis().observed.problems)


def test_samples_that_are_not_finite_have_diverged_from_constant_data_too():
    monitor = Monitor(real=torch.ones(200, 2), steps=20)
    for step in range(21):
        monitor.evaluate(torch.full((200, 2), math.inf), step=step)

    assert monitor.verdict().outcome == "diverged:nonfinite"


def test_an_outcome_that_every_floor_gives_has_no_score():
    monitor = Monitor(steps=400)
    for step in range(0, 401, 10):
        monitor.evaluate(step=step, values={"distance": 300.0})

    assert monitor.verdict().outcome == "no-progress"
    assert math.isnan(monitor.verdict().score)


@pytest.mark.parametrize("evaluations", [1, 2, 3])
def test_so_few_evaluations_that_no_curve_is_there_are_not_judged_by_either(evaluations):
    monitor = Monitor(real=REAL)
    for step in range(1, evaluations + 1):
        monitor.evaluate(HELD["one point"](step), step=step)

    assert monitor.verdict().outcome == "invalid"
    assert "a curve needs 4" in monitor.verdict().evidence["detail"]
