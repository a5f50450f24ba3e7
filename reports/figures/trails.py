"""One number of one run over its training: what a rule looked at shaded, onset and limits marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from reports import words
from reports.figures import style
from reports.parts import Panel
from reports.say import Name, joined, say

_WIDTH, _HEIGHT = 300, 170


@dataclass(frozen=True, slots=True)
class Trail:
    """A series of one run.

    Args:
        name: the column. steps, values: one per evaluation, NaN where not measured.
        start: the rule looked at evaluations from this step on. onset: step from which the outcome held;
            None for either where there is none. limits: what the number was compared with.
    """

    name: str
    steps: Sequence[float]
    values: Sequence[float]
    start: float | None = None
    onset: float | None = None
    limits: Sequence[float] = ()

    @property
    def measured(self) -> bool:
        """Whether there is anything to draw."""
        return bool(np.isfinite(np.asarray(self.values, dtype=float)).any())


def panel(title: str, trail: Trail) -> Panel:
    """Draw one series; its words hold start, end and extremes."""

    def paint(drawing: Drawing) -> None:
        """The series over what the rule looked at."""
        axes = drawing.subplots()
        _mark(axes, trail)
        single = len(trail.steps) == 1
        axes.plot(trail.steps, trail.values, color=style.colour(2), marker="o" if single else None)
        axes.grid(visible=False, axis="x")

    names = style.axes_text("generator updates", Name(trail.name))
    return Panel(title, style.draw(_WIDTH, _HEIGHT, paint), _alt(title, trail), _WIDTH, _HEIGHT, names)


def _mark(axes: Axes, trail: Trail) -> None:
    if trail.start is not None:
        axes.axvspan(trail.start, max(trail.steps), color=style.GRID, alpha=0.6, linewidth=0)
    for limit in trail.limits:
        axes.axhline(limit, color=style.MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
    if trail.onset is not None:
        axes.axvline(trail.onset, color=style.colour(0), linewidth=1.1, linestyle=(0, (4, 2)))


def _alt(title: str, trail: Trail) -> str:
    values = np.asarray(trail.values, dtype=float)
    known = values[np.isfinite(values)]
    course = say(
        "{title}: {name} over {n} evaluations from {first} to {last}, between {low} and {high}",
        title=title,
        name=Name(trail.name),
        n=len(values),
        first=words.number(known[0]),
        last=words.number(known[-1]),
        low=words.number(known.min()),
        high=words.number(known.max()),
    )
    marks = [say("limit {limit}", limit=words.number(limit)) for limit in trail.limits]
    if trail.onset is not None:
        marks.append(say("onset at step {step}", step=words.number(trail.onset)))
    return joined([course, *marks], "{left}; {right}")
