"""The shares as figures, tables and rows of variance.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.records.columns import columns_of
from reports import parts, words
from reports.figures import forest
from reports.parts import Figure, Row, Table
from reports.say import say
from reports.variance.blocks import Block, NoBlock
from reports.variance.effects import MEASURED_COVERAGE, MEASURES, RANK, SCORE, STABLE, Explained, Share
from reports.variance.shares import FACTOR, PAIR
from reports.variance.steady import FEWEST, STEADY
from reports.variance.telling import obstacle, share_text, term_name

COLUMNS = columns_of(
    ("dataset", "text", "whose runs"),
    ("measure", "text", "what is explained: " + ", ".join((*MEASURES, STEADY)) + "; undecided runs count as "
     "not stable and as not failed; of stable runs main effects alone, averaged over orders of entry"),
    ("term", "text", "factor, interaction, seed (as block), or what is left to chance"),
    ("kind", "text", "factor, interaction (of two), higher (of three or more), seed, chance, or total: a "
     "factor with all interactions that it is part of, which is no part of the sum of the others"),
    ("levels", "text", "levels of a factor, by a space"),
    ("degrees_of_freedom", "", "of the term"),
    ("sum_of_squares", "", "of the term; ranks in runs"),
    ("eta_squared", "", "share of the total sum of squares; above zero by chance alone"),
    ("omega_squared", "", "the share less what chance alone would give; all but totals sum to one"),
    ("omega_squared_low", "", "lower limit: seeds resampled for all cells together, Student's t"),
    ("omega_squared_high", "", "upper limit, likewise"),
    ("permutation_p", "", "of P(stable): that the factor does nothing, its levels permuted within all else"),
    ("permutation_p_holm", "", "corrected by Holm over the factors of the dataset"),
    ("lead", "", "of the factor that explains most: ω² less that of the next factor"),
    ("lead_low", "", "lower limit of the lead, likewise"),
    ("lead_high", "", "upper limit of the lead"),
    ("runs", "", "runs in the full block, of stable runs those alone"),
    ("cells", "", "combinations of levels in it"),
    ("seeds", "", "seeds of each combination"),
    ("left_out", "", "runs with their recipe's own settings that the block leaves out"),
    ("obstacle", "text", "why there are no shares, else empty"),
)  # fmt: skip
"""Columns of variance.csv."""
FILES = {"variance.csv": ("one row per dataset, measure and term", COLUMNS)}

_DRAWN = (SCORE, STABLE)


def figure(found: Sequence[Explained]) -> list[Figure]:
    """Draw the shares of score and P(stable), a panel for each dataset and measure."""
    shown = [item for item in found if item.measure in _DRAWN and item.shares]
    if not shown:
        return []
    title = say("Share of the variance that each cause explains")
    seeds = sorted({len(item.block.seeds) for item in shown})
    known = [
        MEASURED_COVERAGE[max(n for n in MEASURED_COVERAGE if n <= count)] for count in seeds if count > 2
    ]
    runs = {item.block.dataset: item.block.places.size for item in shown}
    caption = say(
        "ω² of {runs} runs in full blocks, {seeds} seeds. Thick: factors by themselves; thin: pairs beyond "
        "that, more than two, seeds, chance. {bands}",
        runs=f"{sum(runs.values()):,}", seeds=words.listed([str(count) for count in seeds]),
        bands=_bands(known),
    )  # fmt: skip
    return [Figure("variance", title, caption, tuple(map(_panel, shown)), table(shown))]


def _bands(known: Sequence[tuple[float, float]]) -> str:
    if not known:
        return say("No intervals: they take three seeds.")
    return say(
        "Bands: nominal 95 %, Student's t with the spread of seeds resampled for all cells together; in "
        "simulations they held the truth in {low} to {high}.",
        low=words.percent(min(low for low, _ in known)), high=words.percent(max(high for _, high in known)),
    )  # fmt: skip


def _panel(item: Explained) -> parts.Panel:
    factors = sorted(item.of(FACTOR), key=lambda share: -share.omega.estimate)
    others = [share for share in item.parts if share.term.kind != FACTOR]
    rows = [
        forest.Row(
            term_name(item.block, share.term),
            share.omega,
            item.block.factors[share.term.axes[0]].place if share.term.kind == FACTOR else -1,
            share.term.kind == FACTOR,
        )
        for share in (*factors, *others)
    ]
    title = say("{dataset}, {measure}", dataset=words.label(item.block.dataset), measure=say(item.measure))
    return forest.panel(title, rows, forest.Scale("ω², %", share=True, line=0.0))


def table(found: Sequence[Explained]) -> Table:
    """Tabulate every term of some measures."""
    columns = ("dataset", "measure", "term", "df", "ω²", "interval", "η²")
    rows: list[Row] = []
    for item in found:
        rows += [
            [
                words.label(item.block.dataset),
                say(item.measure),
                term_name(item.block, share.term),
                parts.amount(share.term.freedom),
                parts.share(share.omega.estimate),
                words.span(share.omega.low, share.omega.high, share=True),
                parts.share(share.eta),
            ]
            for share in item.shares
        ]
    return Table.of(say("Every term, factors with all they take part in included"), columns, rows)


def side_by_side(found: Sequence[Explained]) -> Table:
    """Set the measures side by side: does the ranking of causes hold on ranks and on P(stable)?"""
    measures = (SCORE, RANK, STABLE)
    rows: list[Row] = []
    datasets = list(dict.fromkeys(item.block.dataset for item in found))
    for dataset in datasets:
        items = {item.measure: item for item in found if item.block.dataset == dataset}
        first = next(item for item in items.values())
        terms = next((item.of(FACTOR, PAIR) for item in items.values() if item.shares), [])
        for place, share in enumerate(terms):
            cells = [_cell(items.get(name), place) for name in measures]
            rows.append([words.label(dataset), term_name(first.block, share.term), *cells])
    title = say("ω² of factors and of pairs beyond them, by measure")
    return Table.of(title, ("dataset", "term", *measures), rows)


def _cell(item: Explained | None, place: int) -> parts.Cell:
    if item is None or not item.shares:
        return parts.Cell("–", math.nan)
    share = item.of(FACTOR, PAIR)[place]
    return parts.Cell(share_text(share.omega), share.omega.estimate)


def rows(found: Sequence[Explained], none: Sequence[NoBlock]) -> list[Mapping[str, Any]]:
    """Spell variance.csv; a dataset or measure without shares has one row that says why."""
    spelled = [row for item in found for row in _rows(item)]
    return spelled + [
        _empty(item.dataset, "", obstacle(item)) | {"runs": 0, "cells": 0, "seeds": item.seeds,
                                                    "left_out": item.runs}
        for item in none
    ]  # fmt: skip


def _rows(item: Explained) -> Iterator[Mapping[str, Any]]:
    block = item.block
    base = _empty(block.dataset, item.measure, "") | {
        "runs": item.runs, "cells": block.cells, "seeds": len(block.seeds),
        "left_out": block.left_out,
    }  # fmt: skip
    if not item.shares:
        few = item.measure == STEADY and item.runs < FEWEST
        why = f"fewer than {FEWEST} stable runs" if few else "all runs are alike in this measure"
        yield base | {"obstacle": why}
    for share in item.shares:
        yield base | _numbers(item, share)


def _numbers(item: Explained, share: Share) -> dict[str, Any]:
    ahead = item.lead.ahead if item.lead and share is item.lead.first else None
    return {
        "term": term_name(item.block, share.term),
        "kind": share.term.kind,
        "levels": _levels(item.block, share),
        "degrees_of_freedom": share.term.freedom,
        "sum_of_squares": share.squares,
        "eta_squared": share.eta,
        "omega_squared": share.omega.estimate,
        "omega_squared_low": share.omega.low,
        "omega_squared_high": share.omega.high,
        "permutation_p": share.p,
        "permutation_p_holm": share.p_holm,
        "lead": ahead.estimate if ahead else math.nan,
        "lead_low": ahead.low if ahead else math.nan,
        "lead_high": ahead.high if ahead else math.nan,
    }


def _levels(block: Block, share: Share) -> str:
    if share.term.kind != FACTOR:
        return ""
    levels = block.levels[share.term.axes[0]]
    return " ".join(level if isinstance(level, str) else f"{level:g}" for level in levels)


def _empty(dataset: str, measure: str, why: str) -> dict[str, Any]:
    blank = {name: "" if column.unit == "text" else math.nan for name, column in COLUMNS.items()}
    return blank | {"dataset": dataset, "measure": measure, "obstacle": why}
