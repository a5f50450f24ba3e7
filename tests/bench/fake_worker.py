"""Stand-ins for bench.worker that hand over records without training, each with a fault of its own.

Every call leaves a line in ``calls.txt`` beside the results folder, so that tests can count trainings.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from dataclasses import replace
from pathlib import Path

from bench_helpers import make_record

from bench.records import spool
from gans.config import run_id


def _note(job):
    with (Path(job.out).parent / "calls.txt").open("a") as stream:
        stream.write(" ".join(run_id(config) for config in job.configs) + "\n")


def calls(out):
    path = Path(out).parent / "calls.txt"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def _hand_over(job, configs):
    for config in configs:
        record = make_record(config, cohort=job.cohort, cohort_members=len(job.configs), mode=job.mode)
        spool.write(job.out, record)


def good(job, progress):
    _note(job)
    for step in (1, job.configs[0].steps):
        progress(step)
    _hand_over(job, job.configs)
    return [run_id(config) for config in job.configs]


def slow(job, progress):
    """Five seconds for the first cohort, a minute more for others: cut off even on a busy machine."""
    if calls(job.out):
        time.sleep(60.0)
    return paced(job, progress)


def paced(job, progress):
    """A step every twentieth of a second: long enough to be seen half done."""
    for step in range(job.configs[0].steps):
        progress(step)
        time.sleep(0.05)
    return good(job, progress)


def stopped(job, progress):
    """As if Ctrl-C was pressed during the second cohort."""
    if len(calls(job.out)) == 1:
        raise KeyboardInterrupt
    return good(job, progress)


def raises(job, progress):
    _note(job)
    raise RuntimeError("no such luck\nand more")


def raises_for_wgan(job, progress):
    if job.configs[0].recipe == "wgan":
        return raises(job, progress)
    return good(job, progress)


def dies_once(job, progress):
    """Killed after half of its members, the first time."""
    first = not calls(job.out)
    _note(job)
    half = len(job.configs) // 2
    _hand_over(job, job.configs[:half] if first else job.configs)
    if first:
        os.kill(os.getpid(), signal.SIGKILL)
    return []


def silent(job, progress):
    _note(job)
    return []


def damages_once(job, progress):
    """Hands everything over, the first file damaged, the first time."""
    first = not calls(job.out)
    good(job, progress)
    if first:
        path = spool.waiting(job.out)[0]
        path.write_bytes(path.read_bytes()[:-9])


def eager_anyway(job, progress):
    return good(replace(job, compiled=False), progress)


def notes_its_process(job, progress):
    with (Path(job.out).parent / "processes.txt").open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    return good(job, progress)


def prints(job, progress):
    print("noise from a worker")
    return good(job, progress)


def patient(job, progress):
    """Half a second for every cohort: time enough to be killed in."""
    time.sleep(0.5)
    return good(job, progress)


def piecemeal(job, progress):
    """Hands over a run every fifth of a second: a death finds most cohorts half handed over."""
    _note(job)
    for config in job.configs:
        time.sleep(0.2)
        progress(1)
        _hand_over(job, [config])
    return [run_id(config) for config in job.configs]


def hangs_once(job, progress):
    """The first cohort stops its own process, which then does nothing more, not even die."""
    first = not calls(job.out)
    _note(job)
    if first:
        os.kill(os.getpid(), signal.SIGSTOP)
    progress(1)
    _hand_over(job, job.configs)


def hungry_once(job, progress):
    """The first cohort takes memory in a group that allows little, until the kernel kills its process."""
    first = not calls(job.out)
    if not first:
        return good(job, progress)
    _note(job)
    Path(os.environ["GANBENCH_TEST_GROUP"]).write_text(str(os.getpid()))
    hoard = [bytearray(os.urandom(1 << 20)) for _ in range(512)]
    raise AssertionError(f"nobody minded {len(hoard)} MB")


def starved_once(job, progress):
    """The first cohort asks for more memory than its process may have, and is told so."""
    if calls(job.out):
        return good(job, progress)
    _note(job)
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, before[1]))
    try:
        return [bytearray(1 << 32)]
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def stands_still_once(job, progress):
    """Stopped the first time, as by SIGSTOP from elsewhere; trains in earnest otherwise."""
    first = not calls(job.out)
    _note(job)
    if first:
        os.kill(os.getpid(), signal.SIGSTOP)
    from bench.worker import run_cohort

    return run_cohort(job, progress)
