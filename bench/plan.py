"""The plan of a profile: which runs train together, in which mode and order, and what that takes."""

from __future__ import annotations

import functools
import hashlib
import heapq
import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.cost import CostModel
from bench.grid import Expansion, Skipped, expand, kin_of
from bench.jobs import CohortJob
from bench.profile.model import Profile
from bench.sizes import sizes_of
from gans.config import RunConfig, cohort_key, run_id
from gans.padding import program_config

_FEWEST_MEMBERS = 16
"""Below this a cohort loses more by being small than the workers gain by being evenly loaded."""

_Runs = Mapping[str, RunConfig]
"""Configs by run id, which costs more to spell than all else that is planned of a run."""

_SHORTEST_SECONDS = 30.0
"""Cohorts shorter than this balance well enough as they are."""


@dataclass(frozen=True, slots=True)
class PlannedCohort:
    """Runs that train together, with what they are expected to take."""

    cohort: str
    key: str
    configs: tuple[RunConfig, ...]
    compiled: bool
    seconds: float
    bytes: float

    def job(self, out: str, device: str) -> CohortJob:
        """What the engine is given."""
        return CohortJob(self.cohort, self.configs, self.compiled, out, device, memory=int(self.bytes))


@dataclass(frozen=True)
class Plan:
    """Runs, worked out; what is done already is not its concern but that of ``remaining``.

    Args:
        profile: whose runs they are; None for runs that come on top of what a folder's profile wants.
    """

    profile: Profile | None
    grids: Mapping[str, tuple[RunConfig, ...]]
    skipped: tuple[Skipped, ...]
    cohorts: tuple[PlannedCohort, ...]
    model: CostModel

    @functools.cached_property
    def ids(self) -> frozenset[str]:
        """The different runs of the profile."""
        return frozenset(run_id(config) for cohort in self.cohorts for config in cohort.configs)

    @property
    def runs(self) -> int:
        """How many different runs the profile has."""
        return len(self.ids)

    def remaining(self, finished: Collection[str], cut: Collection[str] = ()) -> tuple[PlannedCohort, ...]:
        """The cohorts that are left to train, the longest first.

        A cohort of which nothing is done stays as it is; what is left of broken ones is joined with its
        kin. The mode is that of the whole profile: it must not hang on what happens to be left.

        Args:
            cut: cohorts that were cut off while they handed their runs over. They are trained again whole,
                for in a smaller cohort the others would round otherwise.
        """
        whole: list[PlannedCohort] = []
        rests: dict[str, list[PlannedCohort]] = {}
        for cohort in self.cohorts:
            left = {run: config for run, config in _by_id(cohort.configs).items() if run not in finished}
            if len(left) == len(cohort.configs) or (left and cohort.cohort in cut):
                whole.append(cohort)
            elif left:
                rests.setdefault(cohort.key, []).append(
                    _cohort(left, cohort.key, cohort.compiled, self.model)
                )
        joined = [part for parts in rests.values() for part in _join(parts, self.model)]
        return longest_first([*whole, *joined])

    def halves(self, cohort: PlannedCohort, left: tuple[RunConfig, ...]) -> list[PlannedCohort]:
        """Cut what is left of a cohort in two, to find out which run of it does harm."""
        middle = len(left) // 2
        parts = (left[:middle], left[middle:])
        return [_cohort(_by_id(part), cohort.key, cohort.compiled, self.model) for part in parts if part]


def make_plan(profile: Profile, model: CostModel | None = None) -> Plan:
    """Work out a profile's runs and cohorts.

    Raises:
        ValueError: a data set cannot be loaded.
    """
    return plan_of(expand(profile), profile, model)


def plan_of(expansion: Expansion, profile: Profile | None = None, model: CostModel | None = None) -> Plan:
    """Work out the cohorts of some runs: those of a profile, or further ones without any."""
    model = model or CostModel()
    compiling = profile.compile if profile else "auto"
    groups = _alike(expansion.runs(), compiled=True)
    total = sum(_group_seconds(group, model) for group in groups.values())
    longest = max(_SHORTEST_SECONDS, model.largest_share * total)
    cohorts = [cohort for group in groups.values() for cohort in _cut(group, compiling, longest, model)]
    return Plan(profile, expansion.grids, expansion.skipped, longest_first(cohorts), model)


def longest_first(cohorts: Iterable[PlannedCohort]) -> tuple[PlannedCohort, ...]:
    """Order cohorts so that no long one is left for the end, when the other workers are idle.

    Neighbours are of different programs where that can be: two workers that start on one program at
    once compile it twice, while a later cohort finds it in the cache.
    """
    waiting = sorted(cohorts, key=lambda cohort: (-cohort.seconds, cohort.cohort))
    programs = {cohort.cohort: _program(cohort) for cohort in waiting}
    ordered: list[PlannedCohort] = []
    while waiting:
        last = programs[ordered[-1].cohort] if ordered else ""
        index = next((index for index, each in enumerate(waiting) if programs[each.cohort] != last), 0)
        ordered.append(waiting.pop(index))
    return tuple(ordered)


