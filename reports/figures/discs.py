"""Places of the plane, each a ring that is filled by as much as its share: nothing, a part, or all of it.

Colours repeat where there are many recipes, so the recipe's own mark stands above its map too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from reports import words
from reports.figures import style
from reports.parts import Panel
from reports.say import joined, say

Place = tuple[float, float]
_SIDE, _GAP = 240, 0.4
_KEY = 16
"""Height of the strip above the map that the mark stands in."""
_MOST_SAID = 60
"""Places that the alt text lists one by one; more are told by how many share a share."""


def panel(title: str, places: Sequence[Place], shares: Sequence[float], look: int) -> Panel:
    """Draw places with their shares; the area of a disc over that of its ring is the share.

    Args:
        shares: between 0 and 1, in the order of ``places``.
        look: place of the series whose colour the discs have and whose mark stands above them.
    """
    radius, height = _GAP * nearest(places), _SIDE + _KEY

    def paint(drawing: Drawing) -> None:
        """A ring per place, and in it the disc; no axes, for the rings say where they are."""
        _mark(drawing, look)
        axes = drawing.subplots()
        axes.set_axis_off()
        axes.set_aspect("equal")
        _frame(axes, places, radius)
        for place, share in zip(places, shares, strict=True):
            axes.add_patch(Circle(place, radius, fill=False, edgecolor=style.MUTED, linewidth=0.8))
            if share > 0:
                inside = radius * math.sqrt(share)
                axes.add_patch(Circle(place, inside, facecolor=style.colour(look), linewidth=0))

    return Panel(title, style.draw(_SIDE, height, paint), _alt(title, places, shares), _SIDE, height)


def _mark(drawing: Drawing, look: int) -> None:
    """Keep the strip above the map free, and set the mark at its left end."""
    layout, height = cast(ConstrainedLayoutEngine, drawing.get_layout_engine()), _SIDE + _KEY
    layout.set(rect=(0, 0, 1, _SIDE / height))
    at = [_KEY / 2 / _SIDE], [1 - _KEY / 2 / height]
    drawing.add_artist(
        Line2D(*at, marker=style.marker(look), color=style.colour(look), markersize=7, linestyle="none")
    )


def nearest(places: Sequence[Place]) -> float:
    """Least distance between two places; 1 where there are not two.

    Example:
        >>> nearest([(0.0, 0.0), (3.0, 4.0), (0.0, 9.0)]), nearest([(5.0, 5.0)])
        (5.0, 1.0)
    """
    apart = (math.dist(one, other) for at, one in enumerate(places) for other in places[:at])
    return min((distance for distance in apart if distance > 0), default=1.0)


def _frame(axes: Axes, places: Sequence[Place], radius: float) -> None:
    for limits, along in ((axes.set_xlim, 0), (axes.set_ylim, 1)):
        reach = [place[along] for place in places]
        limits(min(reach) - 1.15 * radius, max(reach) + 1.15 * radius)


def _alt(title: str, places: Sequence[Place], shares: Sequence[float]) -> str:
    if len(places) <= _MOST_SAID:
        said = [
            say("{place}: {share}", place=spelled(place), share=words.percent(share))
            for place, share in zip(places, shares, strict=True)
        ]
    else:
        said = [
            say("{places} places: {share}", places=list(shares).count(share), share=words.percent(share))
            for share in sorted(set(shares), reverse=True)
        ]
    drawn = joined(said, "{left}; {right}") or say("no places")
    return say("{title}: share of runs that cover each mode. {drawn}.", title=title, drawn=drawn)


def spelled(place: Place) -> str:
    """A place of the plane.

    Example:
        >>> spelled((-2.0, 0.70710678))
        '(−2, 0.707)'
    """
    return f"({words.number(place[0])}, {words.number(place[1])})"
