"""The largest part of a grid that is full: every level of each factor with every other, under the same seeds.

Only there do the causes' shares add up. Finding the largest is hard in general; grids are unions of a few
full ones, so the search starts from each of them, from all runs and from single ones, drops what is least
complete until nothing is missing, then takes back what fits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.bands import Bands, nearest
from reports.stats import Ints
from reports.variance.factors import Factor, codes_of, factors, levels_of, prepared, rate_bands

Bools = NDArray[np.bool_]
Picked = list[Ints]
"""Levels kept along each axis; the last axis are seeds."""

_LARGEST = 2_000_000
_FEWEST_SEEDS, _FEWEST_FACTORS = 2, 2


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A full part of a dataset's runs.

    Args:
        dataset: whose runs. factors: what varies in it. levels: their levels, in order.
        places: row of each run in ``runs``. runs: the runs that could have been in it. seeds: which.
        pools: how learning rates became levels.

    Shapes:
        places: (levels of factor 1, ..., levels of factor k, seeds).
    """

    dataset: str
    factors: tuple[Factor, ...]
    levels: tuple[Sequence[object], ...]
    places: Ints
    runs: pd.DataFrame
    seeds: tuple[int, ...]
    pools: Bands

    @property
    def left_out(self) -> int:
        """Runs of the dataset that are outside of it."""
        return len(self.runs) - self.places.size

    @property
    def cells(self) -> int:
        """Combinations of levels."""
        return math.prod(self.places.shape[:-1])


@dataclass(frozen=True, slots=True)
class NoBlock:
    """Why a dataset has none: how many factors vary, and over how many seeds and runs."""

    dataset: str
    factors: tuple[Factor, ...]
    seeds: int
    runs: int


def block(runs: pd.DataFrame, dataset: str) -> Block | NoBlock:
    """Find the largest full block of a dataset's runs with their recipe's own settings.

    Of the many rates of a random search no two runs may share one: bands of them are the levels.

    Args:
        runs: rows of ``Frames.judged`` of that dataset, with a score.
    """
    kept = prepared(runs[runs["own"] & runs["score"].notna() & runs["seed"].notna()])
    pools = rate_bands(kept)
    kept = nearest(kept, pools).reset_index(drop=True)
    varied = factors(kept)
    none = NoBlock(dataset, varied, int(kept["seed"].nunique()), len(kept))
    if len(varied) < _FEWEST_FACTORS or none.seeds < _FEWEST_SEEDS:
        return none
    codes = [codes_of(kept[item.column]) for item in varied] + [codes_of(kept["seed"])]
    # A user's own recipe may vary in what is no factor here: such runs are no seeds of one cell.
    twins = pd.DataFrame(dict(enumerate(codes))).duplicated(keep=False).to_numpy()
    alive = _pruned(codes, ~twins)
    table = _table([code[alive] for code in codes], np.flatnonzero(alive))
    if table is None:
        return none
    found = [_grown(table >= 0, part) for part in _peeled_all(table, codes, alive, kept["grids"])]
    best = max((part for part in found if _enough(part)), key=_size, default=None)
    return none if best is None else _block(dataset, varied, kept, table, best, pools)


def _pruned(codes: Sequence[Ints], alive: Bools) -> Bools:
    """Drop runs at levels too seldom for any block: it has at least two runs at each."""
    alive = alive.copy()
    for _ in range(len(codes[0])):
        before = int(alive.sum())
        for code in codes:
            alive &= np.bincount(code, weights=alive)[code] >= _FEWEST_SEEDS
        if int(alive.sum()) == before:
            break
    return alive


def _table(codes: Sequence[Ints], rows: Ints) -> Ints | None:
    """Lay rows out by level; None where there would be too many combinations to look through."""
    shape = tuple(int(code.max(initial=-1)) + 1 for code in codes)
    if not len(rows) or math.prod(shape) > _LARGEST:
        return None
    table = np.full(shape, -1, dtype=np.int64)
    table[tuple(codes)] = rows
    return table


