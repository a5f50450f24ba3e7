"""Faults with real processes: whatever dies, each run is kept once, the rest resumes to the same results."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from drivers import (
    end,
    finish,
    free_port,
    results,
    start,
    start_cluster,
    stored_in,
    wait_for,
    workers_of,
)
from fake_worker import calls

from bench.records.schema import FAILED
from bench.records.store import open_store

pytestmark = pytest.mark.timeout(300)

KILLS, WIDTHS = 100, 40


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The results of a sweep that nothing befell."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, _, err = finish(folder, "--engine", "serial")
    assert code == 0, err
    return results(folder / "out")


def resumed(folder, *words, **more):
    """Run again; the results, which must be each planned run once, with nothing left over."""
    code, _, err = finish(folder, *words, **more)
    assert code == 0, err
    assert "Traceback" not in err
    with open_store(folder / "out") as store:
        runs = [run.run_id for run in store.load_runs()]
        assert sorted(runs) == sorted(store.planned_ids())
    assert not [*(folder / "out" / "spool").glob("*.run")]
    assert (folder / "out" / "report" / "index.html").stat().st_size > 0
    return results(folder / "out")


@pytest.mark.parametrize("dies", ["driver", "both", pytest.param("worker", marks=pytest.mark.slow)])
def test_whoever_is_killed_results_equal_those_of_an_undisturbed_run(tmp_path, undisturbed, dies):
    driver = start(tmp_path, "--workers", "1")
    wait_for(lambda: stored_in(tmp_path / "out") > 0 or driver.poll() is not None)
    family = workers_of(driver)
    for process in {"driver": [driver], "worker": family[-1:], "both": [*family, driver]}[dies]:
        process.kill()
    driver.communicate(timeout=150)
    wait_for(lambda: not any(process.is_running() for process in family))  # nobody trains without a driver
    end(driver)

    assert resumed(tmp_path, "--engine", "serial") == undisturbed


def test_a_killed_worker_costs_its_cohort_one_try_and_nothing_else(tmp_path):
    driver = start(tmp_path, "--workers", "1", fake="patient")
    wait_for(lambda: stored_in(tmp_path / "out") > 0)
    workers_of(driver)[-1].kill()
    _, err = driver.communicate(timeout=150)

    assert driver.returncode == 0, err
    assert stored_in(tmp_path / "out") == 8
    trained = [run for call in calls(tmp_path / "out") for run in call]
    assert len(trained) - len(set(trained)) <= 2  # one cohort of two was in training


def test_a_stopped_worker_is_noticed_and_replaced(tmp_path):
    code, _, err = finish(tmp_path, "--workers", "1", fake="hangs_once", hung=5.0)

    assert code == 0, err
    assert "has said nothing for" in err
    assert stored_in(tmp_path / "out") == 8


@pytest.mark.slow
def test_after_a_stopped_worker_results_equal_those_of_an_undisturbed_run(tmp_path, undisturbed):
    code, _, err = finish(tmp_path, "--workers", "1", fake="stands_still_once", hung=20.0)

    assert code == 0, err
    assert "has said nothing for" in err
    assert results(tmp_path / "out") == undisturbed


def test_a_scheduler_that_is_killed_ends_the_driver_and_what_was_finished_goes_on(tmp_path, undisturbed):
    port = free_port()
    cluster = start_cluster("--workers", "1", "--port", str(port))
    driver = start(tmp_path, "--engine", f"dask://127.0.0.1:{port}", behind=0.0)
    wait_for(lambda: stored_in(tmp_path / "out") > 0 or driver.poll() is not None)
    end(cluster)
    _, err = driver.communicate(timeout=150)

    assert driver.returncode == 1, err
    assert "what is finished is kept, run again to resume" in err
    assert "Traceback" not in err
    assert 0 < stored_in(tmp_path / "out") < 8
    assert resumed(tmp_path, "--engine", "serial") == undisturbed


@pytest.fixture
def little_memory(monkeypatch):
    """A control group of 64 MB that a worker may join; skips where none can be made."""
    v1, v2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
    parent, limit = (v1, "memory.limit_in_bytes") if v1.is_dir() else (v2, "memory.max")
    group = parent / f"ganbench-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(str(64 << 20))
    except OSError:
        with suppress(OSError):
            group.rmdir()
        pytest.skip("control groups of memory cannot be made here")
    monkeypatch.setenv("GANBENCH_TEST_GROUP", str(group / "cgroup.procs"))
    yield
    wait_for(lambda: not (group / "cgroup.procs").read_text().strip())
    group.rmdir()


def test_a_worker_that_the_kernel_kills_for_its_memory_costs_its_cohort_one_try(tmp_path, little_memory):
    code, _, err = finish(tmp_path, "--workers", "1", fake="hungry_once")

    assert code == 0, err
    assert "worker process died" in err
    assert stored_in(tmp_path / "out") == 8
    assert len(calls(tmp_path / "out")) == 5  # four cohorts of two, one of them twice


def test_a_worker_that_gets_no_more_memory_says_so_and_tries_again(tmp_path):
    code, _, err = finish(tmp_path, "--workers", "1", fake="starved_once")

    assert code == 0, err
    assert "MemoryError" in err
    assert stored_in(tmp_path / "out") == 8


def test_two_interrupts_end_at_once_and_lose_nothing(tmp_path):
    driver = start(tmp_path, "--workers", "1", fake="slow")
    wait_for(lambda: stored_in(tmp_path / "out") > 0)
    kept = stored_in(tmp_path / "out")
    os.killpg(driver.pid, signal.SIGINT)
    time.sleep(0.2)
    os.killpg(driver.pid, signal.SIGINT)
    _, err = driver.communicate(timeout=100)
    end(driver)

    assert driver.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in err
    assert stored_in(tmp_path / "out") >= kept
    assert finish(tmp_path, "--workers", "1", fake="good")[0] == 0
    assert stored_in(tmp_path / "out") == 8


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes; skips where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


SERIAL, WORKERS = ("--engine", "serial"), ("--workers", "1")


@pytest.mark.parametrize(
    "room, words",
    [
        pytest.param(50_000, SERIAL, id="for no store"),
        pytest.param(350_000, WORKERS, id="for some runs of workers"),
        pytest.param(350_000, SERIAL, id="for some runs", marks=pytest.mark.slow),
        pytest.param(50_000, WORKERS, id="for no store of workers", marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_told_and_what_was_finished_goes_on_once_there_is_room(
    small_disk, undisturbed, room, words
):
    filler = small_disk / "filler"
    filler.write_bytes(b"0" * (2_000_000 - room))
    code, _, err = finish(small_disk, *words, steps=100, seeds=2)

    assert code == 1
    assert "Traceback" not in err
    assert "room" in err.splitlines()[-1]
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    assert resumed(small_disk, "--engine", "serial") == undisturbed


def test_a_read_only_folder_is_refused_untouched(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    parent = small_disk.parent
    code, _, err = finish(parent, "--engine", "serial", out=str(small_disk / "out"))

    assert code == 2
    assert "must be writable" in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "no database"])
def test_a_damaged_database_is_told_in_one_line_and_left_alone(tmp_path, damage):
    assert finish(tmp_path, "--engine", "serial", fake="", steps=8)[0] == 0
    path = tmp_path / "out" / "results.sqlite"
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        for at in range(0, len(content), 97):
            content[at] ^= 0x40
    damaged = {
        "truncated": bytes(content[: len(content) // 3]),
        "flipped": bytes(content),
        "emptied": b"",
        "no database": b"hello\n" * 1000,
    }[damage]
    path.write_bytes(damaged)
    code, _, err = finish(tmp_path, "--engine", "serial", steps=8)

    assert code in (1, 2), err
    assert "Traceback" not in err
    assert "results.sqlite" in err or "results:" in err
    assert path.read_bytes() == damaged


def test_a_profile_changed_between_resumes_keeps_what_it_still_wants(tmp_path):
    assert finish(tmp_path, "--workers", "1", fake="good", seeds=1)[0] == 0
    assert finish(tmp_path, "--workers", "1", fake="good", seeds=3)[0] == 0

    assert stored_in(tmp_path / "out") == 12
    assert len({run for call in calls(tmp_path / "out") for run in call}) == 12
    assert sum(len(call) for call in calls(tmp_path / "out")) == 12


def test_a_second_driver_is_refused_while_the_first_goes_on(tmp_path):
    driver = start(tmp_path, "--workers", "1", fake="slow")
    wait_for((tmp_path / "out" / "driver.lock").exists)
    code, _, err = finish(tmp_path, "--engine", "serial")
    end(driver)
    driver.communicate()

    assert code == 2
    assert str(driver.pid) in err


def test_a_clock_set_back_changes_nothing(tmp_path, undisturbed):
    driver = start(tmp_path, "--workers", "1")
    wait_for(lambda: stored_in(tmp_path / "out") > 0 or driver.poll() is not None)
    end(driver)
    driver.communicate()
    for path in (tmp_path / "out").rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))  # all that is there comes from the future

    assert resumed(tmp_path, "--engine", "serial", behind=30_000_000.0) == undisturbed


def kill_at_random(driver, out, chance):
    """Wait until a further cohort is in training, and a random while; kill the driver or a worker.

    Says whether anybody was killed: a driver that has ended by itself cannot be.
    """
    begun = len(calls(out))
    wait_for(lambda: len(calls(out)) > begun or driver.poll() is not None, seconds=600)
    time.sleep(chance.uniform(0.0, 1.0))
    if driver.poll() is not None:
        return False
    chance.choice([*workers_of(driver), driver]).kill()
    return True


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_hundred_random_kills_lose_no_run(tmp_path):
    chance, kills, drivers, out = random.Random(0), 0, 0, tmp_path / "out"
    while kills < KILLS:
        drivers += 1
        driver = start(tmp_path, "--workers", "2", fake="piecemeal", seeds=5 + drivers, widths=WIDTHS)
        while kills < KILLS and kill_at_random(driver, out, chance):
            kills += 1
        end(driver)
        driver.communicate()
    code, _, err = finish(
        tmp_path, "--workers", "2", fake="good", seeds=5 + drivers, widths=WIDTHS, timeout=1800
    )
    trained = [run for call in calls(out) for run in call]
    with open_store(out) as store:
        planned, runs = store.planned_ids(), [run.run_id for run in store.load_runs()]
        failed = sum(ending.status == FAILED for ending in store.endings().values())
    lost = len(planned - set(runs))
    print(
        f"{kills} kills of {drivers} drivers and their workers: {lost} of {len(planned)} runs lost, {failed} "
        f"failed, {len(runs) - len(set(runs))} stored twice, {len(trained) - len(set(trained))} begun again"
    )

    assert code == 0, err
    assert sorted(runs) == sorted(planned)
    assert not failed
    assert len(trained) > len(set(trained))  # else nobody was killed at work, and nothing is shown


def test_a_store_that_another_program_holds_is_waited_for_or_told(tmp_path):
    assert finish(tmp_path, "--workers", "1", fake="good", seeds=1)[0] == 0
    holder = sqlite3.connect(tmp_path / "out" / "results.sqlite", isolation_level=None)
    holder.execute("BEGIN")
    holder.execute("SELECT COUNT(*) FROM runs").fetchall()
    code, _, err = finish(tmp_path, "--workers", "1", fake="good", seeds=2, patience=3.0)
    holder.close()

    assert code == 2
    assert "database is locked" in err
    assert err.count("\n") == 1
    assert finish(tmp_path, "--workers", "1", fake="good", seeds=2)[0] == 0
    assert stored_in(tmp_path / "out") == 8
