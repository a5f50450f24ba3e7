"""Pictures that need no download: each class a bright square in a corner of its own, with noise."""

from __future__ import annotations

import torch

from gans.data import Dataset


def pictures(
    channels: int = 1, side: int = 28, count: int = 64, dtype: torch.dtype = torch.float32
) -> Dataset:
    """A labelled data set of square pictures within [-1, 1], the same at every call."""
    stream = torch.Generator().manual_seed(channels * side)
    labels = torch.arange(count) % 4
    samples = torch.rand(count, channels, side, side, generator=stream) * 0.2 - 1
    half = side // 2
    for corner in range(4):
        rows, columns = (half * (corner // 2), half * (corner % 2))
        samples[labels == corner, :, rows : rows + half, columns : columns + half] += 1.5
    samples = samples.to(dtype)
    return Dataset(
        "pictures", samples, samples[: count // 2].clone(), labels, labels[: count // 2].clone(),
        classes=4, bounded=True,
    )  # fmt: skip
