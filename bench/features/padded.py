"""Extractors of images that stand in a frame of background: they look at what the frame holds."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from bench.features.extractor import Extractor

FRAME = 2
"""Pixels on each side that make 32 of 28."""


def padded(factory: Callable[[], Extractor]) -> Callable[[], Extractor]:
    """The factory of an extractor for the same images with two pixels of background on each side.

    What a generator draws on the frame is not seen.

    Example:
        >>> from bench.features.shipped import mnist64
        >>> framed = padded(mnist64)()
        >>> framed.name, framed.sample_shape
        ('mnist64in32', (1, 32, 32))
    """

    @functools.wraps(factory)
    def framed() -> Extractor:
        """The extractor of the factory behind its frame."""
        inner = factory()
        channels, *sides = inner.sample_shape or (1, 0, 0)
        outer = tuple(side + 2 * FRAME for side in sides)
        name = f"{inner.name}in{outer[-1]}"
        return replace(
            inner,
            name=name,
            sha256=hashlib.sha256(f"{name}/{inner.sha256}".encode()).hexdigest(),
            embed=lambda samples: inner.embed(_inside(samples)),
            sample_shape=(channels, *outer),
        )

    return framed


def _inside(samples: Tensor) -> Tensor:
    return samples[..., FRAME:-FRAME, FRAME:-FRAME]
