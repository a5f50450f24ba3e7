"""What is wrong with a profile, one line each: `where: what must hold, got what; what to do`."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bench.profile.model import Grid, Profile

Path = tuple[str | int, ...]


class ProfileError(ValueError):
    """A profile that cannot be used; ``lines`` holds every fault that was found, one line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(dict.fromkeys(lines))
        super().__init__("\n".join(self.lines))


def spell(path: Path) -> str:
    """Spell a place in a profile as a reader of the file would.

    Example:
        >>> spell(("grid", 0, "recipe", 2))
        'grid[0].recipe[2]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def show(value: Any) -> str:
    """Spell a value as TOML would, cut to a readable length and to one line."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        text = str(value)
    if isinstance(value, str):
        text = f"'{text[1:-1]}'"
    return text if len(text) <= 80 else f"{text[:77]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """Advise on an unknown name: the nearest right spelling, if one is near, and all there are.

    Example:
        >>> nearest("recpie", ["recipe", "seeds"])
        "did you mean 'recipe'? (recipe, seeds)"
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"{f'did you mean {near[0]!r}?' if near else 'choose one of'} ({', '.join(names)})"


def problems_of(error: ValidationError, raw: Any) -> list[tuple[Path, str]]:
    """Each fault that pydantic found, as its place and the rest of its line."""
    return [_problem(dict(item), raw) for item in error.errors()]


def _problem(item: dict[str, Any], raw: Any) -> tuple[Path, str]:
    path = _as_written(tuple(item["loc"]), raw)
    kind, got = item["type"], _value_at(path, raw)
    if kind == "extra_forbidden":
        return path[:-1], f"must have only known keys, got {show(path[-1])}; {_key_advice(path)}"
    wanted, _, advice = _description(path).partition("; ")
    if kind == "missing":
        return path, f"must be given, got nothing; {advice}"
    if kind == "value_error":
        return path, str(item["ctx"]["error"]).split(": ", 1)[-1] if _names(item) else str(
            item["ctx"]["error"]
        )
    choices = wanted.removeprefix("one of ").split(", ")
    near = difflib.get_close_matches(str(got), choices, n=1) if kind == "literal_error" else []
    return path, f"must be {wanted}, got {show(got)}; {f'did you mean {near[0]!r}?' if near else advice}"


def _names(item: dict[str, Any]) -> bool:
    """Registries put their kind before the message; the place in the profile says it already."""
    return not str(item["ctx"]["error"]).startswith("must ")


def _as_written(loc: Path, raw: Any) -> Path:
    """Drop the index 0 that a scalar got when it was read as an axis, and pydantic's own marks."""
    path: list[str | int] = []
    here = raw
    for part in loc:
        inside_list = isinstance(here, list | tuple)
        if isinstance(part, int) and not inside_list:
            continue
        if isinstance(part, str) and inside_list:
            continue
        path.append(part)
        here = _step(here, part)
    return tuple(path)


def _step(here: Any, part: str | int) -> Any:
    if isinstance(here, Mapping) and isinstance(part, str):
        return here.get(part)
    if isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _value_at(path: Path, raw: Any) -> Any:
    for part in path:
        raw = _step(raw, part)
    return raw


def _model_of(path: Path) -> type[BaseModel]:
    return (
        Grid
        if len(path) > 1 and path[0] == "grid" and any(isinstance(part, str) for part in path[1:])
        else Profile
    )


def _description(path: Path) -> str:
    key = next((part for part in reversed(path) if isinstance(part, str)), "grid")
    field = _model_of(path).model_fields.get(key)
    return (field.description if field else None) or "as the README says; correct it"


def _key_advice(path: Path) -> str:
    here, key = _model_of(path), str(path[-1])
    other = Profile if here is Grid else Grid
    if key in other.model_fields:
        return "move it to the top of the profile" if other is Profile else "move it below a [[grid]]"
    return nearest(key, here.model_fields)
