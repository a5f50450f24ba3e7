"""Jobs that SLURM ends are asked for again; what a job is told. A real SLURM is in ``nox -s slurm``."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bench.engines.choice import EngineNameError, EngineOptions
from bench.engines.protocol import EngineError
from bench.engines.slurm import job_of, read_options, slurm_engine
from bench.engines.slurm_jobs import LOOK_SECONDS, MOST_FRUITLESS, QUIET_SECONDS, Jobs


class Cluster:
    """What dask-jobqueue's cluster does with its jobs, without SLURM."""

    def __init__(self, refuses=""):
        self.worker_spec, self.workers, self.submitted, self.refuses = {}, {}, 0, refuses

    def sync(self, function, *arguments):
        return asyncio.run(function(*arguments))

    def new_worker_spec(self):
        return {f"job-{len(self.worker_spec)}": {}}

    async def _correct_state(self):
        if self.refuses:
            raise RuntimeError(self.refuses)
        for name in set(self.worker_spec) - set(self.workers):
            self.submitted += 1
            self.workers[name] = SimpleNamespace(job_id=str(self.submitted))

    @property
    def ids(self):
        return {job.job_id for job in self.workers.values()}


class Hours:
    """Jobs of a cluster, a clock that is set by hand, and what the user was told."""

    def __init__(self, count=2, **options):
        self.cluster, self.time, self.notes, self.alive = Cluster(**options), 0.0, [], None
        self.jobs = Jobs(self.cluster, count, self.notes.append, lambda: self.alive, lambda: self.time)

    def tend(self, workers, alive, after=LOOK_SECONDS):
        self.time, self.alive = self.time + after, alive
        self.jobs.tend(workers)


def test_as_many_jobs_as_were_asked_for_are_submitted():
    hours = Hours(3)
    hours.jobs.begin()

    assert (hours.cluster.submitted, len(hours.cluster.workers)) == (3, 3)


def test_jobs_that_ended_are_asked_for_again_and_the_others_left_alone():
    hours = Hours(3)
    hours.jobs.begin()
    hours.tend(3, {"1", "2", "3", "strangers"})
    hours.tend(2, {"2", "3"})

    assert hours.cluster.ids == {"2", "3", "4"}
    assert hours.notes == ["1 of 3 SLURM jobs have ended; as many are asked for again"]
    hours.tend(0, set())
    assert hours.cluster.ids == {"5", "6", "7"}


def test_the_queue_is_looked_at_seldom_and_its_silence_changes_nothing():
    hours = Hours()
    hours.jobs.begin()
    hours.tend(2, {"1", "2"})
    hours.tend(2, set(), after=LOOK_SECONDS / 2)
    hours.tend(2, None)

    assert hours.cluster.submitted == 2


def test_who_waits_for_slurm_is_told_now_and_then_and_for_as_long_as_it_takes():
    hours = Hours()
    hours.jobs.begin()
    for _ in range(3 * int(QUIET_SECONDS / LOOK_SECONDS)):
        hours.tend(0, {"1", "2"})

    assert 2 <= len(hours.notes) <= 3
    assert hours.notes[0] == "waiting for SLURM to start one of 2 jobs; Ctrl-C takes them back"


def test_jobs_that_end_one_after_the_other_without_a_worker_are_an_error():
    hours = Hours()
    hours.jobs.begin()
    for _ in range(MOST_FRUITLESS):
        hours.tend(0, set())
    with pytest.raises(
        EngineError, match=r"jobs must start workers, got 8 that ended without one; see their logs"
    ):
        hours.tend(0, set())


def test_a_worker_that_came_makes_good_for_jobs_before():
    hours = Hours()
    hours.jobs.begin()
    for _ in range(3 * MOST_FRUITLESS):
        hours.tend(0, set())
        hours.tend(1, hours.cluster.ids)

    assert len(hours.cluster.workers) == 2


def test_what_sbatch_says_is_told_in_one_line():
    told = "Command exited with non-zero exit code.\nstdout:\n\nstderr:\nsbatch: error: no\npartition"
    with pytest.raises(
        EngineError, match="SLURM must take jobs, got 'sbatch: error: no partition'; see --slurm"
    ):
        Hours(refuses=told).jobs.begin()


def test_a_job_declares_its_slots_and_has_dask_behave_as_in_local_workers():
    job = job_of(
        read_options(["cores=2", "memory=4GB", "gpus=2", "prologue=module load gcc", "directive=-x"])
    )

    assert job["processes"] == 2
    assert job["worker_extra_args"] == ["--memory-limit", "0", "--resources", "MEMORY=2000000000,GPU=1"]
    assert job["job_extra_directives"] == ["--gres=gpu:2", "-x"]
    assert job["job_script_prologue"][-1] == "module load gcc"
    assert "export OMP_NUM_THREADS=1" in job["job_script_prologue"]
    assert "export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False" in job["job_script_prologue"]
    assert not any("/" in line for line in job["job_script_prologue"])  # no folder of this machine


@pytest.mark.parametrize(
    "option, hint",
    [("quue=a", "did you mean 'queue'"), ("cores=x", "whole number"), ("queue=", "KEY"),
     ("cores=0", "cores must be a whole number from 1 to 99999, got '0'; as in 4"),
     ("cores=-1", "whole number"),
     ("memory=lots", "memory must be a number with its unit, got 'lots'; as in 2GB"),
     ("memory=0GB", "memory must be"), ("walltime=soon", "walltime must be HH:MM:SS"),
     ("walltime=1:99:00", "walltime must be"), ("gpus=x", "gpus must be"),
     ("gpus=1 ", "gpus must be"),
     ("interface=nope0", "interface must be a network interface of this machine")],
)  # fmt: skip
def test_wrong_options_are_told_with_the_nearest_right_value(option, hint):
    with pytest.raises(EngineNameError, match=hint) as told:
        read_options([option])
    assert "\n" not in str(told.value)


def test_workers_and_gpus_must_go_together():
    with pytest.raises(EngineNameError, match="gpus must be a multiple of cores"):
        read_options(["cores=2", "gpus=1"])


@pytest.mark.parametrize("value", ["30", "00:30:00", "7-00:00:00", "100:00:00"])
def test_walltimes_as_slurm_spells_them(value):
    assert read_options([f"walltime={value}"])["walltime"] == value


def test_a_machine_without_slurm_is_told_at_once(tmp_path, monkeypatch):
    pytest.importorskip("dask_jobqueue", reason="the extra slurm is not installed")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="needs the program sbatch, which is not on the PATH"):
        slurm_engine(EngineOptions(name="slurm", workers=1, log=tmp_path / "log"), lambda *_: None)
