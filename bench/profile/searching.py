"""What may be wrong with a grid's search table, on the raw mapping, and what the command line does to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bench.profile.model import Grid, Profile, kinds_of
from bench.profile.problems import Path, nearest, problems_of, show
from bench.profile.search import PLAIN_KEYS, SCALES

TRIALS = "trials"
"""The key of the table that ``--set`` reaches."""

_BOUNDS = ("low", "high")
_NOT_DRAWN = frozenset({"name", "evaluations", "seeds", "first_seed", "search"})
_KEYS = tuple(name for name in Grid.model_fields if name not in _NOT_DRAWN)
_AS_IN = "as in [1, 5] or { low = 1e-4, high = 1e-2, scale = 'log' }"


def search_problems(grid: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    """Each fault of a grid's search table, as its place and the rest of its line."""
    table = grid.get("search")
    if not isinstance(table, Mapping):
        return  # what is no table is told by the model
    here: Path = (*place, "search")
    yield from _count_problems(table, here)
    if not table.keys() - set(PLAIN_KEYS):
        yield here, f"must draw at least one key, got none; {_AS_IN.replace('as in', 'as in lr =')}"
    for key, value in table.items():
        if key in PLAIN_KEYS:
            continue
        if key not in _KEYS:
            yield here, f"must have only known keys, got {show(key)}; {nearest(key, [*_KEYS, *PLAIN_KEYS])}"
        elif key in grid:
            yield (*here, key), "must be searched or given, got both; drop one of them"
        else:
            yield from _source_problems(key, value, (*here, key))


def with_bounds(grid: Mapping[str, Any]) -> Mapping[str, Any]:
    """The grid as if the ends of what is searched were lists of its own, for rules between keys.

    Example:
        >>> with_bounds({"search": {"trials": 2, "steps": {"low": 10, "high": 20}}})["steps"]
        [10, 20]
    """
    table = grid.get("search")
    if not isinstance(table, Mapping):
        return grid
    return {key: _ends(value) for key, value in table.items() if key in _KEYS} | dict(grid)


def without_searched(grid: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """The grid less what it searches of some keys; a table that is left with nothing to draw goes, too."""
    table = grid.get("search")
    if not isinstance(table, Mapping):
        return grid
    kept = {key: value for key, value in table.items() if key not in keys}
    if kept.keys() - set(PLAIN_KEYS) or not table.keys() & keys:
        return {**grid, "search": kept}
    return {key: value for key, value in grid.items() if key != "search"}


def _count_problems(table: Mapping[str, Any], here: Path) -> Iterator[tuple[Path, str]]:
    for key, least, why in (("trials", 1, "it counts points drawn"), ("seed", 0, "it starts the draws")):
        value = table.get(key, None if key == "trials" else 0)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 2**31:
            got = "nothing" if value is None else show(value)
            yield (*here, key), f"must be an integer >= {least}, got {got}; {why}"


def _source_problems(key: str, value: Any, here: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        yield from _span_problems(key, value, here)
    elif isinstance(value, list | tuple):
        yield from (((*here, *where), text) for where, text in _value_problems(key, value))
    else:
        yield here, f"must be a list of values or a range, got {show(value)}; {_AS_IN}"


def _span_problems(key: str, span: Mapping[str, Any], here: Path) -> Iterator[tuple[Path, str]]:
    if key not in kinds_of(int, float):
        yield here, f"must be a list of values, got {show(span)}; only numbers have a range"
        return
    unknown = sorted(span.keys() - {*_BOUNDS, "scale"})
    if unknown:
        known = nearest(unknown[0], (*_BOUNDS, "scale"))
        yield here, f"must have only known keys, got {show(unknown[0])}; {known}"
    ends = [span.get(name) for name in _BOUNDS]
    for name, end in zip(_BOUNDS, ends, strict=True):
        if not _is_number(end):
            got = "nothing" if end is None else show(end)
            yield (*here, name), f"must be a finite number, got {got}; {_AS_IN}"
    scale = span.get("scale", "linear")
    if scale not in SCALES:
        yield (*here, "scale"), f"must be a known scale, got {show(scale)}; {nearest(str(scale), SCALES)}"
    if all(map(_is_number, ends)):
        yield from _end_problems(key, ends, scale, here)


def _end_problems(key: str, ends: Sequence[Any], scale: Any, here: Path) -> Iterator[tuple[Path, str]]:
    low, high = ends
    if low >= high:
        yield (*here, "high"), f"must be more than low, got {show(high)} and low {show(low)}; swap them"
        return
    if scale == "log" and low <= 0:
        yield (*here, "low"), f"must be > 0 on a logarithmic scale, got {show(low)}; raise it"
        return
    for (index, *_), text in _value_problems(key, ends):
        yield (*here, _BOUNDS[int(index)]), text


def _value_problems(key: str, values: Sequence[Any]) -> list[tuple[Path, str]]:
    """What the grid would say of these values on one of its axes: places below the key."""
    raw = {"name": "p", "grid": [{"name": "g", "dataset": "digits", "recipe": "nsgan", key: list(values)}]}
    try:
        Profile.model_validate(raw)
    except ValidationError as error:
        return [(path[3:], text) for path, text in problems_of(error, raw)]
    return []


def _ends(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return [value[name] for name in _BOUNDS if name in value]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
