"""Rules between the keys of a grid, checked on the raw mapping so that all faults are told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.profile.optimizers import COMMON_OPTIMIZERS
from bench.profile.problems import Path, show
from bench.profile.searching import search_problems, with_bounds

RIVALS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"lr"}), frozenset({"lr_scale", "generator_lr", "discriminator_lr"})),
    (frozenset({"lr_scale"}), frozenset({"generator_lr", "discriminator_lr"})),
    (frozenset({"capacity_ratio"}), frozenset({"discriminator_width"})),
    (frozenset({"steps"}), frozenset({"discriminator_steps"})),
)
"""Keys that decide the same thing, so that only one side may be given."""

_DEFAULT_STEPS = 2500


def rivals_of(key: str) -> frozenset[str]:
    """The keys that must go when this one is given.

    Example:
        >>> sorted(rivals_of("capacity_ratio"))
        ['discriminator_width']
    """
    found = [theirs if key in ours else ours for ours, theirs in RIVALS if key in ours | theirs]
    return frozenset().union(*found)


def cross_problems(raw: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each fault that lies between keys, as its place and the rest of its line."""
    grids = [item for item in _listed(raw.get("grid")) if isinstance(item, Mapping)]
    names = [grid.get("name") for grid in grids]
    for index, grid in enumerate(grids):
        place: Path = ("grid", index)
        if isinstance(names[index], str) and names[index] in names[:index]:
            yield (*place, "name"), f"must be unique, got {show(names[index])} twice; rename one of the grids"
        yield from search_problems(grid, place)
        whole = with_bounds(grid)
        yield from _rival_problems(whole, place)
        yield from _schedule_problems(whole, place)
        yield from _size_problems(whole, place)
        yield from _rate_problems(whole, place)


def _rival_problems(grid: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    for ours, theirs in RIVALS:
        given, against = sorted(ours & grid.keys()), sorted(theirs & grid.keys())
        if given and against:
            yield place, f"must have {given[0]} or {against[0]}, got both; drop one of them"


def _schedule_problems(grid: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    if "discriminator_steps" in grid:
        return
    evaluations = grid.get("evaluations")
    steps = [value for value in _listed(grid.get("steps", _DEFAULT_STEPS)) if _is_count(value)]
    if _is_count(evaluations) and steps and evaluations > min(steps):
        problem = f"must be at most {min(steps)}, the number of steps, got {evaluations}; evaluate less often"
        yield (*place, "evaluations"), problem


def _rate_problems(grid: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    given = "lr" in grid or {"generator_lr", "discriminator_lr"} <= grid.keys()
    for name in _listed(grid.get("optimizer", "recipe")):
        if isinstance(name, str) and name not in ("recipe", *COMMON_OPTIMIZERS) and not given:
            yield (*place, "lr"), f"must be given with optimizer {show(name)}, got nothing; add lr = 1e-3"


def _size_problems(grid: Mapping[str, Any], place: Path) -> Iterator[tuple[Path, str]]:
    wanted = [
        (index, size) for index, size in enumerate(_listed(grid.get("data_size", []))) if _is_count(size)
    ]
    if not wanted:
        return
    is_list = isinstance(grid["data_size"], list | tuple)
    for name, limit in _sizes(grid.get("dataset")):
        for index, size in wanted:
            if size > limit:
                where = (*place, "data_size", index) if is_list else (*place, "data_size")
                yield (
                    where,
                    f"must be at most {limit}, the size of {name!r}, got {size}; leave it out for all",
                )


def _sizes(datasets: Any) -> Iterator[tuple[str, int]]:
    from gans.data import load

    for name in _listed(datasets):
        if not isinstance(name, str):
            continue
        try:
            yield name, load(name).size
        except ValueError:  # an unknown or broken data set has a line of its own
            continue


def dataset_problems(raw: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Data sets of the user's own that can be imported but not loaded, each with what it said."""
    for index, grid in enumerate(_listed(raw.get("grid"))):
        datasets = grid.get("dataset") if isinstance(grid, Mapping) else None
        for position, name in enumerate(_listed(datasets)):
            fault = _loading_fault(name)
            if fault:
                place: Path = ("grid", index, "dataset")
                yield (*place, position) if isinstance(datasets, list) else place, fault


def _loading_fault(name: Any) -> str:
    from gans.data import DATASETS, DataError, load

    if not isinstance(name, str) or ":" not in name:
        return ""
    try:
        DATASETS.resolve(name)
    except ValueError:  # the model's own check tells of it
        return ""
    try:
        load(name)
    except DataError as error:  # its line begins with the file that is at fault
        return f"must be usable: {error}"
    except ValueError as error:
        return str(error).split(": ", 1)[-1]
    return ""


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
