"""Which modes or classes are covered, and how evenly: the metrics over mode counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtr, entr, rel_entr

from bench.metrics.arrays import Floats
from bench.metrics.manifold import belongs
from bench.metrics.mode_counts import HIGH_QUALITY_RADIUS, ModeCounts, assign_modes
from bench.metrics.result import NOT_APPLICABLE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

FEWEST_PER_MODE = 10


def reverse_kl(share: Floats, fair_share: Floats) -> float:
    """KL of the generated histogram from the real one, in nats; finite when modes are missing.

    Shapes:
        share, fair_share: (K,), each sums to 1; fair shares are positive.

    Source:
        Metz et al. 2017, "Unrolled Generative Adversarial Networks", section 3.3.2.

    Example:
        Two of eight modes left, evenly: log(8 / 2).

        >>> round(reverse_kl(np.array([0.5, 0.5, 0, 0, 0, 0, 0, 0]), np.full(8, 1 / 8)), 4)
        1.3863
    """
    return max(0.0, float(rel_entr(share, fair_share).sum()))


def jensen_shannon(share: Floats, fair_share: Floats) -> float:
    """Jensen-Shannon divergence of two histograms in nats: symmetric, at most log 2, whatever is missing.

    Shapes:
        share, fair_share: (K,), each sums to 1.

    Source:
        Lin 1991, "Divergence measures based on the Shannon entropy".

    Example:
        Two histograms that share no mode: log 2.

        >>> round(jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])), 4)
        0.6931
    """
    middle = (share + fair_share) / 2
    return float(rel_entr(share, middle).sum() + rel_entr(fair_share, middle).sum()) / 2


def perfect_high_quality(dimension: int) -> float:
    """Mass of a round Gaussian within three standard deviations of its centre.

    Example:
        >>> round(perfect_high_quality(2), 4)
        0.9889
    """
    return float(chdtr(dimension, HIGH_QUALITY_RADIUS**2))


def modes(comparison: Comparison) -> MetricResult:
    """Modes or classes with at least one counted sample."""
    return _of_counts(comparison, lambda found: found.covered)


def modes_strict(comparison: Comparison) -> MetricResult:
    """Modes or classes with at least a fifth of their fair share."""
    return _of_counts(comparison, lambda found: found.strictly_covered)


def missing(comparison: Comparison) -> MetricResult:
    """Modes or classes with less than a fifth of their fair share; not of images too poor to have classes."""
    return _of_classes(comparison) or _of_counts(
        comparison, lambda found: len(found.counts) - found.strictly_covered
    )


def high_quality(comparison: Comparison) -> MetricResult:
    """Share of samples within three standard deviations of a mode; 0.9889 for real points of the plane."""
    return _of_counts(comparison, lambda found: found.counted / found.total)


def mode_kl(comparison: Comparison) -> MetricResult:
    """Reverse KL over modes or classes; log(K / m) if m of K are left."""
    return _of_shares(comparison, reverse_kl)


def mode_jsd(comparison: Comparison) -> MetricResult:
    """Jensen-Shannon divergence over modes or classes; log 2 at most."""
    return _of_shares(comparison, jensen_shannon)


def effective(comparison: Comparison) -> MetricResult:
    """K exp(-KL), the KL read as a mode count: m of K modes evenly covered give m."""
    return _of_shares(comparison, lambda share, fair: len(fair) * math.exp(-reverse_kl(share, fair)))


def entropy_ratio(comparison: Comparison) -> MetricResult:
    """Entropy of the counted samples' histogram over that of the fair shares; 0 for a single mode.

    Not of images too poor to have classes.
    """
    return _of_classes(comparison) or _of_shares(
        comparison, lambda share, fair: float(entr(share).sum() / entr(fair).sum())
    )


def total_variation(comparison: Comparison) -> MetricResult:
    """Total variation between the counted samples' histogram and the fair shares, with the same gate."""
    return _of_classes(comparison) or _of_shares(
        comparison, lambda share, fair: 0.5 * float(np.abs(share - fair).sum())
    )


def spread(comparison: Comparison) -> MetricResult:
    """Median over modes of the spread of high-quality samples over the true one; just below 1 for real data.

    Below one half, a generator has collapsed within its modes.
    """
    known, n_real = comparison.reference.modes, comparison.reference.n
    if known is None:
        return absent(NOT_APPLICABLE, n_real, comparison.n)
    points, (centers, sd) = comparison.features, known
    mode = assign_modes(points, centers, sd)
    inside = [points[mode == index] for index in range(len(centers))]
    ratios = [rows.std(axis=0, ddof=1).mean() / sd for rows in inside if len(rows) > 1]
    if not ratios:
        return absent(TOO_FEW, n_real, comparison.n)
    return MetricResult(float(np.median(ratios)), n_real, comparison.n)


def _of_classes(comparison: Comparison) -> MetricResult | None:
    """What stands in for a metric over classes where images belong to none; None where they do."""
    if comparison.reference.modes is not None or comparison.mode_counts is None or belongs(comparison):
        return None
    return absent(NOT_APPLICABLE, comparison.reference.n, comparison.n)


def _of_counts(comparison: Comparison, value: Callable[[ModeCounts], float]) -> MetricResult:
    found, n_real = comparison.mode_counts, comparison.reference.n
    if found is None:
        return absent(NOT_APPLICABLE, n_real, comparison.n)
    status = OK if found.total >= FEWEST_PER_MODE * len(found.counts) else TOO_FEW
    return MetricResult(float(value(found)), n_real, comparison.n, status)


def _of_shares(comparison: Comparison, value: Callable[[Floats, Floats], float]) -> MetricResult:
    found, n_real = comparison.mode_counts, comparison.reference.n
    if found is None:
        return absent(NOT_APPLICABLE, n_real, comparison.n)
    if found.counted == 0:
        return absent(TOO_FEW, n_real, comparison.n)
    status = OK if found.counted >= FEWEST_PER_MODE * len(found.counts) else TOO_FEW
    number = value(found.counts / found.counted, found.fair_share)
    # Histograms of finite samples differ by chance: this is what the KL of real data is on average.
    null = (len(found.counts) - 1) / (2 * found.counted)
    return MetricResult(number, n_real, found.counted, status, extra={"kl_null": null})
