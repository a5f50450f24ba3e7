"""Cells as numbers: what people, spreadsheets and printed tensors write, and what it cannot mean for sure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.diagnostics.arrays import Flags, Floats
from bench.monitor.observed import Problem, brief

PLAIN, DECIMAL, THOUSANDS, UNSURE = "plain", "decimal", "thousands", "unsure"
"""What a comma inside of numbers is: there is none, a decimal sign, between thousands, or either."""

_MISSING = frozenset({"", "-", "--", "none", "null", "n/a", "na", "#n/a", "<na>"})
_NONFINITE = {
    "infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf, "1.#inf": math.inf,
    "-1.#inf": -math.inf, "1.#qnan": math.nan, "-1.#ind": math.nan, "1.#ind": math.nan, "nan(ind)": math.nan,
    "-nan(ind)": math.nan,
}  # fmt: skip
_GAPS = re.compile(r"[+-]?\d{1,3}(?:[ '\u2019\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?(?:e[+-]?\d+)?")
_FRACTION = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*),\d+(?:e[+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d*\.\d+(?:e[+-]?\d+)?")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")


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


def numbers_of(name: str, texts: Sequence[str], rows: Sequence[int], commas: str = PLAIN) -> Numbers:
    """Read one column as numbers.

    An empty cell means that nothing was logged; a written ``nan`` or ``inf`` means that it was not finite. A
    number too large for a float is none.

    Args:
        rows: the row of each cell. commas: what they are in this log, from ``commas_of``.
    """
    try:  # the fast way, for the column of a well-behaved log
        values = np.array(texts, dtype=np.float64)
        if commas == PLAIN and not np.isinf(values).any():
            written = np.isnan(values)
            return Numbers(values, written, np.zeros(len(values), dtype=np.bool_))
    except ValueError:
        pass
    parsed = [number_of(text, commas) for text in texts]
    values = np.array([value if isinstance(value, float) else math.nan for value in parsed])
    written = np.array(
        [isinstance(value, float) and not math.isfinite(value) for value in parsed], dtype=bool
    )
    blank = np.array([value is None for value in parsed], dtype=bool)
    wrong = [row for row, value in zip(rows, parsed, strict=True) if isinstance(value, str)]
    said = f"{brief(name)!r} is no number there and counts as missing"
    if commas == UNSURE and any(_ONE_GROUP.fullmatch(value) for value in parsed if isinstance(value, str)):
        said = f"{brief(name)!r} counts as missing there: a comma is a decimal sign or parts thousands"
    problems = (Problem.at(said, wrong),) if wrong else ()
    return Numbers(np.where(np.isfinite(values), values, math.nan), written, blank, problems)


def commas_of(columns: Iterable[Sequence[str]]) -> str:
    """What a comma inside of numbers is, judged over all columns: one that can only be one thing decides.

    Example:
        >>> commas_of([["1,234"], ["0,5"]]), commas_of([["1,234"], ["0.5"]]), commas_of([["1,234"]])
        ('decimal', 'thousands', 'unsure')
    """
    found, points = set(), False
    for texts in columns:
        for text in texts:
            if "," in text:
                found.add(_comma(_trimmed(text)))
            elif not points and "." in text:
                points = _POINT.fullmatch(text.strip().lower()) is not None
    sure = found & {DECIMAL, THOUSANDS}
    if len(sure) == 1:
        return sure.pop()
    if UNSURE in found and not sure and points:
        return THOUSANDS
    return UNSURE if UNSURE in found or sure else PLAIN


def _comma(word: str) -> str:
    if _ONE_GROUP.fullmatch(word):
        return UNSURE
    if _GROUPS.fullmatch(word) and not word.startswith(("0,", "-0,", "+0,")):
        return THOUSANDS
    return DECIMAL if _FRACTION.fullmatch(word) else PLAIN


def number_of(text: str, commas: str = PLAIN) -> float | str | None:
    """A number, None where nothing was logged, or the text that is neither.

    Example:
        >>> number_of("1,234.5", THOUSANDS), number_of("1.234,5", DECIMAL), number_of("tensor(0.5, grad)")
        (1234.5, 1234.5, 0.5)
        >>> number_of("1,5"), number_of("98.5%"), number_of("n/a"), number_of("9" * 400)[:3]
        ('1,5', 98.5, None, '999')
    """
    word = _trimmed(text)
    if word in _MISSING:
        return None
    if word in _NONFINITE:
        return _NONFINITE[word]
    plain = _unpunctuated(word, commas)
    try:
        value = float(plain)
    except ValueError:
        return _bracketed(word)
    # A literal beyond the largest float is a broken cell, not an infinity that training has reached.
    return word if math.isinf(value) and any(letter.isdigit() for letter in plain) else value


def _trimmed(text: str) -> str:
    return text.strip().strip("'\"").strip().lower().replace("\u2212", "-").removesuffix("%").rstrip()


def _unpunctuated(word: str, commas: str) -> str:
    if _GAPS.fullmatch(word):
        word = re.sub(r"[ '\u2019\u00a0\u2009\u202f]", "", word)
    if commas == THOUSANDS and _GROUPS.fullmatch(word):
        return word.replace(",", "")
    if commas == DECIMAL and (_FRACTION.fullmatch(word) or _POINT_GROUPS.fullmatch(word)):
        return word.replace(".", "").replace(",", ".")
    return word


def _bracketed(word: str) -> float | str:
    # What printing a tensor leaves: tensor(0.69, device='cuda:0'), [0.69].
    if not word.startswith(("tensor(", "[", "(")):
        return word
    inner = word.removeprefix("tensor(").strip("[]() ").partition(",")[0]
    try:
        return float(inner)
    except ValueError:
        return word
