"""How a discriminator sits on its Lipschitz constraint: weights at the bound, slopes away from one."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats, finite_rows

AT_BOUND = 1e-6
"""Relative slack within which a weight counts as lying on the bound: float32 rounding of the bound itself."""


def clip_saturation(weights: npt.ArrayLike, bound: npt.ArrayLike) -> Floats:
    """Share of each member's weights that lie at the clipping bound.

    Shapes:
        weights: (M, P); bound: (M,) or (). Result: (M,).

    Returns:
        0 (the bound never binds) to 1; NaN where a weight is not finite.

    Source:
        Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", figure 1 (right).

    Example:
        >>> clip_saturation([[0.01, -0.01, 0.003, 0.0]], 0.01).tolist()
        [0.5]
    """
    table, bounds = np.asarray(weights, dtype=np.float64), np.asarray(bound, dtype=np.float64)
    limit = np.broadcast_to(bounds * (1 - AT_BOUND), table.shape[:1])
    share = (np.abs(table) >= limit[:, None]).mean(axis=1)
    return np.where(finite_rows(table), share, math.nan)


def penalty_deviation(slopes: npt.ArrayLike) -> Floats:
    """Mean distance of the discriminator's slope from one, the target of the gradient penalty.

    Shapes:
        slopes: (M, N), norm of the input gradient at interpolates. Result: (M,).

    Returns:
        0 where every slope is one; NaN where a slope is not finite.

    Example:
        >>> penalty_deviation([[1.0, 1.5, 0.5, 1.0]]).tolist()
        [0.25]
    """
    table = np.asarray(slopes, dtype=np.float64)
    finite = finite_rows(table)
    return np.where(finite, np.abs(np.where(finite[:, None], table, 1.0) - 1).mean(axis=1), math.nan)
