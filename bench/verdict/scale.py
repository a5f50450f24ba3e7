"""The scale on which distances are judged: 0 real, 1 untrained, in the logarithm."""

from __future__ import annotations

import math

import numpy as np

from bench.diagnostics.arrays import Floats

LOWEST_Q, HIGHEST_Q = -0.1, 1.5
"""Bounds of the normalised log distance; a distance that is not finite counts as the upper one."""


def normalised_log_distance(distances: Floats, floor: float, start: float) -> Floats:
    """q: 0 at the floor, 1 at the untrained generator, in the logarithm, clipped to [-0.1, 1.5].

    Shapes:
        distances: any shape. result: the same.

    Returns:
        1.5 where a distance is not finite; NaN throughout where floor or start allow no scale.

    Example:
        >>> normalised_log_distance(np.array([2.0, 200.0, 20.0, 0.0, math.nan]), 2.0, 200.0).tolist()
        [0.0, 1.0, 0.5, -0.1, 1.5]
    """
    if not (math.isfinite(floor) and math.isfinite(start) and 0 < floor < start):
        return np.full(distances.shape, math.nan)
    finite = np.isfinite(distances)
    above_zero = np.maximum(np.where(finite, distances, floor), np.finfo(np.float64).tiny)
    q = (np.log(above_zero) - math.log(floor)) / (math.log(start) - math.log(floor))
    return np.where(finite, np.clip(q, LOWEST_Q, HIGHEST_Q), HIGHEST_Q)
