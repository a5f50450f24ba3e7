"""Finding the factorials of remedies among the runs: by the names of their grids, then by what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from bench.records.schema import ATTRIBUTION
from reports import words
from reports.interventions.shapley import FACTORS, SETS
from reports.matching import IDENTITY
from reports.say import Text, say
from reports.stats import Floats, Ints

_FREE = frozenset(
    {
        "recipe", "loss", "regularizer", "regularizer_weight", "discriminator_width", "data_size", "seed",
    }
)  # fmt: skip
_REST = [name for name in IDENTITY if name not in _FREE]


class Loss(NamedTuple):
    """What the loss remedy changes."""

    recipe: str
    loss: str
    regularizer: str
    weight: float

    @property
    def remedied(self) -> bool:
        """Whether it is the remedy: non-saturating with R1."""
        return (self.loss, self.regularizer) == ("non_saturating", "r1")


class Key(NamedTuple):
    """One cell of a factorial: a level of each factor."""

    ratio: float
    loss: Loss
    size: float

    def towards(self, cured: Key, remedies: str) -> Key:
        """This cell with some remedies, each of which is a level of the cured cell."""
        return Key(
            cured.ratio if "C" in remedies else self.ratio,
            cured.loss if "L" in remedies else self.loss,
            cured.size if "D" in remedies else self.size,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factorial:
    """One failing cell under every set of remedies, on seeds that all sets share.

    Args:
        factors: letters of the remedies that change the cell; without the others it has them already.
        seeds: fresh ones with a judged run in every set.
        undecided: runs of these that are neither stable nor failed.
        reused: seeds left out because the cell ran on them in another grid too, and may be chosen by them.
        incomplete: seeds left out because a set has no judged run.
        ends: ids of the runs without any remedy, and with all.

    Shapes:
        stable, score: (seeds, 8), columns as SETS; 1 for a stable run, else 0; NaN without a score.
    """

    name: str
    grid: str
    base: Key
    dataset: str
    lr_scale: float
    factors: str
    seeds: Ints
    stable: Floats
    score: Floats
    undecided: int
    reused: int
    incomplete: int
    ends: Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Gap:
    """A grid of that name that holds no whole factorial, and why."""

    grid: str
    why: Text


def find(runs: pd.DataFrame) -> tuple[list[Factorial], list[Gap]]:
    """Find every factorial in the judged runs.

    Args:
        runs: rows of ``Frames.judged``.
    """
    tokens = [str(names).split() for names in runs["grids"]]
    ours = [[name for name in names if name.startswith(ATTRIBUTION)] for names in tokens]
    elsewhere = [len(mine) < len(names) for mine, names in zip(ours, tokens, strict=True)]
    if not any(ours):
        return [], []
    table = runs.assign(experiment=ours, elsewhere=elsewhere)[[bool(mine) for mine in ours]]
    table = table.explode("experiment")
    found: list[Factorial] = []
    gaps: list[Gap] = []
    for (grid, *_), block in table.groupby(["experiment", *_REST], dropna=False, sort=True):
        for item in _of_block(str(grid), block):
            (found if isinstance(item, Factorial) else gaps).append(item)  # type: ignore[arg-type]
    return found, gaps


def _of_block(grid: str, block: pd.DataFrame) -> Iterator[Factorial | Gap]:
    """The factorials of runs that differ in the three factors and the seed alone."""
    rows = {
        (key, seed): place for place, (key, seed) in enumerate(zip(_keys(block), block["seed"], strict=True))
    }
    keys = {key for key, _ in rows}
    ratios, losses, sizes = (
        {key.ratio for key in keys},
        {key.loss for key in keys},
        {key.size for key in keys},
    )
    if 1.0 not in ratios:
        yield Gap(grid, say("no run has a discriminator as wide as its generator"))
        return
    cures = sorted(loss for loss in losses if loss.remedied)
    if not cures:
        yield Gap(grid, say("no run has the loss nsgan-r1"))
        return
    cured = Key(1.0, cures[0], max(sizes))
    bases = product(
        sorted(ratios - {1.0}) or [1.0],
        sorted(losses - set(cures)) or [cures[0]],
        sorted(sizes - {cured.size}) or [cured.size],
    )
    for base in (Key(*levels) for levels in bases):
        if base == cured:
            yield Gap(grid, say("its runs differ in none of the three"))
        else:
            yield _factorial(grid, block, rows, base, cured)


def _keys(block: pd.DataFrame) -> list[Key]:
    columns = ("capacity_ratio", "recipe", "loss", "regularizer", "regularizer_weight", "data_size")
    return [
        Key(ratio, Loss(*loss), size)
        for ratio, *loss, size in zip(*(block[name] for name in columns), strict=True)
    ]


def _factorial(
    grid: str, block: pd.DataFrame, rows: Mapping[tuple[Key, float], int], base: Key, cured: Key
) -> Factorial | Gap:
    sets = [base.towards(cured, name) for name in SETS]
    seeds = {key: {seed for at, seed in rows if at == key} for key in set(sets)}
    lacking = sorted({SETS[place] or "∅" for place, key in enumerate(sets) if not seeds[key]})
    if lacking:
        return Gap(grid, say("sets without any judged run: {sets}", sets=words.listed(lacking)))
    elsewhere = block["elsewhere"].to_numpy(dtype=bool)
    reused = {seed for seed in seeds[base] if elsewhere[rows[base, seed]]}
    every = set.union(*seeds.values())
    shared = sorted(set.intersection(*seeds.values()) - reused)
    if not shared:
        return Gap(grid, say("no fresh seed has a judged run in every set"))
    places = np.array([[rows[key, seed] for key in sets] for seed in shared])
    failure = block["failure"].to_numpy(dtype=float)
    first = block.iloc[rows[base, shared[0]]]
    return Factorial(
        name=_name(base, first),
        grid=grid,
        base=base,
        dataset=str(first["dataset"]),
        lr_scale=float(first["lr_scale"]),
        factors="".join(letter for letter in FACTORS if base.towards(cured, letter) != base),
        seeds=np.array(shared, dtype=np.int64),
        stable=(failure[places] == 0).astype(float),
        score=block["score"].to_numpy(dtype=float)[places],
        undecided=int(np.isnan(failure[np.unique(places)]).sum()),
        reused=len(reused),
        incomplete=len(every - reused - set(shared)),
        ends=tuple(frozenset(block["run_id"].iloc[places[:, column]]) for column in (0, -1)),
    )


def _name(base: Key, row: pd.Series) -> str:
    ratio = words.ratio(base.ratio)
    parts = (
        base.loss.recipe,
        str(row["dataset"]),
        ratio,
        f"n={base.size:,.0f}",
        words.times(row["lr_scale"]),
    )
    return " ".join(parts)
