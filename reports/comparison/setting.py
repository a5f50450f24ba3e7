"""What differs between two folders besides results: profile, grids, versions, machine, thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from reports import words
from reports.comparison.matched import Matched, Side, counted, doubled
from reports.matching import IDENTITY
from reports.method import environment_table
from reports.parts import Row, Table
from reports.say import Text, say
from reports.section import Section

_MOST = 12


def setting(found: Matched) -> Section:
    """Tell what differs between the folders, and what that means for the comparison."""
    tables = (_folders(found), _environments(found), _levels(found), _grids(found))
    return Section(
        key="setting",
        title=say("What differs between the folders"),
        name=say("Folders"),
        points=_identical(tables),
        tables=tuple(table for table in tables if table.rows),
    )


def _identical(tables: Sequence[Table]) -> tuple[Text, ...]:
    if any(table.rows for table in tables[1:]):
        return ()
    return (say("Versions, machine, settings and grids are the same in both."),)


def warnings(found: Matched) -> list[Text]:
    """Say what makes numbers of the two folders not comparable."""
    told = [
        say(
            "No config is in both folders. Runs are paired that differ in {field}: {a} in A, {b} in B.",
            field=name.replace("_", " "), a=_all(found.both_a[name]), b=_all(found.both_b[name]),
        )
        for name in found.changed
    ]  # fmt: skip
    if _apart(found, "thresholds"):
        told.append(
            say(
                "Verdicts were made by different thresholds: outcomes may differ for that reason alone. "
                "ganbench verdict DIR --write judges both anew."
            )
        )
    if _apart(found, "fid_extractor"):
        told.append(say("Distances were measured by different extractors: scores are not comparable."))
    stopped = sum(int((side.runs["status"] == "stopped").sum()) for side in (found.a, found.b))
    if stopped:
        told.append(
            say("{runs} ended early (--stop-early): theirs is the score of a part.", runs=counted(stopped))
        )
    for side in (found.a, found.b):
        told += _faults(side)
    return told


def _faults(side: Side) -> list[Text]:
    told, broken = [], len(side.results.frames.runs) - len(side.runs)
    if broken:
        told.append(
            say(
                "{runs} of {side} failed through the benchmark's own fault and are left out.",
                runs=counted(broken), side=side.letter,
            )
        )  # fmt: skip
    twice = doubled(side.runs)
    if twice:
        told.append(
            say(
                "{runs} of {side} share their config with another of the same folder (another algorithm "
                "version) and are not paired.",
                runs=counted(twice), side=side.letter,
            )
        )  # fmt: skip
    return told


def _apart(found: Matched, column: str) -> bool:
    levels = [set(side.runs[column]) - {""} for side in (found.a, found.b)]
    return bool(levels[0] and levels[1] and levels[0] != levels[1])


def _folders(found: Matched) -> Table:
    sides = (found.a, found.b)
    rows: list[Row] = [["folder", *(words.label(side.name, 60) for side in sides)]]
    facts: dict[str, Callable[[Side], str]] = {
        "profile": lambda side: side.results.profile or "–",
        "runs": lambda side: f"{len(side.results.frames.runs):,}",
        "runs with a verdict": lambda side: f"{len(side.runs):,}",
        "planned and missing": lambda side: f"{sum(side.results.absent.values()):,}",
        "datasets": lambda side: _all(side.runs["dataset"]),
        "recipes": lambda side: _all(side.runs["recipe"]),
        "seeds": lambda side: _all(side.runs["seed"]),
        "thresholds": lambda side: _all(side.runs["thresholds"]),
        "machine": lambda side: _all(side.runs["machine"]),
    }
    rows += [[name, *(words.label(tell(side), 160) for side in sides)] for name, tell in facts.items()]
    return Table.of(say("The folders"), ("item", "A", "B"), rows)


def _environments(found: Matched) -> Table:
    told = [_flat(side.results.environment) for side in (found.a, found.b)]
    names = list(dict.fromkeys([*told[0], *told[1]]))
    rows: list[Row] = [
        [name, *(side.get(name, "–") for side in told)]
        for name in names
        if told[0].get(name) != told[1].get(name)
    ]
    return Table.of(say("Machine and versions, where they differ"), ("item", "A", "B"), rows)


def _flat(environment: Mapping[str, Any]) -> dict[str, str]:
    return {row[0].text: row[1].text for row in environment_table(environment).rows}


def _levels(found: Matched) -> Table:
    """Config fields whose values are not the same in both folders."""
    rows: list[Row] = []
    for name in IDENTITY:
        levels = [set(side.runs[name].dropna().unique()) for side in (found.a, found.b)]
        if levels[0] != levels[1]:
            parts = (levels[0] & levels[1], levels[0] - levels[1], levels[1] - levels[0])
            rows.append(
                [name.replace("_", " "), *(_all(pd.Series(sorted(part), dtype=object)) for part in parts)]
            )
    return Table.of(
        say("Settings of runs, where they differ"), ("setting", "in both", "only A", "only B"), rows
    )


def _grids(found: Matched) -> Table:
    names = list(dict.fromkeys([*found.a.results.planned, *found.b.results.planned]))
    rows: list[Row] = []
    for name in names:
        counts = [
            (side.results.planned.get(name, 0), side.results.absent.get(name, 0))
            for side in (found.a, found.b)
        ]
        if counts[0] != counts[1]:
            rows.append([words.label(name), *(_count(*count) for count in counts)])
    return Table.of(say("Grids, where they differ"), ("grid", "A", "B"), rows)


def _count(planned: int, absent: int) -> str:
    if not planned:
        return "–"
    return (
        say("{planned}, {absent} missing", planned=f"{planned:,}", absent=absent)
        if absent
        else f"{planned:,}"
    )


def _all(values: pd.Series) -> str:
    """Spell the distinct values of a column, at most so many."""
    found = [_level(value) for value in sorted(values.dropna().unique()) if value != ""]
    more = len(found) - _MOST
    return ", ".join(found[:_MOST]) + (f" … +{more}" if more > 0 else "") or "–"


def _level(value: object) -> str:
    if isinstance(value, str):
        return words.label(value)
    return words.number(float(value), 4)  # type: ignore[arg-type]
