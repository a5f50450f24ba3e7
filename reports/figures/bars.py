"""Stacked horizontal bars: how a whole splits into parts, one bar per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import PercentFormatter

from reports import words
from reports.figures import style
from reports.parts import Panel
from reports.say import joined, say

_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: its name and the size of each of its parts."""

    name: str
    parts: Mapping[str, float]


def panel(
    title: str, stacks: Sequence[Stack], colours: Mapping[str, str], measure: str, *, share: bool
) -> Panel:
    """Draw stacked bars.

    Args:
        colours: part to colour, in the order of stacking; parts of size zero everywhere leave the legend.
        share: parts are shares of one, drawn and said in percent.
    """
    used = [part for part in colours if any(stack.parts.get(part, 0) > 0 for stack in stacks)]
    legend = -(-len(used) // 3)
    width, height = 420, 36 + 22 * max(len(stacks), 1) + 15 * legend

    def paint(drawing: Drawing) -> None:
        """Bars, their names, and the parts' colours above them."""
        axes = drawing.subplots()
        _bars(axes, stacks, {part: colours[part] for part in used})
        axes.set_yticks(range(len(stacks)), [words.label(stack.name, _LONGEST) for stack in stacks])
        for stack, name in zip(stacks, axes.get_yticklabels(), strict=True):
            name.set_gid(style.mark(stack.name))
        axes.set(ylim=(max(len(stacks), 1) - 0.4, -0.6))
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        if share:
            axes.set_xlim(0, 1)
            axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        drawing.legend(
            loc="outside upper left", ncols=3, columnspacing=1.2, borderpad=0, handlelength=1, handleheight=1
        )

    alt = _alt(title, stacks, used, measure, share)
    written = (*(words.label(stack.name, _LONGEST) for stack in stacks), *used)
    names = style.axes_text(measure)
    return Panel(title, style.draw(width, height, paint), alt, width, height, names, written)


def _bars(axes: Axes, stacks: Sequence[Stack], colours: Mapping[str, str]) -> None:
    left = [0.0] * len(stacks)
    for part, colour in colours.items():
        sizes = [stack.parts.get(part, 0.0) for stack in stacks]
        drawn = axes.barh(
            range(len(stacks)), sizes, left=left, height=0.66, color=colour, label=part,
            edgecolor=style.PAPER, linewidth=0.8,
        )  # fmt: skip
        for stack, bar in zip(stacks, drawn, strict=True):
            bar.set_gid(style.mark(stack.name))
        left = [start + size for start, size in zip(left, sizes, strict=True)]


def _alt(title: str, stacks: Sequence[Stack], used: Sequence[str], measure: str, share: bool) -> str:
    said = []
    for stack in stacks:
        show = words.percent if share else words.number
        parts = [
            words.told_by(part, show(stack.parts[part])) for part in used if stack.parts.get(part, 0) > 0
        ]
        said.append(say("{name}: {parts}", name=words.label(stack.name), parts=words.clauses(parts)))
    drawn = joined(said, "{left}; {right}") or "nothing to draw"
    return say("{title}: {measure}. {drawn}.", title=title, measure=measure, drawn=drawn)
