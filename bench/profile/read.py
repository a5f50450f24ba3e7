"""From a profile's name or file, and what the command line changes in it, to a checked Profile."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bench.profile.checks import cross_problems, dataset_problems, rivals_of
from bench.profile.model import Grid, Profile
from bench.profile.problems import ProfileError, nearest, problems_of, show, spell
from bench.profile.searching import TRIALS, without_searched
from bench.profile.text import parse

FOLDER = Path(__file__).parent.parent / "profiles"
"""Where the profiles that come with the package are."""

KNOWN_NUMBERS = ("dirac", "floors")
"""What ``run`` takes beside profiles: tables of known numbers, which have commands of their own."""

_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Override:
    """One ``--set [grid.]key=value[,value]``: a key, its grid (all where empty) and its new values."""

    key: str
    values: tuple[Any, ...]
    grid: str = ""


def profile_names() -> list[str]:
    """List the profiles that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_profile(source: str, overrides: Sequence[str] = (), seeds: int | None = None) -> Profile:
    """Read a profile by name or from a file, change it, and check it.

    Raises:
        ProfileError: everything that is wrong with it, at once.
    """
    label, raw = _raw(source)
    changes = [parse_override(text) for text in overrides]
    if seeds is not None:
        if seeds < 1:
            raise ProfileError(
                [f"--seeds: must be an integer >= 1, got {seeds}; leave it out for the profile's"]
            )
        changes.append(Override("seeds", (seeds,)))
    return check_profile(_changed(raw, changes), label, {change.key for change in changes})


def count_unchecked(source: str, overrides: Sequence[str] = (), seeds: int | None = None) -> dict[str, int]:
    """Multiply out each grid's lists and seeds: runs by grid name, before anything is checked or built.

    Raises:
        ProfileError: no such profile, no TOML, or an override that cannot be read.
    """
    _, raw = _raw(source)
    changes = [parse_override(text) for text in overrides]
    changes += [Override("seeds", (seeds,))] if seeds is not None else []
    grids = _changed(raw, changes).get("grid", [])
    return {str(grid.get("name", "?"))[:80]: _multiplied(grid) for grid in grids if isinstance(grid, Mapping)}


def _multiplied(grid: Mapping[str, Any]) -> int:
    search = grid.get("search")
    counts = [grid.get("seeds", 1), search.get(TRIALS, 1) if isinstance(search, Mapping) else 1]
    lengths = [len(value) for value in grid.values() if isinstance(value, list)]
    return math.prod(lengths) * math.prod(n for n in counts if isinstance(n, int) and n > 0)


def check_profile(raw: Mapping[str, Any], label: str, changed: set[str] | None = None) -> Profile:
    """Check a profile's raw mapping.

    Args:
        label: what error lines call the profile.
        changed: keys that the command line set; their faults are told of it, not of the file.

    Raises:
        ProfileError: everything that is wrong with it, at once.
    """
    problems = [*cross_problems(raw), *dataset_problems(raw)]
    profile = None
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        problems = problems_of(error, raw) + problems
    if profile is None or problems:
        raise ProfileError(_line(label, path, text, changed or set()) for path, text in problems)
    return profile


def parse_override(text: str) -> Override:
    """Read ``[grid.]key=value[,value...]``.

    Example:
        >>> parse_override("lr=1e-3,2e-3")
        Override(key='lr', values=(0.001, 0.002), grid='')

    Raises:
        ProfileError: it does not read so, or no such key can be set.
    """
    target, equals, values = text.partition("=")
    grid, _, key = target.strip().rpartition(".")
    if not equals or not key or not values.strip():
        raise ProfileError(
            [f"--set: must read key=value or key=value,value, got {show(text)}; as in lr=1e-3,2e-3"]
        )
    known = {*Grid.model_fields, TRIALS} - {"name", "search"}
    if key not in known:
        raise ProfileError([f"--set: must name a known key, got {show(key)}; {nearest(key, known)}"])
    return Override(key, tuple(_value(item.strip()) for item in values.split(",")), grid)


def to_toml(profile: Profile) -> str:
    """Spell a profile as TOML that reads back as the same profile; what it left to others is left out."""
    given = profile.model_dump(exclude_unset=True, exclude={"grid"})
    lines = [f"{key} = {_toml(value)}" for key, value in given.items()]
    for grid in profile.grid:
        lines += ["", "[[grid]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in grid.model_dump(exclude_unset=True).items()]
    return "\n".join(lines) + "\n"


def _raw(source: str) -> tuple[str, Mapping[str, Any]]:
    path = _find(source)
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ProfileError(
                [f"{path.name}: must be at most 1 MB, got {path.stat().st_size} bytes; split it"]
            )
        return path.name, parse(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ProfileError([f"{path}: must be a readable file, got: {reason}; check its name"]) from error


def _find(source: str) -> Path:
    if source.endswith(".toml") or re.search(r"[/\\]", source):
        return Path(source)
    names = profile_names()
    if source not in names:
        wanted, known = "must be a known profile or a .toml file", sorted({*names, *KNOWN_NUMBERS})
        raise ProfileError([f"profile: {wanted}, got {show(source)}; {nearest(source, known)}"])
    return FOLDER / f"{source}.toml"


def _changed(raw: Mapping[str, Any], changes: Sequence[Override]) -> Mapping[str, Any]:
    grids = raw.get("grid")
    if not changes or not isinstance(grids, list) or not all(isinstance(grid, dict) for grid in grids):
        return raw  # what is wrong here is told by the check
    names = [str(grid.get("name")) for grid in grids]
    for change in changes:
        if change.grid and change.grid not in names:
            raise ProfileError([f"--set: must name a grid of the profile, got {show(change.grid)}; "
                                f"{nearest(change.grid, names)}"])  # fmt: skip
    return {**raw, "grid": [_changed_grid(grid, changes) for grid in grids]}


def _changed_grid(grid: Mapping[str, Any], changes: Sequence[Override]) -> dict[str, Any]:
    changed = dict(grid)
    for change in changes:
        if change.grid and change.grid != grid.get("name"):
            continue
        value = change.values[0] if len(change.values) == 1 else list(change.values)
        if change.key == TRIALS:
            changed |= {"search": {**changed["search"], TRIALS: value}} if "search" in changed else {}
            continue
        given = {other.key for other in changes}
        gone = rivals_of(change.key) - given
        changed = without_searched({key: kept for key, kept in changed.items() if key not in gone},
                                   gone | {change.key})  # fmt: skip
        changed[change.key] = value
    return changed


def _value(text: str) -> Any:
    """Read a number as a number and everything else as the text it is."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip("'\"")


def _line(label: str, path: tuple[str | int, ...], text: str, changed: set[str]) -> str:
    key = path[2] if len(path) > 2 and path[0] == "grid" else None
    if key in changed:
        return f"--set: {spell(path[2:])} {text}"
    return f"{label}: {spell(path) or 'the profile'} {text}"


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        if len(value) == 1:
            return _toml(value[0])
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key} = {_listed(item)}' for key, item in value.items())}}}"
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007F")
    return repr(value)


def _listed(value: Any) -> str:
    """Spell what stands in a search table, where a list of one is not a single value."""
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list | tuple) else _toml(value)
