"""The real files, where GANBENCH_DATA names them: known counts, known statistics, one copy in memory."""

import os
import re
from pathlib import Path

import pytest
import torch

from gans.data import FILES, load

ROOT = os.environ.get("GANBENCH_DATA", "")


def needs(name):
    """Skip where the files of a data set are not there, and say what was not proved."""
    there = bool(ROOT) and FILES[name].find() is not None
    return pytest.mark.skipif(
        not there, reason=f"no {name} below GANBENCH_DATA: its real files are not proved"
    )


# Mean and standard deviation of training pixels on a scale of 0 to 1, as commonly used to standardise them.
KNOWN = {"mnist": (0.1307, 0.3081), "fashion-mnist": (0.2860, 0.3530)}


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in KNOWN])
def test_pixels_have_the_published_mean_and_deviation(name):
    pixels = load(name).train.table.double() / 255

    assert (pixels.mean().item(), pixels.std().item()) == pytest.approx(KNOWN[name], abs=5e-5)


@needs("mnist")
def test_mnist_has_its_official_split_and_class_counts():
    mnist = load("mnist")

    assert (mnist.size, len(mnist.holdout), mnist.sample_shape) == (60_000, 10_000, (1, 28, 28))
    assert torch.bincount(mnist.train_labels).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert mnist.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


@needs("fashion-mnist")
def test_fashion_mnist_has_its_official_split_and_class_counts():
    fashion = load("fashion-mnist")

    assert (fashion.size, len(fashion.holdout)) == (60_000, 10_000)
    assert torch.bincount(fashion.train_labels).tolist() == [6000] * 10
    assert torch.bincount(fashion.holdout_labels).tolist() == [1000] * 10


@needs("stacked-mnist")
@pytest.mark.parametrize("split", ["train", "holdout"])
def test_stacked_images_have_all_thousand_modes(split):
    stacked = load("stacked-mnist")
    labels = getattr(stacked, f"{split}_labels")

    counts = torch.bincount(labels, minlength=1000)

    assert len(counts) == 1000
    assert counts.min() > 0


@needs("stacked-mnist")
def test_the_divergence_of_stacked_modes_from_uniform_is_that_of_the_class_counts():
    labels = load("stacked-mnist").train_labels

    share = torch.bincount(labels, minlength=1000).double() / len(labels)
    divergence = (share * (share * 1000).log()).sum().item()

    # Three times that of the digits (0.0014) from their unequal counts, and 999 / 2N from the finite sample.
    digits = torch.bincount(load("mnist").train_labels).double() / 60_000
    expected = 3 * (digits * (digits * 10).log()).sum().item() + 999 / (2 * len(labels))
    assert divergence == pytest.approx(expected, abs=0.0006)


@needs("mnist")
@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="no /proc: shared memory is not proved")
def test_going_through_all_images_keeps_them_in_pages_that_processes_share():
    mnist = load("mnist")
    if FILES["mnist"].find().folder.joinpath("train-images-idx3-ubyte").is_file():
        mapped = "train-images-idx3-ubyte"
    else:
        mapped = "prepared/train-images-idx3-ubyte"

    total = sum(part.sum().item() for part in torch.split(mnist.train, 1000))

    assert total < 0
    pages = _mappings(mapped)
    assert pages["Rss"] > 40_000
    assert pages["Private_Dirty"] == 0


def _mappings(name):
    """Kilobytes of this process's mappings of a file, by kind."""
    totals, inside = {"Rss": 0, "Private_Dirty": 0}, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            inside = name in line
        kind = line.partition(":")[0]
        if inside and kind in totals:
            totals[kind] += int(line.split()[1])
    return totals
