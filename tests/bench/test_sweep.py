"""Sweeps: every planned run stored exactly once, whatever happens; and bad folders refused untouched."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import fake_worker
import pytest
from bench_helpers import make_config, make_record

from bench.engines.local import LocalEngine, inductor_cache
from bench.engines.serial import SerialEngine
from bench.folder import FolderError
from bench.lock import FolderLockedError, driver_lock, holder_of
from bench.plan import make_plan
from bench.profile import check_profile
from bench.records import spool
from bench.records.store import StoreError, open_store
from bench.sweep import sweep
from gans.config import run_id

GRID = {
    "name": "g", "dataset": "ring8", "recipe": ["nsgan", "wgan", "wgan-gp"], "generator_width": 8,
    "steps": 20, "evaluations": 2, "data_size": 64, "seeds": 4,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Neither measure the machine nor collect the garbage of a process that has all of PyTorch in it."""
    monkeypatch.setattr("bench.machine.gemm_gflops", lambda: 100.0)
    monkeypatch.setattr("bench.engines.task.give_back", lambda: None)


class Told:
    """A reporter that remembers."""

    def __init__(self):
        self.notes, self.statuses = [], []

    def note(self, text):
        self.notes.append(text)

    def show(self, status):
        self.statuses.append(status)


def plan_of(**changes):
    top = {"name": "p", "compile": changes.pop("compile", "never")}
    return make_plan(check_profile({**top, "grid": [GRID | changes]}, "p.toml"))


def run(plan, out, worker="good", told=None, workers=0):
    """Sweep with a worker of fake_worker, in this process or on local worker processes."""
    name = f"fake_worker:{worker}"

    def engine(on_step):
        log = out / "workers.log"
        return LocalEngine(workers, on_step, log, name) if workers else SerialEngine(on_step, name)

    return sweep(plan, out, engine, told or Told())


def stored(out):
    with open_store(out) as store:
        return store.load_runs()


def assert_complete(plan, out):
    assert sorted(record.run_id for record in stored(out)) == sorted(plan.ids)
    assert spool.waiting(out) == []


def test_a_sweep_stores_every_run_once_and_describes_itself(tmp_path):
    out, plan, told = tmp_path / "out", plan_of(), Told()
    result = run(plan, out, told=told)

    assert (result.runs, result.stored, result.trained, result.failures) == (12, 12, 12, {})
    assert_complete(plan, out)
    found = {path.name for path in out.iterdir()}
    assert found == {"results.sqlite", "profile.toml", "environment.json", "spool"}
    assert json.loads((out / "environment.json").read_text())["gemm_gflops"] > 0
    assert told.statuses[-1].runs_done == told.statuses[-1].runs == 12
    assert told.statuses[-1].states == {"stable": 12, "failed": 0, "undecided": 0}
    assert told.notes == ["12 runs to train in 3 cohorts"]


def test_running_again_trains_nothing_and_starts_no_engine(tmp_path):
    out, plan = tmp_path / "out", plan_of()
    run(plan, out)
    result = sweep(plan, out, lambda on_step: pytest.fail("an engine was started"), Told())

    assert (result.stored, result.trained) == (12, 0)


def test_adding_seeds_trains_only_the_new_ones(tmp_path):
    out = tmp_path / "out"
    run(plan_of(seeds=4), out)
    more = plan_of(seeds=6)
    result = run(more, out)

    trained = Counter(run for call in fake_worker.calls(out) for run in call)
    assert (result.trained, set(trained.values())) == (6, {1})
    assert_complete(more, out)


def test_what_waits_in_the_spool_is_stored_and_not_trained_again(tmp_path):
    out, plan = tmp_path / "out", plan_of()
    waiting = plan.cohorts[0].configs[:3]
    for config in waiting:
        spool.write(out, make_record(config))
    (out / "spool" / ".0123456789abcdef.999999999.tmp").write_text("half")
    run(plan, out)

    trained = {run for call in fake_worker.calls(out) for run in call}
    assert trained == plan.ids - {run_id(config) for config in waiting}
    assert_complete(plan, out)
    assert list((out / "spool").iterdir()) == []


