"""A recipe's planes beside each other: squares, the fitted boundary, and where it may as well lie."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from reports import words
from reports.figures import style
from reports.figures.plane import shades
from reports.parts import Panel
from reports.phase.frontier import Judged
from reports.phase.planes import RATE
from reports.say import joined, say
from reports.stats import Floats

_FINE = 25
_SQUARE, _LEFT, _HEAD = (34, 24), 44, 34


def panel(title: str, shown: Sequence[Judged]) -> Panel:
    """Draw planes of one recipe with the same axes: in each square failed and decided runs.

    Args:
        shown: planes of one ``key``, from left to right.
    """
    ratios = sorted({ratio for item in shown for ratio in item.plane.ratios})
    rates = sorted({rate for item in shown for rate in item.plane.rates})
    width = _LEFT + len(shown) * (_SQUARE[0] * len(ratios) + 10)
    height = _HEAD + _SQUARE[1] * len(rates)

    def paint(drawing: Drawing) -> None:
        """One plane beside the other; the rates stand at the first."""
        every = drawing.subplots(1, len(shown), sharey=True, squeeze=False)[0]
        for axes, item in zip(every, shown, strict=True):
            axes.set(xlim=(0, len(ratios)), ylim=(0, len(rates)))
            axes.set_xticks([i + 0.5 for i in range(len(ratios))], [words.ratio(ratio) for ratio in ratios])
            axes.set_yticks(
                [i + 0.5 for i in range(len(rates))], [item.plane.spelled(rate) for rate in rates]
            )
            axes.set_title(_heading(item, shown), fontsize=8.5, pad=3)
            axes.grid(visible=False)
            axes.tick_params(length=0)
            axes.spines[:].set_visible(False)
            _squares(axes, item, ratios, rates)
            _boundary(axes, item, ratios, rates)

    up = "learning rate" if shown[0].plane.axis == RATE else "rate of D over rate of G"
    names = style.axes_text("capacity ratio", up)
    return Panel(title, style.draw(width, height, paint), _alt(title, shown), width, height, names)


def _heading(item: Judged, shown: Sequence[Judged]) -> str:
    """Symbols alone: the data size, numbered where several settings share it."""
    same = [other for other in shown if other.plane.data_size == item.plane.data_size]
    number = f" #{same.index(item) + 1}" if len(same) > 1 else ""
    return f"n = {item.plane.data_size:,.0f}{number}"


def _squares(axes: Axes, item: Judged, ratios: Sequence[float], rates: Sequence[float]) -> None:
    alike: dict[tuple[float, float, float, float], list[Rectangle]] = {}
    for square in item.plane.squares:
        rate = square.failure
        if not rate.decided:
            continue
        x, y = ratios.index(square.ratio), rates.index(square.rate)
        shade, ink = shades(rate.interval.estimate, "failure rate")
        alike.setdefault(shade, []).append(Rectangle((x + 0.02, y + 0.02), 0.96, 0.96))
        axes.text(x + 0.5, y + 0.5, f"{rate.failed}/{rate.decided}", ha="center", va="center", color=ink,
                  fontsize=7)  # fmt: skip
    for shade, squares in alike.items():  # one path for all squares of a colour: half the bytes
        path = Path.make_compound_path(*(square.get_patch_transform().transform_path(square.get_path())
                                         for square in squares))  # fmt: skip
        axes.add_patch(PathPatch(path, facecolor=shade, linewidth=0, clip_on=False))


def _boundary(axes: Axes, item: Judged, ratios: Sequence[float], rates: Sequence[float]) -> None:
    """Draw the line on which half fail, and the band whose side is not certain."""
    if not item.drawn:
        return
    x, y = (
        np.linspace(levels.index(own[0]), levels.index(own[-1]), _FINE)
        for levels, own in ((ratios, item.plane.ratios), (rates, item.plane.rates))
    )
    places = np.stack(np.meshgrid(_log(x, ratios, 2), _log(y, rates, 10)), axis=-1).reshape(-1, 2)
    logits, band = item.over(places)
    grid = (x + 0.5, y + 0.5)
    uncertain = np.where(np.isnan(band), -1.0, band).reshape(_FINE, _FINE)
    if (uncertain > 0).any():
        axes.contourf(*grid, uncertain, levels=[0.0, np.inf], colors=[style.SERIES[5]], alpha=0.35)
    axes.contour(*grid, logits.reshape(_FINE, _FINE), levels=[0.0], colors=[style.SERIES[2]], linewidths=2)


def _log(index: Floats, levels: Sequence[float], base: float) -> Floats:
    """Place between levels, in logarithms."""
    return np.interp(index, range(len(levels)), [math.log(level, base) for level in levels])


def _alt(title: str, shown: Sequence[Judged]) -> str:
    said = [
        say(
            "{runs} training samples: {failed} of {decided} failed, {answer}. {squares}",
            runs=f"{item.plane.data_size:,.0f}",
            failed=sum(square.failure.failed for square in item.plane.squares),
            decided=sum(square.failure.decided for square in item.plane.squares),
            answer=say("boundary drawn") if item.drawn else say("no boundary"),
            squares=_rows(item),
        )
        for item in shown
    ]
    return say("{title}: {measure}. {drawn}.", title=title, measure="failure rate",
               drawn=joined(said, "{left}; {right}"))  # fmt: skip


def _rows(item: Judged) -> str:
    """Tell every square: at each rate, for each ratio how many of the decided runs failed."""
    said = []
    for rate in reversed(item.plane.rates):
        own = [square for square in item.plane.squares if square.rate == rate and square.failure.decided]
        told = [
            f"{words.ratio(square.ratio)}: {square.failure.failed}/{square.failure.decided}"
            for square in sorted(own, key=lambda square: square.ratio)
        ]
        if told:
            said.append(
                say("{rate}, by ratio {squares}", rate=item.plane.spelled(rate), squares=", ".join(told))
            )
    return joined(said, "{left}; {right}")
