"""Two factors as a plane of coloured cells, each with its number, its interval and its runs written in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Rectangle

from reports import words
from reports.figures import style
from reports.figures.curves import Measure
from reports.parts import Panel
from reports.say import joined, say
from reports.stats import Interval

_RAMPS = {
    "failure rate": LinearSegmentedColormap.from_list(
        "failure", ("#f7efe9", "#eba983", "#b8480d", "#6e2403")
    ),
    "score": LinearSegmentedColormap.from_list("score", ("#eef2f6", "#93bfe0", "#1f71b5", "#08355e")),
}
_DARK_TEXT, _LIGHT_TEXT = "#111820", "#ffffff"


def panel(
    title: str,
    values: Mapping[tuple[str, str], tuple[Interval, int]],
    axes_name: str,
    levels: tuple[Sequence[str], Sequence[str]],
    measure: Measure,
) -> Panel:
    """Draw a plane.

    Args:
        values: (row, column) to the value with its interval and the number of runs behind it; rows are
            recipes, which pages can hide.
        axes_name: what the columns are.
        levels: rows from top to bottom, columns from left to right.
        measure: ``failure rate`` or ``score``; sets the colours.
    """
    rows, columns = levels
    longest = max((len(words.label(row, 24)) for row in rows), default=4)
    width, height = 70 + round(5.6 * longest) + max(62 * len(columns), 150), 46 + 42 * len(rows)

    def paint(drawing: Drawing) -> None:
        """A coloured square per pair of levels, with its number inside."""
        axes = drawing.subplots()
        axes.set(xlim=(0, max(len(columns), 1)), ylim=(max(len(rows), 1), 0))
        axes.set_xticks([i + 0.5 for i in range(len(columns))], columns)
        axes.set_yticks([i + 0.5 for i in range(len(rows))], [words.label(row, 24) for row in rows])
        for row, name in zip(rows, axes.get_yticklabels(), strict=True):
            name.set_gid(style.mark(row))
        axes.grid(visible=False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for (row, column), (interval, runs) in values.items():
            place = columns.index(column), rows.index(row)
            _square(axes, place, interval, runs, measure, style.mark(row))

    alt = _alt(title, values, measure)
    return Panel(title, style.draw(width, height, paint), alt, width, height, style.axes_text(axes_name))


def shades(value: float, measure: str) -> tuple[tuple[float, float, float, float], str]:
    """Colour of a square between 0 and 1, and of what is written on it."""
    shade = _RAMPS.get(measure, _RAMPS["score"])(min(max(value, 0.0), 1.0))
    light = 0.299 * shade[0] + 0.587 * shade[1] + 0.114 * shade[2] > 0.55
    return shade, _DARK_TEXT if light else _LIGHT_TEXT


def _square(
    axes: Axes, place: tuple[int, int], interval: Interval, runs: int, measure: Measure, gid: str
) -> None:
    x, y = place
    if math.isnan(interval.estimate):
        return
    shade, ink = shades(interval.estimate, measure.name)
    axes.add_patch(Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, facecolor=shade, linewidth=0, gid=gid))
    main = words.percent(interval.estimate) if measure.share else words.fixed(interval.estimate)
    below = (
        f"{words.span(interval.low, interval.high, share=measure.share)}" if interval.known else f"n = {runs}"
    )
    common: Any = {"ha": "center", "va": "center", "color": ink, "gid": gid}
    axes.text(x + 0.5, y + 0.38, main, fontsize=9.5, fontweight="bold", **common)
    axes.text(x + 0.5, y + 0.72, below, fontsize=6.6, **common)


def _alt(title: str, values: Mapping[tuple[str, str], tuple[Interval, int]], measure: Measure) -> str:
    show = words.percent if measure.share else words.fixed
    said = [
        say(
            "{row} at {column}: {value} {interval}, {runs}",
            row=words.label(row),
            column=column,
            value=show(point.estimate),
            interval=words.span(point.low, point.high, share=measure.share),
            runs=words.count(runs, "run"),
        )
        for (row, column), (point, runs) in values.items()
        if not math.isnan(point.estimate)
    ]
    drawn = joined(said, "{left}; {right}") or "no values"
    return say("{title}: {measure}. {drawn}.", title=title, measure=measure.name, drawn=drawn)
