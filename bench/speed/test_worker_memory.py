"""What cohorts leave in the process that trained them, beside the limit for replacing it."""

from __future__ import annotations

import os

import psutil
import pytest

from bench.engines.local import RECYCLE_BYTES
from bench.engines.task import WORKER, execute
from bench.memory import own_bytes
from bench.plan import make_plan
from bench.profile.read import read_profile

pytestmark = pytest.mark.bench

COHORTS = 8


@pytest.mark.parametrize(("profile", "steps"), [("standard", 80), ("images", 36)])
def test_what_cohorts_leave_behind(figure, tmp_path, profile: str, steps: int) -> None:
    """Eight cohorts spread over the profile, shortened; memory does not hang on the number of steps."""
    if profile == "images" and "GANBENCH_DATA" not in os.environ:
        pytest.skip("GANBENCH_DATA names no data: images are not trained")
    cohorts = make_plan(read_profile(profile, [f"steps={steps}"])).cohorts
    left = []
    for cohort in cohorts[:: max(1, len(cohorts) // COHORTS)][:COHORTS]:
        assert not execute(WORKER, cohort.job(str(tmp_path), "cpu"), lambda *_: None)
        left.append(own_bytes() / 1e6)
    files = psutil.Process().memory_info().rss / 1e6 - left[-1]
    figure(f"MB of its own after the first cohort of {profile}", left[0])
    figure(
        f"MB of its own after any of {len(left)} cohorts of {profile}", max(left), most=RECYCLE_BYTES / 1e6
    )
    figure(f"MB of files that the process shows besides, {profile}", files)
