"""What a column of a table is: its name, its unit and its meaning in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its unit ("" for a plain number, "text" for words), and what it says."""

    name: str
    unit: str
    meaning: str


def columns_of(*rows: tuple[str, str, str]) -> Mapping[str, Column]:
    """Columns by name, of (name, unit, meaning) each."""
    return {name: Column(name, unit, meaning) for name, unit, meaning in rows}
