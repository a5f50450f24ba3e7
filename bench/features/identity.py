"""The extractor of points: a point is its own feature vector."""

from __future__ import annotations

import hashlib

from torch import Tensor

from bench.features.extractor import Extractor


def xy(dimension: int = 2) -> Extractor:
    """Identity on points, because in a few dimensions distances can be taken exactly.

    Example:
        >>> xy().name, xy().dimension, xy(3).name
        ('xy', 2, 'identity3')
    """
    name = "xy" if dimension == 2 else f"identity{dimension}"
    return Extractor(
        name=name,
        dimension=dimension,
        classes=0,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        embed=_flatten,
        sample_shape=(dimension,),
    )


def _flatten(samples: Tensor) -> Tensor:
    return samples.flatten(start_dim=1)
