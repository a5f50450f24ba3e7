"""Which seeds the pinned cells are trained with: a first set, and fresh ones where that looked worse.

A change of rounding gives every seed another run of equal worth, and of six measures one or the other then
looks worse in one comparison of eight. Fresh seeds seldom agree with such chance, and do with a regression
(``nox -s tracker`` measures both).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from bench.regression.cells import CELLS, PinnedCell
from bench.regression.child import ChildError, ask
from bench.regression.outcome import REFUSED, WARNING, WORSE, Row
from bench.regression.quality import Outcomes, judge_cell
from bench.regression.trees import Tree

SETS = 2
"""Sets of seeds that a baseline keeps: one to compare with, one to compare with again."""

Sides = Callable[[range], tuple[Outcomes, Outcomes]]
"""What base and head come to with given seeds."""


def train(tree: Tree, cell: PinnedCell, seeds: range) -> Outcomes:
    """Final numbers of a cell in a tree, by seed; an ``error`` where it cannot be trained."""
    arguments = [json.dumps(cell.spelled()), str(seeds.start), str(seeds.stop)]
    try:
        found: Outcomes = ask("trained.py", tree, arguments, timeout=3600.0)
    except ChildError as error:
        return {"error": str(error), "seeds": {}, "measured_by": "", "cell": cell.spelled()}
    return {**found, "cell": cell.spelled()}


def compare_quality(
    base: Tree,
    head: Tree,
    *,
    seeds: int | None = None,
    cells: Mapping[str, PinnedCell] = CELLS,
    trained: Callable[[Tree, PinnedCell, range], Outcomes] = train,
    told: Callable[[str], object] = lambda cell: None,
) -> tuple[Row, ...]:
    """Train the pinned cells in both trees and judge distance, coverage and the share of stable runs."""
    rows: list[Row] = []
    for name, cell in cells.items():

        def sides(chosen: range, cell: PinnedCell = cell, name: str = name) -> tuple[Outcomes, Outcomes]:
            """Of both trees."""
            told(name)
            return trained(base, cell, chosen), trained(head, cell, chosen)

        rows += judged_twice(name, sides, seeds or cell.seeds)
    return tuple(rows)


def judged_twice(name: str, sides: Sides, seeds: int) -> list[Row]:
    """Judge a cell by its first seeds, and by as many fresh ones what looks worse.

    Returns:
        its rows: ``worse`` is what was worse with both sets, a ``warning`` what was so with the first alone.
    """
    first = judge_cell(name, *sides(range(seeds)))
    if all(row.answer != WORSE for row in first):
        return first
    again = {row.name: row for row in judge_cell(name, *sides(range(seeds, SETS * seeds)))}
    return [row if row.answer != WORSE else _confirmed(row, again) for row in first]


def part(outcomes: Outcomes, seeds: range) -> Outcomes:
    """What was kept of some of the seeds.

    Example:
        >>> part({"seeds": {"0": "a", "7": "b"}, "measured_by": "fid"}, range(5))
        {'seeds': {'0': 'a'}, 'measured_by': 'fid'}
    """
    return {**outcomes, "seeds": {seed: row for seed, row in outcomes["seeds"].items() if int(seed) in seeds}}


def _confirmed(row: Row, again: Mapping[str, Row]) -> Row:
    second = again.get(row.name)
    if second is None or second.answer == REFUSED:
        refusals = [other.reason for other in again.values() if other.answer == REFUSED]
        return replace(row, reason=f"{row.reason}; not tested again: {'; '.join(refusals) or 'no result'}")
    if second.answer == WORSE:
        return replace(second, reason=f"{second.reason} with two sets of seeds")
    unlike = f"{row.reason} with the first seeds, {second.answer} with as many others"
    return replace(second, answer=WARNING, reason=unlike)
