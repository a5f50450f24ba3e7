"""Cohort training against a plain PyTorch loop and against the machine's own arithmetic, one thread each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from bench.machine import gemm_gflops
from bench.speed.plain import plain_loop
from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load
from gans.defaults import config_of

pytestmark = pytest.mark.bench

PAIRS = 9
SECONDS = 0.4
"""Length of one half of a pair: long against the clock, short against the machine's moods."""

SHAPES = ((32, 64), (64, 64), (128, 64), (128, 256))
MEMBERS = (1, 8, 32, 64)
LEAST_RATIO = {(64, 64, 64, "compiled"): 7.0}
LEAST_SHARE = {(128, 256, 64, "compiled"): 70.0}
"""Targets by width, batch, members and mode: times the plain loop, per cent of the GEMM peak."""


def members_of(width: int, batch: int, count: int) -> list[RunConfig]:
    """Runs of one shape that differ in their seeds."""
    shape = {"generator_width": width, "discriminator_width": width, "batch_size": batch}
    return [config_of("nsgan", seed=seed, **shape) for seed in range(count)]


def steps_in(train: Callable[[int], object], seconds: float) -> int:
    """How many steps take about so many seconds, once the first five are over."""
    train(5)
    start = time.process_time()
    train(5)
    return max(1, round(seconds * 5 / (time.process_time() - start)))


def rate(train: Callable[[int], object], steps: int) -> float:
    """Steps per second of processor time: on one thread the fair clock of a shared machine."""
    start = time.process_time()
    train(steps)
    return steps / (time.process_time() - start)


@pytest.mark.parametrize("width, batch", SHAPES)
def test_plain_loop(benchmark, width: int, batch: int) -> None:
    """Time of the yardstick alone, one GAN in a plain loop; no figure of its own."""
    train = plain_loop(members_of(width, batch, 1)[0], load("digits"))
    steps = steps_in(train, SECONDS)
    benchmark.pedantic(train, args=(steps,), rounds=5, warmup_rounds=1)
    benchmark.extra_info["steps_per_round"] = steps


@pytest.mark.parametrize("mode", ["eager", "compiled"])
@pytest.mark.parametrize("count", MEMBERS)
@pytest.mark.parametrize("width, batch", SHAPES)
def test_cohort(benchmark, figure, width: int, batch: int, count: int, mode: str) -> None:
    """Steps per second summed over members, against the plain loop by turns and the machine's GEMM peak."""
    plain = plain_loop(members_of(width, batch, 1)[0], load("digits"))
    cohort = Cohort(members_of(width, batch, count), load("digits"), compiled=mode == "compiled")
    plain_steps, steps = steps_in(plain, SECONDS), steps_in(cohort.train, SECONDS)
    pairs = [(rate(plain, plain_steps), count * rate(cohort.train, steps)) for _ in range(PAIRS)]

    benchmark.pedantic(cohort.train, args=(steps,), rounds=3)

    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    summed = statistics.median(ours for _, ours in pairs)
    share = 100 * summed * cohort.step_flops() / count / 1e9 / gemm_gflops()
    case, key = f"width {width} batch {batch} members {count} {mode}", (width, batch, count, mode)
    benchmark.extra_info.update(member_steps_per_second=summed, times_plain=ratio, gemm_share=share)
    figure(f"generator steps/s summed, {case}", summed)
    figure(f"times the plain loop, {case}", ratio, LEAST_RATIO.get(key))
    figure(f"% of GEMM peak, {case}", share, LEAST_SHARE.get(key))


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp"])
def test_first_calls_of_a_compiled_cohort(benchmark, figure, recipe: str) -> None:
    """Seconds a compiled cohort waits for the compiler when nothing is cached."""
    # Widths that nobody else uses, so that Inductor's cache holds none of their programs.
    widths = iter(range(33, 64, 3))

    def first_calls() -> float:
        """Build one cohort; its seconds of warm-up."""
        shape = {"generator_width": next(widths), "discriminator_width": 17}
        cohort = Cohort([config_of(recipe, seed=s, **shape) for s in range(8)], load("digits"), compiled=True)
        return cohort.clock.seconds["warm_up"]

    benchmark.pedantic(first_calls, rounds=2)
    figure(f"seconds to compile a cohort, {recipe}", benchmark.stats.stats.median)
