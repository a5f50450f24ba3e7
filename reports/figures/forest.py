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
from reports.say import joined, say
from reports.stats import Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One value.

    Args:
        name: what it is of. place: number of its colour and marker. strong: drawn so or not.
        recipe: whose it is, for pages to hide; empty: as the name tells.
    """

    name: str
    value: Interval
    place: int = 0
    strong: bool = False
    recipe: str = ""

    @property
    def gid(self) -> str:
        """What its marks are called inside the picture."""
        return style.mark(self.recipe or self.name)


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
    height = 40 + 19 * max(len(known), 1)

    def paint(drawing: Drawing) -> None:
        """A mark and its interval per row, first row on top."""
        axes = drawing.subplots()
        for y, row in enumerate(known):
            _mark(axes, y, row)
        if scale.line is not None:
            axes.axvline(scale.line, color=style.MUTED, linewidth=0.9)
        axes.set_yticks(range(len(known)), [words.label(row.name, _LONGEST) for row in known])
        for row, name in zip(known, axes.get_yticklabels(), strict=True):
            name.set_gid(row.gid)
        axes.set(ylim=(max(len(known), 1) - 0.4, -0.6))
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        if scale.share:
            axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _tick(x, scale)))

    said = [
        say("{name}: {value}", name=words.label(row.name, 60), value=_said(row.value, scale)) for row in known
    ]
    drawn = joined(said, "{left}; {right}") or "Nothing to draw"
    alt = say("{title}: {measure}. {drawn}.", title=title, measure=scale.name, drawn=drawn)
    written = tuple(words.label(row.name, _LONGEST) for row in known)
    names = style.axes_text(scale.name)
    return Panel(title, style.draw(_WIDTH, height, paint), alt, _WIDTH, height, names, written)


def _mark(axes: Axes, y: int, row: Row) -> None:
    tint, gid = style.colour(row.place), row.gid
    if row.value.known:
        width = 2.4 if row.strong else 1.2
        axes.hlines(y, row.value.low, row.value.high, color=tint, linewidth=width, gid=gid)
    size = 6 if row.strong else 4
    axes.plot(row.value.estimate, y, style.marker(row.place), color=tint, markersize=size, gid=gid)


def _tick(x: float, scale: Scale) -> str:
    """Spell a tick in percent; ticks may be closer than whole percents."""
    shown = words.number(round(100 * x, 6))
    return f"+{shown}" if scale.difference and x > 0 else shown


def _said(point: Interval, scale: Scale) -> str:
    if scale.share:
        shown = words.points(point.estimate) if scale.difference else words.percent(point.estimate)
    else:
        shown = words.signed(point.estimate) if scale.difference else words.number(point.estimate)
    if not point.known:
        return shown
    return joined([shown, words.span(point.low, point.high, share=scale.share)])
