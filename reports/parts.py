"""What the page is made of: cells, tables, panels and figures, as plain values without any markup."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports import words

_SMALL = 360


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry of a table: what is shown, and for numbers what it sorts by (NaN last)."""

    text: str
    value: float | None = None

    @property
    def order(self) -> str:
        """The sort key as text: empty where there is no number to sort by."""
        return "" if self.value is None or math.isnan(self.value) else repr(float(self.value))


Row = Sequence[Cell | str]
"""A row of a table as it is put together: plain strings stand for cells without a number."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; columns that hold numbers are set to the right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

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


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing: its heading, the picture, and its numbers in words for who cannot see it."""

    title: str
    svg: str
    alt: str
    width: int
    height: int

    @property
    def size(self) -> str:
        """How much room it needs beside others."""
        return "small" if self.width <= _SMALL else "large"

    @property
    def uri(self) -> str:
        """The picture as a data URI; no request ever leaves the page."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels that belong together, with a caption naming runs, seeds and bands, and the data behind them."""

    key: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    data: Table

    @property
    def layout(self) -> str:
        """``small`` where panels go several beside each other, ``large``, or ``lone``."""
        if len(self.panels) == 1:
            return "lone"
        return "small" if all(panel.size == "small" for panel in self.panels) else "large"


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
