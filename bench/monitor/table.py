"""A training log as it is on disk: rows, cells, and everything that is odd about them.

Nothing is dropped in silence: whatever cannot be used is a problem that names its rows.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.diagnostics.arrays import Flags, Floats
from bench.monitor.observed import Problem

_DELIMITERS = ",\t;|"
_SAMPLE = 1 << 16
_MISSING = frozenset({"", "-", "--", "none", "null", "n/a", "na", "#n/a", "<na>"})
_INFINITE = {"infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf}


@dataclass(frozen=True)
class Table:
    """The cells of a log as text, one list per column, with the row each came from.

    Shapes:
        columns: one sequence of (rows,) per name. rows: (rows,), counted as an editor does.
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    rows: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """One column as numbers.

    Shapes:
        values: (rows,), NaN where nothing usable stood. nonfinite: (rows,), where NaN or infinity was
        written, which is not the same as nothing. blank: (rows,), where nothing was.

    Args:
        problems: cells that are no numbers.
    """

    values: Floats
    nonfinite: Flags
    blank: Flags
    problems: tuple[Problem, ...] = ()


def read_table(path: Path) -> Table:
    """Read a log with a header row; commas, tabs, semicolons or bars between cells.

    Raises:
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    if not text.strip():
        return _nothing("the file is empty")
    if "\x00" in text:
        return _nothing("the file is no text: it holds bytes that no CSV has")
    return table_of(_lines(text))


def table_of(lines: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Make a table of rows of cells; the first is the header.

    Args:
        lines: the number of each row and its cells.
    """
    rows = iter(lines)
    _, header = next(rows, (0, ()))
    names = _unique([one_line(name) for name in header])
    if len(names) < 1 or all(_is_number(name) for name in names):
        return _nothing("the first row must name the columns, and it does not")
    kept, numbers, ragged = [], [], []
    for number, cells in rows:
        if len(cells) != len(names):
            ragged.append(number)
        kept.append([*cells[: len(names)], *[""] * (len(names) - len(cells))])
        numbers.append(number)
    problems = [Problem.at("the row has more or fewer cells than the header", ragged)] if ragged else []
    if not kept:
        problems.append(Problem("there is no row below the header", 0))
    columns = tuple(zip(*kept, strict=True)) if kept else tuple(() for _ in names)
    return Table(names, columns, tuple(numbers), tuple(problems))


def numbers_of(table: Table, column: int) -> Numbers:
    """Read one column as numbers.

    An empty cell means that nothing was logged; a written ``nan`` or ``inf`` means that it was not finite.
    """
    texts = table.columns[column]
    try:  # the fast way, for the column of a well-behaved log
        values = np.array(texts, dtype=np.float64)
        written = ~np.isfinite(values)
        return Numbers(np.where(written, math.nan, values), written, np.zeros(len(values), dtype=np.bool_))
    except ValueError:
        pass
    parsed = [_number(text) for text in texts]
    values = np.array([value if isinstance(value, float) else math.nan for value in parsed])
    written = np.array(
        [isinstance(value, float) and not math.isfinite(value) for value in parsed], dtype=bool
    )
    wrong = [row for row, value in zip(table.rows, parsed, strict=True) if isinstance(value, str)]
    name = table.names[column]
    problems = (Problem.at(f"{name!r} is no number there and counts as missing", wrong),) if wrong else ()
    blank = np.array([value is None for value in parsed], dtype=bool)
    return Numbers(np.where(np.isfinite(values), values, math.nan), written, blank, problems)


def _number(text: str) -> float | str | None:
    """A number, None where nothing was logged, or the text that is neither."""
    word = text.strip().lower()
    if word in _MISSING:
        return None
    if word in _INFINITE:
        return _INFINITE[word]
    try:
        return float(word)
    except ValueError:
        return _bracketed(word)


def _bracketed(word: str) -> float | str:
    # What printing a tensor leaves: tensor(0.69, device='cuda:0'), [0.69].
    inner = word.removeprefix("tensor(").strip("[]() ").partition(",")[0]
    try:
        return float(inner)
    except ValueError:
        return word


def _is_number(text: str) -> bool:
    return isinstance(_number(text), float)


def _lines(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    head = text[:_SAMPLE].lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond any sense: a row without cells, so that it is counted as ragged
            cells = ["", "\ufffd"]
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def one_line(text: str) -> str:
    """A name from outside on one line and without control characters, which a terminal might obey.

    Example:
        >>> one_line(" a\\n\\x1b[31mb ")
        'a [31mb'
    """
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    unique = []
    for place, name in enumerate(names):
        plain = name or f"column {place + 1}"
        counts[plain] = counts.get(plain, 0) + 1
        unique.append(plain if counts[plain] == 1 else f"{plain} ({counts[plain]})")
    return tuple(unique)


def _nothing(why: str) -> Table:
    return Table((), (), (), (Problem(why, 0),))
