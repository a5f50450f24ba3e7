"""The history file: one line per revision, a column per benchmark, each a ratio to a pinned reference."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.folder import write_atomically

ABOUT = ("revision", "reference", "measured_at", "answer", "machine", "processor", "python", "torch")
"""Columns that say what a line is of; all others are benchmarks."""

DEFAULT = Path("regression-history.csv")


class HistoryError(ValueError):
    """A history that cannot be read or continued; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Line:
    """One revision.

    Args:
        about: by the names of ABOUT. ratios: by benchmark, head over the reference; above 1 is worse.
    """

    about: Mapping[str, str]
    ratios: Mapping[str, float]

    @property
    def revision(self) -> str:
        """Which revision was measured."""
        return self.about["revision"]

    @property
    def reference(self) -> str:
        """What it was measured against, side by side."""
        return self.about["reference"]


@dataclass(frozen=True, slots=True)
class History:
    """All lines, oldest first."""

    lines: tuple[Line, ...] = ()

    @property
    def benchmarks(self) -> tuple[str, ...]:
        """Every benchmark that any line has, in order of first appearance."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.ratios))

    def series(self, benchmark: str) -> list[float]:
        """Ratios of one benchmark, NaN where a line lacks it."""
        return [line.ratios.get(benchmark, math.nan) for line in self.lines]

    def stretches(self) -> list[tuple[int, int]]:
        """Places (first, last + 1) of neighbours with one reference: only these compare."""
        edges = [
            at
            for at, line in enumerate(self.lines)
            if at == 0 or line.reference != self.lines[at - 1].reference
        ]
        return list(zip(edges, [*edges[1:], len(self.lines)], strict=True))


def appended(history: History, line: Line, *, repin: bool = False) -> History:
    """Put a line at the end; a revision that is there already is measured again and takes its place.

    Args:
        repin: whether a new reference may begin a stretch of its own.

    Raises:
        HistoryError: the reference is another than the last line's.
    """
    if history.lines and line.reference != history.lines[-1].reference and not repin:
        last = history.lines[-1].reference
        raise HistoryError(
            f"--reference: must be the history's own, got {line.reference!r}; did you mean {last!r}? "
            "(--repin begins a new stretch)"
        )
    places = [at for at, old in enumerate(history.lines) if _key(old) == _key(line)]
    if places:
        lines = [line if at == places[-1] else old for at, old in enumerate(history.lines)]
        return replace(history, lines=tuple(lines))
    return replace(history, lines=(*history.lines, line))


def read(path: Path) -> History:
    """Read a history; a file that is not there is an empty one.

    Raises:
        HistoryError: the file is no history, or a line of it is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return History()
    except (OSError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path}: must be a readable CSV file, got {_line(error)!r}") from error
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise HistoryError(f"{path}: must be a CSV file, got {_line(error)!r}") from error
    heads = rows[0] if rows else []
    if tuple(heads[: len(ABOUT)]) != ABOUT or len(set(heads)) < len(heads):
        raise HistoryError(
            f"{path}: must begin with the columns {', '.join(ABOUT)}, got {','.join(heads)!r:.80}"
        )
    return History(tuple(_read_line(path, at, heads, row) for at, row in enumerate(rows[1:], 2)))


def write(history: History, path: Path) -> None:
    """Write the file whole or not at all."""
    names = history.benchmarks
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*ABOUT, *names])
    for line in history.lines:
        about = [_harmless(line.about.get(name, "")) for name in ABOUT]
        writer.writerow([*about, *(_spelled(line.ratios.get(name, math.nan)) for name in names)])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, out.getvalue())


def _read_line(path: Path, at: int, heads: Sequence[str], row: Sequence[str]) -> Line:
    if len(row) != len(heads):
        raise HistoryError(f"{path}: line {at} must have {len(heads)} values, got {len(row)}")
    cells = dict(zip(heads, row, strict=True))
    ratios = {}
    for name in heads[len(ABOUT) :]:
        if cells[name]:
            ratios[name] = _ratio(path, at, name, cells[name])
    return Line({name: cells[name] for name in ABOUT}, ratios)


def _ratio(path: Path, at: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise HistoryError(f"{path}: line {at}: {name} must be a ratio above 0 or empty, got {text!r:.40}")
    return value


def _key(line: Line) -> tuple[str, str]:
    return line.revision, line.reference


def _spelled(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) and value > 0 else ""


def _harmless(text: str) -> str:
    """A name as a spreadsheet cannot take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
