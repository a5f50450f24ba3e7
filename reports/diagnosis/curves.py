"""The curves of one training run, with the step marked from which its outcome held."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, NullFormatter

from reports import words
from reports.figures import style
from reports.parts import Panel

GROUPS: Sequence[tuple[str, tuple[str, ...], bool]] = (
    ("Quality: distance to real data", ("distance",), True),
    ("Losses", ("generator_loss", "discriminator_loss"), False),
    ("Discriminator's mean output", ("output_real", "output_holdout", "output_fake"), False),
    ("Discriminator's AUC, real against generated", ("auc_real_fake", "auc_train_holdout"), False),
    ("Gradient norms", ("generator_gradient", "discriminator_gradient"), True),
    ("Fidelity and coverage", ("precision", "recall", "coverage"), False),
)
"""Each panel: its title, the curves in it, and whether it may be drawn on a logarithmic axis."""

_WIDTH, _HEIGHT, _RISE = 460, 240, 16


def panels(curves: Sequence[Mapping[str, Any]], onset: int | None) -> list[Panel]:
    """One panel for each group of which there is a curve."""
    known = {curve["name"]: _points(curve) for curve in curves}
    return [
        _panel(title, {name: known[name] for name in names if name in known}, onset, logarithmic=may_be_log)
        for title, names, may_be_log in GROUPS
        if any(name in known for name in names)
    ]


Points = tuple[Sequence[float], Sequence[float]]


def _points(curve: Mapping[str, Any]) -> Points:
    pairs = [
        (at, value) for at, value in zip(curve["steps"], curve["values"], strict=True) if value is not None
    ]
    return [at for at, _ in pairs], [value for _, value in pairs]


def _panel(title: str, curves: Mapping[str, Points], onset: int | None, *, logarithmic: bool) -> Panel:
    shown = {name: points for name, points in curves.items() if points[0]}
    height = _HEIGHT + (_RISE if len(shown) > 1 else 0)

    def paint(drawing: Drawing) -> None:
        """All curves of the group, with a legend if there are several."""
        axes = drawing.subplots()
        for place, (name, (steps, values)) in enumerate(shown.items()):
            mark = style.marker(place) if len(steps) < 2 else None
            axes.plot(
                steps,
                values,
                color=style.colour(place),
                linestyle=style.DASHES[place],
                marker=mark,
                label=_label(name),
            )
        _frame(axes, shown, onset, logarithmic=logarithmic)
        if len(shown) > 1:
            drawing.legend(loc="outside upper left", ncols=len(shown), borderpad=0, handletextpad=0.4)

    return Panel(title, style.draw(_WIDTH, height, paint), _alt(title, shown, onset), _WIDTH, height)


def _frame(axes: Axes, curves: Mapping[str, Points], onset: int | None, *, logarithmic: bool) -> None:
    axes.set_xlabel("step")
    values = np.array([value for _, series in curves.values() for value in series])
    if logarithmic and values.size and values.min() > 0 and values.max() > 10 * values.min():
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.number(y)))
        axes.yaxis.set_minor_formatter(NullFormatter())
    if onset is not None:
        axes.axvline(onset, color=style.MUTED, linewidth=1.1, linestyle=(0, (2, 2)))
        axes.annotate("onset", (onset, 1), xycoords=("data", "axes fraction"), xytext=(3, -9),
                      textcoords="offset points", color=style.MUTED, fontsize=8)  # fmt: skip


def _alt(title: str, curves: Mapping[str, Points], onset: int | None) -> str:
    said = [
        f"{_label(name)} from {words.number(values[0])} at step {words.number(steps[0], 6)} to "
        f"{words.number(values[-1])} at step {words.number(steps[-1], 6)}, between "
        f"{words.number(min(values))} and {words.number(max(values))}"
        for name, (steps, values) in curves.items()
    ]
    marked = "" if onset is None or not math.isfinite(onset) else f" The onset is marked at step {onset:,}."
    return f"{title} against steps. {'; '.join(said)}.{marked}"


def _label(name: str) -> str:
    return name.replace("_", " ")
