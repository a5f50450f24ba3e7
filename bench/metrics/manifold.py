"""Precision, recall, density and coverage, all four from one matrix of distances.

The comparisons differ on purpose, as in the reference codes: ``<=`` for precision and recall, ``<`` for
density and coverage. It matters only where radii are zero, that is, among duplicates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.metrics.arrays import Floats
from bench.metrics.neighbours import kth_neighbour, self_distances, squared_distances
from bench.metrics.result import OK, TOO_FEW, MetricResult

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

MANIFOLD_NEIGHBOURS = 3
"""k of precision and recall."""

BALL_NEIGHBOURS = 5
"""k of density and coverage; the least for which real against real covers 95 %."""

MANIFOLD_ROWS = 1000
"""Rows taken of either side: the cost grows with the square, the scores hardly move beyond it."""

FEWEST = 500
"""Fewer rows than this make coverage coarse."""


@dataclass(frozen=True, slots=True)
class Balls:
    """Squared radii around real rows: to the 3rd and to the 5th neighbour."""

    manifold: Floats
    ball: Floats


@dataclass(frozen=True, slots=True)
class ManifoldScores:
    """The four scores of one draw; NaN if a side has too few rows for a neighbourhood."""

    precision: float
    recall: float
    density: float
    coverage: float


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
    fake_radius = kth_neighbour(self_distances(fake), MANIFOLD_NEIGHBOURS)
    cross = squared_distances(real, fake)
    inside_real = (cross <= balls.manifold[:, None]).any(axis=0)
    inside_fake = (cross <= fake_radius[None, :]).any(axis=1)
    in_ball = cross < balls.ball[:, None]
    return ManifoldScores(
        precision=float(inside_real.mean()),
        recall=float(inside_fake.mean()),
        density=float(np.count_nonzero(in_ball) / (BALL_NEIGHBOURS * len(fake))),
        coverage=float(in_ball.any(axis=1).mean()),
    )


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


def _result(comparison: Comparison, value: float, extra: dict[str, float] | None = None) -> MetricResult:
    n_real = min(comparison.reference.n, MANIFOLD_ROWS)
    n_fake = min(comparison.n, MANIFOLD_ROWS)
    status = OK if min(n_real, n_fake) >= FEWEST else TOO_FEW
    return MetricResult(value, n_real, n_fake, status, extra=extra or {})
