"""A training log as it is on disk: rows, cells, and everything that is odd about them.

Nothing is dropped in silence: whatever cannot be used is a problem that names its rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.monitor.cells import number_of
from bench.monitor.columns import EPOCH, STEP, recognise
from bench.monitor.observed import Problem

_DELIMITERS = ",\t;|"
_SAMPLE = 1 << 16
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)

SWALLOWED = 0.05
"""Share of the lines of a log that may stand inside of cells."""

_ODD = _COMMENT, _AGAIN, _OTHER, _LONG, _MORE, _FEWER = (
    "a comment; it is left out",
    "the header stands there again; it is left out",
    "other columns are named there",
    "a cell holds rows of the log (a quote that is not closed?)",
    "the row has more cells than the header",
    "the row has fewer cells than the header",
)


@dataclass(frozen=True)
class Table:
    """The cells of a log as text, one list per column, with the row each came from.

    Shapes:
        columns: one sequence of (rows,) per name. rows: (rows,), counted as an editor does.

    Args:
        unclear: why its columns cannot be told apart, and nothing can be judged.
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    rows: tuple[int, ...]
    problems: tuple[Problem, ...] = ()
    unclear: str = ""


def read_table(path: Path) -> Table:
    """Read a log with a header row; commas, tabs, semicolons, bars or blanks between cells.

    Raises:
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    text = _decoded(content)
    if not text.strip():
        return _nothing("the file is empty")
    if "\x00" in text:
        return _nothing("the file is no text: it holds bytes that no CSV has")
    return table_of(_lines(text))


def table_of(lines: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Make a table of rows of cells; the first that is no comment is the header.

    Args:
        lines: the number of each row and its cells.
    """
    rows = iter(lines)
    comments: list[int] = []
    header: Sequence[str] = ()
    for number, cells in rows:
        header = () if _is_comment(cells) else cells
        if header:
            break
        comments.append(number)
    names = _unique([one_line(name).removeprefix("#").strip() for name in header])
    if len(names) < 1 or all(_is_number(name) for name in names):
        return _nothing("the first row must name the columns, and it does not")
    found = _Rows(names, tuple(name.strip() for name in header), comments)
    for number, cells in rows:
        found.take(number, cells)
    return found.table()


class _Rows:
    """Rows below a header, sorted into those with numbers and those that only tell."""

    def __init__(self, names: tuple[str, ...], header: tuple[str, ...], comments: list[int]) -> None:
        self.names, self.header = names, header
        self.kept: list[list[str]] = []
        self.numbers: list[int] = []
        self.odd: dict[str, list[int]] = {what: [] for what in _ODD}
        self.odd[_COMMENT] = comments
        self.swallowed = 0

    def take(self, number: int, cells: Sequence[str]) -> None:
        """Take a row, by its number."""
        wanted, plain = len(self.names), tuple(cell.strip() for cell in cells)
        if plain[:wanted] == self.header or _is_comment(cells):
            self.odd[_AGAIN if plain[:wanted] == self.header else _COMMENT].append(number)
            return
        swallowed = sum(_rows_in(cell) for cell in cells)
        if swallowed:
            self.odd[_LONG].append(number)
            self.swallowed += swallowed
        if any(plain[wanted:]):
            self.odd[_MORE].append(number)
        elif len(cells) < wanted:
            self.odd[_FEWER].append(number)
        if _names_columns(plain):
            self.odd[_OTHER].append(number)
        self.kept.append([*cells[:wanted], *[""] * (wanted - len(cells))])
        self.numbers.append(number)

    def table(self) -> Table:
        """What was taken."""
        problems = [
            Problem.at(what, rows, spoils=what not in (_COMMENT, _AGAIN))
            for what, rows in self.odd.items()
            if rows
        ]
        if not self.kept:
            problems.append(Problem("there is no row below the header", 0))
        columns = tuple(zip(*self.kept, strict=True)) if self.kept else tuple(() for _ in self.names)
        return Table(self.names, columns, tuple(self.numbers), tuple(problems), self._unclear())

    def _unclear(self) -> str:
        rows = len(self.kept)
        if self.odd[_OTHER]:
            return f"row {self.odd[_OTHER][0]} names columns anew, other ones; give one log per table"
        if self.swallowed > SWALLOWED * (rows + self.swallowed):
            return (
                f"a quote that is not closed swallows {self.swallowed} lines, up to row "
                f"{self.odd[_LONG][-1]}; close it"
            )
        if len(self.odd[_MORE]) * 2 > rows:
            return (
                "most rows have more cells than the header has names; put cells that hold a comma in quotes"
            )
        return ""


def _is_number(text: str) -> bool:
    return isinstance(number_of(text), float)


def _is_comment(cells: Sequence[str]) -> bool:
    """A note of a person or a program: it begins with a hash and holds no number and no known name."""
    written = [cell.strip() for cell in cells if cell.strip()]
    if len(written) == 1 and re.fullmatch(r"sep=.?", written[0].lower()):
        return True  # it tells spreadsheets the delimiter, and may have been split at it
    if not written or not cells[0].lstrip().startswith("#") or any(map(_is_number, written)):
        return False
    return not recognise([written[0].lstrip("# "), *written[1:]])


def _rows_in(cell: str) -> int:
    """Lines of a cell that look like rows of a log."""
    return sum(
        any(sign in line for sign in _DELIMITERS) and any(map(str.isdigit, line))
        for line in cell.splitlines()[1:]
    )


def _names_columns(cells: Sequence[str]) -> bool:
    """Whether a row below the header is a header of its own: known names, and no number."""
    written = [cell for cell in cells if cell]
    if len(written) < 2 or any(_is_number(cell) for cell in written):
        return False
    return bool({STEP, EPOCH} & set(recognise(written)))


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # every byte is a letter there: names may look odd, numbers stand


def _lines(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    heads = [line for line in text[:_SAMPLE].splitlines() if line.strip()]
    told = next((found[1] for line in heads[:1] if (found := _SEPARATOR.fullmatch(line.strip()))), "")
    named = [line for line in heads if not line.lstrip().startswith("#") and not _SEPARATOR.match(line)]
    head = (named or heads)[0]
    delimiter = told or max(_DELIMITERS, key=head.count)
    if delimiter not in head and len(head.split()) == len((named or heads)[-1].split()) > 1:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, line.split()
        return
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
