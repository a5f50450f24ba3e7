"""FID_inf: the Frechet distance that endless samples of both sides would have.

FID falls towards its true value like one over the sample count, so a line through its values at smaller
counts, read at 0, is free of that bias to first order. The published recipe thins out the generated side
only, and the bias of the real side stays: here both sides have n samples at every point.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bench.metrics.arrays import Floats, Indices
from bench.metrics.fidelity import ROWS_PER_DIMENSION
from bench.metrics.result import NUMERIC_WARNING, OK, TOO_FEW, MetricResult, absent
from gans.rng import stream

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

POINTS = 15
SHUFFLES = 4
"""Random orders whose prefixes are averaged: a prefix of one order moves the line by more than its slope."""

LEAST_R2 = 0.8
MOST_STANDARD_ERRORS = 2.0
LEAST_RANGE = 1.5
"""The largest count over the smallest, at least: a shorter line points anywhere."""


@dataclass(frozen=True)
class Line:
    """A straight line a + b x fitted by least squares.

    Args:
        intercept, slope: a and b. intercept_se, slope_se: their standard errors. r2: share explained.
    """

    intercept: float
    slope: float
    intercept_se: float
    slope_se: float
    r2: float


@dataclass(frozen=True, eq=False)
class Prefixes:
    """Mean and covariance of the first n rows, for several orders and counts.

    Shapes:
        counts: (P,). means: (S, P, d). covariances: (S, P, d, d).
    """

    counts: Indices
    means: Floats
    covariances: Floats

    @functools.cached_property
    def roots(self) -> Floats:
        """Symmetric roots of the covariances."""
        values, vectors = np.linalg.eigh(self.covariances)
        scaled = vectors * np.sqrt(values.clip(0))[..., None, :]
        root: Floats = scaled @ np.swapaxes(vectors, -1, -2)
        return root


def fit_line(x: Floats, y: Floats) -> Line:
    """Ordinary least squares.

    Shapes:
        x, y: (P,), P >= 3.

    Example:
        >>> line = fit_line(np.array([1.0, 2.0, 3.0]), np.array([3.0, 5.0, 7.0]))
        >>> round(line.intercept, 9), round(line.slope, 9), round(line.r2, 9)
        (1.0, 2.0, 1.0)
    """
    center, spread = x.mean(), np.square(x - x.mean()).sum()
    slope = float(((x - center) * (y - y.mean())).sum() / spread)
    intercept = float(y.mean() - slope * center)
    rest = float(np.square(y - intercept - slope * x).sum())
    total = float(np.square(y - y.mean()).sum())
    noise = rest / (len(x) - 2)
    return Line(
        intercept,
        slope,
        float(np.sqrt(noise * (1 / len(x) + center**2 / spread))),
        float(np.sqrt(noise / spread)),
        1.0 - rest / total if total > 0 else 0.0,
    )


def counts_for(n: int, dimension: int) -> Indices | None:
    """The sample counts of the line, from ten per dimension or a tenth of all to all; None if too close.

    Example:
        >>> counts_for(697, 32)[[0, -1]].tolist(), counts_for(400, 32) is None
        ([320, 697], True)
    """
    least = max(ROWS_PER_DIMENSION * dimension, n // 10)
    if n < LEAST_RANGE * least:
        return None
    return np.linspace(least, n, POINTS).round().astype(np.int64)


def prefixes(rows: Floats, counts: Indices, purpose: str) -> Prefixes:
    """Statistics of the first rows of several fixed random orders, each by adding to the one before.

    Shapes:
        rows: (n, d), n at least the largest count.
    """
    center = rows.mean(axis=0)
    centered, d = rows - center, rows.shape[1]
    sums, products = np.empty((SHUFFLES, len(counts), d)), np.empty((SHUFFLES, len(counts), d, d))
    for shuffle, order in enumerate(_orders(len(rows), purpose)):
        mixed, start = centered[order], 0
        for index, end in enumerate(counts.tolist()):
            part = mixed[start:end]
            sums[shuffle, index], products[shuffle, index] = part.sum(axis=0), part.T @ part
            start = end
    total, n = sums.cumsum(axis=1), counts[:, None]
    mean = total / n
    product = products.cumsum(axis=1) - mean[..., :, None] * total[..., None, :]
    return Prefixes(counts, mean + center, product / (n[..., None] - 1))


def frechet_distances(real: Prefixes, fake: Prefixes) -> Floats:
    """Frechet distance of each prefix of one side to that of the same order and count of the other.

    The symmetric form: real and not negative by construction, and the real
    side's roots are kept. Equal to torch-fidelity's number.

    Shapes:
        result: (S, P).
    """
    inner = real.roots @ fake.covariances @ real.roots
    cross = np.sqrt(np.linalg.eigvalsh(inner).clip(0)).sum(axis=-1)
    spread = np.trace(real.covariances + fake.covariances, axis1=-2, axis2=-1)
    distance: Floats = np.square(real.means - fake.means).sum(axis=-1) + spread - 2 * cross
    return distance


def extrapolate(real: Prefixes, fake: Prefixes) -> Line:
    """The line of the mean distance over one over the count; its intercept is FID_inf."""
    return fit_line(1.0 / real.counts, frechet_distances(real, fake).mean(axis=0))


def fid_infinity(comparison: Comparison) -> MetricResult:
    """Frechet distance extrapolated to endless samples of both sides; refused where no line fits.

    It is refused where the distance rises with the count (by over two standard
    errors) or the line explains less than 80 % of it. Unbiased, so it may be
    negative for real data.

    Source:
        Chong and Forsyth 2020, "Effectively Unbiased FID and Inception Score
        and Where to Find Them"; both sides varied is our own.
    """
    line, n = comparison.fid_line, min(comparison.reference.n, comparison.n)
    if line is None:
        return absent(TOO_FEW, n, n)
    return _result(comparison, line, line.intercept)


def fid_infinity_se(comparison: Comparison) -> MetricResult:
    """Standard error of ``fid_infinity`` from the scatter about its line.

    That of the fit, given the samples: between draws of 697 real images the value itself moves five times as
    much.
    """
    line, n = comparison.fid_line, min(comparison.reference.n, comparison.n)
    if line is None:
        return absent(TOO_FEW, n, n)
    return _result(comparison, line, line.intercept_se)


def _result(comparison: Comparison, line: Line, value: float) -> MetricResult:
    n = min(comparison.reference.n, comparison.n)
    rises = line.slope < -MOST_STANDARD_ERRORS * line.slope_se
    if rises or not line.r2 >= LEAST_R2:
        return absent(NUMERIC_WARNING, n, n)
    return MetricResult(value, n, n, OK, se=line.intercept_se, extra={"slope": line.slope, "r2": line.r2})


@functools.lru_cache(maxsize=64)
def _orders(n: int, purpose: str) -> tuple[Indices, ...]:
    source = stream(0, f"evaluation/prefixes/{purpose}/{n}")
    return tuple(torch.randperm(n, generator=source).numpy() for _ in range(SHUFFLES))
