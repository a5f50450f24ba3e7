"""Analysis of variance of a balanced full factorial by means, for the data and all their resamples at once.

Seeds are blocks: what a seed shares over all cells is neither a factor's nor chance. A resample draws whole
seeds, for all cells together, so pairing by seed is kept.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.stats import Floats

FACTOR, PAIR, HIGHER, SEED, CHANCE, TOTAL = "factor", "interaction", "higher", "seed", "chance", "total"
"""Kinds of term: a main effect, a two-way interaction, all interactions of more, what seeds share, what is
left, and a factor with every interaction that it is part of (no part of the sum of the others)."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a share belongs to: its kind, the places of its factors, and its degrees of freedom."""

    kind: str
    axes: tuple[int, ...]
    freedom: int


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums of squares by term.

    Args:
        terms: factors, pairs, the higher interactions where there are any, seed, chance; then totals.
        squares: sum of squares of each, one column per weighting. total: of all together.
        runs: how many runs.

    Shapes:
        squares: (terms, weightings). total: (weightings,).
    """

    terms: tuple[Term, ...]
    squares: Floats
    total: Floats
    runs: int

    @property
    def eta(self) -> Floats:
        """η²: a term's share of the total; never negative, and above zero by chance alone."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.squares / self.total)

    @property
    def omega(self) -> Floats:
        """ω²: the share less what chance alone would give it; near 0 for a factor that does nothing.

        What chance has is what the others leave, so that all but the totals sum to one.

        Source:
            Olejnik and Algina 2003, "Generalized eta and omega squared statistics".
        """
        place = _place(self.terms, CHANCE)
        freedom = np.array([[term.freedom] for term in self.terms])
        error = self.squares[place] / max(1, self.terms[place].freedom)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.asarray((self.squares - freedom * error) / (self.total + error))
        parts = [i for i, term in enumerate(self.terms) if term.kind != TOTAL and i != place]
        shares[place] = 1 - shares[parts].sum(axis=0)
        return np.where(self.total > 0, shares, math.nan)


def terms_of(levels: Sequence[int], seeds: int) -> tuple[Term, ...]:
    """List the terms of a factorial with seeds as blocks.

    Example:
        >>> [(term.kind, term.axes, term.freedom) for term in terms_of((3, 4), 5)][:3]
        [('factor', (0,), 2), ('factor', (1,), 3), ('interaction', (0, 1), 6)]
    """
    axes, cells = range(len(levels)), math.prod(levels)
    free = {axis: levels[axis] - 1 for axis in axes}
    found = [Term(FACTOR, (axis,), free[axis]) for axis in axes]
    found += [Term(PAIR, pair, free[pair[0]] * free[pair[1]]) for pair in itertools.combinations(axes, 2)]
    if len(levels) > 2:
        found.append(Term(HIGHER, tuple(axes), cells - 1 - sum(term.freedom for term in found)))
    found += [Term(SEED, (), seeds - 1), Term(CHANCE, (), (cells - 1) * (seeds - 1))]
    totals = [Term(TOTAL, (axis,), cells - cells // levels[axis]) for axis in axes]
    return (*found, *totals)


def sums(values: Floats, weights: Floats) -> Sums:
    """Take a factorial apart under several weightings of its seeds.

    Args:
        values: one number per cell and seed.
        weights: how often each seed counts; each row sums to the number of seeds.

    Shapes:
        values: (levels of factor 1, ..., levels of factor k, seeds). weights: (weightings, seeds).
    """
    levels, seeds = values.shape[:-1], values.shape[-1]
    centred = values - values.mean()
    flat = centred.reshape(-1, seeds)
    means = (flat @ weights.T / seeds).reshape(*levels, -1)
    powers = _Powers(means, seeds)
    whole = (flat**2).sum(axis=0) @ weights.T - powers.of(())
    shared = len(flat) * (flat.mean(axis=0) ** 2 @ weights.T) - powers.of(())
    between = powers.of(tuple(range(len(levels)))) - powers.of(())
    terms, squares = terms_of(levels, seeds), []
    for term in terms:
        match term.kind:
            case "factor" | "interaction":
                squares.append(powers.alone(term.axes))
            case "higher":
                squares.append(between - np.sum(squares, axis=0))
            case "seed":
                squares.append(shared)
            case "chance":
                squares.append(whole - between - shared)
            case _:
                rest = tuple(axis for axis in range(len(levels)) if axis not in term.axes)
                squares.append(between + powers.of(()) - powers.of(rest))
    # Differences of sums that are equal in theory end at ±1e-16 of the whole.
    tiny = 1e-12 * (flat**2).sum()
    settled = [np.where(np.abs(square) <= tiny, 0.0, square) for square in squares]
    return Sums(terms, np.stack(settled), np.where(whole <= tiny, 0.0, whole), values.size)


class _Powers:
    """Sums of squares of marginal means, each taken once."""

    def __init__(self, means: Floats, seeds: int) -> None:
        self._means, self._runs = means, seeds * math.prod(means.shape[:-1])
        self._known: dict[tuple[int, ...], Floats] = {}

    def of(self, axes: tuple[int, ...]) -> Floats:
        """Runs times the mean square of the means over all other factors."""
        if axes not in self._known:
            others = tuple(axis for axis in range(self._means.ndim - 1) if axis not in axes)
            marginal = self._means.mean(axis=others).reshape(-1, self._means.shape[-1])
            self._known[axes] = self._runs * (marginal**2).mean(axis=0)
        return self._known[axes]

    def alone(self, axes: tuple[int, ...]) -> Floats:
        """What some factors do together beyond what fewer of them do."""
        subsets = itertools.chain.from_iterable(
            itertools.combinations(axes, size) for size in range(len(axes) + 1)
        )
        signed = [(-1) ** (len(axes) - len(part)) * self.of(part) for part in subsets]
        return np.asarray(np.sum(signed, axis=0), dtype=np.float64)


def once(seeds: int) -> Floats:
    """Count every seed once: the data themselves."""
    return np.ones((1, seeds))


def drawn(seeds: int, reps: int, rng: np.random.Generator) -> Floats:
    """Draw seeds with replacement, as how often each counts.

    Shapes:
        result: (reps, seeds), each row summing to seeds.
    """
    return rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=reps).astype(np.float64)


def _place(terms: Sequence[Term], kind: str) -> int:
    return next(i for i, term in enumerate(terms) if term.kind == kind)
