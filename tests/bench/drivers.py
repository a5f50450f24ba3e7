"""Real drivers for tests of faults: the command in a process group of its own, watched through its store."""

from __future__ import annotations

import os
import signal
import socket
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


PATCHED = """
import sys, time, bench.cli, bench.engines.remote
bench.engines.remote._START_SECONDS, bench.engines.remote._SILENT_SECONDS = 20.0, 3.0
true = time.time
time.time = lambda: true() - {behind}
sys.exit(bench.cli.main())
"""


def program_of(fake, hung, patience, behind):
    if fake:
        return ["-c", FAKED.format(fake=fake, hung=hung, patience=patience)]
    return ["-m", "bench.cli"] if behind is None else ["-c", PATCHED.format(behind=behind)]


def start(
    folder, *words, out="out", fake="", hung=600.0, patience=30.0, behind=None, steps=100, seeds=2, widths=4
):
    """A real driver, as a terminal would start it; ``fake`` names a stand-in for the training.

    Its profile has a cohort for each of so many widths. With ``behind`` its clock is so many seconds behind,
    and it does not wait long for a scheduler.
    """
    text = PROFILE.format(steps=steps, seeds=seeds, widths=[*range(4, 4 + widths)])
    (folder / "micro.toml").write_text(text)
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    program = program_of(fake, hung, patience, behind)
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_cluster(*words):
    """``ganbench cluster`` as a process of its own, once its workers are there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.cli", "cluster", *words], cwd=ROOT, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert "use them with" in process.stdout.readline()
    return process


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
