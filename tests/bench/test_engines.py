"""Engines beyond this process: a real scheduler with workers of its own, what they send, what is refused."""

from __future__ import annotations

import logging
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from test_sweep import Told

import bench.cli
import bench.sweep
from bench.engines.choice import EngineNameError, check_name
from bench.engines.courier import Parcel, train_away, unpack
from bench.engines.protocol import WORKER_DIED, Completion, EngineError
from bench.engines.remote import Address, RemoteEngine, slots_for
from bench.engines.workers import started
from bench.jobs import CohortJob
from bench.plan import make_plan
from bench.profile import check_profile
from bench.records.schema import FAILED
from bench.records.store import open_store
from bench.sweep import sweep
from bench.watchdog import Watchdog

HERE = Path(__file__).parent


def plan_of(**changes):
    grid = {"name": "g", "dataset": "ring8", "recipe": "nsgan", "generator_width": [4, 5], "batch_size": 16,
            "steps": 20, "evaluations": 4, "seeds": 3} | changes  # fmt: skip
    return make_plan(check_profile({"name": "p", "compile": "never", "grid": [grid]}, "p.toml"))


@pytest.fixture(scope="module")
def cluster():
    """A scheduler on a free port with two worker processes, which find the stand-ins of these tests."""
    with started(Address("tcp://127.0.0.1:0"), 2, silence=logging.CRITICAL) as running:
        running.scheduler_address  # noqa: B018
        from distributed import Client

        with Client(running, set_as_default=False) as client:
            client.run(_extend_path, [str(HERE), str(HERE.parent)])
        yield running


def _extend_path(places):
    import sys

    sys.path.extend(places)


def engine_of(cluster, worker="bench.worker:run_cohort"):
    return lambda on_step: RemoteEngine(Address(cluster.scheduler_address), on_step, worker)


def test_cohorts_trained_away_are_stored_whole_with_their_files(tmp_path, cluster):
    plan = plan_of()
    here = sweep(plan, tmp_path / "here", serial, Told())
    away = sweep(plan, tmp_path / "away", engine_of(cluster), Told())

    assert (away.stored, away.failures) == (6, {}) == (here.stored, here.failures)
    with open_store(tmp_path / "here") as one, open_store(tmp_path / "away") as other:
        assert other.endings() == one.endings()
    for path in (tmp_path / "here" / "artifacts").rglob("*"):
        twin = tmp_path / "away" / path.relative_to(tmp_path / "here")
        assert path.is_dir() or path.suffix != ".safetensors" or twin.read_bytes() == path.read_bytes()
    assert not [*(tmp_path / "away" / "spool").glob("*")]


def serial(on_step):
    from bench.engines.serial import SerialEngine

    return SerialEngine(on_step)


def test_an_exception_away_fails_its_cohort_and_says_why(tmp_path, cluster):
    result = sweep(plan_of(), tmp_path / "out", engine_of(cluster, "fake_worker:raises"), Told())

    assert result.stored == 0
    assert all("RuntimeError" in reason or "Error" in reason for reason in result.failures)


def test_no_scheduler_and_a_scheduler_that_goes_are_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.engines.remote._START_SECONDS", 2.0)
    with pytest.raises(EngineError, match=r"a Dask scheduler must answer at tcp://127\.0\.0\.1:9") as told:
        RemoteEngine(Address("tcp://127.0.0.1:9"), lambda *_: None)
    assert "\n" not in str(told.value)


