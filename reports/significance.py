"""Is a difference more than chance: sign flips of pairs, seeds as replication, corrections for many looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from reports.stats import NOMINAL, Floats, Interval

_EXACT_FLIPS = 12


def sign_flip(differences: Floats, rng: np.random.Generator, flips: int = 4999) -> float:
    """Two-sided p of "the mean paired difference is zero", by flipping the sign of whole pairs.

    Exact for up to 12 pairs that differ, else by seeded draws with the usual plus one.

    Example:
        >>> sign_flip(np.array([1.0, 1.0, 1.0, 1.0, 1.0]), np.random.default_rng(0))
        0.0625
    """
    moved = differences[differences != 0]
    n = len(moved)
    if n == 0:
        return 1.0 if len(differences) else math.nan
    observed = abs(moved.sum()) * (1 - 1e-12)
    if n <= _EXACT_FLIPS:
        signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float(np.mean(np.abs(signs @ moved) >= observed))
    signs = 1 - 2 * rng.integers(0, 2, (flips, n), dtype=np.int8)
    return float((1 + np.count_nonzero(np.abs(signs @ moved) >= observed)) / (1 + flips))


def seed_interval(differences: Floats, seeds: Sequence[int]) -> tuple[Interval, int]:
    """Mean difference with seeds as the only replication, and how many seeds point the same way.

    Each seed index is one number (its mean over cells), whatever its runs share; Student's t over seeds.

    Returns:
        The interval (no limits below three seeds), and the number of seeds with the sign of the mean.

    Example:
        >>> interval, agree = seed_interval(np.array([1.0, 3.0, 2.0, 2.0]), [0, 0, 1, 2])
        >>> interval.estimate, interval.known, agree
        (2.0, True, 3)
    """
    keys = np.asarray(seeds)
    means = np.array([differences[keys == key].mean() for key in np.unique(keys)])
    if not len(means):
        return Interval(math.nan), 0
    mean = float(means.mean())
    agree = int(np.count_nonzero(np.sign(means) == np.sign(mean))) if mean else 0
    if len(means) < 3:
        return Interval(mean), agree
    half = float(stats.t.ppf(0.5 + NOMINAL / 2, len(means) - 1) * means.std(ddof=1) / math.sqrt(len(means)))
    return Interval(mean, mean - half, mean + half), agree


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjustment over a family; NaN stays NaN and does not count.

    Example:
        >>> holm([0.01, float("nan"), 0.04])
        [0.02, nan, 0.04]
    """
    return _adjusted(p_values, _step_down)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """False-discovery adjustment over a family; NaN stays NaN and does not count.

    Example:
        >>> benjamini_hochberg([0.01, float("nan"), 0.04])
        [0.02, nan, 0.04]
    """
    return _adjusted(p_values, stats.false_discovery_control)


def _step_down(p_values: list[float]) -> list[float]:
    """Adjust by Holm, in order; statsmodels does the same and collects garbage on every call."""
    order = np.argsort(p_values)
    scaled = np.asarray(p_values)[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return adjusted.tolist()


def _adjusted(p_values: Sequence[float], adjust: Callable[[list[float]], Sequence[float]]) -> list[float]:
    known = [p for p in p_values if not math.isnan(p)]
    done = iter(adjust(known) if known else ())
    return [p if math.isnan(p) else float(next(done)) for p in p_values]
