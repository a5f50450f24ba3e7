"""One benchmark over revisions: its ratios, the levels between changes, and the changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from reports import words
from reports.figures import style
from reports.parts import Panel

_WIDTH, _HEIGHT = 300, 150
_WORSE, _BETTER, _OPEN = 0, 3, 1
"""Places of the colours of a regression, a gain and a change that is not yet confirmed."""


def panel(series: Mapping[str, Any], revisions: Sequence[str]) -> Panel:
    """Draw one benchmark.

    Args:
        series: ``name``, ``ratios`` (None where missing) and ``changes``, as
            ``bench.regression.history.told.to_mapping`` gives them.
        revisions: of every place.
    """
    ratios = [math.nan if ratio is None else float(ratio) for ratio in series["ratios"]]

    def paint(drawing: Drawing) -> None:
        """Draw the ratios, and a step where a change was found."""
        axes = drawing.subplots()
        _frame(axes)
        axes.plot(range(len(ratios)), ratios, ".", color=style.MUTED, markersize=4)
        for change in series["changes"]:
            _marked(axes, change)

    svg = style.draw(_WIDTH, _HEIGHT, paint)
    names = style.axes_text("revision", "ratio to the reference")
    title = words.label(series["name"], 60)
    return Panel(title, svg, _alt(title, ratios, series["changes"], revisions), _WIDTH, _HEIGHT, names)


def _frame(axes: Axes) -> None:
    axes.axhline(1.0, color=style.MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.grid(visible=False, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _marked(axes: Axes, change: Mapping[str, Any]) -> None:
    """A line at the change, and the levels on either side of it."""
    place = _OPEN if not change["confirmed"] else _WORSE if change["worse"] else _BETTER
    at = change["at"]
    axes.axvline(
        at - 0.5,
        color=style.colour(place),
        linewidth=1.2,
        linestyle=style.DASHES[0 if change["confirmed"] else 1],
    )
    axes.plot([change["start"], at - 1], [change["before"]] * 2, color=style.INK, linewidth=1.2)
    axes.plot([at, change["end"]], [change["after"]] * 2, color=style.colour(place), linewidth=1.6)


def _alt(
    title: str, ratios: Sequence[float], changes: Sequence[Mapping[str, Any]], revisions: Sequence[str]
) -> str:
    known = [ratio for ratio in ratios if math.isfinite(ratio)]
    if not known:
        return f"{title}: no number."
    told = [
        f"from {change['before']:.3f} to {change['after']:.3f} at {revisions[change['at']]}"
        f"{'' if change['confirmed'] else ' (not confirmed)'}"
        for change in changes
    ]
    span = f"{len(known)} ratios from {min(known):.3f} to {max(known):.3f}, the last {known[-1]:.3f}"
    return f"{title}: {span}. Changes: {'; '.join(told) or 'none'}."
