"""The score's variance among stable runs alone: does a cause matter beyond making runs fail?

Without the failed runs no block is full, and sums of squares are no longer apart. Each factor gets the mean
of what it adds to a model of main effects over all orders of entry (Lindeman, Merenda and Gold), which is its
sum of squares where the block is full.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.contrasts import MIN_SEEDS, Resampling
from reports.stats import Floats, Ints
from reports.variance.blocks import Block
from reports.variance.effects import Explained, Share, interval, lead_of
from reports.variance.shares import CHANCE, FACTOR, SEED, Term, drawn, once

STEADY = "score of stable runs"
FEWEST = 20
"""Stable runs below which nothing is told."""
_REPS = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Products of dummies and scores, centred within seeds and apart for each, so that seeds can be redrawn.

    Shapes:
        gram: (seeds, dummies, dummies). cross: (seeds, dummies). within, counts, means: (seeds,).
    """

    gram: Floats
    cross: Floats
    within: Floats
    counts: Floats
    means: Floats
    owners: Ints
    factors: int


def steady(found: Block, resampling: Resampling) -> Explained:
    """Take the score of a block's stable runs apart by main effects, seeds as blocks."""
    moments = _moments(found)
    runs = int(moments.counts.sum())
    weights = once(len(moments.counts))
    if runs < FEWEST or not _total(moments, weights)[0] > 1e-12 * runs:
        return Explained(STEADY, found, (), None, runs)
    squares, omega = _split(moments, weights)
    seeds, redrawn = len(moments.counts), None
    if seeds >= MIN_SEEDS:
        rng = resampling.rng(f"variance {found.dataset} {STEADY}")
        redrawn = _split(moments, drawn(seeds, min(resampling.reps, _REPS), rng))[1]
    shares = tuple(
        Share(
            term, float(squares[row, 0]), float(squares[row, 0] / _total(moments, weights)[0]),
            interval(float(omega[row, 0]), np.empty(0) if redrawn is None else redrawn[row], seeds),
        )
        for row, term in enumerate(_terms(moments))
    )  # fmt: skip
    return Explained(STEADY, found, shares, lead_of(shares, redrawn, seeds), runs)


def _moments(found: Block) -> _Moments:
    """Read the stable runs and centre them within their seeds."""
    shape = found.places.shape
    levels = np.indices(shape).reshape(len(shape), -1)
    runs = found.runs.iloc[found.places.ravel()]
    kept = (runs["failure"] == 0).to_numpy()
    levels, score = levels[:, kept], runs["score"].to_numpy(dtype=float)[kept]
    dummies, owners = _dummies(levels[:-1])
    sides = [levels[-1] == seed for seed in np.unique(levels[-1])]
    x = [dummies[own] - dummies[own].mean(axis=0) for own in sides]
    y = [score[own] - score[own].mean() for own in sides]
    return _Moments(
        gram=np.array([each.T @ each for each in x]),
        cross=np.array([each.T @ given for each, given in zip(x, y, strict=True)]),
        within=np.array([each @ each for each in y], dtype=np.float64),
        counts=np.array([own.sum() for own in sides], dtype=np.float64),
        means=np.array([score[own].mean() for own in sides], dtype=np.float64),
        owners=owners,
        factors=len(shape) - 1,
    )


def _dummies(levels: Ints) -> tuple[Floats, Ints]:
    """One column per level but the first of each factor, and whose it is."""
    columns, owners = [np.empty((levels.shape[1], 0))], []
    for axis, row in enumerate(levels):
        there = np.unique(row)[1:]
        columns.append((row[:, None] == there).astype(np.float64))
        owners += [axis] * len(there)
    return np.concatenate(columns, axis=1), np.array(owners, dtype=np.int64)


def _terms(moments: _Moments) -> tuple[Term, ...]:
    free = [int((moments.owners == axis).sum()) for axis in range(moments.factors)]
    seeds = len(moments.counts) - 1
    left = int(moments.counts.sum()) - 1 - seeds - sum(free)
    return (
        *(Term(FACTOR, (axis,), freedom) for axis, freedom in enumerate(free)),
        Term(SEED, (), seeds),
        Term(CHANCE, (), left),
    )


def _total(moments: _Moments, weights: Floats) -> Floats:
    return weights @ moments.within + _between(moments, weights)


def _between(moments: _Moments, weights: Floats) -> Floats:
    """Sum of squares of seeds."""
    counted = weights * moments.counts
    middle = counted @ moments.means / np.maximum(counted.sum(axis=1), 1)
    return np.asarray((counted * (moments.means - middle[:, None]) ** 2).sum(axis=1))


def _split(moments: _Moments, weights: Floats) -> tuple[Floats, Floats]:
    """Sums of squares and ω² of every term, a column per weighting of the seeds."""
    gram = np.tensordot(weights, moments.gram, axes=1)
    cross = weights @ moments.cross
    fits = {
        chosen: _fitted(gram, cross, np.flatnonzero(np.isin(moments.owners, chosen)))
        for size in range(moments.factors + 1)
        for chosen in itertools.combinations(range(moments.factors), size)
    }
    factors = [_added(fits, axis, moments.factors) for axis in range(moments.factors)]
    seeds, total = _between(moments, weights), _total(moments, weights)
    left = total - seeds - np.sum(factors, axis=0)
    terms, squares = _terms(moments), np.stack([*factors, seeds, left])
    error = squares[-1] / max(1, terms[-1].freedom)
    freedom = np.array([[term.freedom] for term in terms])
    with np.errstate(invalid="ignore", divide="ignore"):
        omega = (squares - freedom * error) / (total + error)
    omega[-1] = 1 - omega[:-1].sum(axis=0)
    return squares, omega


def _fitted(gram: Floats, cross: Floats, columns: Ints) -> Floats:
    """Sum of squares that some dummies explain; of dummies that say the same, one is enough."""
    if not len(columns):
        return np.zeros(len(cross))
    inverse = np.linalg.pinv(gram[:, columns[:, None], columns], hermitian=True)
    return np.asarray(np.einsum("ri,rij,rj->r", cross[:, columns], inverse, cross[:, columns]))


def _added(fits: dict[tuple[int, ...], Floats], axis: int, factors: int) -> Floats:
    """Mean over orders of entry of what a factor adds to those before it."""
    others: Sequence[int] = [other for other in range(factors) if other != axis]
    whole = np.zeros_like(fits[()])
    for size in range(factors):
        weight = math.factorial(size) * math.factorial(factors - size - 1) / math.factorial(factors)
        for before in itertools.combinations(others, size):
            whole = whole + weight * (fits[tuple(sorted((*before, axis)))] - fits[before])
    return whole
