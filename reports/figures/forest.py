"""Values with intervals, one row each, against a line: no difference, or all that could be reached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports import words
from reports.figures import style
from reports.parts import Panel
from reports.stats import Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One value: its name, itself, the number of its colour and marker, drawn strongly or not."""

    name: str
    value: Interval
    place: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """What the values are: the axis label, whether they are shares or differences, and where the line is."""

    name: str
    share: bool = False
    difference: bool = False
    line: float | None = None


_WIDTH, _LONGEST = 420, 42


def panel(title: str, rows: Sequence[Row], scale: Scale) -> Panel:
    """Draw values with intervals; its words hold every number."""
    known = [row for row in rows if math.isfinite(row.value.estimate)]
    height = 56 + 19 * max(len(known), 1)

    def paint(drawing: Drawing) -> None:
        """A mark and its interval per row, first row on top."""
        axes = drawing.subplots()
        for y, row in enumerate(known):
            _mark(axes, y, row)
        if scale.line is not None:
            axes.axvline(scale.line, color=style.MUTED, linewidth=0.9)
        axes.set_yticks(range(len(known)), [words.label(row.name, _LONGEST) for row in known])
        axes.set(ylim=(max(len(known), 1) - 0.4, -0.6))
        style.below(drawing, scale.name)
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        if scale.share:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _tick(x, scale)))

    said = "; ".join(f"{words.label(row.name, 60)}: {_said(row.value, scale)}" for row in known)
    alt = f"{title}: {scale.name}. {said or 'Nothing to draw'}."
    return Panel(title, style.draw(_WIDTH, height, paint), alt, _WIDTH, height)


def _mark(axes: Axes, y: int, row: Row) -> None:
    tint = style.colour(row.place)
    if row.value.known:
        axes.hlines(y, row.value.low, row.value.high, color=tint, linewidth=2.4 if row.strong else 1.2)
    axes.plot(row.value.estimate, y, style.marker(row.place), color=tint, markersize=6 if row.strong else 4)


def _tick(x: float, scale: Scale) -> str:
    return words.signed(100 * x, 0) if scale.difference else words.fixed(100 * x, 0)


def _said(point: Interval, scale: Scale) -> str:
    if scale.share:
        shown = words.points(point.estimate) if scale.difference else words.percent(point.estimate)
    else:
        shown = words.signed(point.estimate) if scale.difference else words.number(point.estimate)
    return f"{shown} {words.span(point.low, point.high, share=scale.share)}" if point.known else shown
