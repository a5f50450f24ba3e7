"""Groups of runs boiled down: failure rate, score and any other column, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import parts, words
from reports.contrasts import Resampling
from reports.parts import Cell, Row, Table
from reports.proportions import FailureRate
from reports.say import joined
from reports.stats import Interval, iqm_interval, level_of
from reports.variants import rank


@dataclass(frozen=True, slots=True)
class Summary:
    """Some runs as numbers.

    Args:
        failure: counts of failed, stable and undecided runs.
        score: IQM with its bootstrap interval; level: what that interval is worth.
        runs, seeds, cells: how much is behind it.
    """

    failure: FailureRate
    score: Interval
    level: str
    runs: int
    seeds: int
    cells: int


def summarise(runs: pd.DataFrame, resampling: Resampling, purpose: str) -> Summary:
    """Summarise judged runs, resampling seeds within cells."""
    cells = int(runs["cell"].nunique())
    per_cell = int(runs.groupby("cell").size().median()) if len(runs) else 0
    return Summary(
        FailureRate.of(runs["failure"].to_numpy(dtype=float)),
        middle(runs, "score", resampling, purpose),
        level_of(per_cell, cells),
        len(runs),
        int(runs["seed"].nunique()),
        cells,
    )


def middle(runs: pd.DataFrame, column: str, resampling: Resampling, purpose: str) -> Interval:
    """IQM of a column over the runs that have it."""
    values = runs[column].to_numpy(dtype=float)
    known = np.isfinite(values)
    cells = runs["cell"].to_numpy()[known].tolist()
    rng = resampling.rng(f"{purpose} {column}")
    return iqm_interval(values[known], cells, reps=resampling.reps, rng=rng)


_SUMMARISED = ("failure", "score", "seed", "cell")
"""Columns that ``summarise`` reads."""


def levels(runs: pd.DataFrame, column: str) -> list[float]:
    """List the finite values of a factor in order.

    Example:
        >>> levels(pd.DataFrame({"x": [2.0, 1.0, float("nan"), 2.0]}), "x")
        [1.0, 2.0]
    """
    return sorted(float(level) for level in runs[column].dropna().unique())


def by_level(runs: pd.DataFrame, column: str, resampling: Resampling, purpose: str) -> dict[float, Summary]:
    """Summarise the runs at each level of a factor."""
    runs = runs[list(dict.fromkeys([column, *_SUMMARISED]))]  # narrow: a slice copies every column
    return {
        level: summarise(runs[runs[column] == level], resampling, f"{purpose} {level:g}")
        for level in levels(runs, column)
    }


def datasets(runs: pd.DataFrame) -> list[str]:
    """List datasets, the one with most runs first."""
    counts = runs["dataset"].value_counts()
    return sorted(counts.index, key=lambda name: (-int(counts[name]), name))


def recipes(runs: pd.DataFrame) -> dict[str, int]:
    """List recipe variants in the order in which recipes are registered, each with its recipe's rank."""
    ranks = {name: rank(recipe) for name, recipe in runs.groupby("variant")["recipe"].first().items()}
    return {name: ranks[name] for name in sorted(ranks, key=lambda name: (ranks[name], name))}


SUMMARY_COLUMNS = (
    "runs", "seeds", "failed", "undecided", "P(failure)", "95 %", "bounds", "score (IQM)", "interval",
)  # fmt: skip
"""Headings of ``summary_cells``."""


def summary_cells(summary: Summary) -> list[Cell | str]:
    """Spell a summary as the cells of a table row."""
    failure, rate, score = summary.failure, summary.failure.interval, summary.score
    low, high = failure.bounds
    return [
        parts.amount(summary.runs),
        parts.amount(summary.seeds),
        parts.amount(failure.failed),
        parts.amount(failure.undecided),
        parts.share(rate.estimate),
        words.span(rate.low, rate.high, share=True),
        words.span(low, high, share=True) if failure.undecided else "–",
        parts.score(score.estimate),
        joined([words.span(score.low, score.high), summary.level]) if score.known else "no interval",
    ]


def summary_table(caption: str, first: Sequence[str], rows: Sequence[tuple[Row, Summary]]) -> Table:
    """Tabulate summaries under their names."""
    return Table.of(
        caption, (*first, *SUMMARY_COLUMNS), [[*names, *summary_cells(item)] for names, item in rows]
    )
