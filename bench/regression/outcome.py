"""What a comparison of two trees came to: one row per benchmark, one answer for all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Kind = Literal["speed", "count", "trace", "quality", "metric"]
Answer = Literal["no worse", "warning", "worse", "inconclusive", "refused", "no baseline"]

NO_WORSE: Answer = "no worse"
WARNING: Answer = "warning"
WORSE: Answer = "worse"
INCONCLUSIVE: Answer = "inconclusive"
REFUSED: Answer = "refused"
NO_BASELINE: Answer = "no baseline"

MEANINGS: dict[Answer, str] = {
    NO_WORSE: "shown to be within the margin",
    WARNING: "worse than before, not shown to be beyond the margin",
    WORSE: "shown to be worse, twice where it was timed or trained",
    INCONCLUSIVE: "too few or too scattered numbers to say; never taken for no worse",
    REFUSED: "not comparable: the numbers are missing, not finite, or not of the same thing",
    NO_BASELINE: "there is nothing to compare with yet",
}
"""Each answer with what it means."""

FAILS: frozenset[Answer] = frozenset({WORSE, REFUSED})
"""Answers that fail a check; ``inconclusive`` fails where it is asked to (--strict)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One benchmark of two trees.

    Args:
        name: of the benchmark, e.g. ``step/nsgan``.
        kind: how it is measured. unit: of ``base`` and ``head``, e.g. ``s``; empty for plain numbers.
        base, head: medians of either side. ratio: head over base, above 1 is worse, whatever the unit.
        low, high: limits of the ratio; NaN where it has none. level: what they are worth.
        n: pairs or seeds. margin: largest ratio that is still no worse.
        base_times, head_times: of every pair where it was timed, in seconds.
        answer: one of MEANINGS. reason: why, in a sentence.
    """

    name: str
    kind: Kind
    unit: str
    base: float
    head: float
    ratio: float
    answer: Answer
    reason: str = ""
    low: float = math.nan
    high: float = math.nan
    level: str = ""
    n: int = 0
    margin: float = math.nan
    base_times: tuple[float, ...] = ()
    head_times: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All rows of one comparison, and where they come from.

    Args:
        base, head: revision or path of either tree. machine: the id, versions: the libraries of where both
            were measured. processor: of that machine. measured_at: when, UTC.
        notes: what a reader should know beside the rows.
    """

    base: str
    head: str
    rows: tuple[Row, ...]
    machine: str = ""
    processor: str = ""
    measured_at: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Comparison:
        """Read what ``bench.regression.table.to_json`` spelled; null is NaN.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        known = {field.name for field in fields(cls)} - {"rows"}
        given = {name: content[name] for name in known}
        rows = tuple(Row(**{name: _number(value) for name, value in row.items()}) for row in content["rows"])
        return cls(**{**given, "notes": tuple(given["notes"])}, rows=rows)

    @property
    def answer(self) -> Answer:
        """The worst answer of any row."""
        return worst(row.answer for row in self.rows)

    def fails(self, *, strict: bool = False) -> bool:
        """Whether a check of this comparison fails."""
        return any(row.answer in FAILS or (strict and row.answer == INCONCLUSIVE) for row in self.rows)


def _number(value: Any) -> Any:
    if value is None:
        return math.nan
    return tuple(map(_number, value)) if isinstance(value, list) else value


_ORDER: tuple[Answer, ...] = (WORSE, REFUSED, INCONCLUSIVE, WARNING, NO_BASELINE, NO_WORSE)


def worst(answers: Iterable[Answer]) -> Answer:
    """The answer that a reader must see first; no rows at all are no baseline.

    Example:
        >>> worst(["no worse", "inconclusive"]), worst([])
        ('inconclusive', 'no baseline')
    """
    found = set(answers)
    return next((answer for answer in _ORDER if answer in found), NO_BASELINE)
