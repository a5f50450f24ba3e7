"""What a second worker is worth: a cohort of the standard profile alone, then beside its like, in turns.

Usage: ``python -m bench.speed.two_workers [--pairs N] [--steps N]``, on a machine that does nothing else.
Cohorts are trained, evaluated and handed over; compilers are warm. What a sweep loses besides, at its start
and its end, is not in it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time

from bench.engines.task import WORKER, execute
from bench.plan import PlannedCohort, make_plan
from bench.profile.read import read_profile

_DATASET, _RECIPE = "digits", "wgan-gp"


def cohort(steps: int) -> PlannedCohort:
    """The first cohort of the standard profile that trains the recipe."""
    plan = make_plan(read_profile("standard", [f"steps={steps}"]))
    found = (each for each in plan.cohorts if each.configs[0].dataset == _DATASET)
    return next(each for each in found if each.configs[0].recipe == _RECIPE)


def seconds(planned: PlannedCohort) -> float:
    """Train it once."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        error = execute(WORKER, planned.job(out, "cpu"), lambda *_: None)
    if error:
        raise RuntimeError(error)
    return time.perf_counter() - start


def serve(steps: int) -> None:
    """Train it whenever a line comes in, and answer with the seconds; the first time is not counted."""
    planned = cohort(steps)
    seconds(planned)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(seconds(planned), flush=True)


def worth(workers: list[subprocess.Popen[str]]) -> float:
    """Time one worker alone and all of them together: by how much more gets done."""
    alone = _answers(workers[:1])[0]
    return len(workers) * alone / max(_answers(workers))


def _answers(workers: list[subprocess.Popen[str]]) -> list[float]:
    for worker in workers:
        print(file=worker.stdin, flush=True)
    return [float(_line(worker)) for worker in workers]


def _line(worker: subprocess.Popen[str]) -> str:
    line = worker.stdout.readline() if worker.stdout else ""
    if not line:
        raise RuntimeError("two_workers: a worker died; what it said is above")
    return line


def main() -> None:
    """Print the ratio of each pair and their median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.steps)
        return
    command = [sys.executable, "-m", "bench.speed.two_workers", "--serve", "--steps", str(chosen.steps)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for worker in workers:
        _line(worker)
    ratios = [worth(workers) for _ in range(chosen.pairs)]
    for worker in workers:
        worker.communicate()
    print("two workers over one:", ", ".join(f"{each:.2f}" for each in ratios), end="")
    print(f"; median {statistics.median(ratios):.2f}, target 1.8")


if __name__ == "__main__":
    main()
