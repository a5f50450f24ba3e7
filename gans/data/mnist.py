"""MNIST, Fashion-MNIST and stacked MNIST, from files that are memory-mapped and shared by all processes."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from gans.data.dataset import Dataset
from gans.data.filesets import FileSet
from gans.data.idx import read_idx
from gans.data.pixels import Pixels
from gans.data.places import DataError
from gans.rng import stream

STACKED_TRAIN, STACKED_HOLDOUT = 128_000, 26_000
"""Stacked images to train on and held out: as many as VEEGAN and PacGAN trained on and scored."""
CHANNELS = 3
TO_32 = 2
"""Pixels of background on each side that make 32 of 28."""

MNIST = FileSet(
    name="mnist",
    folder="MNIST/raw",
    algorithm="sha256",
    checksums={
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    torchvision="MNIST",
    megabytes=12,
)

FASHION = FileSet(
    name="fashion-mnist",
    folder="FashionMNIST/raw",
    algorithm="sha256",
    checksums={
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
    torchvision="FashionMNIST",
    megabytes=31,
    package="fashion-mnist",
)


def mnist() -> Dataset:
    """Handwritten digits: 60,000 to train on, 10,000 held out, 28 by 28 pixels, grey; needs files.

    Shapes:
        samples (1, 28, 28); 10 classes, the official split.

    Source:
        LeCun et al. 1998, "Gradient-based learning applied to document recognition".
    """
    return _ten_classes("mnist", MNIST)


def mnist32() -> Dataset:
    """The digits of ``mnist`` with two pixels of background on each side: 32 by 32; needs files.

    Shapes:
        samples (1, 32, 32); 10 classes.
    """
    return _ten_classes("mnist32", MNIST, pad=TO_32)


def fashion_mnist() -> Dataset:
    """Photographs of clothes: 60,000 to train on, 10,000 held out, 28 by 28 pixels, grey; needs files.

    Shapes:
        samples (1, 28, 28); 10 classes, the official split.

    Source:
        Xiao et al. 2017, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms".
    """
    return _ten_classes("fashion-mnist", FASHION)


def fashion_mnist32() -> Dataset:
    """The clothes of ``fashion-mnist`` with two pixels of background on each side: 32 by 32; needs files.

    Shapes:
        samples (1, 32, 32); 10 classes.
    """
    return _ten_classes("fashion-mnist32", FASHION, pad=TO_32)


def stacked_mnist() -> Dataset:
    """Three random digits of MNIST as red, green and blue: 1,000 modes, stacked when drawn; needs files.

    Held-out images are stacked from MNIST's test digits, so that no channel of
    one was ever trained on.

    Shapes:
        samples (3, 28, 28); 128,000 to train on, 26,000 held out. The label is
        the mode, 0 to 999: the digits in red, green and blue read as one number.

    Source:
        Metz et al. 2017, "Unrolled generative adversarial networks", section
        3.3.1; Srivastava et al. 2017, "VEEGAN", section 4.2, for the sizes.
    """
    return _stacked("stacked-mnist")


def stacked_mnist32() -> Dataset:
    """The images of ``stacked-mnist`` with two pixels of background on each side: 32 by 32; needs files.

    Shapes:
        samples (3, 32, 32); 1,000 modes.

    Source:
        Karras et al. 2018, "Progressive growing of GANs", appendix E, pads so.
    """
    return _stacked("stacked-mnist32", pad=TO_32)


def modes_of(digits: Tensor) -> Tensor:
    """Mode of stacked images, from the digits in their channels.

    Shapes:
        digits: (n, 3), each 0 to 9. result: (n,), 0 to 999, int64.

    Example:
        >>> modes_of(torch.tensor([[0, 0, 7], [9, 4, 2]])).tolist()
        [7, 942]
    """
    places = torch.tensor([100, 10, 1], device=digits.device)
    return (digits.long() * places).sum(dim=1)


def stacking(name: str, count: int, digits: int) -> Tensor:
    """Which digits each stacked image is made of; the same on every machine.

    Shapes:
        result: (count, 3), rows of a table of ``digits`` images, int32.

    Example:
        >>> stacking("train", 2, digits=60_000).shape
        torch.Size([2, 3])
    """
    generator = stream(0, f"data/stacked-mnist/{name}")
    return torch.randint(digits, (count, CHANNELS), generator=generator).int()


def _ten_classes(name: str, files: FileSet, pad: int = 0) -> Dataset:
    paths = files.require()
    train, train_labels = _split(paths, "train")
    holdout, holdout_labels = _split(paths, "t10k")
    return Dataset(
        name=name,
        train=Pixels(train, pad=pad),
        holdout=Pixels(holdout, pad=pad),
        train_labels=train_labels,
        holdout_labels=holdout_labels,
        classes=10,
        bounded=True,
    )


def _stacked(name: str, pad: int = 0) -> Dataset:
    paths = MNIST.require()
    train, train_modes = _stacks(*_split(paths, "train"), "train", STACKED_TRAIN, pad)
    holdout, holdout_modes = _stacks(*_split(paths, "t10k"), "holdout", STACKED_HOLDOUT, pad)
    return Dataset(
        name=name,
        train=train,
        holdout=holdout,
        train_labels=train_modes,
        holdout_labels=holdout_modes,
        classes=1000,
        bounded=True,
    )


def _stacks(table: Tensor, labels: Tensor, name: str, count: int, pad: int) -> tuple[Pixels, Tensor]:
    parts = stacking(name, count, len(table))
    return Pixels(table, parts, pad), modes_of(labels[parts.long()])


def _split(paths: dict[str, Path], split: str) -> tuple[Tensor, Tensor]:
    images = paths[f"{split}-images-idx3-ubyte"]
    table = torch.from_numpy(read_idx(images, axes=3)).unsqueeze(1)
    labels = torch.from_numpy(read_idx(paths[f"{split}-labels-idx1-ubyte"], axes=1)).long()
    if len(labels) != len(table):
        raise DataError(
            f"{images}: must have an image per label, got {len(table)} and {len(labels)}; get both again"
        )
    return table, labels
