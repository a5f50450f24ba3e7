"""Whether a record read from disk can be one of ours: every field of its kind, every number in its range.

A digest says that a file is as it was written, not that we wrote it; and a database may be edited by anyone.
What passes here can be stored, judged and reported without a look at its types.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from bench.records.schema import OUTCOMES, STATES, STATUSES, EvaluationRecord, RunRecord
from gans.config import LATER_FIELDS, RunConfig

_LARGEST = 2**63
"""SQLite and NumPy keep whole numbers below this."""


def check_record(record: RunRecord) -> None:
    """Refuse a record that cannot be one of ours.

    Raises:
        ValueError: with the field and what it holds.
    """
    for name, fits, wanted in _RUN:
        _require(fits(getattr(record, name)), name, wanted, getattr(record, name))
    check_whole(record.config)
    for evaluation in record.evaluations:
        check_evaluation(evaluation)


def check_evaluation(evaluation: EvaluationRecord) -> None:
    """Refuse a probe that cannot be one of ours.

    Raises:
        ValueError: with the field and what it holds.
    """
    for name, fits, wanted in _EVALUATION:
        _require(fits(getattr(evaluation, name)), name, wanted, getattr(evaluation, name))


def check_config(config: Mapping[str, Any]) -> None:
    """Refuse a config whose values are not of the kinds that RunConfig names, whichever fields it has.

    Raises:
        ValueError: with the field and what it holds.

    Example:
        >>> check_config({"seed": 3})
        >>> check_config({"seed": "3"})
        Traceback (most recent call last):
        ValueError: record: config.seed must be a whole number, got '3'
    """
    for name, kind in _config_kinds().items():
        if name in config:
            fits, wanted = _KINDS[kind]
            _require(fits(config[name]), f"config.{name}", wanted, config[name])


def check_whole(config: Mapping[str, Any]) -> None:
    """Refuse what is no config at all, or lacks a field that every run has ever had.

    Raises:
        ValueError: with the field and what it holds.
    """
    check_config(config)
    missing = sorted(_required_fields() - config.keys())
    _require(not missing, "config", f"whole, with {', '.join(missing[:3])}", config)


def _require(fits: bool, name: str, wanted: str, value: Any) -> None:
    if not fits:
        shown = repr(value) if not isinstance(value, int) or abs(value) < _LARGEST else "a huge number"
        raise ValueError(f"record: {name} must be {wanted}, got {shown:.60}")


def is_text(value: Any) -> bool:
    """Text that can be written down: no half of a surrogate pair.

    Example:
        >>> is_text("ring8"), is_text("\\ud800"), is_text(8)
        (True, False, False)
    """
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_whole(value: Any) -> bool:
    """A whole number that SQLite and NumPy can keep."""
    return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value < _LARGEST


def is_number(value: Any) -> bool:
    """A float, or a whole number that is kept as one."""
    return isinstance(value, float) or is_whole(value)


def _are_numbers(values: Collection[Any]) -> bool:
    return set(map(type, values)) <= {float} or all(map(is_number, values))  # at once, for what is usual


def _maps_to_numbers(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(is_text, value)) and _are_numbers(value.values())


def _lists_numbers(value: Any) -> bool:
    return isinstance(value, list | tuple) and _are_numbers(value)


def _maps_to(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, Mapping) and all(is_text(k) and fits(v) for k, v in value.items())


def _lists(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(map(fits, value))


def _one_of(known: Sequence[str] | Mapping[str, Any]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in known


@functools.cache
def _config_kinds() -> Mapping[str, str]:
    return {field.name: str(field.type) for field in fields(RunConfig)}


@functools.cache
def _required_fields() -> frozenset[str]:
    return frozenset(_config_kinds()) - LATER_FIELDS.keys()


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "str": (is_text, "text"),
    "int": (is_whole, "a whole number"),
    "float": (is_number, "a number"),
}
"""Checks by the annotations of RunConfig."""

_Row = tuple[str, Callable[[Any], bool], str]
_RUN: tuple[_Row, ...] = (
    *((name, is_text, "text") for name in
      ("run_id", "thresholds", "cohort", "mode", "machine", "finished_at", "error")),
    ("status", _one_of(STATUSES), f"one of {', '.join(STATUSES)}"),
    ("outcome", _one_of(OUTCOMES), "a known outcome"),
    ("state", _one_of(STATES), f"one of {', '.join(STATES)}"),
    ("mechanisms", _lists(lambda word: is_text(word) and len(word.split()) == 1), "a list of words"),
    ("onset_step", lambda value: value is None or is_whole(value), "a whole number or null"),
    ("cohort_members", is_whole, "a whole number"),
    ("config", lambda value: isinstance(value, Mapping), "a mapping"),
    ("evidence", _maps_to(lambda value: True), "a mapping of names"),
    ("metrics", _maps_to_numbers, "a mapping of names to numbers"),
    ("speed", _maps_to_numbers, "a mapping of names to numbers"),
    ("traces", _maps_to(_lists_numbers), "a mapping of names to numbers"),
    ("artifacts", _maps_to(is_text), "a mapping of names to text"),
)  # fmt: skip
_EVALUATION: tuple[_Row, ...] = (
    ("step", is_whole, "a whole number"),
    ("values", _maps_to_numbers, "a mapping of names to numbers"),
    ("histogram", _lists_numbers, "a list of numbers"),
    ("statuses", _maps_to(is_text), "a mapping of names to text"),
)
