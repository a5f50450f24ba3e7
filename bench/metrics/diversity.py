"""How far apart generated samples lie from each other. Sees total collapse, and only that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bench.metrics.arrays import Floats, as_rows
from bench.metrics.neighbours import self_distances
from bench.metrics.result import DEGENERATE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

PAIR_ROWS = 700
"""Rows that enter: a quarter of a million pairs fix a median."""

FEWEST = 300


def median_distance(rows: Floats) -> float:
    """Median distance over all pairs of rows.

    Shapes:
        rows: (n, d), n >= 2.

    Units:
        data units.

    Example:
        >>> import numpy as np
        >>> median_distance(np.array([[0.0], [1.0], [5.0]]))
        4.0
    """
    n = len(rows)
    pairs = n * (n - 1) // 2
    squared = self_distances(rows).ravel()
    # The full matrix is n zeros of the diagonal, then each pair twice: a partition of it is several times
    # cheaper than picking the upper triangle first.
    upper = n + pairs
    squared.partition(upper)
    high = math.sqrt(squared[upper])
    if pairs % 2:
        return high
    return 0.5 * (high + math.sqrt(squared[:upper].max()))


def pairwise_ratio(comparison: Comparison) -> MetricResult:
    """Median distance between generated samples over that between real ones, on the samples themselves."""
    reference = comparison.reference
    n_real, n_fake = min(reference.n, PAIR_ROWS), min(comparison.n, PAIR_ROWS)
    if n_fake < 2 or n_real < 2:
        return absent(TOO_FEW, n_real, n_fake)
    if reference.median_distance == 0:
        return absent(DEGENERATE, n_real, n_fake)
    value = median_distance(as_rows(comparison.samples[:PAIR_ROWS])) / reference.median_distance
    return MetricResult(value, n_real, n_fake, OK if min(n_real, n_fake) >= FEWEST else TOO_FEW)
