"""A real sweep of many small cohorts, watched from outside: drivers must not grow with what they store."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
import pytest

from bench.records.store import open_store

pytestmark = pytest.mark.bench

WIDTHS, SEEDS = 40, 5
RUNS = WIDTHS * SEEDS

PROFILE = f"""
name = "many"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = {[*range(4, 4 + WIDTHS)]}
data_size = 500
batch_size = 16
steps = 40
evaluations = 40
seeds = {SEEDS}
"""
"""Every width is a cohort of its own, forty evaluations each: the driver stores as much as for long runs."""


class Sample(NamedTuple):
    """Runs that were stored at one moment, and what memory the driver held then, in MB."""

    stored: int
    megabytes: float


def watch(driver: subprocess.Popen[bytes], out: Path, seconds: float = 0.5) -> list[Sample]:
    """Look at a driver now and then, until it has stored all its runs or has ended.

    The report is written in the same process afterwards and is not part of what is looked at.
    """
    process, samples = psutil.Process(driver.pid), list[Sample]()
    while driver.poll() is None:
        with suppress(ValueError, psutil.Error), open_store(out) as store:
            samples.append(Sample(len(store.endings()), process.memory_info().rss / 1e6))
            if samples[-1].stored >= RUNS:
                break
        time.sleep(seconds)
    return samples


def growth(samples: list[Sample]) -> float:
    """MB by which memory grows from the first stored run to the last, by the line through all samples.

    Example:
        >>> round(growth([Sample(0, 60.0), Sample(1, 100.0), Sample(51, 110.0), Sample(101, 120.0)]))
        20
    """
    at_work = np.array([sample for sample in samples if 0 < sample.stored < RUNS], dtype=float)
    slope, _ = np.polyfit(at_work[:, 0], at_work[:, 1], 1)
    return float(slope * np.ptp(at_work[:, 0]))


def test_the_driver_of_a_real_sweep_stays_as_large_as_it_is(figure, tmp_path) -> None:
    """Watch a driver's memory from outside while its sweep of forty cohorts runs."""
    (tmp_path / "many.toml").write_text(PROFILE)
    command = [
        sys.executable,
        "-m",
        "bench.cli",
        "run",
        "many.toml",
        "--workers",
        "1",
        "--out",
        "out",
        "--plain",
    ]
    paths = {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    }
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=tmp_path, env={**os.environ, **paths}, stdout=log, stderr=subprocess.STDOUT
        ) as driver,
    ):
        samples = watch(driver, tmp_path / "out")
        code = driver.wait()

    assert code == 0, (tmp_path / "log").read_text()[-2000:]
    held = [sample.megabytes for sample in samples if 0 < sample.stored < RUNS]
    figure(f"MB that the driver held, at most, while it stored {RUNS} runs", max(held))
    figure("MB by which it grew from the first to the last of them", growth(samples), most=10)
