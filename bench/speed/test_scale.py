"""Ten thousand runs in a folder, a hundred thousand cells in a profile: what a driver pays for either."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bench.commands.status import describe
from bench.plan import Plan, make_plan
from bench.profile import check_profile
from bench.records import spool
from bench.records.schema import RunRecord
from bench.records.store import open_store
from bench.resume import agenda
from bench.speed.synthetic import models
from gans.config import RunConfig, run_id

pytestmark = pytest.mark.bench

RUNS, WAITING = 10_000, 500
_BATCH = 500

PLANNED = """
import time, torch
from bench.plan import make_plan
from bench.profile import check_profile
from bench.speed.test_scale import grid, largest
profile = check_profile({"name": "p", "grid": [grid(10_000, 1)]}, "p.toml")
before, begun = largest(), time.process_time()
plan = make_plan(profile)
print(time.process_time() - begun, largest() - before, plan.runs)
"""


def largest() -> float:
    """Largest memory of this program so far, in MB; getrusage would count what its parent held, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def resident() -> float:
    """Memory of this process now, in MB."""
    return psutil.Process().memory_info().rss / 1e6


def grid(rates: int, seeds: int) -> dict[str, object]:
    """Ten cells per rate."""
    return {
        "name": "g", "dataset": "ring8", "recipe": ["nsgan", "wgan"], "generator_width": [4, 8, 16, 32, 64],
        "lr": [1e-4 * (1 + n) for n in range(rates)], "steps": 100, "evaluations": 4, "seeds": seeds,
    }  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan of ten thousand runs."""
    return make_plan(check_profile({"name": "p", "grid": [grid(100, 10)]}, "p.toml"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    """One real record, forty evaluations and all."""
    return models(tmp_path_factory.mktemp("model"))[0]


def copies(plan: Plan, model: RunRecord) -> Iterator[RunRecord]:
    """The model under the name of every planned run."""
    for config in (config for configs in plan.grids.values() for config in configs):
        yield named(model, config)


def named(model: RunRecord, config: RunConfig) -> RunRecord:
    """The model as if it were this run."""
    return dataclasses.replace(model, run_id=run_id(config), config=dataclasses.asdict(config))


@pytest.fixture(scope="module")
def folder(plan: Plan, model: RunRecord, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of ten thousand runs, taken in batches."""
    out = tmp_path_factory.mktemp("ten-thousand")
    with open_store(out, create=True) as store:
        store.plan(plan.grids)
        batch: list[RunRecord] = []
        for record in copies(plan, model):
            batch.append(record)
            if len(batch) == _BATCH:
                store.ingest(batch)
                batch.clear()
    return out


def test_ten_thousand_runs_are_taken_and_the_driver_stays_small(figure, plan, model, tmp_path) -> None:
    """Processor seconds of storing, memory of the process and size of the store."""
    records, out = list(copies(plan, model)), tmp_path / "out"
    with open_store(out, create=True) as store:
        store.ingest(records[:_BATCH])
        before, begun = resident(), time.process_time()
        for start in range(_BATCH, RUNS, _BATCH):
            store.ingest(records[start : start + _BATCH])
        took = time.process_time() - begun
        assert len(store.finished_ids()) == RUNS
    figure("runs with 40 evaluations stored per processor second, of 10,000", (RUNS - _BATCH) / took, 1000)
    figure("MB by which the driver grew over 9,500 of them", resident() - before, most=50)
    figure("MB of a store of 10,000 runs", (out / "results.sqlite").stat().st_size / 1e6)


def test_runs_that_wait_in_the_spool_are_read(figure, plan, model, tmp_path) -> None:
    """Processor seconds of reading hand-over files, digests checked."""
    records = [record for record, _ in zip(copies(plan, model), range(WAITING), strict=False)]
    sizes = [spool.write(tmp_path, record).stat().st_size for record in records]
    begun = time.process_time()
    read = sum(isinstance(item, tuple) for item in spool.read_all(tmp_path))
    took = time.process_time() - begun
    assert read == WAITING
    figure("runs read from the spool per processor second", read / took)
    figure("kB of a hand-over file", sum(sizes) / len(sizes) / 1e3)


def test_what_is_missing_of_ten_thousand_is_known_at_once(figure, plan, folder) -> None:
    """Processor seconds until resume knows what is left of a plan."""
    begun = time.process_time()
    with open_store(folder) as store:
        finished = store.finished_ids()
    gone = set(sorted(finished)[::7])
    left = agenda(plan, finished - gone, ())
    figure("seconds until resume knows what 10,000 runs lack", time.process_time() - begun, most=1.0)
    assert sum(len(cohort.configs) for cohort in left.cohorts) == len(gone)


def test_status_of_ten_thousand(figure, folder) -> None:
    """Processor seconds of what status says."""
    begun = time.process_time()
    with open_store(folder) as store:
        lines = list(describe(store, folder))
    figure("seconds of status of 10,000 runs", time.process_time() - begun, most=0.5)
    assert "10000 of 10000" in lines[1]


def test_a_hundred_thousand_cells_are_planned(figure) -> None:
    """Processor seconds and memory of planning, in a process of its own."""
    command = [sys.executable, "-c", PLANNED]
    seconds, grown, runs = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    figure("processor seconds to plan 100,000 cells", float(seconds), most=5.0)
    figure("MB that this takes beside PyTorch's code", float(grown), most=500)
    assert int(runs) == 100_000