def test_a_cohort_that_fails_is_tried_twice_then_recorded_and_the_rest_goes_on(tmp_path):
    out, plan, told = tmp_path / "out", plan_of(), Told()
    result = run(plan, out, "raises_for_wgan", told)

    reason = "RuntimeError: no such luck"
    failed = [record for record in stored(out) if record.status == "failed"]
    assert (result.stored, sum(result.failures.values())) == (8, 4)
    assert next(iter(result.failures)).startswith(reason)
    assert {record.config["recipe"] for record in failed} == {"wgan"}
    assert {(record.outcome, record.state) for record in failed} == {("invalid", "undecided")}
    assert failed[0].error.startswith(f"{reason} (fake_worker.py:")
    assert [note.rsplit("; ")[-1] for note in told.notes[1:]] == ["trying again", "giving up"]
    with open_store(out) as store:
        assert Counter(failure.attempt for failure in store.failures()) == {1: 4, 2: 4}
        assert len(store.missing()) == 4


def test_what_failed_is_trained_by_the_next_sweep(tmp_path):
    out, plan = tmp_path / "out", plan_of()
    run(plan, out, "raises_for_wgan")
    result = run(plan, out)

    assert (result.stored, result.trained, result.failures) == (12, 4, {})
    assert {record.status for record in stored(out)} == {"finished"}


def test_a_worker_that_hands_nothing_over_has_failed(tmp_path):
    result = run(plan_of(), tmp_path / "out", "silent")

    assert result.failures == {"the worker handed no record over": 12}


def test_a_damaged_hand_over_is_set_aside_and_its_cohort_trained_again(tmp_path):
    out, plan, told = tmp_path / "out", plan_of(), Told()
    result = run(plan, out, "damages_once", told)

    trained = Counter(run for call in fake_worker.calls(out) for run in call)
    assert (result.stored, result.failures) == (12, {})
    assert Counter(trained.values()) == {1: 8, 2: 4}
    assert len(list((out / "spool").glob("*.damaged"))) == 1
    assert any("set aside a damaged hand-over file" in note for note in told.notes)


def test_an_interrupt_keeps_what_is_finished_and_frees_the_folder(tmp_path):
    out, plan = tmp_path / "out", plan_of()
    told = Told()
    result = run(plan, out, "stopped", told)
    kept = len(stored(out))
    again = run(plan, out)

    assert told.notes[-1] == "stopping; what is finished is kept"
    assert (result.interrupted, result.stored, kept) == (True, 4, 4)
    assert (again.trained, again.stored) == (8, 12)
    assert not (out / "driver.lock").exists()


def test_a_plan_that_wanted_compiled_cohorts_says_that_it_got_eager_ones(tmp_path):
    told = Told()
    run(plan_of(compile="always"), tmp_path / "out", "eager_anyway", told)

    assert len([note for note in told.notes if "torch.compile did not work here" in note]) == 1


@pytest.mark.timeout(180)
def test_local_workers_share_the_cohorts_and_report_their_steps(tmp_path):
    out, plan, told = tmp_path / "out", plan_of(), Told()
    result = run(plan, out, "paced", told, workers=2)

    assert result.stored == 12
    assert_complete(plan, out)
    assert any(0 < status.runs_done < 12 and status.runs_done % 4 for status in told.statuses)


@pytest.mark.timeout(180)
def test_a_local_worker_that_is_killed_costs_its_cohort_one_try(tmp_path):
    out, plan, told = tmp_path / "out", plan_of(recipe="nsgan"), Told()
    result = run(plan, out, "dies_once", told, workers=1)

    trained = Counter(run for call in fake_worker.calls(out) for run in call)
    assert (result.stored, result.failures) == (4, {})
    assert set(trained.values()) == {2}
    assert any("its worker process died; trying again" in note for note in told.notes)
    assert_complete(plan, out)


@pytest.mark.timeout(180)
def test_what_local_workers_print_goes_to_their_log(tmp_path, capfd):
    out = tmp_path / "out"
    run(plan_of(recipe="nsgan"), out, "prints", workers=1)

    assert "noise from a worker" in (out / "workers.log").read_text()
    assert "noise" not in "".join(capfd.readouterr())


@pytest.mark.timeout(180)
def test_a_worker_process_that_has_grown_is_replaced_between_cohorts(tmp_path):
    out, plan = tmp_path / "out", plan_of(recipe=["nsgan", "wgan"])

    def engine(on_step):
        return LocalEngine(1, on_step, out / "workers.log", "fake_worker:notes_its_process", recycle_bytes=1)

    result = sweep(plan, out, engine, Told())
    processes = (tmp_path / "processes.txt").read_text().split()

    assert (result.stored, result.failures) == (8, {})
    assert len(processes) == len(set(processes)) == 2


