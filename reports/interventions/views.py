"""Interventions as a figure of shares, a table of all sets, and the rows of interventions.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.records.columns import columns_of
from reports import parts, words
from reports.factors import where
from reports.figures import forest
from reports.interventions.answers import Answers
from reports.interventions.estimates import MEASURES, STABLE, Attribution
from reports.interventions.factorials import Factorial
from reports.interventions.shapley import FACTORS, SETS
from reports.parts import Cell, Figure, Row, Table
from reports.say import say
from reports.stats import Interval

MOST_CELLS = 8
"""Cells that the page draws and tabulates; the file has all."""
ALL = "∑"
"""Name of all cells together."""

COLUMNS = columns_of(
    ("grid", "text", "grid of the cell's runs; empty for all cells together"),
    ("cell", "text", "recipe, data set, capacity ratio, data size and rate of the failing cell"),
    ("recipe", "text", "recipe of the failing cell"),
    ("dataset", "text", "registered name or module:object"),
    ("capacity_ratio", "", "its discriminator width over generator width"),
    ("data_size", "samples", "how many training samples it may see"),
    ("lr_scale", "", "its generator learning rate over the recipe's own"),
    ("factors", "text", "remedies that change it: C capacity to 1, L loss to nsgan-r1, D all data"),
    ("measure", "text", "P(stable), where undecided runs count as not stable, or score"),
    ("quantity", "text", "value of a set, Shapley share of a remedy, interaction of two, or total"),
    ("set", "text", "letters of the remedies; empty for none"),
    ("estimate", "", "mean over the shared fresh seeds"),
    (
        "low",
        "",
        "lower limit: Wilson for values and Newcombe paired for totals of P(stable), else Student's t over "
        "seeds",
    ),
    ("high", "", "upper limit, likewise"),
    (
        "level",
        "text",
        "what limits by Student's t are worth at so many seeds: 95 %, or the measured coverage",
    ),
    ("pairs", "", "pairs of runs of one cell and seed, without and with all remedies"),
    ("seeds", "", "distinct fresh seeds"),
    ("p", "", "of no total effect: McNemar for P(stable), sign flips for scores; of cells by Holm"),
    ("explained", "", "1 where all remedies together are shown to help, 0 where not, empty below 20 pairs"),
    ("dominant", "text", "the remedy whose share is shown to exceed each other's; empty where none is"),
)
"""Columns of interventions.csv."""


def figure(found: Answers, runs: pd.DataFrame) -> Figure:
    """Draw the three shares of all cells together and of each cell, for either measure."""
    title = say("Shares of the three remedies")
    scales = {
        STABLE: forest.Scale("Shapley φ, percentage points", share=True, difference=True, line=0.0),
        "score": forest.Scale("Shapley φ", difference=True, line=0.0),
    }
    panels = tuple(
        forest.panel(measure, list(_shares(found, measure)), scales[measure]) for measure in MEASURES
    )
    caption = say(
        "C: capacity to 1, L: loss to nsgan-r1, D: all data; {all}: {cells} cells together. {pairs} pairs of "
        "runs on {seeds} fresh seeds. Bars: Student's t over seeds, {level}, of single cells {single}. "
        "Strong: the bar excludes zero.",
        all=ALL, cells=len(found.cells), pairs=found.pooled[STABLE].pairs, seeds=found.pooled[STABLE].seeds,
        level=found.pooled[STABLE].level, single=min(found.by_cell[STABLE], key=_seeds).level,
    )  # fmt: skip
    return Figure(
        "interventions-shares", title, caption, panels, _share_table(title, found), where(_ends(found, runs))
    )


def _ends(found: Answers, runs: pd.DataFrame) -> pd.DataFrame:
    """The runs of the failing cells without any remedy and with all."""
    ids = frozenset().union(*(end for cell in found.cells for end in cell.ends))
    return runs[runs["run_id"].isin(ids)]


def _seeds(item: Attribution) -> int:
    return item.seeds


def _named(found: Answers, measure: str) -> Iterator[tuple[str, Attribution]]:
    yield ALL, found.pooled[measure]
    for item, cell in list(zip(found.by_cell[measure], found.cells, strict=True))[:MOST_CELLS]:
        yield cell.name, item


def _shares(found: Answers, measure: str) -> Iterator[forest.Row]:
    recipes = {cell.name: cell.base.loss.recipe for cell in found.cells}
    for name, item in _named(found, measure):
        for place, letter in enumerate(FACTORS):
            share = item.shares[letter]
            yield forest.Row(f"{name} · {letter}", share, place, share.excludes_zero, recipes.get(name, ""))


def _share_table(caption: str, found: Answers) -> Table:
    rows: list[Row] = []
    for measure in MEASURES:
        for name, item in _named(found, measure):
            effects = {f"φ {key}": value for key, value in item.shares.items()}
            effects |= {f"I {key}": value for key, value in item.interactions.items()}
            rows += [[measure, name, key, *_effect(value, measure)] for key, value in effects.items()]
    return Table.of(caption, ("measure", "cell", "share φ, interaction I", "estimate", "interval"), rows)


def _effect(value: Interval, measure: str) -> tuple[Cell, str]:
    rate = measure == STABLE
    shown = words.points(value.estimate) if rate else words.signed(value.estimate)
    return Cell(shown, value.estimate), words.span(value.low, value.high, share=rate)


def table(found: Answers) -> Table:
    """Tabulate v(S) of all eight sets, with the total that the shares add up to."""
    rows: list[Row] = []
    for measure in MEASURES:
        show = parts.share if measure == STABLE else parts.score
        for name, item in _named(found, measure):
            total = _effect(item.total, measure)
            values = [show(item.values[each].estimate) for each in SETS]
            rows.append([measure, name, *values, *total, parts.amount(item.pairs), _verdict(item)])
    columns = ("measure", "cell", *(each or "∅" for each in SETS), "CLD − ∅", "interval", "pairs", "verdict")
    return Table.of(say("Under every set of remedies"), columns, rows)


def _verdict(item: Attribution) -> str:
    if not item.enough:
        return say("too few to say")
    if not item.explained:
        return say("not explained by these three")
    return say("explained, most by {letter}", letter=item.dominant) if item.dominant else say("explained")


def csv_rows(found: Answers) -> Iterator[Mapping[str, Any]]:
    """Spell everything that was estimated, one number a row."""
    for measure in MEASURES if found.cells else ():
        yield from _rows(found.pooled[measure], {"cell": "all"})
        for item, cell in zip(found.by_cell[measure], found.cells, strict=True):
            yield from _rows(item, _identity(cell))


def _identity(cell: Factorial) -> dict[str, Any]:
    return {
        "grid": cell.grid, "cell": cell.name, "recipe": cell.base.loss.recipe, "dataset": cell.dataset,
        "capacity_ratio": cell.base.ratio, "data_size": cell.base.size, "lr_scale": cell.lr_scale,
        "factors": cell.factors,
    }  # fmt: skip


def _rows(item: Attribution, identity: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    unknown: dict[str, Any] = {
        name: "" if column.unit == "text" else math.nan for name, column in COLUMNS.items()
    }
    shared = unknown | {"factors": item.factors} | dict(identity) | {
        "measure": item.measure, "level": item.level, "pairs": item.pairs, "seeds": item.seeds,
        "p": item.p_adjusted,
        "explained": int(item.explained) if item.enough else math.nan, "dominant": item.dominant,
    }  # fmt: skip
    kinds = {"value": item.values, "share": item.shares, "interaction": item.interactions,
             "total": {"CLD": item.total}}  # fmt: skip
    for quantity, values in kinds.items():
        for name, value in values.items():
            numbers = {"estimate": value.estimate, "low": value.low, "high": value.high}
            yield shared | {"quantity": quantity, "set": name} | numbers
