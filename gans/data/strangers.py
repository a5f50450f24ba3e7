"""Samples that do not belong: photographs among drawings, stray points, or samples of another data set."""

from __future__ import annotations

import functools
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn.functional import interpolate

from gans.data.dataset import Dataset

SMALLEST_CROP, LARGEST_CROP = 64, 256
"""Sides of the square crops of photographs, in their pixels."""

STRAY = 3.0
"""Stray points are drawn from the data's own bounding box, this many times as wide."""


def strangers(dataset: Dataset, count: int, generator: Generator, other: Dataset | None = None) -> Tensor:
    """Samples that are not of a data set's kind, in its shape and range.

    Of images: random crops of the photographs that scikit-learn ships. Of
    points: uniform in a box three times as wide as the data.

    Args:
        other: take training samples of this data set instead.

    Shapes:
        result: (count, *dataset.sample_shape).

    Raises:
        ValueError: samples of the other data set cannot be brought into shape.

    Example:
        >>> from gans.data import load
        >>> found = strangers(load("digits"), 3, torch.Generator().manual_seed(0))
        >>> tuple(found.shape), bool((found.abs() <= 1).all())
        ((3, 1, 8, 8), True)
    """
    if other is not None:
        rows = torch.randint(other.size, (count,), generator=generator)
        return fitted(other.train[rows], dataset).to(dataset.train.dtype)
    draw: Callable[..., Tensor] = _crops if len(dataset.sample_shape) == 3 else _stray_points
    return draw(dataset, count, generator).to(dataset.train.dtype)


def fitted(samples: Tensor, dataset: Dataset) -> Tensor:
    """Samples of another data set in this one's shape: images are resized and their channels matched.

    Raises:
        ValueError: points of another dimension, or points for images.

    Example:
        >>> from gans.data import load
        >>> tuple(fitted(torch.zeros(2, 3, 32, 32), load("digits")).shape)
        (2, 1, 8, 8)
    """
    shape = dataset.sample_shape
    if tuple(samples.shape[1:]) == shape:
        return samples
    if len(shape) != 3 or samples.ndim != 4:
        raise ValueError(
            f"defect: outliers must come from data of the kind of {dataset.name!r}, samples {shape}, "
            f"got samples {tuple(samples.shape[1:])}; name another data set"
        )
    gray_or_same = samples if samples.shape[1] == shape[0] else samples.mean(dim=1, keepdim=True)
    # Antialiased: without it, most of a large image's pixels would be ignored.
    resized = interpolate(gray_or_same, shape[1:], mode="bilinear", antialias=True, align_corners=False)
    return resized.expand(-1, shape[0], -1, -1).clamp(-1, 1)


def _crops(dataset: Dataset, count: int, generator: Generator) -> Tensor:
    photographs = _photographs()
    found = []
    for _ in range(count):
        photograph = photographs[int(torch.randint(len(photographs), (), generator=generator))]
        side = int(torch.randint(SMALLEST_CROP, LARGEST_CROP + 1, (), generator=generator))
        top, left = (
            int(torch.randint(size - side + 1, (), generator=generator)) for size in photograph.shape[1:]
        )
        found.append(fitted(photograph[None, :, top : top + side, left : left + side], dataset))
    return torch.cat(found) if found else dataset.train[:0]


def _stray_points(dataset: Dataset, count: int, generator: Generator) -> Tensor:
    low, high = dataset.train.amin(dim=0), dataset.train.amax(dim=0)
    drawn = torch.rand(count, *dataset.sample_shape, generator=generator)
    return (low + high) / 2 + (drawn - 0.5) * STRAY * (high - low)


@functools.cache
def _photographs() -> tuple[Tensor, ...]:
    # Imported here: scikit-learn takes most of a second, and few runs have outliers.
    from sklearn.datasets import load_sample_images

    images = load_sample_images().images
    return tuple(torch.from_numpy(image.copy()).permute(2, 0, 1).float() / 127.5 - 1 for image in images)
