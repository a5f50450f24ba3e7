"""KID: the unbiased squared MMD under a cubic kernel, and how far it can be trusted.

torch-fidelity computes the same number (the tests hold the two against each other) in 15 ms for 697 rows,
of which a third is the real side, the same for every generator. Here that third is kept, and the ten blocks
of the standard error are read from the same kernel matrices: 3 ms in all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.metrics.arrays import Floats
from bench.metrics.result import OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

FEWEST = 200
BLOCKS = 10

KERNEL_ROWS = 2500
"""Rows that enter, at most: the cost grows with the square."""


@dataclass(frozen=True, eq=False)
class KernelSide:
    """One side of the comparison: rows, and the mean kernel between different rows of it.

    Shapes:
        rows: (n, d). block_means: (10,), the same mean within each tenth of the rows.
    """

    rows: Floats
    mean: float
    block_means: Floats


def kernel_side(rows: Floats) -> KernelSide:
    """Means of the kernel within one set of rows. Shapes: rows (n, d), n >= 2."""
    totals, within, counts = kernel_sums(rows, rows)
    own = (np.square(rows).sum(axis=1) / rows.shape[1] + 1.0) ** 3
    own_within = np.array([own[part].sum() for part in blocks(len(rows))])
    n = len(rows)
    with np.errstate(invalid="ignore", divide="ignore"):  # a block of one row has no pairs
        means = (within - own_within) / (counts * (counts - 1))
    return KernelSide(rows, float((totals.sum() - own.sum()) / (n * (n - 1))), means)


def kernel_sums(first: Floats, second: Floats) -> tuple[Floats, Floats, Floats]:
    """Sums of the kernel (xy / d + 1)^3 over each tenth of the first rows with all, and with their tenth.

    Shapes:
        first: (n, d). second: (m, d). result: three times (10,), the last the rows per tenth of the first.

    Example:
        >>> line = np.array([[1.0, 1.0]])
        >>> kernel_sums(line, np.array([[1.0, 1.0], [-1.0, -1.0]]))[0].sum().item()
        8.0
    """
    parts, others = blocks(len(first)), blocks(len(second))
    columns = np.ascontiguousarray(second.T) / first.shape[1]
    totals, within = np.zeros(BLOCKS), np.zeros(BLOCKS)
    # A tenth of the rows at a time stays in the cache: fresh megabytes cost more than arithmetic here.
    linear, cubed = np.empty((2, parts[0].stop, len(second)))
    for index, (part, other) in enumerate(zip(parts, others, strict=True)):
        rows = part.stop - part.start
        np.matmul(first[part], columns, out=linear[:rows])
        linear[:rows] += 1.0
        np.square(linear[:rows], out=cubed[:rows])
        cubed[:rows] *= linear[:rows]
        totals[index], within[index] = cubed[:rows].sum(), cubed[:rows, other].sum()
    return totals, within, np.array([part.stop - part.start for part in parts], dtype=np.float64)


def blocks(n: int) -> list[slice]:
    """Ten consecutive parts of n rows, as equal as can be.

    Example:
        >>> [part.stop - part.start for part in blocks(697)]
        [70, 70, 70, 70, 70, 70, 70, 69, 69, 69]
    """
    ends = np.cumsum([len(part) for part in np.array_split(np.arange(n), BLOCKS)]).tolist()
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def mmd(fake: KernelSide, real: KernelSide) -> tuple[float, float]:
    """Squared MMD of two sets of rows, and its standard error by ten disjoint blocks.

    The U-statistic is degenerate where both laws are equal: there the blocks
    say two to four times the true error. NaN with fewer than 20 rows.

    Source:
        Binkowski et al. 2018, "Demystifying MMD GANs".

    Example:
        >>> line = kernel_side(np.array([[0.0], [1.0]]))
        >>> mmd(line, kernel_side(np.array([[1.0], [1.0]])))  # 1 + 8 - 2 * (1 + 8) / 2
        (0.0, nan)
    """
    totals, within, counts = kernel_sums(fake.rows, real.rows)
    value = float(fake.mean + real.mean - 2.0 * totals.sum() / (len(fake.rows) * len(real.rows)))
    if min(len(fake.rows), len(real.rows)) < 2 * BLOCKS:
        return value, math.nan
    between = within / (counts * [part.stop - part.start for part in blocks(len(real.rows))])
    estimates = fake.block_means + real.block_means - 2.0 * between
    return value, float(np.std(estimates, ddof=1) / math.sqrt(BLOCKS))


def kid(comparison: Comparison) -> MetricResult:
    """Cubic-kernel MMD squared on features standardised by the training data; unbiased, so maybe negative."""
    found = comparison.kernel_distance
    if found is None:
        return absent(TOO_FEW, comparison.reference.n, comparison.n)
    return _result(comparison, *found)


def kid_se(comparison: Comparison) -> MetricResult:
    """Standard error of ``kid`` over ten disjoint blocks: up to four times too wide near zero."""
    found = comparison.kernel_distance
    if found is None or math.isnan(found[1]):
        return absent(TOO_FEW, comparison.reference.n, comparison.n)
    return _result(comparison, found[1])


def _result(comparison: Comparison, value: float, error: float = math.nan) -> MetricResult:
    n_real, n_fake = min(comparison.reference.n, KERNEL_ROWS), min(comparison.n, KERNEL_ROWS)
    status = OK if min(n_real, n_fake) >= FEWEST else TOO_FEW
    return MetricResult(value, n_real, n_fake, status, se=error, extra={"se": "blocks, conservative"})
