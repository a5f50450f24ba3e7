"""Files on disk, whole or not at all, and CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

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
    """Spell some columns of a frame as CSV, fast: a whole column at a time."""
    spelled = [_column(frame[name]) for name in columns]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*spelled, strict=True))
    return target.getvalue()


def _column(values: pd.Series) -> list[str]:
    if values.dtype.kind == "f":
        return [_number(value) for value in values.tolist()]
    return [harmless(str(value)) for value in values.tolist()]


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return _number(float(value))
    return harmless(str(value))


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
