"""The command line: what it prints, how it ends, and that real drivers may be killed at any moment."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from bench_helpers import make_config, make_record

import bench.cli
from bench.commands.rerun import compare, parting_step
from bench.records import spool
from bench.records.schema import FAILED
from bench.records.store import Failure, Store, open_store

ROOT = Path(__file__).parents[2]

MICRO = """
name = "micro"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = [4, 5, 6, 7]
data_size = 500
batch_size = 16
steps = {steps}
evaluations = 4
seeds = 2
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, and a report that costs nothing."""

    def write_report(folder):
        (folder / "report").mkdir(exist_ok=True)
        return folder / "report" / "index.html"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli, "write_report", write_report)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return tmp_path


@pytest.fixture
def micro(here):
    (here / "micro.toml").write_text(MICRO.format(steps=20))
    return here / "micro.toml"


BAD = [
    ("rnu smoke", 'Unknown command "rnu". Did you mean "run"?'),
    ("run", 'Command "run" parameter PROFILE requires an argument.'),
    ("run smoke --ot x", "Unknown option: --ot. Did you mean --out?"),
    ("run smoke --workers two", 'Invalid value for --workers: unable to convert "two" into int.'),
    ("run smoke --workers 0", "--workers: must be an integer from 1 to 1024, got 0"),
    ("run smoke --engine dusk", "--engine: must be a known engine, got 'dusk'"),
    ("run smoke --device cpuu", "--device: must be a known device, got 'cpuu'; did you mean 'cpu'?"),
    ("run smokey", "profile: must be a known profile or a .toml file, got 'smokey'; did you mean 'smoke'?"),
    ("run nowhere.toml", "nowhere.toml: must be a readable file, got: No such file or directory"),
    ("run smoke --set lrr=1", "--set: must name a known key, got 'lrr'; did you mean 'lr'?"),
    ("run smoke --set lr=-1", "--set: lr must be a learning rate > 0, got -1"),
    ("run smoke --seeds 0", "--seeds: must be an integer >= 1, got 0"),
    ("run smoke --out full", "full: must be empty or a results folder, got thesis.txt"),
    ("run smoke --out full/thesis.txt", "full/thesis.txt: must be a folder, got a file"),
    ("plan smoke --set steps=0", "--set: steps must be an integer >= 1, got 0"),
    ("status full", "full: must be a results folder, found no results.sqlite"),
    ("report full", "full: must be a results folder, found no results.sqlite"),
    ("report full --lang zg", "--lang: must be a known language, got 'zg'; choose one of (en, zh)"),
    ("rerun full 0123", "full: must be a results folder, found no results.sqlite"),
    ("list loses", "list: must be a known kind, got 'loses'; did you mean 'losses'?"),
    ("data digit", "dataset: must be a known dataset, got 'digit'; did you mean 'digits'?"),
]


@pytest.mark.parametrize("line, told", BAD, ids=[line for line, _ in BAD])
def test_bad_input_is_one_line_and_two_and_nothing_is_written(here, capsys, line, told):
    (here / "full").mkdir()
    (here / "full" / "thesis.txt").write_text("precious")
    code = bench.cli.main(line.split())
    printed = capsys.readouterr()
    lines = printed.err.splitlines()

    assert code == 2
    assert [each.startswith("ganbench: ") for each in lines] == [True]
    assert lines[0].startswith(f"ganbench: {told}")
    assert sorted(path.name for path in here.rglob("*")) == ["full", "thesis.txt"]


def test_every_fault_of_a_profile_has_a_line(here, capsys):
    (here / "bad.toml").write_text(
        'name = "p"\n[[grid]]\nname = "g"\ndataset = "digit"\nrecipe = "wgn"\nseeds = 0\n'
    )
    code = bench.cli.main(["run", "bad.toml"])
    lines = capsys.readouterr().err.splitlines()

    assert (code, len(lines)) == (2, 3)
    assert all(line.startswith("ganbench: bad.toml: grid[0].") for line in lines)
    assert [path.name for path in here.iterdir()] == ["bad.toml"]


def test_a_run_trains_reports_and_says_where(micro, capsys):
    code = bench.cli.main(["run", "micro.toml", "--engine", "serial", "--plain"])
    first = capsys.readouterr()
    again = bench.cli.main(["run", "micro.toml", "--engine", "serial"])
    second = capsys.readouterr()
    bench.cli.main(["status", "results/micro"])
    status = capsys.readouterr().out
    with open_store("results/micro") as store:
        record = store.load_runs()[0]
    rerun = bench.cli.main(["rerun", "results/micro", record.run_id[:12]])
    compared = capsys.readouterr().out

    assert (code, again, rerun) == (0, 0, 0)
    assert (
        first.out
        == "8 of 8 runs are in results/micro, 8 of them new\nreport: results/micro/report/index.html\n"
    )
    assert first.err.startswith("8 runs to train in 4 cohorts\n[0:00:00] 0/8 runs, 0/4 cohorts, about ")
    assert second.out.startswith("8 of 8 runs are in results/micro, 0 of them new\n")
    assert status.startswith("results/micro: profile micro\n8 of 8 runs are stored, 0 are missing\n")
    assert status.endswith("nobody is training here\n")
    assert compared.startswith(f"run {record.run_id}: nsgan on ring8, widths ")
    assert "equal: the distance agrees to 0.001 at every evaluation" in compared


def test_a_plan_says_what_would_be_done_and_does_nothing(micro, capsys):
    code = bench.cli.main(["plan", "micro.toml", "--set", "capacity_ratio=1,0.01", "--workers", "2"])
    printed = capsys.readouterr().out.splitlines()

    assert code == 0
    assert printed[:3] == ["micro", "8 runs, 0 of them in results/micro already", "  grid g: 8 runs"]
    assert "  skipped 1 cells of grid g: capacity_ratio 0.01 times generator_width 4 must be" in "\n".join(
        printed
    )
    assert "4 cohorts to train, 0 compiled and 4 eager, the longest first:" in printed
    assert printed[-1].startswith("estimated with 2 workers at ")
    assert [path.name for path in micro.parent.iterdir()] == ["micro.toml"]


def test_listings_name_what_there_is_with_its_source(here, capsys):
    assert bench.cli.main(["list"]) == 0
    everything = capsys.readouterr().out
    assert bench.cli.main(["list", "recipes"]) == 0
    recipes = capsys.readouterr().out.splitlines()
    assert bench.cli.main(["data"]) == 0
    data = capsys.readouterr().out

    for word in ("losses", "wasserstein", "mlp", "ring8", "fid", "coverage", "standard", "smoke"):
        assert word in everything
    (wgan,) = [line for line in recipes if line.startswith("wgan ")]
    assert "rates 5e-05/5e-05" in wgan
    assert "Arjovsky et al. 2017" in wgan
    assert "digits: 1100 to train on, 697 held out, 1 x 8 x 8 numbers each, 10 classes" in data


def test_failures_of_our_own_end_with_one_and_are_told(micro, capsys, monkeypatch):
    from bench.engines import serial

    class Failing(serial.SerialEngine):
        def __init__(self, on_step):
            super().__init__(on_step, "fake_worker:raises")

    monkeypatch.setattr(serial, "SerialEngine", Failing)
    code = bench.cli.main(["run", "micro.toml", "--engine", "serial"])
    printed = capsys.readouterr()
    bench.cli.main(["status", "results/micro"])

    assert code == 1
    assert "report: results/micro/report/index.html" in printed.out
    last = printed.err.splitlines()[-1]
    assert last.startswith(
        "ganbench: 8 runs failed through our own fault: RuntimeError: no such luck (fake_worker.py:"
    )
    assert "try again with: ganbench run micro.toml --engine serial" in last
    assert (
        "8 runs failed through our own fault and will be tried again (8 of them: RuntimeError"
        in capsys.readouterr().out
    )


def test_a_bug_is_told_in_one_line(here, capsys, monkeypatch):
    monkeypatch.setattr("bench.commands.catalog.KINDS", {"losses": lambda: 1 / 0})
    code = bench.cli.main(["list"])

    assert code == 1
    assert capsys.readouterr().err.startswith(
        "ganbench: internal error: ZeroDivisionError: division by zero (test_cli.py:"
    )
    monkeypatch.setenv("GANBENCH_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        bench.cli.main(["list"])


@pytest.mark.parametrize(
    "fault",
    [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_full_disk_is_told_as_one(micro, capsys, monkeypatch, fault):
    def full(self, records, grids=None):
        raise fault

    monkeypatch.setattr(Store, "ingest", full)
    code = bench.cli.main(["run", "micro.toml", "--engine", "serial"])

    assert code == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"ganbench: results: must be kept on disk, got {fault}; "
        "see that the disk has room and the folder can be written, then run again"
    )
    assert not (micro.parent / "results" / "micro" / "driver.lock").exists()


def test_status_counts_what_waits_and_what_failed(here, capsys):
    configs = [make_config(seed=seed) for seed in range(4)]
    with open_store("out", create=True) as store:
        store.plan({"g": configs})
        failed = make_record(configs[1], status=FAILED, outcome="invalid", state="undecided", evaluations=())
        store.ingest([make_record(configs[0]), failed])
        store.add_failures([Failure("c", failed.run_id, 2, "its worker process died", "2026")])
    spool.write("out", make_record(configs[2]))
    bench.cli.main(["status", "out"])

    assert capsys.readouterr().out.splitlines() == [
        "out: profile unknown",
        "1 of 4 runs are stored, 3 are missing",
        "1 more are handed over and wait to be stored",
        "by state: 1 stable",
        "by outcome: 1 converged",
        "1 runs failed through our own fault and will be tried again (1 of them: its worker process died)",
        "nobody is training here",
    ]


def test_two_records_part_where_their_distances_do():
    stored = make_record()
    changed = replace(stored.evaluations[1], values={"distance": 1.6})
    again = replace(stored, evaluations=(stored.evaluations[0], changed, stored.evaluations[2]))

    assert parting_step(stored, stored) is None
    assert parting_step(stored, again) == 10
    assert parting_step(stored, replace(stored, evaluations=stored.evaluations[:2])) == 20
    assert list(compare(stored, again))[-1].startswith(
        "parted: the distance differs by more than 0.001 from step 10"
    )


FAKED = """
import sys, bench.cli
from bench.engines import local
class Faked(local.LocalEngine):
    def __init__(self, workers, on_step, log):
        super().__init__(workers, on_step, log, "fake_worker:slow")
