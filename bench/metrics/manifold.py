"""Precision, recall, density and coverage, all four from one matrix of distances.

The comparisons differ on purpose, as in the reference codes: ``<=`` for precision and recall, ``<`` for
density and coverage. It matters only where radii are zero, that is, among duplicates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from bench.metrics.arrays import Flags, Floats
from bench.metrics.hits import BALL_NEIGHBOURS, MANIFOLD_NEIGHBOURS, Balls, Hits, hits_by_rough_distances
from bench.metrics.neighbours import distance_blocks, kth_neighbour, neighbour_radii, self_distances
from bench.metrics.result import NOT_APPLICABLE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

MANIFOLD_ROWS = 1000
"""Rows taken of either side: the cost grows with the square, the scores hardly move beyond it."""

LEAST_PRECISION, LEAST_CERTAINTY, LEAST_HIGH_QUALITY = 0.5, 0.7, 0.3
"""Gates of coverage per class, as shares of what real data have: noise falls into every class."""

FEWEST_PER_CLASS = 10

FEWEST = 500
"""Fewer rows than this make coverage coarse."""


@dataclass(frozen=True, slots=True)
class ManifoldScores:
    """The four scores of one draw; NaN if a side has too few rows for a neighbourhood.

    Shapes:
        covered: (n,), whether each real ball holds a fake row.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    covered: Flags | None = field(default=None, compare=False, repr=False)


def real_balls(real: Floats) -> Balls:
    """Radii around each real row.

    Shapes:
        real: (n, d), n > 5. Radii: (n,).
    """
    squared = self_distances(real)
    return Balls(kth_neighbour(squared, MANIFOLD_NEIGHBOURS), kth_neighbour(squared, BALL_NEIGHBOURS))


def manifold_scores(real: Floats, fake: Floats, balls: Balls) -> ManifoldScores:
    """Score fake rows against real ones.

    Shapes:
        real: (n, d). fake: (m, d). balls: of ``real``.

    Source:
        Kynkaanniemi et al. 2019, "Improved Precision and Recall Metric for
        Assessing Generative Models"; Naeem et al. 2020, "Reliable Fidelity and
        Diversity Metrics for Generative Models".

    Example:
        A copy of the real rows covers all of them:

        >>> rows = np.arange(8.0)[:, None]
        >>> manifold_scores(rows, rows, real_balls(rows)).coverage
        1.0
    """
    if len(fake) <= MANIFOLD_NEIGHBOURS or len(real) <= BALL_NEIGHBOURS:
        return ManifoldScores(math.nan, math.nan, math.nan, math.nan)
    found = hits_by_rough_distances(real, fake, balls) or _hits(real, fake, balls)
    return ManifoldScores(
        precision=float(found.inside_real.mean()),
        recall=float(found.inside_fake.mean()),
        density=float(found.in_balls / (BALL_NEIGHBOURS * len(fake))),
        coverage=float(found.covered.mean()),
        covered=found.covered,
    )


def _hits(real: Floats, fake: Floats, balls: Balls) -> Hits:
    """Compare exact distances."""
    fake_radius = neighbour_radii(fake, MANIFOLD_NEIGHBOURS)
    inside_real = np.zeros(len(fake), dtype=bool)
    inside_fake, covered = np.empty(len(real), dtype=bool), np.empty(len(real), dtype=bool)
    in_balls = 0
    for part, cross in distance_blocks(real, fake):
        inside_real |= (cross <= balls.manifold[part, None]).any(axis=0)
        inside_fake[part] = (cross <= fake_radius).any(axis=1)
        in_ball = cross < balls.ball[part, None]
        in_balls += int(np.count_nonzero(in_ball))
        covered[part] = in_ball.any(axis=1)
    return Hits(inside_real, inside_fake, covered, in_balls)


def precision(comparison: Comparison) -> MetricResult:
    """Share of generated samples inside the real manifold; a constant at the data mean scores 1."""
    return _result(comparison, comparison.manifold.precision)


def recall(comparison: Comparison) -> MetricResult:
    """Share of real samples inside the generated manifold; an alarm rather than a scale."""
    return _result(comparison, comparison.manifold.recall)


def density(comparison: Comparison) -> MetricResult:
    """Mean number of real balls around a generated sample, over k; unbounded, 1 for real data."""
    return _result(comparison, comparison.manifold.density)


def coverage(comparison: Comparison) -> MetricResult:
    """Share of real balls that hold a generated sample: the score that sees every kind of collapse."""
    return _result(comparison, comparison.manifold.coverage, {"null": 1 - 2.0**-BALL_NEIGHBOURS})


def class_coverage(comparison: Comparison) -> MetricResult:
    """Coverage of the class or mode that is covered worst: low is collapse within one, or the loss of one.

    Not applicable where there are no classes, or where samples are too poor to
    belong to any. Classes with fewer than ten real rows are left out and listed.
    """
    reference, n_real = comparison.reference, min(comparison.reference.n, MANIFOLD_ROWS)
    classes, covered = reference.real_classes, comparison.manifold.covered
    if classes is None or not belongs(comparison):
        return absent(NOT_APPLICABLE, n_real, comparison.n)
    if covered is None:
        return absent(TOO_FEW, n_real, comparison.n)
    shares, small = {}, []
    for index in range(reference.dataset.classes):
        members = classes[: len(covered)] == index
        if members.sum() < FEWEST_PER_CLASS:
            small.append(index)
        else:
            shares[index] = float(covered[members].mean())
    if not shares:
        return absent(TOO_FEW, n_real, comparison.n)
    worst = min(shares, key=shares.__getitem__)
    return _result(comparison, shares[worst], {"worst": worst, "left_out": tuple(small)})


def belongs(comparison: Comparison) -> bool:
    """Whether samples are good enough to be counted by class: noise falls into every class."""
    reference = comparison.reference
    if reference.modes is not None:
        found = comparison.mode_counts
        return found is not None and found.counted >= LEAST_HIGH_QUALITY * found.total
    if (
        comparison.logits is None
        or comparison.manifold.precision < LEAST_PRECISION * reference.train_precision
    ):
        return False
    return certainty(comparison.logits) >= LEAST_CERTAINTY * reference.certainty


def certainty(logits: Tensor) -> float:
    """Mean probability of the most likely class.

    Example:
        >>> import torch
        >>> certainty(torch.zeros(3, 4))
        0.25
    """
    return logits.double().softmax(dim=1).amax(dim=1).mean().item()


def _result(comparison: Comparison, value: float, extra: Mapping[str, Any] | None = None) -> MetricResult:
    n_real = min(comparison.reference.n, MANIFOLD_ROWS)
    n_fake = min(comparison.n, MANIFOLD_ROWS)
    status = OK if min(n_real, n_fake) >= FEWEST else TOO_FEW
    return MetricResult(value, n_real, n_fake, status, extra=extra or {})
