"""Progress: the estimate follows what is seen; lines come at growing intervals and at the end."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from bench_helpers import make_config

from bench.plan import PlannedCohort
from bench.progress import BarReporter, Forecast, PlainReporter, Status, reporter


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def cohort(name, seconds, members=4):
    configs = tuple(make_config(seed=seed, steps=100) for seed in range(members))
    return PlannedCohort(name, name, configs, compiled=False, seconds=seconds, bytes=0.0)


def test_before_anything_is_seen_the_plan_is_believed_at_the_machines_speed():
    waiting = [cohort("a", 60.0), cohort("b", 60.0), cohort("c", 30.0)]

    assert Forecast(2).left_seconds(waiting) == pytest.approx(90.0)
    assert Forecast(2, speed=0.5).left_seconds(waiting) == pytest.approx(180.0)


def test_a_machine_that_is_slower_than_planned_is_learnt():
    clock = Clock()
    forecast = Forecast(1, clock=clock)
    waiting = [cohort(name, 100.0) for name in "abcdefghij"]
    while len(waiting) > 1:
        forecast.started(waiting.pop(0))
        name = next(iter(forecast._running))
        clock.now += 300.0
        forecast.ended(name, done=True)

    assert forecast.left_seconds(waiting) == pytest.approx(300.0, rel=0.05)


def test_a_failed_cohort_teaches_nothing():
    clock = Clock()
    forecast = Forecast(1, clock=clock)
    forecast.started(cohort("a", 100.0))
    clock.now += 1.0
    forecast.ended("a", done=False)

    assert forecast.left_seconds([cohort("b", 100.0)]) == pytest.approx(100.0)


def test_a_running_cohort_is_judged_by_its_own_steps():
    clock = Clock()
    forecast = Forecast(1, clock=clock)
    forecast.started(cohort("a", 100.0))
    clock.now += 200.0
    forecast.stepped("a", 99)
    forecast.stepped("unknown", 1)

    assert forecast.left_seconds([]) == pytest.approx(200.0 / 99, rel=0.1)
    assert forecast.partial_runs == pytest.approx(0.99 * 4)


STATUS = Status(10, 0.0, 5, 0, 100.0, {"stable": 0, "failed": 0, "undecided": 0})


def test_plain_lines_come_at_growing_intervals_and_at_the_end():
    clock, stream = Clock(), io.StringIO()
    plain = PlainReporter(stream, clock)
    for second in range(300):
        clock.now = float(second)
        plain.show(replace(STATUS, runs_done=second / 30))
    plain.show(
        replace(STATUS, runs_done=10, cohorts_done=5, states={"stable": 7, "failed": 2, "undecided": 1})
    )
    plain.note("a word")
    lines = stream.getvalue().splitlines()

    assert 8 <= len(lines) <= 14
    assert lines[0] == "[0:00:00] 0/10 runs, 0/5 cohorts, about 2 min left"
    assert lines[-2] == "[0:04:59] 10/10 runs, 5/5 cohorts (GANs: 7 stable, 2 failed, 1 undecided)"
    assert lines[-1] == "a word"


def test_a_bar_takes_the_same_calls(capsys):
    with BarReporter() as bar:
        bar.show(replace(STATUS, runs_done=3.5))
        bar.note("a [word] in brackets")
        bar.show(replace(STATUS, runs_done=10, cohorts_done=5))

    assert "a [word] in brackets" in capsys.readouterr().err


def test_without_a_terminal_lines_are_chosen():
    with reporter(plain=False) as chosen:
        assert isinstance(chosen, PlainReporter)
    with reporter(plain=True) as chosen:
        assert isinstance(chosen, PlainReporter)
