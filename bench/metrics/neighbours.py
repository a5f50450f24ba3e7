"""Distances between rows, squared, in float64, with a zero where two rows are the same.

The expanded square |a|^2 - 2ab + |b|^2 is several times faster than differences and loses digits when rows
lie far from the origin: so rows are centred first, and what is below the rounding error counts as zero.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from bench.metrics.arrays import Floats, Indices
from bench.metrics.nearest import nearest_by_rough_distances
from bench.metrics.rough import ROUNDING

BLOCK = 4096
"""Rows of the second set per block: 2,500 by 4,096 distances are 80 MB."""

QUERY_BLOCK = 256
"""Rows of the first set per block: 256 by 697 distances are 1.4 MB, which the cache holds."""

PAIR_BLOCK = 400
"""Rows whose pairs are taken from one square matrix."""

TREE_DIMENSIONS = 8
"""Up to here a k-d tree finds neighbours faster than the full matrix does: in the plane by far."""


def squared_distances(first: Floats, second: Floats) -> Floats:
    """All squared distances between two sets of rows.

    Shapes:
        first: (n, d). second: (m, d). result: (n, m), not negative.

    Example:
        >>> squared_distances(np.array([[1e6, 0.0]]), np.array([[1e6, 0.0], [1e6, 3.0]])).tolist()
        [[0.0, 9.0]]
    """
    return next(_blocks_of(first, second, max(1, len(first))), np.empty((0, len(second))))


def distance_blocks(first: Floats, second: Floats) -> Iterator[tuple[slice, Floats]]:
    """All squared distances between two sets of rows, a few hundred rows of the first at a time.

    Fresh megabytes cost more than arithmetic here, so the blocks share one array: use each before the next.

    Shapes:
        first: (n, d). second: (m, d). result: rows of the first, and their distances (rows, m).

    Example:
        >>> rows = np.arange(3.0)[:, None]
        >>> [(part.start, part.stop, block.max().item()) for part, block in distance_blocks(rows, rows)]
        [(0, 3, 4.0)]
    """
    start = 0
    for block in _blocks_of(first, second, QUERY_BLOCK):
        yield slice(start, start + len(block)), block
        start += len(block)


def self_blocks(rows: Floats) -> Iterator[tuple[slice, Floats]]:
    """All squared distances within one set, in blocks of rows; those to itself are exactly zero."""
    for part, block in distance_blocks(rows, rows):
        block[np.arange(len(block)), np.arange(part.start, part.stop)] = 0.0
        yield part, block


def _blocks_of(first: Floats, second: Floats, size: int) -> Iterator[Floats]:
    center = second.mean(axis=0)
    first, second = first - center, second - center
    lengths, others = _squared_lengths(first), _squared_lengths(second)
    # One product of augmented rows (-2a, |a|^2, 1) and (b, 1, |b|^2): adding the lengths afterwards would
    # take two more passes over the memory.
    left = np.hstack([-2.0 * first, lengths[:, None], np.ones((len(first), 1))])
    right = np.ascontiguousarray(np.hstack([second, np.ones((len(second), 1)), others[:, None]]).T)
    space = np.empty((min(size, len(first)), len(second)))
    for start in range(0, len(first), size):
        rows = left[start : start + size]
        block = np.matmul(rows, right, out=space[: len(rows)])
        _zero_rounding(block, lengths[start : start + size], others)
        yield block


def self_distances(rows: Floats) -> Floats:
    """All squared distances within one set; the diagonal is exactly zero."""
    squared = squared_distances(rows, rows)
    np.fill_diagonal(squared, 0.0)
    return squared


def pair_distances(rows: Floats) -> Floats:
    """Squared distances of all pairs of rows, each pair once, in no particular order.

    Shapes:
        rows: (n, d). result: (n (n - 1) / 2,).

    Example:
        >>> np.sort(pair_distances(np.array([[0.0], [1.0], [5.0]]))).tolist()
        [1.0, 16.0, 25.0]
    """
    n = len(rows)
    found = np.empty(n * (n - 1) // 2)
    if n <= PAIR_BLOCK:
        squared_distances(rows, rows).ravel().take(_above_diagonal(n), out=found)
        return found
    # Halves against each other, then each half: no distance is computed twice but within small blocks.
    half = n // 2
    across = half * (n - half)
    within = across + half * (half - 1) // 2
    found[:across] = squared_distances(rows[:half], rows[half:]).ravel()
    found[across:within] = pair_distances(rows[:half])
    found[within:] = pair_distances(rows[half:])
    return found


@functools.lru_cache(maxsize=16)
def _above_diagonal(n: int) -> Indices:
    row, column = np.triu_indices(n, 1)
    return (row * n + column).astype(np.int64)


def neighbour_radii(rows: Floats, k: int) -> Floats:
    """Squared distance of each row to its k-th nearest other row, without the whole matrix.

    Shapes:
        rows: (n, d), n > k. result: (n,).

    Example:
        >>> neighbour_radii(np.array([[-2.0], [-1.0], [3.0]]), k=1).tolist()
        [1.0, 1.0, 16.0]
    """
    return np.concatenate([kth_neighbour(block, k) for _, block in self_blocks(rows)])


def kth_neighbour(squared: Floats, k: int) -> Floats:
    """Squared distance of each row to its k-th nearest other row; reorders ``squared`` within rows.

    Shapes:
        squared: (m, n), rows of ``self_distances``, n > k. result: (m,).

    Example:
        >>> kth_neighbour(self_distances(np.array([[-2.0], [-1.0], [3.0]])), k=1).tolist()
        [1.0, 1.0, 16.0]
    """
    # The row itself stands at position 0, so position k is the k-th other row.
    squared.partition(k, axis=1)
    return squared[:, k].copy()


class Neighbours:
    """Nearest points of a fixed set, searched by tree or by matrix, whichever is faster in its dimension.

    Shapes:
        points: (m, d).

    Example:
        >>> search = Neighbours(np.array([[0.0], [1.0], [3.0]]))
        >>> distance, index = search.nearest(np.array([[2.2]]))
        >>> round(distance.item(), 6), index.item(), search.nearest_other(np.array([2])).item()
        (0.64, 2, 4.0)
    """

    def __init__(self, points: Floats) -> None:
        self.points = points
        self._tree = cKDTree(points) if points.shape[1] <= TREE_DIMENSIONS else None

    def nearest(self, queries: Floats) -> tuple[Floats, Indices]:
        """Squared distance of each query to its nearest point, and that point's index.

        Shapes:
            queries: (n, d). result: (n,) and (n,).
        """
        if self._tree is not None:
            distance, found = self._tree.query(queries)
            return np.square(distance), found.astype(np.int64)
        found = nearest_by_rough_distances(queries, self.points) if len(self.points) <= BLOCK else None
        if found is not None:
            return found
        best = np.full(len(queries), np.inf)
        index = np.zeros(len(queries), dtype=np.int64)
        for rows, columns, squared in self._blocks(queries):
            local = squared.argmin(axis=1)
            closest = squared[np.arange(len(squared)), local]
            closer = closest < best[rows]
            best[rows][closer], index[rows][closer] = closest[closer], columns.start + local[closer]
        return best, index

    def nearest_other(self, chosen: Indices) -> Floats:
        """Squared distance of some of the points to the nearest other point.

        Shapes:
            chosen: (n,). result: (n,), infinite if there is no other point.
        """
        if self._tree is not None:
            distance, _ = self._tree.query(self.points[chosen], k=2)
            other: Floats = np.square(distance[:, 1])
            return other
        if len(self.points) <= BLOCK:
            return self._own[chosen]
        best = np.full(len(chosen), np.inf)
        for rows, columns, squared in self._blocks(self.points[chosen]):
            own = chosen[rows] - columns.start
            here = np.flatnonzero((own >= 0) & (own < squared.shape[1]))
            squared[here, own[here]] = np.inf
            np.minimum(best[rows], squared.min(axis=1), out=best[rows])
        return best

    @cached_property
    def _own(self) -> Floats:
        nearest = [np.full(0, np.inf)]
        for part, squared in self_blocks(self.points):
            squared[np.arange(len(squared)), np.arange(part.start, part.stop)] = np.inf
            nearest.append(squared.min(axis=1))
        return np.concatenate(nearest)

    def _blocks(self, queries: Floats) -> Iterator[tuple[slice, slice, Floats]]:
        for start in range(0, len(self.points), BLOCK):
            columns = slice(start, start + BLOCK)
            for rows, squared in distance_blocks(queries, self.points[columns]):
                yield rows, columns, squared


def _squared_lengths(rows: Floats) -> Floats:
    lengths: Floats = np.square(rows).sum(axis=1)
    return lengths


def _zero_rounding(squared: Floats, lengths: Floats, others: Floats) -> None:
    # The widest bound first, for all pairs at once; the bound of the pair itself only where that one holds.
    suspect = squared <= ROUNDING * (lengths.max() + others.max())
    if np.count_nonzero(suspect) > squared.size // 64:
        squared *= squared > ROUNDING * np.add.outer(lengths, others)
        return
    row, column = np.divmod(np.flatnonzero(suspect), squared.shape[1])
    squared[row, column] *= squared[row, column] > ROUNDING * (lengths[row] + others[column])
