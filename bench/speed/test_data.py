"""Data from files: what two workers that hold the same images cost in memory, what stacking costs in time."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from bench.speed.test_dcgan import BATCH, dcgan
from gans.cohort import Cohort
from gans.data import ROOT_VARIABLE, load

ROLLUP = Path("/proc/self/smaps_rollup")

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(ROOT_VARIABLE not in os.environ, reason=f"{ROOT_VARIABLE} names no data root"),
]

IMAGES_MB = 60_000 * 28 * 28 / 2**20
"""One copy of MNIST's training images, as bytes."""
MOST_COPIES, MOST_SHARE = 1.1, 5.0
"""Targets: copies that two workers hold together; per cent of a DCGAN step that its batches take."""
ROUNDS, BATCHES, STEPS = 9, 50, 5

WORKER = """
import sys
from pathlib import Path
import torch
from gans.data import load
from gans.data.pixels import Pixels

def read(images):
    return sum(part.sum().item() for part in torch.split(images, 250))

def told(what):
    sys.stdin.readline()
    fields = (line.split() for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    kilobytes = {field[0]: int(field[1]) for field in fields}
    print(what, kilobytes["Pss:"], flush=True)

load("digits")
read(Pixels(torch.zeros(1000, 1, 28, 28, dtype=torch.uint8)))
print("ready", flush=True)
told("before")
read(load("mnist").train)
print("read", flush=True)
told("after")
sys.stdin.readline()
"""
"""A process that reads every image of MNIST and says its proportional set size before and after it.

It has read other images in the same way before: code, arenas and buffers that any reading takes
are no copy."""


@pytest.mark.skipif(not ROLLUP.exists(), reason=f"no {ROLLUP}: shared memory cannot be told from private")
def test_two_workers_share_one_copy_of_mnist(figure) -> None:
    """Copies of the training images that two processes hold together once both went through all of them."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        before, after = _set_sizes(workers), _set_sizes(workers)
    finally:
        for worker in workers:
            worker.communicate()

    grown = (sum(after) - sum(before)) / 1024
    figure("MB that two workers grow by when both read MNIST", grown)
    figure("copies of MNIST that two workers hold", grown / IMAGES_MB, most=MOST_COPIES)


def _set_sizes(workers: list[subprocess.Popen[str]]) -> list[int]:
    """Kilobytes of each, pages that several share counted in parts; taken while all stand still."""
    for worker in workers:
        _heard(worker)
    return [_asked(worker) for worker in workers]


def _heard(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def _asked(worker: subprocess.Popen[str]) -> int:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()
    return int(_heard(worker).split()[1])


def test_stacked_mnist_batches(figure) -> None:
    """Per cent of a DCGAN step that goes into drawing its batches of stacked MNIST; smaller is better."""
    dataset = load("stacked-mnist32")
    config, draws = dcgan(), torch.Generator().manual_seed(0)
    cohort = Cohort([config], dataset)
    drawn = 2 * config.n_critic
    rows = torch.randint(dataset.size, (BATCHES, BATCH), generator=draws)

    def batches() -> None:
        """Look up some batches, as a step does."""
        for picked in rows:
            dataset.train[picked]

    cohort.train(STEPS)
    batches()
    pairs = [(_spent(batches) / BATCHES, _spent(lambda: cohort.train(STEPS)) / STEPS) for _ in range(ROUNDS)]

    share = statistics.median(100 * drawn * batch / step for batch, step in pairs)
    figure("ms of a batch of stacked MNIST at 32 pixels", 1000 * statistics.median(each for each, _ in pairs))
    figure("ms of a DCGAN step on it", 1000 * statistics.median(step for _, step in pairs))
    figure(f"{drawn} batches, % of a DCGAN step", share, most=MOST_SHARE)


def _spent(work: Callable[[], object]) -> float:
    """Processor seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start