local.LocalEngine = Faked
sys.exit(bench.cli.main())
"""


def start(folder, *words, faked=False):
    """A real driver in a process group of its own, as a terminal would start it."""
    (folder / "micro.toml").write_text(MICRO.format(steps=100))
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    program = ["-c", FAKED] if faked else ["-m", "bench.cli"]
    return subprocess.Popen(
        [sys.executable, *program, "run", "micro.toml", "--out", "out", *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}, start_new_session=True,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def stored_in(out):
    with suppress(ValueError), open_store(out) as store:
        return len(store.endings())
    return 0


def wait_for(condition, seconds=100.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.05)


@pytest.mark.timeout(180)  # three processes that import PyTorch, on whatever machine this is
def test_a_driver_killed_in_mid_run_is_resumed_to_every_run_exactly_once(here, capsys):
    driver = start(here, "--workers", "1")
    wait_for(lambda: stored_in(here / "out") > 0)
    family = psutil.Process(driver.pid).children(recursive=True)
    driver.kill()
    driver.communicate()
    kept = stored_in(here / "out")
    wait_for(
        lambda: not any(process.is_running() and process.status() != "zombie" for process in family), 20.0
    )
    code = bench.cli.main(["run", "micro.toml", "--out", "out", "--engine", "serial"])
    printed = capsys.readouterr()
    with open_store("out") as store:
        runs, planned = [record.run_id for record in store.load_runs()], store.planned_ids()
        steps = store.evaluation_columns(["distance"])["step"]

    assert 0 < kept < 8
    assert code == 0
    assert "taking over from process" in printed.err
    assert printed.out.startswith(f"8 of 8 runs are in out, {8 - kept} of them new")
    assert sorted(runs) == sorted(planned)
    assert len(runs) == len(set(runs)) == 8
    assert len(steps) == 8 * 4
    assert list((here / "out" / "spool").iterdir()) == []


@pytest.mark.timeout(180)
def test_ctrl_c_keeps_what_is_finished_says_how_to_go_on_and_leaves_nobody(here):
    driver = start(here, "--workers", "1", faked=True)
    wait_for(lambda: stored_in(here / "out") > 0)
    family = psutil.Process(driver.pid).children(recursive=True)
    os.killpg(driver.pid, signal.SIGINT)
    out, err = driver.communicate(timeout=100)
    kept = stored_in(here / "out")
    again = "ganbench run micro.toml --out out --workers 1"

    assert driver.returncode == 130
    assert 0 < kept < 8
    assert out == f"interrupted: {kept} of 8 runs are kept; go on with: {again}\n"
    assert "Traceback" not in err
    assert not (here / "out" / "driver.lock").exists()
    wait_for(lambda: not any(process.is_running() and process.status() != "zombie" for process in family))
