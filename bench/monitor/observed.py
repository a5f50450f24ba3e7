"""What was seen of somebody's training, whoever saw it: the one form that a diagnosis starts from.

A ``Monitor`` in a training loop and the reader of a log both end here; nothing here needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.records.schema import EvaluationRecord
from bench.verdict import Context

SHOWN_ROWS = 5
"""How many rows a problem names before it only counts."""

LONGEST_NAME = 60
"""Letters of a column's name that are shown."""

QUALITY = "distance"
"""The column that outcomes are judged by."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the data that was not as it should be: what, how often, and the first rows.

    Rows are counted as a text editor does: the header is row 1.

    Args:
        spoils: whether it makes a log a damaged one; a cell that is left blank on purpose does not.
    """

    what: str
    count: int = 1
    rows: tuple[int, ...] = ()
    spoils: bool = True

    @classmethod
    def at(cls, what: str, rows: Iterable[int], *, spoils: bool = True) -> Problem:
        """A problem of some rows; all are counted, the first few named.

        Example:
            >>> str(Problem.at("the step is no number", [4, 9]))
            '2 times the step is no number: rows 4, 9'
            >>> str(Problem.at("the step is no number", range(2, 100)))
            '98 times the step is no number: rows 2, 3, 4, 5, 6 and 93 more'
        """
        found = list(rows)
        return cls(what, len(found), tuple(found[:SHOWN_ROWS]), spoils)

    def __str__(self) -> str:
        if not self.rows:
            return self.what
        more = self.count - len(self.rows)
        named = f"row{'s' if self.count > 1 else ''} {', '.join(str(row) for row in self.rows)}"
        times = "" if self.count == 1 else f"{self.count} times "
        return f"{times}{self.what}: {named}{f' and {more} more' if more else ''}"


@dataclass(frozen=True, slots=True)
class Curve:
    """One series as it was given, thinned for drawing.

    Shapes:
        steps, values: (points,), NaN where nothing was written.
    """

    name: str
    steps: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Observed:
    """All that is known of one training run.

    Args:
        source: a name to show, such as that of the log.
        evaluations: the records that are judged.
        contexts: measuring sticks: one where the scale of quality is known, one for each scale that was
            assumed where it is not, none where there is nothing to judge.
        unclear: why no outcome may be named, whatever was measured; there are no contexts then.
        diverged_step: the step from which numbers were no longer finite.
        lost_from: the step from which quality was written as no finite number, to the end.
        problems: what was wrong with the data.
        stand_ins: column, floor or start to what took its place and why that is less.
        bounds: the columns whose values are lower bounds.
        counts: things to their number, such as rows read.
        mapping: column of the source to the name it was taken for.
    """

    source: str
    evaluations: tuple[EvaluationRecord, ...] = ()
    contexts: tuple[Context, ...] = ()
    unclear: str = ""
    diverged_step: int | None = None
    lost_from: int | None = None
    problems: tuple[Problem, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    bounds: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()

    def has(self, name: str) -> bool:
        """Whether a column was measured at least once."""
        return any(_is_number(record.values.get(name)) for record in self.evaluations)


def brief(name: str) -> str:
    """A name of the log as a line can hold it.

    Example:
        >>> brief("loss"), len(brief("x" * 10_000))
        ('loss', 60)
    """
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}\u2026"


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and value == value
