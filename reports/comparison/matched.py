"""Runs of two results folders: which are the same, which differ in a setting alone, which stand alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reports import words
from reports.frame import Results
from reports.matching import IDENTITY, pairs

_NEVER_FREE = ("seed", "dataset")
"""Runs of two data sets, or of two seeds, are no pair whatever else is alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One folder: its letter, its name, and what was read of it."""

    letter: str
    name: str
    results: Results

    @property
    def runs(self) -> pd.DataFrame:
        """Its runs with a verdict."""
        return self.results.frames.judged


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Two folders and the runs that they share.

    Args:
        a, b: the folders; differences are B less A.
        changed: config fields in which all runs of a pair differ; empty where pairs are the same run.
        pairs: as ``matching.pairs`` of B as treated and A as baseline, with the rows of both.
        both_a, both_b: runs of pairs, in the same order. only_a, only_b: those without a counterpart.
    """

    a: Side
    b: Side
    changed: tuple[str, ...]
    pairs: pd.DataFrame
    both_a: pd.DataFrame
    both_b: pd.DataFrame
    only_a: pd.DataFrame
    only_b: pd.DataFrame

    def part(self, chosen: pd.Series) -> pd.DataFrame:
        """Pairs of some of the runs of A, told by their place among ``both_a``."""
        return self.pairs[chosen.to_numpy(dtype=bool)]


def matched(a: Side, b: Side) -> Matched:
    """Pair the runs of two folders by config, seed included.

    Where no config is in both, runs are paired that are alike in all but the fields in which the folders have
    no value in common (3,600 steps here, 2,500 there).
    """
    changed: tuple[str, ...] = ()
    found = _paired(a.runs, b.runs, changed)
    if not len(found):
        changed = tuple(name for name in disjoint(a.runs, b.runs) if name not in _NEVER_FREE)
        found = _paired(a.runs, b.runs, changed) if changed else found
    rows_b, rows_a = (found[f"row_{side}"].to_numpy(dtype=np.int64) for side in ("treated", "baseline"))
    return Matched(
        a, b, changed if len(found) else (), found,
        a.runs.iloc[rows_a].reset_index(drop=True), b.runs.iloc[rows_b].reset_index(drop=True),
        _without(a.runs, rows_a), _without(b.runs, rows_b),
    )  # fmt: skip


def _paired(a: pd.DataFrame, b: pd.DataFrame, free: Collection[str]) -> pd.DataFrame:
    first, second = (runs.assign(row=np.arange(len(runs), dtype=float)) for runs in (a, b))
    found = pairs(second, first, free, values=("failure", "score", "row"))
    return found.sort_values("row_baseline").reset_index(drop=True)


def _without(runs: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    alone = np.ones(len(runs), dtype=bool)
    alone[rows] = False
    return runs[alone]


def disjoint(a: pd.DataFrame, b: pd.DataFrame) -> tuple[str, ...]:
    """List the config fields in which the folders have no value in common."""
    if not len(a) or not len(b):
        return ()
    return tuple(name for name in IDENTITY if not set(a[name]) & set(b[name]))


def doubled(runs: pd.DataFrame) -> int:
    """Count runs whose config another run of the folder has too, as after a change of algorithm version."""
    return int(runs.duplicated(list(IDENTITY), keep=False).sum())


def counted(runs: int) -> str:
    """Count runs.

    Example:
        >>> counted(1), counted(1200)
        ('1 run', '1,200 runs')
    """
    return words.count(runs, "run")


def side_names(first: Path, second: Path) -> tuple[str, str]:
    """Name two folders as shortly as tells them apart.

    Example:
        >>> side_names(Path("results/old"), Path("results/new"))
        ('old', 'new')
        >>> side_names(Path("a/standard"), Path("b/standard"))
        ('a/standard', 'b/standard')
    """
    paths = [path.resolve().parts for path in (first, second)]
    for depth in range(1, max(map(len, paths))):
        names = ["/".join(parts[-depth:]) for parts in paths]
        if names[0] != names[1]:
            return names[0], names[1]
    return str(first), str(second)
