"""Real drivers for tests of faults: the command in a process group of its own, watched through its store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from bench.records.store import open_store

ROOT = Path(__file__).parents[2]

PROFILE = """
name = "micro"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = {widths}
data_size = 500
batch_size = 16
steps = {steps}
evaluations = 4
seeds = {seeds}
"""

FAKED = """
import sys, bench.cli, bench.records.sqlite, bench.sweep
from bench.engines import local
bench.records.sqlite.BUSY_SECONDS = {patience}
bench.sweep.HUNG_SECONDS, bench.sweep.HUNG_FACTOR = {hung}, 0.0
class Faked(local.LocalEngine):
    def __init__(self, workers, on_step, log):
        super().__init__(workers, on_step, log, "fake_worker:{fake}")
local.LocalEngine = Faked
sys.exit(bench.cli.main())
"""


def start(folder, *words, out="out", fake="", hung=600.0, patience=30.0, steps=100, seeds=2, widths=4):
    """A real driver, as a terminal would start it; ``fake`` names a stand-in for the training.

    Its profile has a cohort for each of so many widths.
    """
    text = PROFILE.format(steps=steps, seeds=seeds, widths=[*range(4, 4 + widths)])
    (folder / "micro.toml").write_text(text)
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    program = ["-c", FAKED.format(fake=fake, hung=hung, patience=patience)] if fake else ["-m", "bench.cli"]
    return subprocess.Popen(
        [sys.executable, *program, "run", "micro.toml", "--out", out, "--plain", *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}, start_new_session=True,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(folder, *words, timeout=150, **more):
    """Run a driver to its end: exit code, standard output, standard error."""
    driver = start(folder, *words, **more)
    try:
        out, err = driver.communicate(timeout=timeout)
    finally:
        end(driver)
    return driver.returncode, out, err


def end(driver):
    """Leave nobody of a driver's family behind."""
    with suppress(psutil.NoSuchProcess, ProcessLookupError):
        family = psutil.Process(driver.pid).children(recursive=True)
        os.killpg(driver.pid, signal.SIGKILL)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def workers_of(driver):
    """The processes that train for a driver: its grandchildren, below Dask's nannies, or its children."""
    family = psutil.Process(driver.pid).children(recursive=True)
    return [each for each in family if "spawn_main" in " ".join(_words(each))]


def _words(process):
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def stored_in(out):
    with suppress(ValueError), open_store(out) as store:
        return len(store.endings())
    return 0


def wait_for(condition, seconds=120.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def results(out):
    """What a folder holds of each run: verdict, numbers, curves, bit for bit."""
    with open_store(out) as store:
        runs = store.load_runs(evaluations=True, traces=True)
        return {run.run_id: repr((run.status, run.outcome, run.metrics, run.evaluations)) for run in runs}
