"""What cohorts leave in the process that trained them, beside the limit for replacing it."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import psutil
import pytest

from bench.engines.local import RECYCLE_BYTES
from bench.engines.task import WORKER, execute
from bench.memory import own_bytes
from bench.plan import make_plan
from bench.profile.read import read_profile

pytestmark = pytest.mark.bench

COHORTS = 8


def left_by(profile: str, steps: int, out: str) -> tuple[list[float], float]:
    """Train cohorts of a profile: MB of this process's own after each, and MB of files at the end."""
    cohorts = make_plan(read_profile(profile, [f"steps={steps}"])).cohorts
    left = []
    for cohort in cohorts[:: max(1, len(cohorts) // COHORTS)][:COHORTS]:
        error = execute(WORKER, cohort.job(out, "cpu"), lambda *_: None)
        if error:
            raise RuntimeError(error)
        left.append(own_bytes() / 1e6)
    return left, psutil.Process().memory_info().rss / 1e6 - left[-1]


@pytest.mark.parametrize(("profile", "steps"), [("standard", 80), ("images", 36)])
def test_what_cohorts_leave_behind(figure, tmp_path, profile: str, steps: int) -> None:
    """In a fresh process, as a worker is; trainings are short, for memory does not hang on their length."""
    if profile == "images" and "GANBENCH_DATA" not in os.environ:
        pytest.skip("GANBENCH_DATA names no data: images are not trained")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        left, files = fresh.submit(left_by, profile, steps, str(tmp_path)).result()
    figure(f"MB of its own after the first cohort of {profile}", left[0])
    figure(
        f"MB of its own after any of {len(left)} cohorts of {profile}", max(left), most=RECYCLE_BYTES / 1e6
    )
    figure(f"MB of files that the process shows besides, {profile}", files)
