"""Runs that differ in one thing only: the pairs and the complete blocks behind every comparison."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.stats import Ints

IDENTITY = (
    "dataset", "network", "generator_width", "discriminator_width", "generator_depth", "discriminator_depth",
    "latent_dim", "recipe", "loss", "regularizer", "regularizer_weight", "optimizer", "beta1", "beta2",
    "n_critic", "update_order", "generator_lr", "discriminator_lr", "batch_size", "data_size",
    "defect", "augmentation", "steps", "evaluations", "ema_half_life", "generator_norm",
    "discriminator_norm", "autocast", "packing", "seed",
)  # fmt: skip
"""Every config field: two runs equal in all of these are one run."""

RECIPE = frozenset(
    {"recipe", "loss", "regularizer", "regularizer_weight", "optimizer", "beta1", "beta2", "n_critic"}
)
RATES = frozenset({"generator_lr", "discriminator_lr"})
CAPACITY = frozenset({"discriminator_width"})
DATA = frozenset({"data_size"})


def pairs(
    treated: pd.DataFrame,
    baseline: pd.DataFrame,
    free: Collection[str],
    also: Sequence[str] = (),
    values: Sequence[str] = ("failure", "score"),
) -> pd.DataFrame:
    """Join each treated run with the baseline run that equals it in everything but ``free``.

    Args:
        treated, baseline: rows of ``Frames.runs``.
        free: fields of IDENTITY that may differ.
        also: further columns that must agree, e.g. ``lr_scale`` where the rates are free.
        values: what to compare.

    Returns:
        Each value as ``<value>_treated`` and ``<value>_baseline``, then ``seed`` and ``cell``; the cell is
        what both share apart from the seed. A run without exactly one counterpart is left out.
    """
    cells, runs = _codes((treated, baseline), free, also)
    n = len(treated)
    left, right = _alone(runs[:n]), _alone(runs[n:])
    _, at_left, at_right = np.intersect1d(runs[:n][left], runs[n:][right], return_indices=True)
    rows, others = left[at_left], right[at_right]
    columns = {}
    for name in values:
        columns[f"{name}_treated"] = treated[name].to_numpy(dtype=float)[rows]
        columns[f"{name}_baseline"] = baseline[name].to_numpy(dtype=float)[others]
    return pd.DataFrame(columns | {"seed": treated["seed"].to_numpy()[rows], "cell": cells[:n][rows]})


def _codes(frames: Sequence[pd.DataFrame], free: Collection[str], also: Sequence[str]) -> tuple[Ints, Ints]:
    """Number the cells and the runs of several frames together: equal numbers, equal in all but ``free``."""
    codes = np.zeros(sum(map(len, frames)), dtype=np.int64)
    cells = codes
    for name in (*(key for key in IDENTITY if key not in free and key != "seed"), *also, "seed"):
        values = np.concatenate([frame[name].to_numpy() for frame in frames])
        cells = codes
        if _constant(values):  # most fields are, and change no number
            continue
        levels = pd.factorize(values, use_na_sentinel=False)[0]
        codes = pd.factorize(codes * (int(levels.max(initial=0)) + 1) + levels)[0].astype(np.int64)
    return cells, codes


def _constant(values: NDArray[Any]) -> bool:
    """Whether all are one value, a gap like any other."""
    if not len(values):
        return False
    first = values[0]
    return bool((values == first).all()) if first == first else bool(pd.isna(values).all())


def _alone(codes: Ints) -> Ints:
    """Positions of the numbers that occur once."""
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    return np.asarray(first[counts == 1], dtype=np.int64)


def complete(runs: pd.DataFrame, free: Collection[str], level: str, also: Sequence[str] = ()) -> pd.DataFrame:
    """Keep the runs whose block (all but ``free``) was run at every level: levels compare like with like.

    Args:
        runs: rows of ``Frames.runs``.
        free: fields of IDENTITY that change with the level.
        level: the column whose values must all be there.
        also: further columns that a block shares.
    """
    if not len(runs):
        return runs
    blocks = pd.Series(_codes((runs,), free, also)[1], index=runs.index)
    return runs[runs[level].groupby(blocks).transform("nunique") == runs[level].nunique()]


def rectangles(
    runs: pd.DataFrame, free: Collection[str], level: str, across: str
) -> list[tuple[pd.DataFrame, int]]:
    """Find sub-grids that are full: every name of ``across`` at every level in the same contexts.

    A profile may run a few levels widely and many narrowly: the sub-grid with most levels and the one with
    most runs are of use.

    Args:
        runs: rows of ``Frames.runs``.
        free: fields of IDENTITY that change with the level or with ``across``.
        level: the column whose levels are compared. across: the column of names beside each other.

    Returns:
        Rows of each sub-grid with the number of its contexts, seeds apart; one entry if both are the same,
        none if no context has two levels.
    """
    cells, codes = _codes((runs,), free, ())
    table = runs[[level, across]].assign(context=codes, cell=cells)
    sets = table.groupby(["context", across])[level].agg(lambda at: frozenset(at.dropna()))
    found = [_rectangle(table, sets, wanted, level, across) for wanted in set(sets) if len(wanted) > 1]
    if not found:
        return []
    widest = max(found, key=lambda part: (part[level].nunique(), len(part), str(part.index[0])))
    largest = max(found, key=lambda part: (len(part), part[level].nunique(), str(part.index[0])))
    kept = [widest] if widest.index.equals(largest.index) else [widest, largest]
    return [(runs.loc[part.index], int(part["cell"].nunique())) for part in kept]


def _rectangle(
    table: pd.DataFrame, sets: pd.Series, wanted: frozenset[float], level: str, across: str
) -> pd.DataFrame:
    """Keep the names that share most contexts with all wanted levels, in those contexts, at those levels."""
    able = sets[sets.map(lambda levels: levels >= wanted)].reset_index()
    contexts = able.groupby(across)["context"].agg(frozenset)
    best = max(
        set(contexts), key=lambda shared: (len(shared) * int((contexts == shared).sum()), sorted(shared))
    )
    names = contexts.index[contexts == best]
    return table[table["context"].isin(best) & table[across].isin(names) & table[level].isin(wanted)]
