"""A part of the page that is no claim: sentences, figures, tables, pictures and the CSV files behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.records.columns import Column
from reports.contrasts import Resampling
from reports.frame import Results
from reports.parts import Figure, Table
from reports.pictures import Album

FileColumns = Mapping[str, tuple[str, Mapping[str, Column]]]
"""Name of a CSV file to what a row of it is and its columns in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one part shows.

    Args:
        key: short name, its anchor. title, name: heading, and what the navigation calls it.
        points: the answer in sentences; what cannot be said, and why, is said here too.
        notes: further sentences: method, limits, what is not measured.
        figures, tables, albums: what to show. rows: rows of each CSV file that the part declares.
    """

    key: str
    title: str
    name: str
    points: tuple[str, ...]
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    albums: tuple[Album, ...] = ()
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """How a section is made, and the CSV files it fills: declared, so that SCHEMA.md knows them.

    Args:
        attribution: whether it wants the runs that only try remedies on failing cells; others do without.
    """

    build: Callable[[Results, Resampling], Section]
    files: FileColumns = field(default_factory=dict)
    attribution: bool = False
