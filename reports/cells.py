"""Every grid cell as a row: what ran, how it ended, what it scored; and its runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports import parts, words
from reports.contrasts import Resampling
from reports.factors import UNUSUAL, USUAL, spelled
from reports.parts import Cell, Table
from reports.stats import iqm_interval

SEEDS_FOR_INTERVALS = 10
"""Seeds from which a single cell gets an interval of its own (metrics.md E2)."""
MAX_ROWS = 2000
"""Cells that the page shows; the rest is in runs.csv alone."""

_RESULTS = (
    "runs", "failed", "undecided", "ended as", "score", "spread", "distance", "coverage", "modes",
    "updates/s",
)  # fmt: skip
_READ = ("cell", "run_id", "seed", "outcome", "score", "failure")
_MEDIANS = ("distance", "coverage", "modes", "steps_per_second")


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row: an anchor that links can aim at, its cells, and its runs: id, seed, outcome, score."""

    anchor: str
    cells: tuple[Cell, ...]
    runs: tuple[tuple[str, int, str, float | None], ...]


@dataclass(frozen=True, slots=True)
class CellTable:
    """The table of cells.

    Args:
        columns: headings. factors: for each the factor that it holds the levels of, or nothing.
        left_off: rows that did not fit on the page.
    """

    columns: tuple[str, ...]
    factors: tuple[str, ...]
    rows: tuple[CellRow, ...]
    left_off: int

    @property
    def table(self) -> Table:
        """The same as an ordinary table."""
        rows = tuple(row.cells for row in self.rows)
        return Table("Every cell with its runs, outcome, score and speed", self.columns, rows, self.factors)

    @property
    def data(self) -> Mapping[str, Any]:
        """Runs of every row for the page's script, as small as they can be."""
        outcomes = list(dict.fromkeys(outcome for row in self.rows for _, _, outcome, _ in row.runs))
        place = {outcome: index for index, outcome in enumerate(outcomes)}
        runs = [
            [(run, seed, place[outcome], score) for run, seed, outcome, score in row.runs]
            for row in self.rows
        ]
        return {"outcomes": outcomes, "runs": runs, "runs_column": self.columns.index("runs")}


def cell_table(runs: pd.DataFrame, resampling: Resampling) -> CellTable:
    """Tabulate cells in order of their factors; unusual factors only where they change."""
    shown = _shown(runs)
    ordered = _sorted(runs, shown)
    cells = ordered["cell"].unique()
    kept = ordered[ordered["cell"].isin(cells[:MAX_ROWS])] if len(cells) > MAX_ROWS else ordered
    kept = kept[list(dict.fromkeys([*shown, *_READ, *_MEDIANS]))]  # narrow: each slice copies every column
    medians = kept.groupby("cell", sort=False)[list(_MEDIANS)].median()
    rows = tuple(
        CellRow(
            f"cell-{cell}",
            (*(_level(part, column) for column in shown), *_results(part, medians.loc[cell], resampling)),
            _runs(part),
        )
        for cell, part in kept.groupby("cell", sort=False)
    )
    factors = (*shown, *("" for _ in _RESULTS))
    return CellTable((*shown.values(), *_RESULTS), factors, rows, len(cells) - len(rows))


def anchored(runs: pd.DataFrame) -> frozenset[str]:
    """Cells that ``cell_table`` gives a row, and so an anchor."""
    return frozenset(_sorted(runs, _shown(runs))["cell"].drop_duplicates()[:MAX_ROWS])


def _shown(runs: pd.DataFrame) -> dict[str, str]:
    return {**USUAL, **{column: name for column, name in UNUSUAL.items() if runs[column].nunique() > 1}}


def _sorted(runs: pd.DataFrame, factors: Iterable[str]) -> pd.DataFrame:
    return runs.sort_values([*factors, "cell", "seed"], kind="stable")


def _level(runs: pd.DataFrame, column: str) -> Cell:
    level = runs[column].iat[0]
    return Cell(spelled(column, level), None if isinstance(level, str) else float(level))


def _runs(runs: pd.DataFrame) -> tuple[tuple[str, int, str, float | None], ...]:
    """What the page lists of each run; a score rounded as it is shown, none where there is none."""
    return tuple(
        (run, int(seed), words.label(outcome), round(float(score), 2) if np.isfinite(score) else None)
        for run, seed, outcome, score in zip(
            runs["run_id"], runs["seed"], runs["outcome"], runs["score"], strict=True
        )
    )


def _results(runs: pd.DataFrame, medians: pd.Series, resampling: Resampling) -> list[Cell]:
    failure = runs["failure"].to_numpy(dtype=float)
    counts = runs["outcome"].value_counts()
    ended = ", ".join(
        f"{count}×\N{NO-BREAK SPACE}{name}" if len(runs) > 1 else str(name) for name, count in counts.items()
    )
    distance, coverage, modes, speed = medians.tolist()
    return [
        parts.amount(len(runs)),
        parts.amount(float(np.nansum(failure))),
        parts.amount(float(np.isnan(failure).sum())),
        Cell(ended),
        *_score(runs, resampling),
        parts.value(distance),
        parts.score(coverage),
        parts.value(modes),
        parts.value(speed),
    ]


def _score(runs: pd.DataFrame, resampling: Resampling) -> Sequence[Cell]:
    """Median and range below ten seeds, IQM and interval from there on."""
    scores = runs["score"].dropna().to_numpy(dtype=float)
    if len(scores) < SEEDS_FOR_INTERVALS:
        spread = (
            f"{words.fixed(scores.min())}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{words.fixed(scores.max())}"
            if len(scores) > 1
            else "–"
        )
        return parts.score(float(np.median(scores)) if len(scores) else np.nan), Cell(spread)
    found = iqm_interval(
        scores, [0] * len(scores), reps=resampling.reps, rng=resampling.rng(str(runs["cell"].iloc[0]))
    )
    return parts.score(found.estimate), Cell(words.span(found.low, found.high))
