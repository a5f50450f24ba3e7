"""The median over all pairs of rows, looked for among rough distances and then taken of exact ones."""

from __future__ import annotations

import functools
import math

import numpy as np

from bench.metrics.arrays import Floats, Indices
from bench.metrics.rough import Rough, Singles, rough_distances

STRIP = 128
"""Rows whose distances to all later ones are taken at once."""


def median_by_rough_distances(rows: Floats) -> float | None:
    """The median distance over all pairs of rows; None where too many pairs are about that far apart.

    Shapes:
        rows: (n, d), n >= 3.

    Example:
        >>> median_by_rough_distances(np.array([[0.0], [1.0], [5.0]]))
        4.0
    """
    rough = rough_distances(rows, rows)
    if rough is None:
        return None
    squared = _above_diagonal(rough)
    count = len(squared)
    around = float(np.partition(squared, count // 2)[count // 2])
    # An order statistic is off by no more than its numbers are: what lies further below is below the median.
    # The neighbours in rank have to be within reach too, where they lie further apart than the error.
    reach = max(2.5 * rough.error, 10 * around / count)
    low, high = np.float32(around - reach), np.float32(around + reach)
    below = int(np.count_nonzero(squared < low))
    unsure = np.flatnonzero((squared >= low) & (squared <= high))
    if len(unsure) > len(rows):
        return None
    row, column = (index[unsure] for index in _pairs(len(rows)))
    exact = np.sort(np.square(rows[row] - rows[column]).sum(axis=1))
    ranks = np.array([(count - 1) // 2, count // 2]) - below
    if ranks[0] < 0 or ranks[1] >= len(exact):
        return None
    return 0.5 * (math.sqrt(exact[ranks[0]]) + math.sqrt(exact[ranks[1]]))


def _above_diagonal(rough: Rough) -> Singles:
    """Distances of all pairs, each once, in the order of ``_pairs``."""
    n = len(rough.left)
    found, start = np.empty(n * (n - 1) // 2, dtype=np.float32), 0
    for first in range(0, n, STRIP):
        block = rough.left[first : first + STRIP] @ rough.right[:, first:]
        rows = len(block)
        for part in (block[:, :rows].ravel()[_triangle(rows)], block[:, rows:].ravel()):
            found[start : start + len(part)] = part
            start += len(part)
    return found


@functools.lru_cache(maxsize=8)
def _pairs(n: int) -> tuple[Indices, Indices]:
    rows, columns = [], []
    for first in range(0, n, STRIP):
        here, last = np.arange(first, min(first + STRIP, n)), min(first + STRIP, n)
        inner = np.divmod(_triangle(len(here)), len(here))
        rows += [inner[0] + first, np.repeat(here, n - last)]
        columns += [inner[1] + first, np.tile(np.arange(last, n), len(here))]
    return np.concatenate(rows), np.concatenate(columns)


@functools.lru_cache(maxsize=8)
def _triangle(n: int) -> Indices:
    row, column = np.triu_indices(n, 1)
    return (row * n + column).astype(np.int64)
