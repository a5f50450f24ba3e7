"""Files on disk, whole or not at all, and CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_ROWS = 20_000
"""Rows that are spelled at once."""
_EXACT = 1e15
"""Below it a whole number is spelled without a point."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, content: str | bytes) -> Path:
    """Replace a file in one move: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    temporary.replace(path)
    return path


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula; line breaks become one kind.

    Example:
        >>> harmless("=HYPERLINK(1)"), harmless("wgan-gp"), harmless("-1")
        ("'=HYPERLINK(1)", 'wgan-gp', "'-1")
    """
    line = text.replace("\r\n", "\n").replace("\r", "\n")  # csv does not quote a lone carriage return
    return f"'{line}" if text.startswith(_FORMULA) else line


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Spell rows as CSV: text made harmless, numbers shortest, NaN empty, true and false as 1 and 0."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_spelled(value) for value in row] for row in rows)
    return target.getvalue()


def frame_csv(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """Spell some columns of a frame as CSV, fast: a column at a time, of so many rows as memory likes."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    for start in range(0, len(frame), _ROWS):
        part = frame.iloc[start : start + _ROWS]
        writer.writerows(zip(*(_column(part[name]) for name in columns), strict=True))
    return target.getvalue()


def _column(values: pd.Series) -> list[str]:
    if values.dtype.kind != "f":
        return [harmless(str(value)) for value in values.tolist()]
    numbers = values.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    # Most columns of an evaluation were not measured at it: only what is there is spelled.
    spelled = np.full(len(numbers), "", dtype=object)
    spelled[known] = _numbers(numbers[known])
    return list(spelled.tolist())


def _numbers(known: NDArray[np.float64]) -> list[str]:
    """Spell as ``_number`` does, most of them in a third of the time."""
    if not (np.abs(known) < _EXACT).all():
        return [_number(value) for value in known.tolist()]
    return [text[:-2] if text.endswith(".0") else text for text in map(repr, (known + 0.0).tolist())]


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return _number(float(value))
    return harmless(str(value))


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
