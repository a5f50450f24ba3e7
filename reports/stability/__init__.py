"""Stability statistics: how well runs end against how well they went, how soon, and at which rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reports import parts, words
from reports.contrasts import MIN_PAIRS, Resampling
from reports.frame import Results
from reports.parts import Table
from reports.say import Text, say
from reports.section import Part, Section
from reports.stability import improving, profiles, robustness, views
from reports.stability.curves import measured
from reports.stability.rows import FILES, rows
from reports.stability.summed import Summed, summed
from reports.summaries import datasets
from reports.tuning_curves.trials import FEWEST, shared

_TOLD = 3
"""Datasets that are told and drawn, those with most runs."""


def build(results: Results, resampling: Resampling) -> Section:
    """Sum up each dataset's recipes over the settings and seeds that all of them share."""
    judged = results.frames.judged
    own = judged[judged["own"]]
    names = datasets(own)[:_TOLD]
    trials = {name: shared(own[own["dataset"] == name]) for name in names}
    known = {name: _measured(found, results) for name, found in trials.items() if found}
    sums = [item for name, found in known.items() for item in summed(name, found, resampling)]
    reached = [item for name, found in known.items() for item in profiles.reached(name, found)]
    shares = [item for name, found in known.items() for item in profiles.profile(name, found)]
    better = [item for name, found in known.items() for item in improving.improving(name, found, resampling)]
    ranges = [item for name in names for item in robustness.ranges(own[own["dataset"] == name], resampling)]
    return Section(
        key="stability",
        title=say("Does it stay good, how soon, and at which learning rates?"),
        name=say("Stability"),
        points=(*views.points(sums, reached, better, ranges), *_lacking(sums)),
        notes=views.notes(bool(sums), bool(ranges)),
        figures=views.figures(sums, shares, reached, better, ranges),
        tables=_tables(sums),
        rows=rows(sums, shares, reached, better, ranges),
    )


def _measured(found: Mapping[str, pd.DataFrame], results: Results) -> dict[str, pd.DataFrame]:
    return {name: measured(part, results.frames.evaluations) for name, part in found.items()}


def _lacking(sums: Sequence[Summed]) -> list[Text]:
    few = not any(item.runs >= MIN_PAIRS for item in sums)
    if few:
        return [say("No two recipes share {fewest} trials of one search.", fewest=FEWEST)]
    return []


def _tables(sums: Sequence[Summed]) -> tuple[Table, ...]:
    if not sums:
        return ()
    columns = ("dataset", "recipe", "runs", "seeds", "best", "interval", "last", "interval",
               "area under the curve", "interval", "regret", "interval")  # fmt: skip
    shown = [_row(item) for item in sums]
    return (Table.of(say("Best, last, area under the curve and regret"), columns, shown),)


def _row(item: Summed) -> list[Any]:
    cells: list[Any] = [words.label(item.dataset), words.label(item.recipe), parts.amount(item.runs),
                        parts.amount(item.seeds)]  # fmt: skip
    for found in item.measures.values():
        cells += [parts.score(found.estimate), words.span(found.low, found.high)]
    return cells


PART = Part(build, FILES)
