"""The stability boundary of a plane: where half of the runs fail by a fitted surface, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.spatial import ConvexHull

from reports import words
from reports.contrasts import MIN_PAIRS, MIN_SEEDS, Resampling
from reports.phase.firth import chance, covariance, firth, log_likelihood
from reports.phase.planes import Plane
from reports.say import Text, say
from reports.stats import NOMINAL, Floats, Ints

REPS = 399
"""Resamples of seeds and permutations of endings, at most."""
TERMS = ("1", "x", "y", "x²", "y²", "xy")
"""Of the surface: x is log2 of the capacity ratio, y is log10 of the rate, both with mean 0 and sd 1."""
_FOR_CURVES, _PER_TERM, _LEAST = 3, 4, 3
"""Levels that a square term takes, endings of the rarer kind that each term takes, and a fit at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Fitted logits over a plane.

    Args:
        powers: which of TERMS it has. centre, scale: of x and y. coefficients: of its terms.
        resampled: the same of each bootstrap resample of seeds.
        deviance: drop against a constant; p: of a drop as large by permutation.
        covariance: of the coefficients, by the fit's information. seeds: resampled seeds.
        hull: sides of the region between the settings that were run.
    """

    powers: tuple[int, ...]
    centre: Floats
    scale: Floats
    coefficients: Floats
    resampled: Floats
    covariance: Floats
    deviance: float
    p: float
    seeds: int
    hull: Floats

    def logits(self, places: Floats) -> Floats:
        """Fitted logits at (x, y) before scaling: (points, 2) to (points,)."""
        return np.asarray(self._terms(places) @ self.coefficients)

    def limits(self, places: Floats) -> tuple[Floats, Floats]:
        """95 % limits of the logits: Student's t with the spread over resampled seeds.

        Where every seed ends alike that spread is zero, though the boundary may lie anywhere between two
        settings: the fit's own standard error is the least that is taken.
        """
        terms = self._terms(places)
        by_seed = (terms @ self.resampled.T).std(axis=1, ddof=1) * math.sqrt(self.seeds / (self.seeds - 1))
        own = np.sqrt(np.einsum("pi,ij,pj->p", terms, self.covariance, terms))
        upper = 0.5 + NOMINAL / 2
        half = np.maximum(stats.t.ppf(upper, self.seeds - 1) * by_seed, stats.norm.ppf(upper) * own)
        middle = self.logits(places)
        return middle - half, middle + half

    def tried(self, places: Floats) -> Floats:
        """Whether points lie between settings that were run."""
        scaled = (places - self.centre) / self.scale
        return np.asarray((scaled @ self.hull[:, :2].T + self.hull[:, 2] <= 1e-9).all(axis=1))

    def _terms(self, places: Floats) -> Floats:
        return _terms((places - self.centre) / self.scale)[:, list(self.powers)]


def coordinates(plane: Plane) -> Floats:
    """x and y of each square."""
    return np.array([(math.log2(square.ratio), math.log10(square.rate)) for square in plane.squares])


def surface(plane: Plane, resampling: Resampling) -> Surface | Text:
    """Fit a plane, test it against a constant, resample its seeds; or say why there is no fit.

    Undecided runs are left out. Endings are permuted within seeds; seeds are resampled for all cells alike.
    """
    known = ~np.isnan(plane.failure)
    at, failed = plane.at[known], plane.failure[known]
    seeds = np.unique(plane.seeds[known], return_inverse=True)[1].astype(np.int64)
    obstacle = _obstacle(plane, at, failed, seeds)
    if obstacle:
        return obstacle
    places = coordinates(plane)
    used = np.unique(at)
    centre, scale = places[used].mean(axis=0), places[used].std(axis=0)
    powers = _powers(plane, (places - centre) / scale, used, failed)
    if len(powers) < 3:
        return say("the settings lie on one line")
    design = _terms((places - centre) / scale)[:, list(powers)]
    by_seed = _counts(at, failed, seeds, len(places))
    failures, trials = by_seed.sum(axis=0).T[:, None]
    best = firth(design, failures, trials)
    reps, purpose = min(resampling.reps, REPS), f"{plane.key} {plane.data_size:g} {plane.context}"
    drop = _drop(design, best, failures, trials)
    shuffled = _shuffled(at, failed, seeds, len(places), reps, resampling.rng(f"phase test {purpose}"))
    chance_drop = _drop(design, firth(design, shuffled, trials.repeat(reps, axis=0)), shuffled, trials)
    drawn = _resampled(by_seed, reps, resampling.rng(f"phase seeds {purpose}"))
    hull = ConvexHull((places[used] - centre) / scale).equations
    return Surface(
        powers, centre, scale, best[0], firth(design, *drawn, start=best),
        covariance(design, best[0], trials[0]), float(drop[0]),
        float((1 + np.count_nonzero(chance_drop >= drop[0] - 1e-9)) / (1 + reps)), len(by_seed), hull,
    )  # fmt: skip


def fitted(plane: Plane, found: Surface | Text) -> Floats:
    """Fitted P(failure) of each square, NaN without a fit."""
    if isinstance(found, str):
        return np.full(len(plane.squares), math.nan)
    return chance(found.logits(coordinates(plane)))


def _obstacle(plane: Plane, at: Ints, failed: Floats, seeds: Ints) -> Text | None:
    rarer = int(min(failed.sum(), len(failed) - failed.sum()))
    if len(failed) and rarer == 0:
        return say("every decided run failed") if failed[0] else say("no decided run failed")
    if len(failed) < MIN_PAIRS:
        return say("{runs} of {least} decided runs that are needed", runs=len(failed), least=MIN_PAIRS)
    if seeds.max(initial=-1) + 1 < MIN_SEEDS:
        return say("{seeds} of {least} seeds that are needed", seeds=int(seeds.max(initial=-1)) + 1,
                   least=MIN_SEEDS)  # fmt: skip
    if rarer < _LEAST:
        return say("only {runs} ended otherwise than the rest", runs=words.count(rarer, "run"))
    return None


def _powers(plane: Plane, scaled: Floats, used: Ints, failed: Floats) -> tuple[int, ...]:
    """Choose terms: squares where a factor has three levels, none that the squares or endings cannot bear."""
    rarer = min(failed.sum(), len(failed) - failed.sum())
    wanted = [0, 1, 2]
    wanted += [3] * (len(plane.ratios) >= _FOR_CURVES) + [4] * (len(plane.rates) >= _FOR_CURVES) + [5]
    terms, kept = _terms(scaled[used]), list[int]()
    for power in wanted:
        able = power < 3 or rarer >= _PER_TERM * (len(kept) + 1)
        if able and np.linalg.matrix_rank(terms[:, [*kept, power]], tol=1e-8) > len(kept):
            kept.append(power)
    return tuple(kept)


def _terms(scaled: Floats) -> Floats:
    x, y = scaled[:, 0], scaled[:, 1]
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)


def _counts(at: Ints, failed: Floats, seeds: Ints, squares: int) -> Floats:
    """Failed and decided runs: (seeds, squares, 2)."""
    places, size = seeds * squares + at, (int(seeds.max()) + 1) * squares
    counts = [
        np.bincount(places, weights, size).reshape(-1, squares) for weights in (failed, np.ones_like(failed))
    ]
    return np.stack(counts, axis=-1)


def _resampled(by_seed: Floats, reps: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    weights = rng.multinomial(len(by_seed), np.full(len(by_seed), 1 / len(by_seed)), size=reps)
    drawn = np.tensordot(weights.astype(float), by_seed, axes=1)
    return drawn[..., 0], drawn[..., 1]


def _shuffled(
    at: Ints, failed: Floats, seeds: Ints, squares: int, reps: int, rng: np.random.Generator
) -> Floats:
    """Failed runs of each square after endings have been permuted within seeds: (reps, squares)."""
    home = np.argsort(seeds, kind="stable")
    mixed = np.argsort(seeds[home] + rng.random((reps, len(home))), axis=1)
    belongs = np.zeros((len(home), squares))
    belongs[np.arange(len(home)), at[home]] = 1.0
    return np.asarray(failed[home][mixed] @ belongs)


def _drop(design: Floats, found: Floats, failed: Floats, trials: Floats) -> Floats:
    """Deviance of a constant less that of the surface."""
    total, whole = failed.sum(axis=1, keepdims=True), trials.sum(axis=1, keepdims=True)
    constant = np.log((total + 0.5) / (whole - total + 0.5))
    alone = log_likelihood(np.broadcast_to(constant, failed.shape), failed, trials)
    return np.asarray(2 * (log_likelihood(found @ design.T, failed, trials) - alone))
