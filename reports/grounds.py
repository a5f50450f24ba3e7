"""What verdicts rest on: for each outcome a typical run with its numbers, limits, onset, flags, curves."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pandas as pd

from bench.records.columns import EVALUATION_COLUMNS, columns_of
from bench.records.schema import OUTCOMES
from reports import words
from reports.figures import trails
from reports.figures.trails import Trail
from reports.frame import Results
from reports.parts import Cell, Panel, Row, Table, value
from reports.say import Name, say
from reports.summaries import datasets

OUTCOME = "outcome"
"""What a row of verdicts.csv is about where it is not about a mechanism."""
CURVES = 2
"""Curves shown per run for its outcome, and at most as many for mechanisms at work, one each."""

GROUND_COLUMNS = columns_of(
    ("run_id", "text", "the run"),
    ("about", "text", "outcome, or the name of a mechanism"),
    ("found", "text", "the outcome's rule; yes or no for a mechanism, or why there is no finding"),
    ("detail", "text", "which part of the rule matched, or the reason"),
    ("number", "text", "what was measured"),
    ("value", "", "its value in this run"),
    ("limit", "", "what it was compared with"),
)
"""Columns of verdicts.csv: one row per number that a verdict looked at."""


@dataclass(frozen=True, slots=True)
class Case:
    """A run whose verdict is laid open.

    Args:
        heading: its outcome and how many runs share it. what: which run it is. why: rule, detail and onset.
        data: the numbers of its curves, a row per evaluation.
    """

    run_id: str
    heading: str
    what: str
    why: str
    numbers: Table
    flags: Table
    panels: tuple[Panel, ...]
    data: Table


def cases(results: Results) -> list[Case]:
    """Pick for each dataset and outcome the run nearest to the median score, and lay its verdict open."""
    runs, found = results.frames.judged, []
    for dataset in datasets(runs):
        part = runs[runs["dataset"] == dataset]
        for outcome in OUTCOMES:
            group = part[part["outcome"] == outcome]
            known = group[group["run_id"].isin(list(results.evidence))]
            if len(known):
                found.append(_case(_typical(known), len(group), results))
    return found


def ground_rows(evidence: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield verdicts.csv: what every run's outcome and mechanisms were measured by, in order of run id."""
    for run_id in sorted(evidence):
        for about, found, detail, numbers, limits in _statements(evidence[run_id]):
            for name in {**numbers, **limits} or {"": None}:
                yield {
                    "run_id": run_id,
                    "about": about,
                    "found": found,
                    "detail": detail,
                    "number": name,
                    "value": _float(numbers.get(name)),
                    "limit": _float(limits.get(name)),
                }


_STATUSES = {"not_measured": "not measured", "not_applicable": "not applicable"}
_Statement = tuple[str, str, str, Mapping[str, Any], Mapping[str, Any]]


def _statements(evidence: Mapping[str, Any]) -> Iterator[_Statement]:
    yield OUTCOME, _said(evidence.get("rule")), _said(evidence.get("detail")), *_measured(evidence)
    for name, finding in _mapping(evidence.get("mechanisms")).items():
        told = _mapping(finding)
        status = _said(told.get("status"))
        found = (
            ("yes" if told.get("flagged") else "no")
            if status == "measured"
            else _STATUSES.get(status, status)
        )
        yield name, found, _said(told.get("detail")), *_measured(told)