@pytest.mark.timeout(180)
def test_a_process_that_has_its_next_cohort_already_is_not_replaced(tmp_path):
    jobs = [cohort.job(str(tmp_path / "out"), "cpu") for cohort in plan_of().cohorts]
    engine = LocalEngine(2, lambda *_: None, tmp_path / "log", "fake_worker:good", recycle_bytes=1)
    try:
        ended = []
        for first, second, third in itertools.permutations(jobs):
            engine.submit(first)
            engine.submit(second)
            time.sleep(0.3)  # both have ended, and we have heard of neither
            ended.append(engine.next_completed(30.0))
            engine.submit(third)
            ended += [engine.next_completed(30.0), engine.next_completed(30.0)]
    finally:
        engine.close()

    assert len(ended) == 18
    assert all(completion is not None and completion.error == "" for completion in ended)


@pytest.mark.parametrize(
    "chosen, where",
    [(None, "cache/ganbench/inductor"), ("mine", "mine"), ("torchinductor_me", "cache/ganbench/inductor")],
)
def test_compiled_programs_outlive_a_reboot_unless_told_otherwise(tmp_path, monkeypatch, chosen, where):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TORCHINDUCTOR_CACHE_DIR", raising=False)
    if chosen:
        monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / chosen))

    assert inductor_cache() == tmp_path / where


@pytest.mark.timeout(180)
def test_a_killed_local_cohort_completes_with_an_error(tmp_path):
    out, plan = tmp_path / "out", plan_of(recipe="nsgan", steps=10_000)
    engine = LocalEngine(1, lambda cohort, step, seen: None, tmp_path / "log", "fake_worker:slow")
    try:
        engine.submit(plan.cohorts[0].job(str(out), "cpu"))
        nothing_yet = engine.next_completed(1.0)
        engine.kill(plan.cohorts[0].cohort)
        completion = engine.next_completed(30.0)
    finally:
        engine.close()

    assert nothing_yet is None
    assert completion.cohort == plan.cohorts[0].cohort
    assert completion.error


def test_a_second_driver_is_refused_and_told_who_is_there(tmp_path):
    out = tmp_path / "out"
    run(plan_of(recipe="nsgan"), out)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    with driver_lock(out):
        assert holder_of(out).pid == os.getpid()
        with pytest.raises(
            FolderLockedError, match=f"must have one driver at a time, got process {os.getpid()} on "
        ):
            run(plan_of(), out)
        held = {path.name: path.stat().st_mtime_ns for path in out.iterdir() if path.name != "driver.lock"}

    assert held == before
    assert holder_of(out) is None


def test_the_lock_of_a_dead_driver_is_taken_over(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    script = (
        "import os, signal, sys; from pathlib import Path; from bench.lock import driver_lock\n"
        "with driver_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(out)], cwd=Path(__file__).parents[2], check=False)
    told = Told()
    left = (out / "driver.lock").exists()
    holder = holder_of(out)
    result = run(plan_of(recipe="nsgan"), out, told=told)

    assert (left, holder, result.stored) == (True, None, 4)
    assert told.notes[0].startswith("taking over from process ")


def test_a_lock_of_another_host_is_not_taken_over(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "driver.lock").write_text(json.dumps({"pid": 1, "host": "elsewhere", "started": "2026"}))
    with pytest.raises(FolderLockedError, match=r"got process 1 on elsewhere since 2026; delete .* if that"):
        run(plan_of(), out)

    assert [path.name for path in out.iterdir()] == ["driver.lock"]


def test_a_folder_with_something_else_in_it_is_refused_untouched(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(
        FolderError, match=r"must be empty or a results folder, got thesis\.txt; choose another"
    ):
        run(plan_of(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    with pytest.raises(FolderError, match="must be a folder, got a file"):
        run(plan_of(), tmp_path / "thesis.txt")
    with pytest.raises(FolderError, match="must be writable"):
        run(plan_of(), tmp_path / "thesis.txt" / "below")
    with pytest.raises(FolderError, match="must be writable, got No such file or directory"):
        run(plan_of(), Path("/proc/results"))


def test_a_folder_of_a_newer_schema_is_refused_untouched(tmp_path):
    out = tmp_path / "out"
    run(plan_of(recipe="nsgan"), out)
    with open_store(out, create=True) as store:
        store._connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    with pytest.raises(StoreError, match="schema 99"):
        run(plan_of(), out)

    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_a_run_of_another_plan_stays_and_is_not_counted(tmp_path):
    out = tmp_path / "out"
    run(plan_of(recipe="nsgan"), out)
    told = Told()
    result = run(plan_of(recipe="wgan"), out, told=told)

    assert (result.runs, result.stored) == (4, 4)
    assert told.statuses[-1].runs_done == 4
    assert len(stored(out)) == 8


def test_configs_differ_where_seeds_do():
    assert run_id(make_config(seed=1)) != run_id(make_config(seed=2))
