"""Distances between two sets of points that need no features: sliced Wasserstein-2 and energy distance."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.spatial.distance import cdist, pdist

from bench.metrics.arrays import Floats
from bench.metrics.result import OK, TOO_FEW, MetricResult, absent
from gans.rng import stream

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

DIRECTIONS = 128
BLOCK = 16

ENERGY_ROWS = 1000
"""Rows of either side that enter the energy distance: the price grows with the square."""

FEWEST = 500
"""Fewer samples than this and the distance of two equal laws drowns most differences."""


@functools.cache
def directions(dimension: int) -> Floats:
    """The fixed unit vectors that points are projected on: even angles in the plane, else drawn once.

    Shapes:
        result: (128, dimension); do not write into it.
    """
    if dimension == 2:
        # Even angles over half a circle: exact for what varies slowly with the angle, unlike random ones.
        angle = math.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    drawn = torch.randn(
        DIRECTIONS, dimension, generator=stream(0, f"evaluation/directions/{dimension}"), dtype=torch.float64
    )
    unit: Floats = (drawn / drawn.norm(dim=1, keepdim=True)).numpy()
    return unit


def projections(points: Floats, which: slice = slice(None)) -> Floats:
    """Coordinates along each direction, or along some, ascending.

    Shapes:
        points: (n, d). result: (128, n), or as many rows as ``which`` selects.
    """
    along: Floats = directions(points.shape[1])[which] @ points.T
    along.sort(axis=1)
    return along


def sliced_wasserstein(first: Floats, second: Floats) -> float:
    """Mean over directions of the squared Wasserstein-2 distance of two sets of projections.

    Shapes:
        first: (L, n). second: (L, m). Each row ascending, as from ``projections``.

    Units:
        data units squared.

    Source:
        Bonneel et al. 2015, "Sliced and Radon Wasserstein Barycenters of Measures".

    Example:
        A shift by (3, 4) moves by 25, of which each direction sees half on average:

        >>> points = np.array([[0.0, 0.0], [1.0, 0.0]])
        >>> round(sliced_wasserstein(projections(points), projections(points + [3.0, 4.0])), 9)
        12.5
    """
    if first.shape == second.shape:
        shift = first - second
        return float(np.vdot(shift, shift) / shift.size)
    n, m = first.shape[1], second.shape[1]
    # Both quantile functions are steps; between neighbouring ends of steps both are constant.
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    width = np.diff(ends, prepend=0) / (n * m)
    gap = first[:, (ends - 1) // m] - second[:, (ends - 1) // n]
    return float((np.square(gap) @ width).mean())


def energy(first: Floats, second: Floats) -> float:
    """Energy distance of two sets of points from U-statistics: unbiased, so it may be negative.

    Shapes:
        first: (n, d). second: (m, d). n, m >= 2.

    Units:
        data units.

    Source:
        Szekely and Rizzo 2013, "Energy statistics: A class of statistics based on distances".

    Example:
        >>> energy(np.array([[0.0], [0.0]]), np.array([[3.0], [3.0]]))
        6.0
    """
    return float(2 * cdist(first, second).mean() - pdist(first).mean() - pdist(second).mean())


def sw2(comparison: Comparison) -> MetricResult:
    """Squared sliced Wasserstein-2 distance to the real samples; positive even for real against real."""
    real, points = comparison.reference.projections, comparison.features
    # A few directions at a time stay in the cache: three times faster than all 128 at once.
    blocks = [slice(start, start + BLOCK) for start in range(0, DIRECTIONS, BLOCK)]
    parts = [sliced_wasserstein(real[block], projections(points, block)) for block in blocks]
    return _result(comparison, float(np.mean(parts)))


def energy_distance(comparison: Comparison) -> MetricResult:
    """Energy distance to the real samples; 0 for equal laws."""
    if min(comparison.n, comparison.reference.n) < 2:
        return absent(TOO_FEW, comparison.reference.n, comparison.n)
    fake = comparison.features[comparison.order[:ENERGY_ROWS]]
    return _result(comparison, energy(comparison.reference.features[:ENERGY_ROWS], fake))


def _result(comparison: Comparison, value: float) -> MetricResult:
    n_real = comparison.reference.n
    return MetricResult(value, n_real, comparison.n, OK if min(n_real, comparison.n) >= FEWEST else TOO_FEW)
