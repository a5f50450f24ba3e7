"""Logs whose steps begin again: no row is lost, and what may be several runs is not judged as one."""

from __future__ import annotations

import logs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.monitor.diagnosis import NOT_JUDGED, diagnose
from bench.monitor.log import observe
from bench.monitor.order import order_of
from bench.monitor.telling import lines

WITHIN = [*range(20)] * 3
"""Steps as three epochs, or three runs, of twenty write them."""


def read(tmp_path, columns):
    return diagnose(observe(logs.write(tmp_path / "log.csv", columns)))


def run(start, seed, rows=20):
    """One run's quality: falls from start to 5, with noise."""
    noise = np.random.default_rng(seed).normal(scale=0.02, size=rows)
    return (np.geomspace(start, 5, rows) * np.exp(noise)).tolist()


def test_a_quality_that_falls_through_three_epochs_is_one_curve_of_sixty_steps(tmp_path):
    found = read(tmp_path, {"step": WITHIN, "fid": np.linspace(100, 5, 60).tolist()})

    assert found.outcomes == ("still-improving",)
    assert [record.step for record in found.observed.evaluations] == list(range(60))
    assert [record.values["distance"] for record in found.observed.evaluations] == pytest.approx(
        np.linspace(100, 5, 60)
    )


def test_steps_that_were_counted_on_are_told_and_doubted(tmp_path):
    found = read(tmp_path, {"step": WITHIN, "fid": np.linspace(100, 5, 60).tolist()})

    assert any("begin again 2 times and are counted on" in doubt for doubt in found.doubts)
    assert "2 times the step begins again; steps are counted on from the row before: rows 22, 42" in (
        str(problem) for problem in found.observed.problems
    )


def test_three_runs_one_below_the_other_are_not_judged_as_one(tmp_path):
    found = read(tmp_path, {"step": WITHIN, "fid": [*run(100, 1), *run(100, 2), *run(100, 3)]})

    assert found.outcomes == (NOT_JUDGED,)
    assert "several runs" in found.reason
    assert found.confidence == "none"
    assert found.mechanisms == ()
    assert len(found.observed.evaluations) == 60


def test_three_runs_counted_in_epochs_are_not_judged_as_one(tmp_path):
    found = read(tmp_path, {"epoch": WITHIN, "fid": [*run(100, 1), *run(100, 2), *run(100, 3)]})

    assert found.outcomes == (NOT_JUDGED,)


def test_epochs_of_several_rows_that_begin_again_are_not_judged_as_one_run(tmp_path):
    epochs = [row // 4 for row in range(20)] * 3
    found = read(tmp_path, {"epoch": epochs, "fid": [*run(100, 1), *run(100, 2), *run(100, 3)]})

    assert found.outcomes == (NOT_JUDGED,)


def test_a_run_begun_anew_after_a_crash_is_not_judged_with_what_went_before(tmp_path):
    steps, quality = [*range(8), *range(20)], [*run(100, 1)[:8], *run(100, 2)]
    found = read(tmp_path, {"step": steps, "fid": quality})

    assert found.outcomes == (NOT_JUDGED,)


def test_a_last_epoch_that_was_cut_short_is_an_epoch(tmp_path):
    found = read(tmp_path, {"step": [*WITHIN[:40], *range(7)], "fid": np.linspace(100, 5, 47).tolist()})

    assert found.outcomes == ("still-improving",)


def test_a_counter_set_back_in_the_middle_of_one_curve_is_counted_on(tmp_path):
    found = read(tmp_path, {"step": [*range(10), *range(50)], "fid": np.linspace(100, 5, 60).tolist()})

    assert found.outcomes == ("still-improving",)


@pytest.mark.parametrize("level", [290.0, 5.0])
def test_where_quality_stands_still_both_readings_say_the_same(tmp_path, level):
    noise = np.exp(np.random.default_rng(0).normal(scale=0.01, size=60))
    once = read(tmp_path, {"step": range(60), "fid": [300.0, *(level * noise[1:])]})

    again = read(tmp_path, {"step": WITHIN, "fid": [300.0, *(level * noise[1:])]})

    assert again.outcomes == once.outcomes


def test_steps_that_go_back_to_a_checkpoint_are_merged_and_later_rows_stand(tmp_path):
    steps, quality = [*range(30), *range(20, 60)], [100.0 - row for row in (*range(30), *range(20, 60))]
    found = read(tmp_path, {"step": steps, "fid": quality})

    assert [record.step for record in found.observed.evaluations] == list(range(60))
    assert any("goes back (a restart?)" in str(problem) for problem in found.observed.problems)


def test_steps_that_begin_again_and_also_go_back_are_not_judged(tmp_path):
    steps = [*range(20), *range(10, 20), *range(20)]
    found = read(tmp_path, {"step": steps, "fid": np.linspace(100, 5, 50).tolist()})

    assert found.outcomes == (NOT_JUDGED,)


def test_losses_of_equal_epochs_are_counted_on_without_quality(tmp_path):
    observed = observe(logs.write(tmp_path / "log.csv", {"step": WITHIN, "d_loss": [1.0] * 60}))

    assert observed.counts["steps"] == 60
    assert observed.unclear == ""


def test_stretches_of_unequal_length_without_quality_are_unclear(tmp_path):
    steps = [*range(20), *range(7), *range(20)]
    observed = observe(logs.write(tmp_path / "log.csv", {"step": steps, "d_loss": [1.0] * 47}))

    assert observed.counts["steps"] == 47
    assert "epochs or several runs" in observed.unclear


def test_a_row_without_a_step_does_not_hide_where_an_epoch_begins(tmp_path):
    columns = {"epoch": [0, 0, 0, 1, 1], "iter": [0, 50, "", 0, 50], "fid": [9, 8, 7, 6, 5]}
    observed = observe(logs.write(tmp_path / "log.csv", columns))

    assert [record.step for record in observed.evaluations] == [0, 50, 100, 150]


def test_rows_in_falling_order_are_sorted_though_some_stand_twice():
    steps = np.array([20.0, 20.0, 10.0, 10.0, 0.0])
    order = order_of(range(2, 7), steps, None)

    assert (order.steps.tolist(), order.unclear) == ([0, 10, 20], "")


def test_a_log_that_is_not_judged_is_told_in_words(tmp_path):
    found = read(tmp_path, {"step": WITHIN, "fid": [*run(100, 1), *run(100, 2), *run(100, 3)]})

    assert "give one log per run, a column epoch, or steps that count on" in "\n".join(lines(found))


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(0, 9))
def test_every_row_has_its_own_step_or_is_told_to_be_merged_or_left_out(steps, seed):
    quality = np.random.default_rng(seed).normal(size=len(steps))
    order = order_of(range(2, len(steps) + 2), np.array(steps, dtype=np.float64), None, quality)

    merged = sum(problem.count for problem in order.problems if "repeats a step" in problem.what)
    assert len(order.steps) + merged == len(steps)
    assert np.isfinite(order.gather(np.ones(len(steps)))).all()
