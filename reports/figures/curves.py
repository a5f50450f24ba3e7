"""Lines with intervals over an ordered factor: one small panel each, readable at the width of a phone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter

from reports import words
from reports.figures import style
from reports.parts import Panel
from reports.say import joined, say
from reports.stats import Interval


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, its points by position on the axis, and how it is drawn.

    Args:
        points: position to value with interval; positions without a point are skipped.
        place: number of its colour and marker. dash: number of its line style.
        reference: drawn in grey without markers, for what is no measurement of a GAN.
        mark: what the legend says in place of the name: symbols, which every language reads.
    """

    name: str
    points: dict[float, Interval]
    place: int = 0
    dash: int = 0
    reference: bool = False
    mark: str = ""

    @property
    def drawn(self) -> str:
        """What the legend says."""
        return words.label(self.mark or self.name, _LONGEST)


@dataclass(frozen=True, slots=True)
class Axis:
    """The factor: where its levels lie, what they are called, and what it is called."""

    positions: tuple[float, ...]
    ticks: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured.

    Args:
        name: the label of the axis. limits: the range drawn; None: as the numbers need.
        share: shown in percent. line: where to draw a dotted line. log: on a logarithmic axis.
    """

    name: str
    limits: tuple[float, float] | None = None
    share: bool = False
    line: float | None = None
    log: bool = False


FAILURE = Measure("failure rate", (-0.02, 1.02), share=True)
SCORE = Measure("score", (-0.02, 1.02))
_WIDTH, _HEIGHT, _LONGEST = 300, 216, 30


def panel(title: str, series: Sequence[Series], axis: Axis, measure: Measure) -> Panel:
    """Draw lines with intervals; its words hold every number."""
    shown = [item for item in series if any(math.isfinite(point.estimate) for point in item.points.values())]

    def paint(drawing: Drawing) -> None:
        """Every series, those at one place moved apart."""
        axes = drawing.subplots()
        _frame(axes, axis, measure)
        for index, item in enumerate(shown):
            _line(axes, item, _dodge(axis, index, len(shown)))
        if measure.log:
            low, high = axes.get_ylim()
            axes.set_ylim(low / 1.3, high * 1.3)  # a constant would leave a range of no extent
        if len(shown) > 1:
            legend = drawing.legend(
                loc="outside upper left",
                ncols=columns,
                columnspacing=0.9,
                borderpad=0,
                handletextpad=0.4,
                handlelength=1.5,
            )
            for item, line, name in zip(shown, legend.legend_handles, legend.get_texts(), strict=True):
                assert line is not None
                line.set_gid(style.mark(item.name))
                name.set_gid(style.mark(item.name))

    longest = max((len(item.drawn) for item in shown), default=1)
    columns = max(1, min(4, int(_WIDTH / (26 + 6 * longest))))
    height = _HEIGHT + 15 * (-(-len(shown) // columns) if len(shown) > 1 else 0)
    svg = style.draw(_WIDTH, height, paint)
    names = style.axes_text(axis.name, measure.name)
    written = tuple(item.drawn for item in shown)
    return Panel(title, svg, _alt(title, shown, axis, measure), _WIDTH, height, names, written)


def spaced(axis: Axis) -> list[str]:
    """Names of an axis's levels, those left out that would run into one before; the last always stays.

    Example:
        >>> spaced(Axis((0.0, 1.0, 1.05, 1.1, 9.0), ("0", "10", "11", "12", "90"), "x"))
        ['0', '10', '', '', '90']
    """
    whole = _WIDTH - 60
    pixels = [whole * (at - axis.positions[0]) / (1.2 * _reach(axis) or 1) for at in axis.positions]
    halves = [2.9 * len(name) + 2 for name in axis.ticks]
    free, names = pixels[-1] - halves[-1], []
    taken = -math.inf
    for at, half, name in zip(pixels[:-1], halves, axis.ticks, strict=False):
        fits = at - half >= taken and at + half <= free
        names.append(name if fits else "")
        taken = at + half if fits else taken
    return [*names, axis.ticks[-1]]


def _frame(axes: Axes, axis: Axis, measure: Measure) -> None:
    axes.set_xticks(axis.positions, spaced(axis))
    axes.grid(visible=False, axis="x")
    reach = 0.1 * _reach(axis) + (0.5 if _reach(axis) == 0 else 0)
    axes.set_xlim(axis.positions[0] - reach, axis.positions[-1] + reach)
    if measure.log:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.number(y)))
        axes.yaxis.set_minor_formatter(NullFormatter())
    if measure.limits:
        axes.set_ylim(*measure.limits)
    if measure.share:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if measure.line is not None:
        axes.axhline(measure.line, color=style.MUTED, linewidth=0.9, linestyle=(0, (1, 2)))


def _line(axes: Axes, item: Series, shift: float) -> None:
    known = {at: point for at, point in sorted(item.points.items()) if math.isfinite(point.estimate)}
    x = np.array(list(known)) + (0 if item.reference else shift)
    y = np.array([point.estimate for point in known.values()])
    colour = style.MUTED if item.reference else style.colour(item.place)
    dash = (0, (3, 2)) if item.reference else style.DASHES[item.dash % len(style.DASHES)]
    mark = None if item.reference else style.marker(item.place)
    face = colour if item.dash == 0 else style.PAPER
    axes.plot(
        x,
        y,
        color=colour,
        linestyle=dash,
        marker=mark,
        markerfacecolor=face,
        label=item.drawn,
        gid=style.mark(item.name),
    )
    banded = [(at, point) for at, point in zip(x, known.values(), strict=True) if point.known]
    if banded and not item.reference:
        low, high = [point.low for _, point in banded], [point.high for _, point in banded]
        axes.vlines(
            [at for at, _ in banded], low, high, color=colour, linewidth=1.1, gid=style.mark(item.name)
        )


def _reach(axis: Axis) -> float:
    return axis.positions[-1] - axis.positions[0]


def _dodge(axis: Axis, index: int, amount: int) -> float:
    """Shift the lines of a panel a little apart, so that no interval hides another."""
    gap = min(np.diff(axis.positions), default=1.0)
    return float((index - (amount - 1) / 2) * min(0.06, 0.25 / amount) * gap)


def _alt(title: str, series: Sequence[Series], axis: Axis, measure: Measure) -> str:
    names = dict(zip(axis.positions, axis.ticks, strict=True))
    lines = []
    for item in series:
        known = {at: point for at, point in sorted(item.points.items()) if math.isfinite(point.estimate)}
        said = [
            say(
                "at {level} {value}", level=names.get(at, words.number(at)), value=_said(point, measure.share)
            )
            for at, point in known.items()
        ]
        lines.append(say("{name}: {parts}", name=words.label(item.name), parts=words.clauses(said)))
    return say(
        "{title}: {measure} against {axis}. {drawn}.",
        title=title,
        measure=measure.name,
        axis=axis.name,
        drawn=joined(lines, "{left}. {right}") or "No points",
    )


def _said(point: Interval, share: bool) -> str:
    estimate = words.percent(point.estimate) if share else words.number(point.estimate)
    if not point.known:
        return estimate
    if share:
        return joined([estimate, words.span(point.low, point.high, share=True)])
    return joined([estimate, f"[{words.number(point.low)}, {words.number(point.high)}]"])