def test_a_lost_scheduler_ends_the_sweep_and_keeps_what_is_finished(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.engines.remote._SILENT_SECONDS", 1.0)
    with started(Address("tcp://127.0.0.1:0"), 1, silence=logging.CRITICAL) as running:
        engine = engine_of(running)(lambda *_: None)
        running.close()
        with pytest.raises(EngineError, match="what is finished is kept"):
            wait_for_the_end(engine)
        engine.close()


def wait_for_the_end(engine):
    for _ in range(100):
        engine.next_completed(0.2)


@pytest.mark.parametrize(
    "name",
    ["artifacts/../../evil", "/etc/passwd", "spool/x.txt", "report/index.html", "artifacts/.hidden/x",
     "spool", "artifacts//x", "artifacts/a/b/c", "spool/\0.run", "artifacts/a\\b"],
)  # fmt: skip
def test_a_parcel_cannot_write_outside_its_places(tmp_path, name):
    with pytest.raises(ValueError, match="must lie in artifacts or spool"):
        unpack(Parcel("", {"artifacts/a/ok.png": b"1", name: b"2"}), tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_parcel_is_what_a_worker_left(tmp_path):
    (cohort, *_) = plan_of().cohorts
    job = CohortJob(cohort.cohort, cohort.configs, False, str(tmp_path / "nobody"))
    parcel = train_away("bench.worker:run_cohort", job, lambda *_: None)
    unpack(parcel, tmp_path / "out")

    assert parcel.error == ""
    assert len([*(tmp_path / "out" / "spool").glob("*.run")]) == len(cohort.configs)
    assert not (tmp_path / "nobody").exists()


class Deadly:
    """An engine whose worker dies of one seed, and never of others."""

    slots = 1

    def __init__(self, out):
        self.out, self.jobs = out, []

    def submit(self, job):
        self.jobs.append(job)

    def next_completed(self, timeout):
        job = self.jobs.pop(0)
        if any(config.seed == 2 and config.generator_width == 4 for config in job.configs):
            return Completion(job.cohort, WORKER_DIED)
        import fake_worker

        fake_worker.good(job, lambda *_: None)
        return Completion(job.cohort)

    def kill(self, cohort):
        raise AssertionError(cohort)

    def close(self):
        return


def test_a_run_that_kills_its_worker_is_found_and_the_rest_of_its_cohort_kept(tmp_path):
    out = tmp_path / "out"
    result = sweep(plan_of(seeds=5), out, lambda _: Deadly(out), Told())

    assert result.stored == 9
    assert result.failures == {WORKER_DIED: 1}
    with open_store(out) as store:
        (failed,) = [run for run in store.load_runs() if run.status == FAILED]
    assert (failed.config["seed"], failed.config["generator_width"]) == (2, 4)


class Hung(Deadly):
    """An engine whose first cohort is never heard of again until it is killed."""

    killed = False

    def next_completed(self, timeout):
        if not self.killed:
            return None
        return super().next_completed(timeout)

    def kill(self, cohort):
        self.killed = True
        return True


def test_a_hung_worker_is_noticed_and_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(bench.sweep, "HUNG_SECONDS", 0.2)
    monkeypatch.setattr(bench.sweep, "HUNG_FACTOR", 0.0)
    out, told = tmp_path / "out", Told()
    result = sweep(plan_of(seeds=2), out, lambda _: Hung(out), told)

    assert result.stored == 4
    assert any("has said nothing for" in line for line in told.notes)


def test_the_watchdog_hears_steps_and_allows_long_cohorts_their_time():
    now = [0.0]
    (cohort, *_) = plan_of().cohorts
    watchdog = Watchdog(10.0, 20.0, clock=lambda: now[0])
    watchdog.started(cohort)
    allowed = max(10.0, 20 * cohort.seconds)
    now[0] = allowed - 1
    assert watchdog.hung([cohort.cohort]) == []
    watchdog.heard(cohort.cohort)
    now[0] += allowed - 1
    assert watchdog.hung([cohort.cohort]) == []
    now[0] += 2
    assert watchdog.hung([cohort.cohort]) == [(cohort.cohort, allowed + 1)]
    assert watchdog.hung([cohort.cohort]) == []
    watchdog.ended(cohort.cohort)
    now[0] += 10 * allowed
    assert watchdog.hung([]) == []


@pytest.mark.parametrize(
    "name", ["serial", "local", "slurm", "dask://10.0.0.1:8786", "dask://[::1]:80", "dask://a.b:1"]
)
def test_engines_that_are_known(name):
    check_name(name)


@pytest.mark.parametrize(
    "name, hint",
    [("locl", "did you mean 'local'"), ("dask://", "must be dask://HOST:PORT"),
     ("dask://x:0", "must be dask"), ("dask://x:99999", "must be dask"),
     ("dask+tls://x:1", "--tls: must be given"), ("ray", "must be a known engine"),
     ("dask://x:1/../y", "must be dask")],
)  # fmt: skip
def test_engines_that_are_not(name, hint):
    with pytest.raises(EngineNameError, match=hint):
        check_name(name)


def test_tls_stands_beside_an_engine_that_uses_it():
    for name in ("local", "serial", "slurm", "dask://a:1"):
        with pytest.raises(EngineNameError, match=r"--tls: must stand beside --engine dask\+tls://HOST:PORT"):
            check_name(name, tls=True)
    check_name("dask+tls://a:1", tls=True)


JOB = CohortJob("a", (), False, "out", "cuda", memory=3_000)


def test_a_cohort_asks_only_for_what_workers_declare():
    assert slots_for(JOB, [{"GPU": 1, "MEMORY": 8_000}, {}]) == {"GPU": 1, "MEMORY": 3_000}
    assert slots_for(JOB, [{"GPU": 1, "MEMORY": 2_000}]) == {"GPU": 1, "MEMORY": 2_000}
    assert slots_for(JOB, []) == {"GPU": 1}
    assert slots_for(replace(JOB, device="cpu"), [{"GPU": 1}]) == {}
    with pytest.raises(EngineError, match="needs workers that declare GPU=1, none does"):
        slots_for(JOB, [{"MEMORY": 8_000}])


def test_workers_of_a_cluster_declare_the_slots_they_were_given():
    with started(Address("tcp://127.0.0.1:0"), 1, silence=logging.CRITICAL, gpus=2) as running:
        engine = engine_of(running)(lambda *_: None)
        (told,) = [worker["resources"] for worker in engine._workers.values()]
        engine.close()

    assert told == {"GPU": 2}


def test_a_job_carries_the_memory_that_its_plan_estimates():
    assert all(cohort.job("out", "cpu").memory == int(cohort.bytes) > 1e9 for cohort in plan_of().cohorts)


def test_wrong_words_end_with_two(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for words in (
        ("run", "smoke", "--engine", "dask://nowhere"),
        ("run", "smoke", "--slurm", "queue=a"),
        ("run", "smoke", "--engine", "dask+tls://a:1", "--tls", "a", "b", "c"),
        ("cluster", "--host", "0.0.0.0"),
        ("cluster", "--port", "0"),
        ("cluster", "--workers", "0"),
        ("cluster", "--gpus", "-1"),
        ("run", "smoke", "--engine", "slurm", "--slurm", "cores=0"),
        ("run", "smoke", "--engine", "local", "--tls", __file__, __file__, __file__),
        ("run", "smoke", "--engine", "dask+tls://a:1", "--tls", __file__, __file__, __file__),
        ("cluster", "--tls", __file__, __file__, __file__),
        ("run", "dirac", "--seeds", "0"),
        ("run", "floors", "--set", "lr=1"),
        ("run", "dirac", "--shard", "1/2"),
        ("plan", "dirac", "--seeds", "3"),
    ):
        assert bench.cli.main(words) == 2, words
