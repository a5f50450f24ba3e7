"""The nearest of many points, named by rough distances and chosen among those by exact ones."""

from __future__ import annotations

import numpy as np

from bench.metrics.arrays import Floats, Indices
from bench.metrics.rough import ROUNDING, rough_distances

MOST_NAMED = 4
"""Points that may be the nearest, per query on average: beyond it exact distances to all cost less."""


def nearest_by_rough_distances(queries: Floats, points: Floats) -> tuple[Floats, Indices] | None:
    """Squared distance of each query to its nearest point, and which: of equally near ones the first.

    Shapes:
        queries: (n, d). points: (m, d). result: (n,) and (n,).

    Returns:
        None where too many points are about as near as the nearest.

    Example:
        >>> distance, index = nearest_by_rough_distances(np.array([[2.5]]), np.array([[0.0], [3.0], [3.0]]))
        >>> distance.tolist(), index.tolist()
        ([0.25], [1])
    """
    rough = rough_distances(queries, points)
    if rough is None:
        return None
    named, owners = [], []
    for part, block in rough.blocks():
        limit = block.min(axis=1) + np.float32(2.5 * rough.error)  # both the least and the other may be off
        pairs = np.flatnonzero(block <= limit[:, None])
        if len(pairs) > MOST_NAMED * len(block):
            return None
        row, column = np.divmod(pairs, len(points))
        named.append(column)
        owners.append(row + part.start)
    point, owner = np.concatenate(named), np.concatenate(owners)
    squared = _squared(queries[owner] - points[point])
    starts = np.searchsorted(owner, np.arange(len(queries)))
    best = np.minimum.reduceat(squared, starts)
    # Named points stand in ascending order, so the first that is as near as the nearest is the first of all.
    (nearest,) = np.nonzero(squared == best[owner])
    index = point[nearest[np.searchsorted(owner[nearest], np.arange(len(queries)))]]
    center = points.mean(axis=0)
    lengths = _squared(queries - center) + _squared(points - center)[index]
    return np.where(best > ROUNDING * lengths, best, 0.0), index.astype(np.int64)


def _squared(rows: Floats) -> Floats:
    lengths: Floats = np.einsum("ij,ij->i", rows, rows)
    return lengths