def _program(cohort: PlannedCohort) -> str:
    """Name what compiled code is made for: mostly one for all data sets whose samples have one shape."""
    from gans.data import load

    first = cohort.configs[0]
    shape = load(first.dataset).sample_shape
    return _key(replace(first, dataset=str(tuple(shape))), compiled=cohort.compiled)


def makespan(seconds: Sequence[float], workers: int, busy: Sequence[float] = ()) -> float:
    """How long workers take for jobs of these lengths, each going to whoever is free first.

    Args:
        busy: what running jobs still need; they hold a worker each.

    Example:
        >>> makespan([5, 4, 3, 3], 2)
        8.0
    """
    free_at = [float(value) for value in sorted(busy, reverse=True)[:workers]]
    free_at += [0.0] * (workers - len(free_at))
    heapq.heapify(free_at)
    for length in seconds:
        heapq.heapreplace(free_at, free_at[0] + length)
    return max(free_at)


def pieces(count: int, most: int) -> list[int]:
    """Cut a number of members into cohorts of at most ``most``, of one size where a few more cuts allow it.

    Equal sizes share their compiled program, but small cohorts waste more than that saves.

    Example:
        >>> pieces(45, 64), pieces(75, 40), pieces(45, 23)
        ([45], [25, 25, 25], [23, 22])
    """
    fewest = math.ceil(count / most)
    even = (n for n in range(fewest, fewest + 3) if count % n == 0 and count // n >= _FEWEST_MEMBERS)
    parts = next(even, fewest)
    return [count // parts + (index < count % parts) for index in range(parts)]


def _by_id(configs: Iterable[RunConfig]) -> dict[str, RunConfig]:
    return {run_id(config): config for config in configs}


def _first(runs: _Runs) -> RunConfig:
    return next(iter(runs.values()))


def _alike(runs: _Runs, *, compiled: bool) -> dict[str, dict[str, RunConfig]]:
    """Runs by what they must share to train together."""
    groups: dict[str, dict[str, RunConfig]] = {}
    keys: dict[tuple[Any, ...], str] = {}  # most runs differ from others in seed and rate alone
    for run, config in runs.items():
        kin = kin_of(config)
        if kin not in keys:
            keys[kin] = _key(config, compiled=compiled)
        groups.setdefault(keys[kin], {})[run] = config
    return groups


def _key(config: RunConfig, *, compiled: bool) -> str:
    """What runs must share to train together; compiled ones may be padded to the widths of others."""
    return cohort_key(program_config(config, compiled=compiled))


def _group_seconds(group: _Runs, model: CostModel, *, compiled: bool = True) -> float:
    config = _first(group)
    sizes = sizes_of(program_config(config, compiled=compiled))
    return model.training_seconds(config, sizes, len(group), compiled=True)


def _cut(group: _Runs, compiling: str, longest: float, model: CostModel) -> list[PlannedCohort]:
    """Cohorts of runs that could train as one compiled program: eager ones where that does not pay."""
    lengths = _lengths(group, longest, model, compiled=True)
    config = _first(group)
    sizes = sizes_of(program_config(config, compiled=True))
    if compiling == "always" or (compiling == "auto" and model.pays_to_compile(config, sizes, lengths[0])):
        return _pieces(group, lengths, model, compiled=True)
    return [
        cohort
        for part in _alike(group, compiled=False).values()
        for cohort in _pieces(part, _lengths(part, longest, model, compiled=False), model, compiled=False)
    ]


def _lengths(group: _Runs, longest: float, model: CostModel, *, compiled: bool) -> list[int]:
    config = _first(group)
    by_memory = model.members_that_fit(config, sizes_of(program_config(config, compiled=compiled)))
    seconds = _group_seconds(group, model, compiled=compiled)
    by_time = math.ceil(len(group) / math.ceil(seconds / longest))
    return pieces(len(group), min(by_memory, max(_FEWEST_MEMBERS, by_time)))


def _pieces(group: _Runs, lengths: Sequence[int], model: CostModel, *, compiled: bool) -> list[PlannedCohort]:
    runs = iter(group.items())
    parts = [dict(itertools.islice(runs, length)) for length in lengths]
    return [_cohort(part, _key(_first(part), compiled=compiled), compiled, model) for part in parts]


def _cohort(runs: _Runs, key: str, compiled: bool, model: CostModel) -> PlannedCohort:
    configs = tuple(runs.values())
    sizes = sizes_of(program_config(configs[0], compiled=compiled))
    return PlannedCohort(
        cohort=hashlib.sha256("".join(runs).encode()).hexdigest()[:12],
        key=key,
        configs=configs,
        compiled=compiled,
        seconds=model.cohort_seconds(configs[0], sizes, len(configs), compiled=compiled),
        bytes=model.worker_bytes(configs[0], sizes, len(configs)),
    )


def _join(parts: Sequence[PlannedCohort], model: CostModel) -> list[PlannedCohort]:
    configs = [config for part in parts for config in part.configs]
    key, compiled = parts[0].key, parts[0].compiled
    most = model.members_that_fit(configs[0], sizes_of(program_config(configs[0], compiled=compiled)))
    return [
        _cohort(_by_id(configs[start : start + most]), key, compiled, model)
        for start in range(0, len(configs), most)
    ]
