"""How figures look: colours that hold for colour-blind readers and in dark mode, and the one way to draw.

Figures are SVG with live text. Every colour is a variable that the picture's own style sheet sets for light
and for dark, so one file serves both.
"""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Callable, Mapping
from typing import Any, cast

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.layout_engine import ConstrainedLayoutEngine

from reports.figures.compact import MARK, compact
from reports.say import say

INK, MUTED, GRID, PAPER = "#1d2733", "#5a6675", "#dce1e6", "#fefefe"
_DARK = {INK: "#e4e9ef", MUTED: "#9fabb8", GRID: "#333c47", PAPER: "#161b21"}

SERIES = ("#c4510a", "#b07d00", "#0b62a8", "#067a5b", "#a04a86", "#2f8fc4", "#7a5c2e", "#5d646c")
_SERIES_DARK = ("#ff8b4a", "#e6b422", "#5fb0f0", "#35c79a", "#e08cc6", "#7fd0ff", "#c9a46b", "#b4bcc5")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES = ("-", (0, (4, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.5, 1.2, 1.5)))

_RC: Mapping[str, Any] = {
    "svg.hashsalt": "gan-stability-bench",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.labelsize": 8.5,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.2,
    "path.simplify": True,
}

_VARIABLES = {colour: f"c{index}" for index, colour in enumerate((*_DARK, *SERIES))}
_AT_NIGHT = {**_DARK, **dict(zip(SERIES, _SERIES_DARK, strict=True))}
_FONT = "text{font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif}"


def colour(index: int) -> str:
    """Colour of a series; they repeat after eight, markers tell repeats apart; below zero ink."""
    return INK if index < 0 else SERIES[index % len(SERIES)]


def marker(index: int) -> str:
    """Marker of a series, shifted by one at each repeat of the colours."""
    return "o" if index < 0 else MARKERS[(index + index // len(SERIES)) % len(MARKERS)]


def mark(name: str) -> str:
    """Name what is of a recipe inside a picture, for pages to hide; a learning rate behind it is no part.

    Example:
        >>> mark("nsgan ×3") == mark("nsgan"), mark("nsgan") == mark("wgan")
        (True, False)
    """
    return f"{MARK}{zlib.crc32(name.partition(' ×')[0].encode()):08x}"


def axes_text(across: str, up: str = "") -> str:
    """Name the axes above the picture.

    Example:
        >>> axes_text("capacity ratio", "score"), axes_text("share of runs")
        ('↑ score · → capacity ratio', '→ share of runs')
    """
    return say("↑ {up} · → {across}", up=up, across=across) if up else say("→ {across}", across=across)


def draw(width: float, height: float, paint: Callable[[Drawing], None]) -> str:
    """Make one SVG: the same numbers give the same bytes.

    Units:
        width, height: CSS pixels.
    """
    with mpl.rc_context(cast(Any, _RC)), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that the layout font lacks is drawn by the reader's own
        drawing = Drawing(
            figsize=(width / 96, height / 96), layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02)
        )
        canvas: Any = FigureCanvasSVG(drawing)
        drawing.patch.set_visible(False)
        paint(drawing)
        target = io.StringIO()
        canvas.print_svg(
            target, metadata={"Date": None, "Creator": None}
        )  # savefig would draw everything twice
        return _compact(target.getvalue())


def _compact(svg: str) -> str:
    """Drop what no reader needs and turn colours into variables; text is left as it is."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r">\s+<", "><", svg)
    svg = re.sub(r"<[^>]+>", lambda tag: _compact_tag(tag[0]), svg)
    used = [colour for colour, name in _VARIABLES.items() if f"var(--{name})" in svg]
    return compact(svg.replace("<defs>", f"{_sheet(used)}<defs>", 1))


def _compact_tag(tag: str) -> str:
    tag = re.sub(r"(\.\d)\d+", r"\1", re.sub(r"\s+", " ", tag))
    tag = re.sub(r"; font-family: [^;\"]*| transform=\"rotate\(-0 [^\"]*\"", "", tag)
    for hexadecimal, name in _VARIABLES.items():
        tag = tag.replace(hexadecimal, f"var(--{name})")
    return tag


def _sheet(used: list[str]) -> str:
    day = "".join(f"--{_VARIABLES[name]}:{name};" for name in used)
    night = "".join(f"--{_VARIABLES[name]}:{_AT_NIGHT[name]};" for name in used)
    return f"<style>:root{{{day}}}@media (prefers-color-scheme:dark){{:root{{{night}}}}}{_FONT}</style>"
