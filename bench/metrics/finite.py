"""The check before all metrics: are the generated samples finite, in range, distinct?

Libraries disagree on NaN rows: some raise, some return NaN, and a precision can come out as a normal-looking
number. So nothing else looks at samples that do not pass here.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from bench.metrics.arrays import Flags, Floats, Indices, Keys
from bench.metrics.result import MetricResult

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

DUPLICATE_GRID = 1e-6
"""Samples that agree to this many data units in every coordinate are one sample."""


@dataclass(frozen=True, slots=True)
class Precheck:
    """Shares of the samples of one draw, and their largest absolute value.

    Args:
        finite_fraction: samples without NaN or infinity.
        range_fraction: samples with every coordinate inside the data's range.
        max_abs: largest absolute coordinate among samples without NaN; NaN if there are none.
    """

    finite_fraction: float
    range_fraction: float
    max_abs: float

    @property
    def finite(self) -> bool:
        """Whether every sample is finite, which every other metric needs."""
        return self.finite_fraction == 1.0


def precheck(samples: Tensor, low: Tensor, high: Tensor) -> Precheck:
    """Look at one draw; NaN and infinity are counted, never raised.

    Shapes:
        samples: (n, *sample_shape), n >= 1. low, high: () for bounds of all coordinates, or sample_shape.

    Example:
        >>> import torch
        >>> draw = torch.tensor([[0.5], [0.5], [2.0], [float("nan")]])
        >>> precheck(draw, torch.tensor(-1.0), torch.tensor(1.0))
        Precheck(finite_fraction=0.75, range_fraction=0.5, max_abs=2.0)
    """
    rows = samples.flatten(start_dim=1)
    # Each vectorised by PyTorch, as aminmax and NumPy's along rows are not; NumPy starts faster on the rest.
    least, largest = rows.amin(dim=1).numpy(), rows.amax(dim=1).numpy()
    size = np.maximum(np.abs(least), np.abs(largest))  # NaN where the row has one
    numbers = size[~np.isnan(size)]
    if low.ndim == 0:
        inside = (least >= low.item()) & (largest <= high.item())
    else:
        inside = ((samples >= low) & (samples <= high)).flatten(start_dim=1).all(dim=1).numpy()
    return Precheck(
        finite_fraction=_share(np.isfinite(size)),
        range_fraction=_share(inside),
        max_abs=float(numbers.max()) if len(numbers) else math.nan,
    )


def repeated(samples: Tensor) -> float:
    """Share of samples equal to an earlier one after rounding to 1e-6.

    Shapes:
        samples: (n, *sample_shape), n >= 1.

    Example:
        >>> import torch
        >>> repeated(torch.tensor([[0.5], [0.5], [2.0], [0.5]]))
        0.5
    """
    rows = samples.flatten(start_dim=1)
    keys = np.sort(row_keys(rows[_suspects(rows)]))
    return float(np.count_nonzero(keys[1:] == keys[:-1]) / len(rows))


def finite_fraction(comparison: Comparison) -> MetricResult:
    """Share of generated samples without NaN or infinity."""
    return MetricResult(comparison.precheck.finite_fraction, 0, comparison.n)


def range_fraction(comparison: Comparison) -> MetricResult:
    """Share of generated samples with every coordinate inside the data's range."""
    return MetricResult(comparison.precheck.range_fraction, 0, comparison.n)


def duplicate_fraction(comparison: Comparison) -> MetricResult:
    """Share of generated samples equal to an earlier one after rounding to 1e-6."""
    return MetricResult(repeated(comparison.samples), 0, comparison.n)


def max_abs(comparison: Comparison) -> MetricResult:
    """Largest absolute coordinate generated."""
    return MetricResult(comparison.precheck.max_abs, 0, comparison.n)


def _share(flags: Flags) -> float:
    return float(np.count_nonzero(flags) / len(flags))


def _suspects(rows: Tensor) -> Indices | slice:
    """Rows as near to another along one direction as equal rows must be: next to none in a usual draw."""
    largest = float(rows.abs().max())
    if not math.isfinite(largest):
        return slice(None)
    direction = _direction(rows.shape[1])
    along = rows.double().numpy() @ direction
    ordered = np.sort(along)
    # What rounding to the grid and float64 arithmetic can make of equal rows, with room to spare.
    reach = 2 * DUPLICATE_GRID + 8 * (len(direction) + 2) * np.finfo(np.float64).eps * largest
    near = np.diff(ordered) <= reach * np.abs(direction).sum()
    if not near.any():
        return np.empty(0, dtype=np.int64)
    suspects: Indices = np.argsort(along)[np.append(near, False) | np.append(False, near)]
    return suspects


def row_keys(rows: Tensor) -> Keys:
    """A 64-bit hash of each row, rounded to 1e-6; equal rows share theirs.

    Sorting n hashes is 30 times cheaper than sorting n rows. Two distinct rows among 1,000 share a hash
    with probability below 1e-9.

    Shapes:
        rows: (n, d). result: (n,).
    """
    rounded = np.rint(rows.double().numpy() * (1 / DUPLICATE_GRID))
    rounded += 0.0  # turns -0.0 into 0.0
    bits = np.ascontiguousarray(rounded).view(np.uint64)
    bits ^= bits >> np.uint64(32)  # whole numbers leave the low bits of a double empty
    bits *= _hash_factors(rows.shape[1])
    keys: Keys = bits.sum(axis=1, dtype=np.uint64)
    return keys


@functools.cache
def _direction(columns: int) -> Floats:
    direction: Floats = np.random.default_rng(2021).uniform(-1, 1, size=columns)
    return direction


@functools.cache
def _hash_factors(columns: int) -> Keys:
    odd: Keys = np.random.default_rng(2020).integers(1, 2**63, size=columns, dtype=np.uint64) * 2 + 1
    return odd
