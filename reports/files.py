"""Files on disk, whole or not at all, and CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

_ROWS = 20_000
"""Rows that are spelled at once."""
_EXACT, _TINY = 1e15, 1e-4
"""Below the first a whole number is spelled without a point, from the second on none has an exponent."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, content: str | bytes | Iterable[str]) -> Path:
    """Replace a file in one move: a reader sees the old one or the new one.

    Args:
        content: all of it, or portions of text, each of which is on disk before the next is asked for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        for part in (content,) if isinstance(content, str | bytes) else content:
            file.write(part.encode("utf-8", "replace") if isinstance(part, str) else part)
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
    return "".join(csv_parts(columns, rows))


def csv_parts(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Spell rows as ``csv_of`` does, a portion at a time."""
    yield _lines([columns])
    left = iter(rows)
    while portion := list(islice(left, _ROWS)):
        yield _lines([_spelled(value) for value in row] for row in portion)


def frame_csv(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """Spell some columns of a frame as CSV, fast: a column at a time."""
    return "".join(frame_parts(frame, columns))


def frame_parts(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[str]:
    """Spell a frame as ``frame_csv`` does, a portion of its rows at a time."""
    yield _lines([columns])
    for start in range(0, len(frame), _ROWS):
        part = frame.iloc[start : start + _ROWS]
        fields = [_column(part[name]) for name in columns]
        if len(fields) == 1:
            fields = [[field or '""' for field in fields[0]]]  # an empty line would be no row
        # Joined by hand: a writer looks at every letter of every number for what has to be quoted.
        yield "".join([f"{','.join(row)}\n" for row in zip(*fields, strict=True)])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def _column(values: pd.Series) -> list[str]:
    """Spell a column as fields, quoted where they must be."""
    if values.dtype.kind != "f":
        texts = values.tolist()
        spelled_once = {value: _quoted(harmless(str(value))) for value in set(texts)}
        return [spelled_once[value] for value in texts]
    numbers = values.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    # Most columns of an evaluation were not measured at it: only what is there is spelled.
    spelled = np.full(len(numbers), "", dtype=object)
    spelled[known] = _numbers(numbers[known])
    return list(spelled.tolist())


def _quoted(text: str) -> str:
    """Quote a field as csv's writer does.

    Example:
        >>> _quoted("wgan-gp"), _quoted("a,b")
        ('wgan-gp', '"a,b"')
    """
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if any(mark in text for mark in ',"\n') else text


def _numbers(known: NDArray[np.float64]) -> list[str]:
    """Spell as ``_number`` does, in a quarter of the time: orjson finds the shortest digits, too."""
    if not len(known):
        return []
    spelled = orjson.dumps(known + 0.0, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].decode().split(",")
    texts = [text[:-2] if text.endswith(".0") else text for text in spelled]
    sizes = np.abs(known)
    # Others have an exponent, which Python spells otherwise, or are infinite.
    for place in np.flatnonzero((sizes != 0) & ~((sizes >= _TINY) & (sizes < _EXACT))).tolist():
        texts[place] = _number(float(known[place]))
    return texts


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
