"""Storing, reporting and starting: what a user waits for besides training."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from bench.jobs import CohortJob
from bench.pages import write_report
from bench.records import spool
from bench.records.schema import RunRecord
from bench.records.store import open_store
from bench.worker import run_cohort
from gans.config import from_mapping, run_id
from gans.defaults import config_of

pytestmark = pytest.mark.bench

RUNS = 720
RECIPES = ("mmgan", "nsgan", "wgan", "wgan-gp")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[RunRecord]:
    """One real record per recipe, copied to 720 seeds."""
    out = tmp_path_factory.mktemp("seeds")
    for recipe in RECIPES:
        config = config_of(recipe, steps=40, generator_width=8, discriminator_width=8)
        run_cohort(CohortJob(recipe, (config,), compiled=False, out=str(out)))
    models = [item[1] for item in spool.read_all(out) if isinstance(item, tuple)]
    return [_with_seed(models[seed % len(models)], seed) for seed in range(RUNS)]


def _with_seed(record: RunRecord, seed: int) -> RunRecord:
    config = dataclasses.replace(from_mapping(record.config), seed=seed)
    return dataclasses.replace(record, run_id=run_id(config), config=dataclasses.asdict(config))


def test_ingest(benchmark, figure, records: list[RunRecord], tmp_path: Path) -> None:
    """Runs with 40 evaluations each that the store takes per second; larger is better."""
    folders = iter(range(100))

    def ingest() -> None:
        """Fill a folder of its own."""
        with open_store(tmp_path / str(next(folders)), create=True) as store:
            store.ingest(records)

    benchmark.pedantic(ingest, rounds=3, warmup_rounds=1)
    figure("runs stored per second, 40 evaluations each", RUNS / benchmark.stats.stats.median)


def test_report_of_720_runs(benchmark, figure, records: list[RunRecord], tmp_path: Path) -> None:
    """Seconds from stored records to every file of a report, imports included: what a user waits for."""
    with open_store(tmp_path, create=True) as store:
        store.ingest(records)

    benchmark.pedantic(write_report, args=(tmp_path,), rounds=1)
    figure("seconds to report 720 runs", benchmark.stats.stats.median)


def test_help(benchmark, figure) -> None:
    """Seconds until a new process has printed the help: what every command costs at least."""
    command = [sys.executable, "-m", "bench.cli", "--help"]
    benchmark.pedantic(
        subprocess.run,
        args=(command,),
        kwargs={"check": True, "capture_output": True},
        rounds=5,
        warmup_rounds=1,
    )
    figure("seconds until ganbench --help is printed", benchmark.stats.stats.median)
