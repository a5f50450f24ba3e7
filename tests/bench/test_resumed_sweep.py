"""A sweep goes on with the cohorts that were cut off, whole, and never mixes what must not be mixed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from bench_helpers import make_record
from test_checkpoints import ALWAYS, cut, fingerprint, job_of
from test_sweep import Told, plan_of, stored

from bench import checkpoints, worker
from bench.commands.plan import describe, remaining
from bench.engines.serial import SerialEngine
from bench.records import spool
from bench.records.store import Ending, open_store
from bench.resume import agenda, cut_off
from bench.sweep import sweep
from gans.config import run_id

SMALL = {
    "dataset": "small_data:images", "recipe": "nsgan", "latent_dim": 2, "steps": 60, "evaluations": 6,
    "seeds": 3, "batch_size": 4, "generator_width": 4,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("bench.machine.gemm_gflops", lambda: 100.0)
    monkeypatch.setattr("bench.engines.task.give_back", lambda: None)


def go(plan, out, told=None, **options):
    return sweep(plan, out, SerialEngine, told or Told(), checkpoint_every=ALWAYS, **options)


def interrupted(plan, out, after=3, cohort=0):
    """Leave a checkpoint of one cohort, as a driver does that was killed."""
    planned = plan.cohorts[cohort]
    cut(job_of(out, *planned.configs, cohort=planned.cohort), after)
    return planned


def bits(records):
    timeless = [dataclasses.replace(record, speed={}, finished_at="", machine="") for record in records]
    return {record.run_id: repr(record) for record in timeless}


def test_a_sweep_goes_on_where_the_last_was_killed(tmp_path):
    plan, told = plan_of(**SMALL), Told()
    out, whole = tmp_path / "out", tmp_path / "whole"
    cohort = interrupted(plan, out)
    go(plan, whole)
    result = go(plan, out, told)

    assert told.notes[0] == f"cohort {cohort.cohort} goes on from step 20 of 60"
    assert (result.stored, result.trained) == (3, 3)
    assert bits(stored(out)) == bits(stored(whole))
    assert not (out / "checkpoints").exists()


def test_a_cohort_that_was_killed_in_its_hand_over_goes_on_whole(tmp_path, monkeypatch):
    plan, out, whole = plan_of(**SMALL), tmp_path / "out", tmp_path / "whole"
    go(plan, whole)
    write, calls = spool.write, []

    def dies(folder, record):
        calls.append(record)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write(folder, record)

    with monkeypatch.context() as patch:
        patch.setattr(worker.spool, "write", dies)
        first = go(plan, out)
    told = Told()
    result = go(plan, out, told)

    assert (first.interrupted, first.stored, result.trained) == (True, 1, 2)
    assert told.notes[0].endswith("goes on from step 60 of 60")
    assert told.notes[1] == "2 runs to train in 1 cohorts, 1 are there already"
    assert bits(stored(out)) == bits(stored(whole))


def test_a_cohort_that_fails_once_goes_on_from_its_checkpoint(tmp_path, monkeypatch):
    plan, out, whole = plan_of(**SMALL), tmp_path / "out", tmp_path / "whole"
    go(plan, whole)
    train, steps = worker.Cohort.train, []

    def fails_once(self, count):
        if len(steps) == 4:
            steps.append(None)
            raise RuntimeError("no such luck")
        steps.append(self.state.step)
        return train(self, count)

    monkeypatch.setattr(worker.Cohort, "train", fails_once)
    result = go(plan, out)

    assert steps == [0, 10, 20, 30, None, 40, 50]
    assert (result.stored, result.failures) == (3, {})
    assert bits(stored(out)) == bits(stored(whole))


MANY = {
    "dataset": "ring8", "recipe": "nsgan", "generator_width": 32, "batch_size": 16, "steps": 40,
    "evaluations": 4, "seeds": 8,
}  # fmt: skip


def test_a_cohort_that_died_in_its_hand_over_is_trained_again_whole_and_bit_for_bit(tmp_path):
    """Without its checkpoint: of a rest of three on their own one would round otherwise."""
    plan, out, whole = plan_of(**MANY), tmp_path / "out", tmp_path / "whole"
    go(plan, whole)
    (cohort,) = plan.cohorts
    for record in stored(whole)[:5]:
        spool.write(out, record)
    told = Told()
    result = go(plan, out, told)

    assert len(cohort.configs) == 8
    assert (result.stored, result.trained) == (8, 3)
    assert {record.cohort_members for record in stored(out)} == {8}
    assert bits(stored(out)) == bits(stored(whole))


def test_a_plan_counts_a_cohort_that_died_in_its_hand_over_whole(tmp_path):
    plan, out = plan_of(**MANY), tmp_path / "out"
    (cohort,) = plan.cohorts
    with open_store(out, create=True) as store:
        store.ingest(make_record(config, cohort=cohort.cohort) for config in cohort.configs[:5])
    left, held = remaining(plan, out)

    assert (left, held) == ((cohort,), 5)
    assert "8 runs, 5 of them in out already" in list(describe(plan, left, held, Path("out"), 1))
    assert remaining(plan, tmp_path / "nowhere") == (plan.cohorts, 0)


def ending(cohort, status="finished"):
    return Ending(status, "converged", "stable", cohort)


def test_only_what_a_cohort_left_when_it_died_has_it_trained_again_whole():
    plan = plan_of(**MANY)
    (cohort,) = plan.cohorts
    runs = [run_id(config) for config in cohort.configs]
    half = dict.fromkeys(runs[:4], ending(cohort.cohort))
    cases = {
        "died": (half, True),
        "died, and gave up the rest": (half | {runs[5]: ending(cohort.cohort, "failed")}, True),
        "trained elsewhere": (dict.fromkeys(runs[:4], ending("another")), False),
        "the others were stopped": (half | dict.fromkeys(runs[4:], ending(cohort.cohort, "stopped")), False),
        "whole": (dict.fromkeys(runs, ending(cohort.cohort)), False),
        "untouched": ({}, False),
    }

    for name, (endings, died) in cases.items():
        assert cut_off(plan, endings) == (frozenset({cohort.cohort}) if died else frozenset()), name
    assert agenda(plan, runs[:4], (), cut_off(plan, half)).cohorts == (cohort,)


@pytest.mark.parametrize("options", [{"stop_early": True}, {"spectra": True}])
def test_a_checkpoint_of_other_options_is_passed_over_with_a_note(tmp_path, options):
    plan, told, out = plan_of(**SMALL), Told(), tmp_path / "out"
    cohort = interrupted(plan, out)
    result = go(plan, out, told, **options)

    (name,) = options
    assert told.notes[0] == (
        f"checkpoint of cohort {cohort.cohort} (step 20) is not used: {name} must be True, got False"
    )
    assert result.stored == 3


def test_what_is_finished_needs_no_checkpoint(tmp_path):
    plan, out = plan_of(**SMALL), tmp_path / "out"
    cohort = interrupted(plan, out)
    for config in cohort.configs:
        spool.write(out, make_record(config))
    result = sweep(plan, out, lambda on_step: pytest.fail("an engine was started"), Told())

    assert (result.stored, result.trained) == (3, 0)
    assert not (out / "checkpoints").exists()


def test_a_checkpoint_of_another_plan_is_left_alone(tmp_path):
    plan, out = plan_of(**SMALL), tmp_path / "out"
    cohort = interrupted(plan_of(**SMALL | {"steps": 61}), out)
    told = Told()
    go(plan, out, told)

    assert told.notes == ["3 runs to train in 1 cohorts"]
    assert list((out / "checkpoints" / cohort.cohort).glob("*.json"))


def test_the_rest_is_planned_around_what_goes_on(tmp_path):
    plan = plan_of(**SMALL | {"seeds": 4})
    (whole,) = plan.cohorts
    part = dataclasses.replace(whole, cohort="part", configs=whole.configs[1:3])
    each = checkpoints.Held("part", part.configs, False, 20, "")
    left = agenda(plan, {run_id(whole.configs[1])}, [each])

    assert {cohort.configs for cohort in left.cohorts} == {
        whole.configs[1:3],
        (whole.configs[0], whole.configs[3]),
    }
    assert {cohort.cohort for cohort in left.cohorts} > {"part"}
    assert sum(cohort.seconds for cohort in left.cohorts) > 0


def test_the_same_hash_from_a_driver_that_was_killed_and_one_that_was_not(tmp_path):
    plan, out = plan_of(**SMALL), tmp_path / "out"
    cohort = interrupted(plan, out)
    worker.run_cohort(job_of(out, *cohort.configs, cohort=cohort.cohort))
    worker.run_cohort(job_of(tmp_path / "whole", *cohort.configs, cohort=cohort.cohort, checkpoint_every=0.0))

    assert fingerprint(out) == fingerprint(tmp_path / "whole")
