"""Support size by the birthday paradox: how often do two generated samples coincide?

The literature draws batches until half of them hold a near-duplicate, and has people look at the pairs.
Here a pair is a near-duplicate if it is closer than all but 1 % of real samples are to their nearest
neighbour, every pair counts, and what real data do under the same rule is taken off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import gammaincinv, pdtr

from bench.metrics.arrays import Floats
from bench.metrics.neighbours import TREE_DIMENSIONS, neighbour_radii, self_blocks
from bench.metrics.result import OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

QUANTILE = 0.01
"""Share of real samples that may have another real one this near."""

FALSE_ALARM = 0.01
"""Probability that independent real samples are said to collide."""

CONFIDENCE = 0.95
"""Of the lower bound."""


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """The rule for one set of real samples.

    Args:
        radius: squared distance up to which two samples are one.
        real_rate: share of pairs of real samples that it calls duplicates.
    """

    radius: float
    real_rate: float


@dataclass(frozen=True, slots=True)
class Support:
    """An estimate of how many distinct samples there are, or a lower bound on it.

    Args:
        size: the estimate, or the bound where ``is_bound``. se: its standard error, NaN of a bound.
        collisions: pairs that coincide. expected: how many would by chance in real data.
    """

    size: float
    is_bound: bool
    se: float
    collisions: int
    expected: float


def duplicate_rule(real: Floats) -> NearDuplicates:
    """Fix the rule on real samples.

    Shapes:
        real: (n, d), n >= 2.
    """
    radius = float(np.quantile(neighbour_radii(real, 1), QUANTILE, method="lower"))
    return NearDuplicates(radius, close_pairs(real, radius) / pairs_of(len(real)))


def close_pairs(rows: Floats, radius: float) -> int:
    """Pairs of rows at most a squared distance apart.

    Example:
        >>> close_pairs(np.array([[0.0], [0.0], [1.0], [3.0]]), radius=1.0)
        3
    """
    n = len(rows)
    if rows.shape[1] <= TREE_DIMENSIONS:
        tree = cKDTree(rows)
        return (int(tree.count_neighbors(tree, math.sqrt(radius))) - n) // 2
    close = sum(int(np.count_nonzero(block <= radius)) for _, block in self_blocks(rows))
    return (close - n) // 2


def pairs_of(n: int) -> int:
    """Pairs among n samples."""
    return n * (n - 1) // 2


def support(collisions: int, n: int, real_rate: float = 0.0) -> Support:
    """How many equally likely samples would collide that often.

    Equal to s^2 / (2 log 2) for the batch size s at which half of all batches
    collide, which is the form of the source, but from all pairs at once. With no
    more collisions than real data have, a lower bound that holds with 95 %.

    Source:
        Arora, Risteski and Zhang 2018, "Do GANs learn the distribution? Some
        theory and empirics".

    Example:
        499,500 pairs of which 500 coincide; and of which none does:

        >>> support(500, n=1000).size, round(support(0, n=1000).size)
        (999.0, 166737)
    """
    pairs = pairs_of(n)
    expected = real_rate * pairs
    excess = collisions - expected
    if collisions and pdtr(collisions - 1, max(expected, 1e-9)) >= 1 - FALSE_ALARM:
        error = pairs * math.sqrt(collisions) / excess**2
        return Support(max(1.0, pairs / excess), False, error, collisions, expected)
    # The largest mean under which so few collisions still have 5 %, less what chance gives real data.
    most = float(gammaincinv(collisions + 1, CONFIDENCE)) - expected
    bound = pairs / max(most, -math.log(1 - CONFIDENCE))
    return Support(max(1.0, bound), True, math.nan, collisions, expected)


def support_size(comparison: Comparison) -> MetricResult:
    """Distinct samples that collisions speak for; with ``too_few``, a lower bound: no more than real data."""
    reference = comparison.reference
    if comparison.n < 2:
        return absent(TOO_FEW, reference.n, comparison.n)
    rule, rows = reference.near_duplicates, comparison.rows
    found = support(close_pairs(rows, rule.radius), len(rows), rule.real_rate)
    return MetricResult(
        found.size,
        len(reference.rows),
        len(rows),
        TOO_FEW if found.is_bound else OK,
        se=found.se,
        extra={"is_bound": found.is_bound, "collisions": found.collisions, "expected": found.expected},
    )
