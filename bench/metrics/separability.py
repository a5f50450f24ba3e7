"""Can a classifier of fixed capacity tell generated samples from real ones that it has not seen?

The accuracy of a GAN's own discriminator mixes its capacity with the generator's quality; this one is the
same for every cell. It is a kernel classifier solved in closed form: on planted faults it separates as well
as a perceptron of two layers of 128 units after 500 steps of Adam, at a hundredth of the price (figures in
bench/speed/README.md), and nothing in it is random but the halves.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor

from bench.metrics.arrays import Floats, Indices
from bench.metrics.result import OK, TOO_FEW, MetricResult, absent
from gans.rng import stream

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

ROWS = 500
"""Samples of either side, at most: the price grows with the cube."""

FEWEST = 500
"""Of either side; with fewer the AUC is coarse."""

SCALES = ((0.5, 0.8), (0.05, 0.17), (0.005, 0.03))
"""Kernel widths in median squared distances of real samples, and their weights: classes, shapes, grain."""

FAR = -80.0
"""Kernel exponents below this are it: smaller numbers are subnormal in float32, and ten times slower."""

RIDGE = 0.03
CLIP = 20.0
"""Standardised features beyond this many standard deviations are all equally far away."""

HALVINGS = (((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2)))
"""Quarters to fit on and to test on: the three ways of halving four quarters."""


def area_under_curve(real_scores: Floats, fake_scores: Floats) -> float:
    """Probability that a real sample scores above a fake one, ties counting one half.

    Example:
        >>> area_under_curve(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
        0.875
    """
    n, m = len(real_scores), len(fake_scores)
    ranks = rankdata(np.concatenate([real_scores, fake_scores]))
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def null_error(n: int, m: int) -> float:
    """Standard error of an AUC where both laws are equal.

    Source:
        Mann and Whitney 1947.

    Example:
        >>> round(null_error(1000, 1000), 3)
        0.013
    """
    return math.sqrt((n + m + 1) / (12 * n * m))


def separate(real: Floats, fake: Floats) -> float:
    """Mean AUC of three kernel classifiers, each fitted on one half of both sides and tested on the other.

    Shapes:
        real, fake: (n, d), standardised; n >= 8, and what n exceeds a multiple of four by is left out.

    Source:
        Lopez-Paz and Oquab 2017, "Revisiting Classifier Two-Sample Tests"; the
        classifier is kernel ridge regression on the labels.

    Example:
        >>> line = np.linspace(-1.0, 1.0, 40)[:, None]
        >>> separate(line, line + 3.0)
        1.0
    """
    quarter = min(len(real), len(fake)) // 4
    real, fake = (rows[_shuffled(len(rows))][: 4 * quarter] for rows in (real, fake))
    # Row order: first quarter of real, of fake, second quarter of real, ... so that halves are two blocks.
    stacked = np.stack([real.reshape(4, quarter, -1), fake.reshape(4, quarter, -1)], axis=1)
    rows = torch.from_numpy(stacked.reshape(8 * quarter, -1)).float().clamp(-CLIP, CLIP)
    kernel = _kernel(rows, quarter)
    labels = torch.tensor([1.0, -1.0]).repeat_interleave(quarter).repeat(2)
    found = []
    for fit, test in HALVINGS:
        weights = _ridge(kernel, fit, labels)
        scores = _block(kernel, test, fit) @ weights
        sides = scores.view(2, 2, quarter).transpose(0, 1).reshape(2, -1).double().numpy()
        found.append(area_under_curve(sides[0], sides[1]))
    return float(np.mean(found))


def probe_auc(comparison: Comparison) -> MetricResult:
    """AUC of a classifier of fixed size, real against generated: 0.5 cannot tell them apart, 1 always can."""
    reference, order = comparison.reference, comparison.order
    n = min(reference.n, comparison.n, ROWS)
    if n < 8:
        return absent(TOO_FEW, n, n)
    real = reference.standardised(reference.features[:ROWS])
    fake = reference.standardised(comparison.features[order[:ROWS]])
    status = OK if n >= FEWEST else TOO_FEW
    return MetricResult(separate(real, fake), n, n, status, se=null_error(n // 2, n // 2))


def _kernel(rows: Tensor, quarter: int) -> Tensor:
    # (4, 2 quarter, 4, 2 quarter): quarters of both sides against quarters of both sides.
    parts = torch.split(rows, 2 * quarter)
    # Median distance of real samples in the first quarter to those in the second.
    width = float(_squared(parts[0][:quarter], parts[1][:quarter]).median()) or 1.0
    kernel = rows.new_empty(4, 2 * quarter, 4, 2 * quarter)
    term = rows.new_empty(2 * quarter, 2 * quarter)
    # A sixteenth at a time stays in the cache, and only those on one side of the diagonal are computed.
    for first in range(4):
        for second in range(first, 4):
            squared, total = _squared(parts[first], parts[second]), kernel[first, :, second]
            for index, (scale, weight) in enumerate(SCALES):
                torch.mul(squared, -1.0 / (scale * width), out=term).clamp_(min=FAR).exp_()
                total.copy_(term.mul_(weight)) if index == 0 else total.add_(term, alpha=weight)
            if second > first:
                kernel[second, :, first] = total.T
    return kernel


def _squared(first: Tensor, second: Tensor) -> Tensor:
    lengths, others = first.square().sum(dim=1), second.square().sum(dim=1)
    squared = torch.addmm(others, first, second.T, alpha=-2.0)
    squared += lengths[:, None]
    return squared.clamp_(min=0.0)


def _block(kernel: Tensor, rows: tuple[int, int], columns: tuple[int, int]) -> Tensor:
    picked = [torch.cat([kernel[row, :, column] for column in columns], dim=1) for row in rows]
    return torch.cat(picked)


def _ridge(kernel: Tensor, fit: tuple[int, int], labels: Tensor) -> Tensor:
    system = _block(kernel, fit, fit)
    system.diagonal().add_(RIDGE)
    factor, failed = torch.linalg.cholesky_ex(system)
    if failed.item():  # never of finite rows: the smallest eigenvalue is the ridge
        return torch.full_like(labels, math.nan)
    return torch.cholesky_solve(labels[:, None], factor)[:, 0]


@functools.lru_cache(maxsize=64)
def _shuffled(n: int) -> Indices:
    return torch.randperm(n, generator=stream(0, f"evaluation/probe halves/{n}")).numpy()
