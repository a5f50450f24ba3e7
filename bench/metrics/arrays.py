"""The one array type of the statistics: float64 NumPy, however the samples came."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]
"""float64 array."""

Indices = NDArray[np.int64]
"""Row numbers."""

Flags = NDArray[np.bool_]
"""True or false per row."""

Keys = NDArray[np.uint64]
"""Row hashes."""


SAMPLE_ROWS = 2500
"""Samples that are compared as they are, pixel by pixel, at most; features are of all."""


def as_rows(samples: Tensor) -> Floats:
    """Samples as float64 rows, copied, so that no metric can write into what it was given.

    Shapes:
        samples: (n, *shape). result: (n, prod(shape)).
    """
    rows: Floats = samples.detach().flatten(start_dim=1).to("cpu", torch.float64, copy=True).numpy()
    return rows
