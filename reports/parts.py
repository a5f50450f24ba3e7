"""What the page is made of: cells, tables, panels and figures, as plain values without any markup."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports import words
from reports.factors import HEADINGS, told_by

_SMALL = 360
_PLACE = re.compile(r"#[A-Za-z][\w.:-]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry of a table: what is shown, and for numbers what it sorts by (NaN last).

    ``href``: a place on the page that it leads to, ``#anchor``; empty for none.
    """

    text: str
    value: float | None = None
    href: str = ""

    def __post_init__(self) -> None:
        """Refuse what leads off the page."""
        if self.href and not _PLACE.fullmatch(self.href):
            raise ValueError(f"cell: href must be a place on the page such as '#cells', got {self.href!r}")

    @property
    def order(self) -> str:
        """The sort key as text: empty where there is no number to sort by."""
        return "" if self.value is None or math.isnan(self.value) else f"{self.value:.4g}"


Row = Sequence[Cell | str]
"""A row of a table as it is put together: plain strings stand for cells without a number."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; columns that hold numbers are set to the right.

    ``keys``: for each column the factor whose levels it holds; empty: as the headings tell.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, caption: str, columns: Sequence[str], rows: Sequence[Row]) -> Table:
        """Build a table; plain strings become cells."""
        cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
        return cls(caption, tuple(columns), cells)

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold numbers."""
        return tuple(
            any(row[index].value is not None for row in self.rows) for index in range(len(self.columns))
        )

    @property
    def hidden_order(self) -> tuple[bool, ...]:
        """Columns whose numbers cannot be read off what is shown: only they need a sort key beside it."""
        return tuple(not readable([row[index] for row in self.rows]) for index in range(len(self.columns)))

    @property
    def factors(self) -> tuple[str, ...]:
        """For each column the factor whose levels it holds, empty for others."""
        return self.keys or tuple(HEADINGS.get(column, "") for column in self.columns)


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing: its heading, the picture, and its numbers in words for who cannot see it.

    Args:
        axes: what the axes are, said above the picture.
        written: words inside it, which a page of another language has in its own; all else is shared.
        recipe: the one it shows, where it is one; the page can hide it.
        other: the same on another scale, to which the page switches; ``scale`` names that of each.
    """

    title: str
    svg: str
    alt: str
    width: int
    height: int
    axes: str = ""
    written: tuple[str, ...] = ()
    recipe: str = ""
    scale: str = ""
    other: Panel | None = None

    @property
    def size(self) -> str:
        """How much room it needs beside others."""
        return "small" if self.width <= _SMALL else "large"

    @property
    def uri(self) -> Markup:
        """The picture as a data URI, fit to stand in double quotes; no request ever leaves the page."""
        return self.told(str)

    def told(self, tell: Callable[[str], str]) -> Markup:
        """The same with its words as another language says them.

        Example:
            >>> panel = Panel("", "<text>all</text><text>all but</text>", "", 1, 1, written=("all",))
            >>> str(panel.told({"all": "全部"}.get))
            'data:image/svg+xml,<text>全部</text><text>all but</text>'
        """
        svg = self.svg
        for text in self.written:
            svg = svg.replace(f">{_xml(text)}</text>", f">{_xml(tell(text))}</text>")
        return Markup("data:image/svg+xml," + svg.translate(_URI))


def _xml(text: str) -> str:
    """Spell a text as matplotlib does in an SVG."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_URI = {ord(letter): f"%{ord(letter):02X}" for letter in '%#"&\n\r\t'}
"""What a URI or an attribute would take otherwise; all else stands as it is, a third shorter than base64."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels that belong together, with a caption naming runs, seeds and bands, and the data behind them.

    ``where`` says which cells its runs are of (``reports.factors.where``); empty: as far as its data tells.
    """

    key: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    data: Table
    where: str = ""

    @property
    def layout(self) -> str:
        """``small`` where panels go several beside each other, ``large``, or ``lone``."""
        if len(self.panels) == 1:
            return "lone"
        return "small" if all(panel.size == "small" for panel in self.panels) else "large"

    @property
    def cells(self) -> str:
        """Which cells it is about, as a filter of the page's table of cells."""
        return self.where or told_by(
            self.data.columns, [[cell.text for cell in row] for row in self.data.rows]
        )


def readable(cells: Sequence[Cell]) -> bool:
    """Say whether cells sort by the number that they begin with: all of one unit, none hidden by rounding.

    Example:
        >>> readable([Cell("48 %", 0.48), Cell("n/a", math.nan), Cell("−3 %", -0.03)])
        True
        >>> readable([Cell("10 min", 600.0), Cell("42 s", 42.0)])
        False
    """
    known = [
        (read(cell.text), cell.value) for cell in cells if cell.value is not None and cell.value == cell.value
    ]
    return any(all(_alike(shown, unit * value) for shown, value in known) for unit in (1, 100))


def read(text: str) -> float:
    """Read the number that a text begins with, as the page's script does; NaN where there is none.

    Example:
        >>> read("×0.3"), read("1/8"), read("−12,346"), read("[0.2, 0.4]"), read("n/a")
        (0.3, 0.125, -12346.0, 0.2, nan)
    """
    found = _NUMBER.match(text)
    if not found:
        return math.nan
    sign, digits, below = found.groups()
    number = math.inf if digits == "∞" else float(digits.replace(",", "").replace("−", "-"))
    return (-1 if sign else 1) * number / float(below or 1)


_NUMBER = re.compile(r"[\[<≤≥+×~\s]*([−-]?)(∞|[\d,]*\.?\d+(?:e[−-]?\d+)?)(?:/(\d+))?")


def _alike(shown: float, value: float) -> bool:
    return shown == value or abs(shown - value) <= max(0.02 * abs(value), 0.0055)


def share(rate: float) -> Cell:
    """A share in percent."""
    return Cell(words.percent(rate), rate)


def amount(number: float) -> Cell:
    """A count."""
    return Cell("n/a" if math.isnan(number) else f"{number:,.0f}", float(number))


def value(number: float, digits: int = 3) -> Cell:
    """A measured number."""
    return Cell(words.number(number, digits), number)


def score(number: float) -> Cell:
    """A score or any number of order one, with two decimals."""
    return Cell(words.fixed(number), number)
