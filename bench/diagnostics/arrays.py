"""The array types of the diagnostics and the few reductions that must survive missing values."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def finite_rows(table: Floats) -> Flags:
    """Which rows hold finite numbers only.

    Example:
        >>> finite_rows(np.array([[1.0, 2.0], [1.0, np.inf]])).tolist()
        [True, False]
    """
    rows: Flags = np.logical_and.reduce(np.isfinite(table), axis=1)
    return rows


def median(values: npt.ArrayLike) -> float:
    """Median of the finite values; NaN where there is none.

    Example:
        >>> median([1.0, math.nan, 3.0])
        2.0
    """
    series = np.asarray(values, dtype=np.float64)
    ordered = np.sort(series[np.isfinite(series)], axis=None)  # four times as fast as numpy.median
    if not ordered.size:
        return math.nan
    return float((ordered[(ordered.size - 1) // 2] + ordered[ordered.size // 2]) / 2)


def rolling_median(values: npt.ArrayLike, width: int) -> Floats:
    """Median of each value and the ``width - 1`` before it, missing ones left out.

    Example:
        >>> rolling_median([1.0, 9.0, 2.0, 3.0], width=3).tolist()
        [1.0, 5.0, 2.0, 3.0]
    """
    series = np.asarray(values, dtype=np.float64)
    if not series.size:
        return series.copy()
    width = min(max(width, 1), series.size)
    known = np.where(np.isfinite(series), series, math.nan)
    padded = np.concatenate([np.full(width - 1, math.nan), known])
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)  # NaN goes last
    counts = np.count_nonzero(~np.isnan(ordered), axis=1)
    rows = np.arange(series.size)
    low, high = ordered[rows, np.maximum(counts - 1, 0) // 2], ordered[rows, counts // 2]
    medians: Floats = (low + high) / 2
    return medians


def share_of(value: float, whole: float) -> float:
    """``value / whole``; NaN where the whole is not positive.

    Example:
        >>> share_of(1.0, 4.0), share_of(1.0, 0.0)
        (0.25, nan)
    """
    return value / whole if whole > 0 else math.nan
