"""The planes as figures with tables whose squares lead to their cells, and the boundaries in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import pandas as pd

from reports import parts, words
from reports.cells import anchored
from reports.parts import Cell, Figure, Row, Table
from reports.phase import drawing
from reports.phase.frontier import ALPHA, Judged, crossings
from reports.phase.planes import RATE, Square
from reports.say import Text, joined, say

DRAWN = 30
"""Planes that are drawn, at most; all are in phase.csv."""
_TOLD = 3


def links(runs: pd.DataFrame) -> Mapping[str, str]:
    """Where on the page each cell has its row; cells that the page leaves off have none."""
    return {cell: f"#cell-{cell}" for cell in anchored(runs)} if len(runs) else {}


def figures(planes: Sequence[Judged], places: Mapping[str, str]) -> list[Figure]:
    """Draw one figure per dataset and second axis, a panel per recipe."""
    shown = [item for item in planes if item.able][:DRAWN]
    return [
        _figure(list(part), places)
        for _, part in groupby(shown, key=lambda item: (item.plane.dataset, item.plane.axis))
    ]


def _figure(shown: Sequence[Judged], places: Mapping[str, str]) -> Figure:
    first = shown[0].plane
    dataset = words.label(first.dataset)
    if first.axis == RATE:
        title = say("Failures over capacity ratio and learning rate on {dataset}", dataset=dataset)
    else:
        title = say("Failures over capacity ratio and rate of D over rate of G on {dataset}", dataset=dataset)
    panels = tuple(
        replace(drawing.panel(words.label(key[2]), list(part)), recipe=words.label(key[2]))
        for key, part in groupby(shown, key=lambda item: item.plane.key)
    )
    caption = say(
        "Darker: more failures; in each square failed of decided runs, {seeds} seeds; n: training samples. "
        "Line: half of the runs fail by the fitted surface. Band: where the side is not certain, 95 %, "
        "Student's t with the spread of resampled seeds, or the fit's own error where that is larger; in "
        "simulations it held the true line in 94 % or more. Beneath, every square leads to the row of its "
        "cell.",
        seeds=_range([square.seeds for item in shown for square in item.plane.squares]),
    )  # fmt: skip
    key = f"phase-{first.axis}-{first.dataset}".replace(":", "-").replace("_", "-")
    return Figure(key, title, caption, panels, _squares(title, shown, places))


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low}–{high}"


def _squares(title: str, shown: Sequence[Judged], places: Mapping[str, str]) -> Table:
    """Tabulate squares as they lie in the plane: a row per rate, a column per ratio."""
    ratios = sorted({ratio for item in shown for ratio in item.plane.ratios})
    set_apart = any(item.plane.setting for item in shown)
    rows: list[Row] = []
    for item in shown:
        plane = item.plane
        squares = {(square.rate, square.ratio): square for square in plane.squares}
        for rate in reversed(plane.rates):
            own = [_square(squares.get((rate, ratio)), places) for ratio in ratios]
            head: list[Cell | str] = [words.label(plane.variant), parts.amount(plane.data_size)]
            head += [plane.setting or "–"] if set_apart else []
            rows.append([*head, Cell(plane.spelled(rate), rate), *own])
    second = "learning rate" if shown[0].plane.axis == RATE else "rate of D over rate of G"
    columns = ("recipe", "training samples", *(("setting",) if set_apart else ()), second)
    return Table.of(title, (*columns, *(words.ratio(ratio) for ratio in ratios)), rows)


def _square(square: Square | None, places: Mapping[str, str]) -> Cell:
    if square is None:
        return Cell("–")
    rate = square.failure
    told = f"{rate.failed}/{rate.decided} {words.span(rate.interval.low, rate.interval.high, share=True)}"
    more = f" +{len(square.cells) - 1}" if len(square.cells) > 1 else ""
    if not rate.decided:
        told = "0/0"
    return Cell(f"{told}{more}", href=places.get(square.cells[0], ""))


def boundaries(planes: Sequence[Judged]) -> tuple[Table, ...]:
    """Tabulate for each plane its fit, and its boundary or why there is none."""
    if not planes:
        return ()
    columns = (
        "dataset",
        "recipe",
        "training samples",
        "setting",
        "runs",
        "p adjusted",
        "missed squares",
        "boundary",
    )
    rows: list[Row] = [
        [
            words.label(item.plane.dataset), words.label(item.plane.variant),
            parts.amount(item.plane.data_size),
            item.plane.setting or "–", parts.amount(item.decided), parts.value(item.p_adjusted, 2),
            parts.amount(item.misses), _answer(item),
        ]
        for item in planes[:DRAWN]
    ]  # fmt: skip
    return (
        Table.of(say("Where half of the runs fail: capacity ratio at which learning rate"), columns, rows),
    )


def _answer(item: Judged) -> str:
    if not item.drawn:
        return say("none: {why}", why=item.none)
    found = list(crossings(item))
    across = [one for one in found if one.along == "capacity_ratio"]
    told = [
        f"{words.ratio(one.at)}: {item.plane.spelled(float(f'{one.place.estimate:.2g}'))}"
        for one in across
    ] or [
        f"{words.ratio(float(f'{one.place.estimate:.2g}'))}: {item.plane.spelled(one.at)}" for one in found
    ]  # fmt: skip
    return "; ".join(told) or say("between settings only")


def points(planes: Sequence[Judged]) -> list[Text]:
    """Say for each dataset in how many planes there is a boundary."""
    if not any(item.able for item in planes):
        return [
            say(
                "No recipe was run at two capacity ratios and two learning rates on one data size: no plane "
                "is drawn."
            )
        ]
    said = []
    for dataset, part in groupby(
        [item for item in planes if item.plane.axis == RATE], lambda i: i.plane.dataset
    ):
        own = list(part)
        drawn = [item for item in own if item.drawn]
        told = say(
            "{dataset}: a boundary between failing and stable settings is drawn in {drawn} of {planes} "
            "planes of capacity ratio and learning rate.",
            dataset=words.label(dataset), drawn=len(drawn), planes=len(own),
        )  # fmt: skip
        said.append(told)
        if drawn:
            said.append(
                say("It lies inside the planes of {names}.", names=joined(_names(drawn), "{left}; {right}"))
            )
    return said[: 2 * _TOLD]


def _names(items: Sequence[Judged]) -> list[str]:
    groups = groupby(items, key=lambda item: item.plane.variant)
    return [
        say("{recipe} at {sizes}", recipe=words.label(variant),
            sizes=words.listed([f"{size:,.0f}" for size in dict.fromkeys(i.plane.data_size for i in part)]))
        for variant, part in groups
    ]  # fmt: skip


def notes(planes: Sequence[Judged]) -> list[Text]:
    """Say what stood still, what the fit is, and how often it misses."""
    said = []
    if not any(item.plane.axis != RATE for item in planes):
        said.append(
            say(
                "The rate of D over the rate of G did not vary together with the capacity ratio: no such "
                "plane."
            )
        )
    if not planes:
        return said
    if len(planes) > DRAWN:
        said.append(say("{more} further planes are in phase.csv.", more=len(planes) - DRAWN))
    return [
        *said,
        say(
            "Surface: logistic regression on log2 of the capacity ratio and log10 of the rate, with squares "
            "and product where levels and failures bear them, by Firth's penalty, which also holds where "
            "settings separate failures completely. Undecided runs are left out."
        ),
        say(
            "A boundary is drawn where permuted endings (within seeds) hardly fit as well, p at most "
            "{alpha} by Benjamini and Hochberg over all planes, and where half is reached between settings "
            "that were run.",
            alpha=ALPHA,
        ),
        say(
            "In {missed} of {squares} squares the Wilson interval excludes the fitted rate: there the "
            "surface is too smooth.",
            missed=f"{sum(item.misses for item in planes if item.misses == item.misses):.0f}",
            squares=sum(len(item.plane.squares) for item in planes if item.misses == item.misses),
        ),
    ]
