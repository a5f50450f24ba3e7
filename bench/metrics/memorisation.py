"""Does the generator copy its training samples? Nearest-train distances, generated against holdout.

Distances are taken on the samples themselves: the features of a classifier treat the images it was
trained on specially, and those are the GAN's too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from bench.metrics.arrays import Floats, Indices
from bench.metrics.neighbours import Neighbours
from bench.metrics.result import DEGENERATE, NOT_APPLICABLE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

SMALLEST_GAP = 1.0
"""In floors: an excess below this is taken to be this large, or noise would be divided by noise."""

FEWEST = 500
"""Fewer generated or held-out samples than this make the test weak."""


@dataclass(frozen=True, eq=False)
class Memory:
    """Squared distance to, and index of, the nearest training sample, for generated and held-out samples."""

    train: Neighbours
    generated: tuple[Floats, Indices]
    held_out: tuple[Floats, Indices]

    @cached_property
    def held_out_authentic(self) -> float:
        """``authentic_fraction`` of held-out samples; of two training samples or more."""
        return authentic_fraction(*self.held_out, self.train)


def recall_train(generated: Floats, held_out: Floats, train: Floats) -> Memory:
    """Look up the nearest training sample of all samples at once. Shapes: rows (n, d), (h, d), (m, d)."""
    search = Neighbours(train)
    return Memory(search, search.nearest(generated), search.nearest(held_out))


def rank_z(generated: Floats, held_out: Floats) -> float:
    """Mann-Whitney z of two sets of distances; negative if the generated ones are smaller.

    Shapes:
        generated: (n,). held_out: (m,).

    Returns:
        About standard normal if both come from one law; NaN if all values are equal.

    Source:
        Mann and Whitney 1947, with mid-ranks and the variance corrected for ties.

    Example:
        >>> round(rank_z(np.array([1.0, 2.0]), np.array([3.0, 4.0])), 4)
        -1.5492
    """
    n, m = len(generated), len(held_out)
    ranks = rankdata(np.concatenate([generated, held_out]))
    u = ranks[:n].sum() - n * (n + 1) / 2
    ties = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    total = n + m
    variance = n * m / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
    # Not variance == 0: with all values tied, rounding leaves a little of it.
    if variance <= 1e-9 * n * m:
        return math.nan
    return float((u - n * m / 2) / math.sqrt(variance))


def authentic_fraction(distance: Floats, neighbour: Indices, train: Neighbours) -> float:
    """Share of samples farther from their nearest training sample than that one from its own nearest.

    Shapes:
        distance: (n,), squared, and neighbour: (n,), from ``train.nearest``.

    Source:
        Alaa et al. 2022, "How Faithful is your Synthetic Data?", section 3.3.

    Example:
        >>> train = Neighbours(np.array([[0.0], [1.0]]))
        >>> authentic_fraction(*train.nearest(np.array([[0.1], [5.0]])), train)
        0.5
    """
    found, position = np.unique(neighbour, return_inverse=True)
    return float((distance > train.nearest_other(found)[position]).mean())


def data_copying(comparison: Comparison) -> MetricResult:
    """C_T: z of nearest-train distances, generated against holdout; below -3 copies, above 3 underfits.

    One test over the whole space, without the paper's partition into cells.

    Source:
        Meehan, Chaudhuri and Dasgupta 2020, "A Non-Parametric Test to Detect
        Data-Copying in Generative Models".
    """
    found = comparison.memory
    if found is None:
        return absent(NOT_APPLICABLE, comparison.reference.n, comparison.n)
    value = rank_z(found.generated[0], found.held_out[0])
    return _result(comparison, value, {"null": 0.0})


def authenticity(comparison: Comparison) -> MetricResult:
    """Share of generated samples that are no closer to training than training samples to each other.

    Has no fixed null: compare with ``authenticity_holdout``, the same share of the held-out samples.
    """
    return _authentic(comparison, lambda found: authentic_fraction(*found.generated, found.train))


def authenticity_holdout(comparison: Comparison) -> MetricResult:
    """Authenticity of held-out samples, which copy nothing: what a generator without memory would have."""
    return _authentic(comparison, lambda found: found.held_out_authentic)


def _authentic(comparison: Comparison, value: Callable[[Memory], float]) -> MetricResult:
    found = comparison.memory
    if found is None:
        return absent(NOT_APPLICABLE, comparison.reference.n, comparison.n)
    if len(found.train.points) < 2:
        return absent(TOO_FEW, comparison.reference.n, comparison.n)
    return _result(comparison, value(found), {"holdout": found.held_out_authentic})


def distance_ratio(to_holdout: float, to_train: float, *, floors: tuple[float, float]) -> float:
    """Distance to the holdout over that to the training samples, each less its floor.

    Args:
        floors: what samples of the true law would have to the holdout, and to these training samples.

    Returns:
        About 1 for a generator that is equally far from both, above it if it is
        closer to the training samples. An excess below the first floor counts as
        that floor.

    Example:
        >>> distance_ratio(to_holdout=9.0, to_train=6.0, floors=(1.0, 2.0))
        2.0
    """
    least = SMALLEST_GAP * floors[0]
    return max(to_holdout - floors[0], least) / max(to_train - floors[1], least)


def memory_ratio(comparison: Comparison) -> MetricResult:
    """Distance to the holdout over distance to the training samples, floors taken off; above 1, memorised.

    The floor of the training side is the distance of the holdout to these very
    samples, so that what is odd about them cancels.
    """
    reference = comparison.reference
    if comparison.train is None:
        return absent(NOT_APPLICABLE, reference.n, comparison.n)
    if min(len(comparison.train), comparison.n) < 2:
        return absent(TOO_FEW, reference.n, comparison.n)
    train = reference.remembered(comparison.train)
    own = reference.summarise(comparison.features)
    to_holdout, to_train = reference.gap(own, reference.summary), reference.gap(own, train.summary)
    if reference.distance_floor <= 0:
        return absent(DEGENERATE, reference.n, comparison.n)
    floors = (reference.distance_floor, train.floor)
    extra = {"to_holdout": to_holdout - floors[0], "to_train": to_train - floors[1]}
    return _result(comparison, distance_ratio(to_holdout, to_train, floors=floors), extra)


def _result(comparison: Comparison, value: float, extra: dict[str, float]) -> MetricResult:
    n_real, n_fake = comparison.reference.n, comparison.n
    status = OK if min(n_real, n_fake) >= FEWEST else TOO_FEW
    return MetricResult(value, n_real, n_fake, DEGENERATE if math.isnan(value) else status, extra=extra)
