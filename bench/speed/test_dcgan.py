"""Convolutional players against a plain loop of the same networks: DCGAN, 32 pixels, base 32, batch 64."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
import torch

from bench.speed.plain import plain_loop
from gans import step
from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import Dataset
from gans.defaults import config_of

pytestmark = pytest.mark.bench

PAIRS = 9
STEPS = 6
"""Generator steps in one half of a pair: some 0.3 s."""
BATCH, CHANNELS, SIDE = 64, 3, 32
DEFAULT = "channels-last"
"""How ``Cohort`` trains convolutional players on a CPU when nothing else is asked for."""
LEAST_RATIO = 1.4

MODES = {
    "eager": ("none", False),
    DEFAULT: ("none", False),
    "bfloat16": ("bfloat16", False),
    "compiled": ("none", True),
    "compiled bfloat16": ("bfloat16", True),
}
"""Mode to its autocast and whether it is compiled; all but "eager" are laid out channels last."""


def dcgan(autocast: str = "none") -> RunConfig:
    """One run of the networks that are timed, three halvings on either side."""
    sizes = {"generator_width": 32, "discriminator_width": 32, "generator_depth": 3, "discriminator_depth": 3}
    return config_of(
        "nsgan", network="dcgan", latent_dim=64, batch_size=BATCH, autocast=autocast, **sizes
    )  # fmt: skip


def pictures() -> Dataset:
    """Noise in the shape of pictures: arithmetic takes as long with it, and it needs no files."""
    draws = torch.Generator().manual_seed(0)
    samples = torch.rand(1100, CHANNELS, SIDE, SIDE, generator=draws) * 2 - 1
    return Dataset("noise", samples, samples[:64], None, None, classes=0, bounded=True)


def rate(train: Callable[[int], object], clock: Callable[[], float]) -> float:
    """Images per second that so many generator steps are made of."""
    start = clock()
    train(STEPS)
    return STEPS * BATCH / (clock() - start)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_dcgan(benchmark, figure, monkeypatch: pytest.MonkeyPatch, mode: str, threads: int) -> None:
    """Images per second beside the plain eager loop's, by turns; of processor time on one thread."""
    torch.set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    if mode == "eager":
        monkeypatch.setattr(step, "_channels_last", lambda value: value)
    autocast, compiled = MODES[mode]
    plain = plain_loop(dcgan(), pictures())
    cohort = Cohort([dcgan(autocast)], pictures(), compiled=compiled)
    assert cohort.mode == ("compiled" if compiled else "eager")
    for train in (plain, cohort.train):
        rate(train, clock)
    pairs = [(rate(plain, clock), rate(cohort.train, clock)) for _ in range(PAIRS)]

    benchmark.pedantic(cohort.train, args=(STEPS,), rounds=2)

    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    yardstick, ours = (statistics.median(each) for each in zip(*pairs, strict=True))
    case = f"dcgan {mode}, {threads} threads"
    benchmark.extra_info.update(images_per_second=ours, times_plain=ratio)
    figure(f"images/s, plain loop beside {case}", yardstick)
    figure(f"images/s, {case}", ours)
    figure(f"times the plain loop, {case}", ratio, LEAST_RATIO if mode == DEFAULT else None)
