"""Every grid cell as a row: what ran, how it ended, what it scored."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports import parts, words
from reports.contrasts import Resampling
from reports.parts import Cell
from reports.proportions import FailureRate
from reports.stats import iqm_interval

SEEDS_FOR_INTERVALS = 10
"""Seeds from which a single cell gets an interval of its own (metrics.md E2)."""
MAX_ROWS = 1500
"""Cells that the page shows; the rest is in runs.csv alone."""

_FACTORS = (
    ("dataset", "dataset"), ("variant", "recipe"), ("generator_width", "G width"),
    ("capacity_ratio", "ratio"), ("lr_scale", "rate"), ("data_size", "data"),
)  # fmt: skip
_FURTHER = (
    ("network", "network"), ("generator_depth", "G depth"), ("discriminator_depth", "D depth"),
    ("latent_dim", "latent"), ("batch_size", "batch"), ("update_order", "order"), ("defect", "defect"),
    ("augmentation", "augmentation"), ("steps", "updates"),
)  # fmt: skip
_RESULTS = (
    "runs",
    "failed",
    "undecided",
    "ended as",
    "score",
    "spread",
    "distance",
    "coverage",
    "modes",
    "updates/s",
)


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row: an anchor that links can aim at, and its cells."""

    anchor: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CellTable:
    """The table of cells; ``left_off`` rows did not fit on the page."""

    columns: tuple[str, ...]
    rows: tuple[CellRow, ...]
    left_off: int


def cell_table(runs: pd.DataFrame, resampling: Resampling) -> CellTable:
    """Tabulate cells in order of their factors; unusual factors only where they change."""
    shown = [*_FACTORS, *((column, name) for column, name in _FURTHER if runs[column].nunique() > 1)]
    order = [column for column, _ in shown]
    groups = list(runs.sort_values([*order, "cell", "seed"], kind="stable").groupby("cell", sort=False))
    rows = tuple(
        CellRow(
            f"cell-{cell}",
            (*(_level(part, column) for column in order), *_results(part, resampling)),
        )
        for cell, part in groups[:MAX_ROWS]
    )
    return CellTable((*(name for _, name in shown), *_RESULTS), rows, max(0, len(groups) - MAX_ROWS))


def _level(runs: pd.DataFrame, column: str) -> Cell:
    level = runs[column].iloc[0]
    if isinstance(level, str):
        return Cell(words.label(level))
    show = {"capacity_ratio": words.ratio, "lr_scale": words.times}.get(column, lambda x: f"{x:,.0f}")
    return Cell(show(level) if level == level else "n/a", float(level))


def _results(runs: pd.DataFrame, resampling: Resampling) -> list[Cell]:
    rate = FailureRate.of(runs["failure"].to_numpy(dtype=float))
    counts = runs["outcome"].value_counts()
    ended = ", ".join(
        f"{count}×\N{NO-BREAK SPACE}{name}" if len(runs) > 1 else str(name) for name, count in counts.items()
    )
    medians = {
        name: float(runs[name].median()) for name in ("distance", "coverage", "modes", "steps_per_second")
    }
    return [
        parts.amount(rate.runs),
        parts.amount(rate.failed),
        parts.amount(rate.undecided),
        Cell(ended),
        *_score(runs, resampling),
        parts.value(medians["distance"]),
        parts.score(medians["coverage"]),
        parts.value(medians["modes"]),
        parts.value(medians["steps_per_second"]),
    ]


def _score(runs: pd.DataFrame, resampling: Resampling) -> tuple[Cell, Cell]:
    """Median and range below ten seeds, IQM and interval from there on."""
    scores = runs["score"].dropna().to_numpy(dtype=float)
    if len(scores) < SEEDS_FOR_INTERVALS:
        spread = (
            f"{words.fixed(scores.min())}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{words.fixed(scores.max())}"
            if len(scores) > 1
            else "–"
        )
        return parts.score(float(pd.Series(scores).median())), Cell(spread)
    found = iqm_interval(
        scores, [0] * len(scores), reps=resampling.reps, rng=resampling.rng(str(runs["cell"].iloc[0]))
    )
    return parts.score(found.estimate), Cell(words.span(found.low, found.high))