def _peeled_all(table: Ints, codes: Sequence[Ints], alive: Bools, grids: pd.Series) -> Iterator[Picked]:
    """Peel from several starts: everything, each grid by itself, and the cross through typical runs."""
    there = table >= 0
    starts = {_key(start): start for start in _starts(there, codes, alive, grids)}
    for start in starts.values():
        for seeds_last in (False, True):
            part = _peeled(there, start, seeds_last=seeds_last)
            if part is not None:
                yield part


def _starts(there: Bools, codes: Sequence[Ints], alive: Bools, grids: pd.Series) -> Iterator[Picked]:
    yield [np.arange(size) for size in there.shape]
    names = grids.to_numpy()
    for name in sorted({name for text in set(grids) for name in text.split()}):
        chosen = alive & np.array([name in text.split() for text in names])
        if chosen.any():
            yield [np.unique(code[chosen]) for code in codes]
    yield from _crosses(there)


def _crosses(there: Bools, most: int = 40) -> Iterator[Picked]:
    """Levels that are there when only one factor moves away from a run: of runs spread over the table."""
    places = np.argwhere(there)
    for place in places[:: max(1, len(places) // most)]:
        lines = []
        for axis in range(there.ndim):
            index: list[object] = list(place)
            index[axis] = slice(None)
            lines.append(np.flatnonzero(there[tuple(index)]))  # type: ignore[arg-type]
        yield lines


def _peeled(there: Bools, start: Picked, *, seeds_last: bool) -> Picked | None:
    """Drop the level with most missing until none is; seeds last, or like any other level."""
    kept = list(start)
    while all(map(len, kept)):
        part = there[np.ix_(*kept)]
        if part.all():
            return kept
        shares = [
            part.mean(axis=tuple(a for a in range(part.ndim) if a != axis)) for axis in range(part.ndim)
        ]
        worst = [(float(share.min()), axis) for axis, share in enumerate(shares) if len(share) > 1]
        if seeds_last and len(worst) > 1 and worst[-1][1] == part.ndim - 1:
            worst = worst[:-1]
        if not worst:
            return None
        # Of equally bad levels the one of the longest axis costs fewest runs.
        _, axis = min(worst, key=lambda item: (round(item[0], 9), -len(kept[item[1]])))
        kept[axis] = np.delete(kept[axis], int(shares[axis].argmin()))
    return None


def _grown(there: Bools, part: Picked) -> Picked:
    """Take back levels at which nothing is missing."""
    kept = list(part)
    for axis in range(there.ndim):
        everywhere = [np.arange(size) if a == axis else kept[a] for a, size in enumerate(there.shape)]
        full = there[np.ix_(*everywhere)].all(axis=tuple(a for a in range(there.ndim) if a != axis))
        kept[axis] = np.flatnonzero(full)
    return kept


def _enough(part: Picked) -> bool:
    varied = sum(len(levels) > 1 for levels in part[:-1])
    return varied >= _FEWEST_FACTORS and len(part[-1]) >= _FEWEST_SEEDS


def _size(part: Picked) -> tuple[int, int, tuple[int, ...]]:
    varied = sum(len(levels) > 1 for levels in part[:-1])
    return math.prod(map(len, part)), varied, tuple(len(levels) for levels in part)


def _key(part: Picked) -> tuple[bytes, ...]:
    return tuple(levels.tobytes() for levels in part)


def _block(
    dataset: str, varied: tuple[Factor, ...], runs: pd.DataFrame, table: Ints, part: Picked, pools: Bands
) -> Block:
    axes = [axis for axis, levels in enumerate(part[:-1]) if len(levels) > 1]
    places = table[np.ix_(*part)]
    places = places.reshape([len(part[axis]) for axis in axes] + [len(part[-1])])
    levels = []
    for axis in axes:
        known = levels_of(runs[varied[axis].column])
        levels.append([known[code] if code < len(known) else math.nan for code in part[axis]])
    seeds = levels_of(runs["seed"])
    return Block(
        dataset, tuple(varied[axis] for axis in axes), tuple(levels), places, runs,
        tuple(int(float(str(seeds[code]))) for code in part[-1]), pools,
    )  # fmt: skip
