"""Cells and runs that only one of two folders holds."""

from __future__ import annotations

import pandas as pd

from reports import parts, words
from reports.comparison.matched import Matched, counted
from reports.parts import Row, Table
from reports.proportions import FailureRate
from reports.say import Text, say
from reports.section import Section

_MOST = 40
_KEYS = ["dataset", "variant", "generator_width", "capacity_ratio", "lr_scale", "data_size", "cell"]


def alone(found: Matched) -> Section:
    """Tell what has no counterpart."""
    sides = (("A", found.only_a, found.both_a), ("B", found.only_b, found.both_b))
    return Section(
        key="alone",
        title=say("Only in one folder"),
        name=say("Only in one"),
        points=tuple(_told(letter, only, both) for letter, only, both in sides),
        tables=tuple(_table(letter, only) for letter, only, _ in sides if len(only)),
    )


def _told(letter: str, only: pd.DataFrame, both: pd.DataFrame) -> Text:
    if not len(only):
        return say("Every run of {side} has a counterpart.", side=letter)
    known = only["cell"].isin(set(both["cell"]))
    return say(
        "Of {side} {runs} without counterpart: {new} of {cells} that only {side} has, {more} of cells "
        "that are in both.",
        side=letter, runs=counted(len(only)), new=counted(len(only) - int(known.sum())),
        cells=words.count(only["cell"][~known].nunique(), "cell"), more=counted(int(known.sum())),
    )  # fmt: skip


def _table(letter: str, only: pd.DataFrame) -> Table:
    rows: list[Row] = []
    # What most grids hold fixed is shown where it tells cells apart.
    more = [name for name in ("network", "defect", "augmentation", "steps") if only[name].nunique() > 1]
    groups = list(only.groupby(_KEYS, sort=True, dropna=False))
    for (dataset, variant, width, ratio, scale, size, _), part in groups[:_MOST]:
        rate = FailureRate.of(part["failure"].to_numpy(dtype=float))
        rows.append(
            [
                words.label(dataset), words.label(variant), parts.amount(width),
                parts.Cell(words.ratio(ratio), ratio), parts.Cell(words.times(scale), scale),
                parts.amount(size), *(_level(part[name].iloc[0]) for name in more),
                parts.amount(len(part)), parts.amount(rate.failed),
            ]
        )  # fmt: skip
    title = say(
        "Cells of {side} with runs that have no counterpart, {shown} of {all}",
        side=letter, shown=min(_MOST, len(groups)), all=len(groups),
    )  # fmt: skip
    columns = ("dataset", "recipe", "width", "ratio", "rate", "data", *more, "runs", "failed")
    return Table.of(title, columns, rows)


def _level(value: object) -> str:
    return words.label(value) if isinstance(value, str) else words.number(float(str(value)))