def _measured(told: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return _mapping(told.get("numbers")), _mapping(told.get("limits"))


def _case(run: pd.Series, alike: int, results: Results) -> Case:
    evidence = results.evidence[run["run_id"]]
    rows: list[Row] = []
    flags: list[Row] = []
    for about, found, detail, numbers, limits in _statements(evidence):
        if about == OUTCOME:
            rows = [_line(name, numbers, limits) for name, number in numbers.items() if number is not None]
        else:
            flags.append([Name(about), found, words.label(detail, 120), Name(_spelled(numbers, limits))])
    heading = words.clauses([Name(run["outcome"]), words.label(run["dataset"])])
    shown = list(_curves(run, evidence, results.frames.evaluations))
    return Case(
        run_id=run["run_id"],
        heading=say("{heading} ({runs})", heading=heading, runs=words.count(alike, "run")),
        what=_what(run),
        why=_why(run, evidence),
        numbers=Table.of(
            say("{heading}: what the outcome rests on", heading=heading), ("number", "value", "limit"), rows
        ),
        flags=Table.of(
            say("{heading}: mechanisms", heading=heading),
            ("mechanism", "at work", "detail", "numbers (limits)"),
            flags,
        ),
        panels=tuple(trails.panel(title, trail) for title, trail in shown),
        data=_data(say("{heading}: data behind its curves", heading=heading), [trail for _, trail in shown]),
    )


def _data(caption: str, shown: Sequence[Trail]) -> Table:
    """Tabulate curves of one run, which share their steps."""
    series = {trail.name: trail.values for trail in shown}
    steps = shown[0].steps if shown else ()
    rows = [
        [Cell(f"{step:,.0f}", float(step)), *(value(float(values[at])) for values in series.values())]
        for at, step in enumerate(steps)
    ]
    return Table.of(caption, ("generator updates", *map(Name, series)), rows)


def _typical(runs: pd.DataFrame) -> pd.Series:
    away = (runs["score"] - runs["score"].median()).abs().fillna(9.0)
    return runs.assign(away=away).sort_values(["away", "run_id"], kind="stable").iloc[0]


def _what(run: pd.Series) -> str:
    return say(
        "Run {run}: {variant}, capacity ratio {ratio}, rate {rate}, {size:,.0f} training samples, seed "
        "{seed:.0f}; score {score}.",
        run=Name(run["run_id"]),
        variant=words.label(run["variant"]),
        ratio=words.ratio(run["capacity_ratio"]),
        rate=words.number(run["generator_lr"]),
        size=run["data_size"],
        seed=run["seed"],
        score=words.fixed(run["score"]),
    )


def _why(run: pd.Series, evidence: Mapping[str, Any]) -> str:
    rule, detail = _said(evidence.get("rule")).replace("_", " "), words.label(evidence.get("detail", ""), 120)
    onset = (
        say("no onset")
        if math.isnan(run["onset_step"])
        else say("set in at generator update {step:,.0f}", step=run["onset_step"])
    )
    matched = say("{rule} ({detail})", rule=Name(rule), detail=detail) if detail else Name(rule)
    return say("Rule: {rule}; {onset}.", rule=matched, onset=onset)


def _curves(
    run: pd.Series, evidence: Mapping[str, Any], evaluations: pd.DataFrame
) -> Iterator[tuple[Name, Trail]]:
    """Yield the curves to show with their titles: those of the outcome, then one per mechanism at work."""
    own = evaluations[evaluations["run_id"] == run["run_id"]].sort_values("step")
    drawn: set[str] = set()
    for trail in islice(_trails(own, evidence, default=("q",)), CURVES):
        drawn.add(trail.name)
        onset = _optional(run["onset_step"])
        yield Name(f"{run['outcome']}: {trail.name}"), replace(trail, onset=onset)
    at_work = {
        name: told
        for name, told in _mapping(evidence.get("mechanisms")).items()
        if _mapping(told).get("flagged")
    }
    first = ((name, next(_trails(own, told), None)) for name, told in at_work.items())
    fresh = ((name, trail) for name, trail in first if trail is not None and trail.name not in drawn)
    for name, trail in islice(fresh, CURVES):
        yield Name(f"{words.label(name)}: {trail.name}"), trail


def _trails(own: pd.DataFrame, told: Mapping[str, Any], default: Sequence[str] = ()) -> Iterator[Trail]:
    """Yield the measured curves that a statement names (bench.verdict.plots), most telling first."""
    plot = _mapping(told.get("plot"))
    named = plot.get("series") if isinstance(plot.get("series"), list | tuple) else ()
    limits = _mapping(plot.get("limits"))
    for name in dict.fromkeys([*(named or ()), *default]):
        if name not in EVALUATION_COLUMNS or EVALUATION_COLUMNS[name].unit == "text":
            continue
        lines = limits.get(name) if isinstance(limits.get(name), list | tuple) else ()
        trail = Trail(
            name,
            own["step"].tolist(),
            own[name].tolist(),
            start=_optional(plot.get("from_step")),
            limits=[line for line in map(_optional, lines or ()) if line is not None],
        )
        if trail.measured:
            yield trail


def _line(name: str, numbers: Mapping[str, Any], limits: Mapping[str, Any]) -> list[Cell | str]:
    return [Name(name), value(_float(numbers.get(name))), value(_float(limits.get(name)))]


def _spelled(numbers: Mapping[str, Any], limits: Mapping[str, Any]) -> str:
    told = []
    for name, number in numbers.items():
        limit = f" ({words.number(_float(limits[name]))})" if name in limits else ""
        if number is not None:
            told.append(f"{name} {words.number(_float(number))}{limit}")
    return ", ".join(told)


def _said(text: object) -> str:
    return _labelled(text) if isinstance(text, str) else ""


@functools.lru_cache(maxsize=10_000)
def _labelled(text: str) -> str:
    return words.label(text, 200)  # verdicts say a few things of many thousand runs


def _mapping(item: object) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {}


def _optional(number: object) -> float | None:
    known = _float(number)
    return None if math.isnan(known) else known


def _float(number: object) -> float:
    return float(number) if isinstance(number, int | float) and math.isfinite(number) else math.nan
