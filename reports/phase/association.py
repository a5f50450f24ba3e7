"""How failures go along with a measure of capacity, between runs alike in all else: ranks within contexts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from reports.contrasts import MIN_SEEDS
from reports.stats import NOMINAL, Floats, Interval, Ints


def association(
    x: Floats, y: Floats, contexts: Ints, seeds: Floats, *, reps: int, rng: np.random.Generator
) -> tuple[Interval, int, Ints]:
    """Spearman's correlation within contexts, with an interval by resampling seeds for all of them together.

    Ranks are taken within each context, and their covariances and variances added up: with one context it is
    Spearman's rho. Contexts in which x does not vary say nothing and are left out.

    Args:
        x, y: measure and ending of each run; runs without either are left out.
        contexts: what runs are compared within. seeds: of each run.

    Returns:
        The correlation (NaN where nothing varies; no limits below three seeds: Student's t with the spread of
        the resampled), how many runs are behind it, and their positions.

    Example:
        >>> up = np.arange(6.0)
        >>> rng = np.random.default_rng(0)
        >>> round(association(up, -up, np.zeros(6, int), np.zeros(6), reps=9, rng=rng)[0].estimate, 9)
        -1.0
    """
    table = pd.DataFrame({"x": x, "y": y, "context": contexts, "seed": seeds}).dropna()
    table = table[table.groupby("context")["x"].transform("nunique") > 1]
    kept = table.index.to_numpy(dtype=np.int64)
    if not len(table):
        return Interval(math.nan), 0, kept
    for name in ("x", "y"):
        groups = table.groupby("context")[name]
        table[name] = (groups.rank() - 0.5) / groups.transform("size") - 0.5
    sums = _sums(table)
    estimate = float(_correlation(sums.sum(axis=0)[None])[0])
    n = len(sums)
    if n < MIN_SEEDS or not math.isfinite(estimate):
        return Interval(estimate), len(table), kept
    weights = rng.multinomial(n, np.full(n, 1 / n), size=reps).astype(float)
    drawn = _correlation(np.tensordot(weights, sums, axes=1))
    spread = float(np.nanstd(drawn, ddof=1)) * math.sqrt(n / (n - 1))
    half = float(stats.t.ppf(0.5 + NOMINAL / 2, n - 1)) * spread
    return Interval(estimate, max(-1.0, estimate - half), min(1.0, estimate + half)), len(table), kept


def _sums(table: pd.DataFrame) -> Floats:
    """Moments of each seed in each context: (seeds, contexts, 6)."""
    seeds, contexts = (pd.factorize(table[name])[0] for name in ("seed", "context"))
    x, y = table["x"].to_numpy(), table["y"].to_numpy()
    moments = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    sums = np.zeros((seeds.max() + 1, contexts.max() + 1, 6))
    np.add.at(sums, (seeds, contexts), moments)
    return sums


def _correlation(sums: Floats) -> Floats:
    """Pooled correlation of moments (..., contexts, 6)."""
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    n = np.maximum(n, 1e-12)
    shared, left, right = (
        np.maximum(part.sum(axis=-1), 0.0) if square else part.sum(axis=-1)
        for part, square in ((xy - x * y / n, False), (xx - x * x / n, True), (yy - y * y / n, True))
    )
    size = np.sqrt(left * right)
    return np.where(size > 1e-12, np.clip(shared / np.maximum(size, 1e-300), -1.0, 1.0), math.nan)
