"""How far apart generated samples lie from each other, and how many different ones there are in effect.

The median distance sees total collapse, and only that; the Vendi score also sees a generator that repeats
itself while its samples stay far apart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import entr

from bench.metrics.arrays import Floats, as_rows
from bench.metrics.neighbours import pair_distances, self_distances
from bench.metrics.pairs import median_by_rough_distances
from bench.metrics.result import DEGENERATE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

PAIR_ROWS = 700
"""Rows that enter: a quarter of a million pairs fix a median."""

FEWEST = 300

FEWEST_ROUGH = 200
"""With fewer rows exact distances cost no more than rough ones."""

VENDI_ROWS = 300
"""Rows that enter: the price grows with the cube."""

VENDI_SCALE = 0.25
"""Kernel width in median squared distances of real samples: wide ones see little but the classes."""


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
    found = median_by_rough_distances(rows) if len(rows) > FEWEST_ROUGH else None
    if found is not None:
        return found
    squared = pair_distances(rows)
    upper = len(squared) // 2
    squared.partition(upper)
    high = math.sqrt(squared[upper])
    if len(squared) % 2:
        return high
    return 0.5 * (high + math.sqrt(squared[:upper].max()))


def vendi_score(rows: Floats, width: float) -> float:
    """Effective number of distinct rows: exp of the entropy of the eigenvalues of their kernel over n.

    Shapes:
        rows: (n, d). result: between 1 and n.

    Units:
        width: squared units of the rows, the kernel is exp(-|a - b|^2 / width).

    Source:
        Friedman and Dieng 2023, "The Vendi Score: A Diversity Evaluation
        Metric for Machine Learning".

    Example:
        Two far points, one of them twice as often: entropy of (2/3, 1/3).

        >>> round(vendi_score(np.array([[0.0], [0.0], [9.0]]), width=1.0), 6) == round(3 / 4 ** (1 / 3), 6)
        True
    """
    kernel = self_distances(rows)
    kernel *= -1.0 / width
    np.exp(kernel, out=kernel)
    eigenvalues = np.linalg.eigvalsh(kernel) / len(rows)
    return math.exp(float(entr(eigenvalues.clip(0)).sum()))


def vendi_ratio(comparison: Comparison) -> MetricResult:
    """Effective number of distinct generated samples over that of as many real ones, on the features."""
    reference = comparison.reference
    n = min(reference.n, comparison.n, VENDI_ROWS)
    if n < 2:
        return absent(TOO_FEW, n, n)
    width = VENDI_SCALE * reference.feature_distance**2
    if width == 0:
        return absent(DEGENERATE, n, n)
    fake = vendi_score(comparison.features[comparison.order[:n]], width)
    return MetricResult(fake / reference.vendi(n, width), n, n, OK if n >= FEWEST else TOO_FEW)


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
