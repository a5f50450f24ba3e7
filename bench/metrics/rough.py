"""Squared distances in single precision, with a bound on their error.

They cost half of what exact ones do. Whoever compares them must settle in float64 what lies within the bound
of a limit: then the answer is that of exact distances, and nothing was rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.metrics.arrays import Floats

Singles = NDArray[np.float32]
"""float32 array."""

ROUNDING = 1e-13
"""A squared distance below this share of the two squared lengths is rounding error of the expanded square."""

UNIT = 2.0**-24
"""Relative rounding error of one float32 operation."""

ROWS = 256
"""Rows per block: 256 by 697 distances are 0.7 MB, which the cache holds."""

LARGEST = 1e30
"""Squared lengths beyond this would leave the range of float32 on the way."""


@dataclass(frozen=True, eq=False)
class Rough:
    """Squared distances of n rows to m, as a product that is still to be taken.

    Shapes:
        left: (n, d + 2). right: (d + 2, m). product: (n, m).

    Args:
        error: no element of the product is further than this from the exact squared distance.
    """

    left: Singles
    right: Singles
    error: float

    def blocks(self) -> Iterator[tuple[slice, Singles]]:
        """The squared distances, some rows of the first at a time; the blocks share one array.

        Those of equal rows may come out negative, by up to ``error``.
        """
        space = np.empty((min(ROWS, len(self.left)), self.right.shape[1]), dtype=np.float32)
        for start in range(0, len(self.left), ROWS):
            rows = self.left[start : start + ROWS]
            yield slice(start, start + len(rows)), np.matmul(rows, self.right, out=space[: len(rows)])


def rough_distances(first: Floats, second: Floats, less: Floats | None = None) -> Rough | None:
    """Prepare the squared distances of rows; None where float32 cannot hold them.

    Shapes:
        first: (n, d). second: (m, d), not empty. less: (n,).

    Args:
        less: what to take off all distances of each row of the first, such as a squared radius.

    Example:
        >>> found = rough_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))
        >>> [block.round(3).tolist() for _, block in found.blocks()], found.error < 1e-4
        ([[[25.0, 0.0]]], True)
    """
    center = second.mean(axis=0)
    near = second - center
    others = np.einsum("ij,ij->i", near, near)
    far = near if first is second else first - center
    lengths = others if first is second else np.einsum("ij,ij->i", far, far)
    most = float(lengths.max(initial=0.0) + others.max() + (0.0 if less is None else less.max(initial=0.0)))
    if not most < LARGEST:
        return None
    d = first.shape[1]
    left, right = np.empty((len(far), d + 2), np.float32), np.empty((d + 2, len(near)), np.float32)
    np.multiply(far, -2.0, out=left[:, :d], casting="same_kind")
    left[:, d], left[:, d + 1] = lengths if less is None else lengths - less, 1.0
    right[:d], right[d], right[d + 1] = near.T, 1.0, others
    # Rounding the rows moves a squared distance by up to 4 units of |a|^2 + |b|^2, a sum of d + 2 products in
    # any order by d + 2 units of the sum of their sizes, which is at most twice that.
    return Rough(left, right, 2 * (d + 6) * UNIT * most)


def three_smallest(table: Singles) -> Singles:
    """The three smallest numbers of each column in ascending order; writes into ``table``.

    Folds rows onto each other, all columns at once: twice as fast as a partial sort of each column.

    Shapes:
        table: (n, m), n >= 3. result: (3, m).

    Example:
        >>> three_smallest(np.array([[4], [1], [3], [9], [2]], dtype=np.float32)).tolist()
        [[1.0], [2.0], [3.0]]
    """
    rows = len(table) // 3
    low, middle, high = table[:rows], table[rows : 2 * rows], table[2 * rows : 3 * rows]
    space = np.empty_like(low)
    _sort(low, middle, high, space)
    for rest in table[3 * rows :]:
        for best in (low[0], middle[0], high[0]):
            _order(best, rest, space[0])
    while rows > 1:
        half = rows // 2
        ends = slice(rows - half, rows)
        # Of two ascending triples the three smallest are the smaller of the first and the other's last, ...
        np.minimum(low[:half], high[ends], out=low[:half])
        np.minimum(middle[:half], middle[ends], out=middle[:half])
        np.minimum(high[:half], low[ends], out=high[:half])
        rows -= half
        _sort(low[:half], middle[:half], high[:half], space[:half])
    return np.stack([low[0], middle[0], high[0]])


def _sort(low: Singles, middle: Singles, high: Singles, space: Singles) -> None:
    for first, second in ((low, middle), (middle, high), (low, middle)):
        _order(first, second, space)


def _order(first: Singles, second: Singles, space: Singles) -> None:
    """Put the smaller of each pair into ``first``, the larger into ``second``."""
    np.minimum(first, second, out=space)
    np.maximum(first, second, out=second)
    first[...] = space
