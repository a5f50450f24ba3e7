"""Shares of a plan for machines that know nothing of each other: ``--shard 2/4``, later ``ganbench merge``.

Whole cohorts are dealt out by what they are expected to take, which is the same on every machine, so that the
shares of one profile never overlap and together hold every run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a wrong share is refused before PyTorch is imported
    from bench.plan import Plan, PlannedCohort

_SPELLED = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Share ``number`` (from 1) of ``count``."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def suffix(self) -> str:
        """What its results folder is called behind the profile's name."""
        return f"-shard-{self.number}-of-{self.count}"


def read_shard(text: str) -> Shard:
    """Read ``2/4``.

    Raises:
        ValueError: it is no share, with what it should be.

    Example:
        >>> read_shard("2/4")
        Shard(number=2, count=4)
    """
    found = _SPELLED.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f"--shard: must be I/N with I from 1 to N, got {text!r}; as in 1/4")
    return Shard(int(found[1]), int(found[2]))


def shard_of(plan: Plan, shard: Shard) -> Plan:
    """Cut one share out of a plan: its cohorts whole, its grids down to their runs."""
    from bench.plan import longest_first
    from gans.config import run_id

    mine = _dealt(plan.cohorts, shard.count)[shard.number - 1]
    ids = {run_id(config) for cohort in mine for config in cohort.configs}
    grids = {
        name: tuple(config for config in configs if run_id(config) in ids)
        for name, configs in plan.grids.items()
    }
    return replace(plan, cohorts=longest_first(mine), grids=grids)


def _dealt(cohorts: tuple[PlannedCohort, ...], count: int) -> list[list[PlannedCohort]]:
    """Deal the longest first, each to the share that has least to do so far."""
    shares: list[list[PlannedCohort]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for cohort in sorted(cohorts, key=lambda each: (-each.seconds, each.cohort)):
        least = loads.index(min(loads))
        shares[least].append(cohort)
        loads[least] += cohort.seconds
    return shares
