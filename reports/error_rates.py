"""How often the verdicts err, as the detector benchmark measured it on planted failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.records.detectors import detector_scores
from reports import parts, words
from reports.parts import Row, Table
from reports.proportions import wilson
from reports.say import Name, say


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """What is known of the detectors behind a report's verdicts.

    Args:
        sentence: the short answer, or why there is none. tables: what was required, and every fault.
    """

    sentence: str
    tables: tuple[Table, ...] = ()


def error_rates(runs: pd.DataFrame) -> ErrorRates:
    """Find the measured error rates of the thresholds that judged these runs."""
    versions = sorted(set(runs["thresholds"]) - {""})
    if len(versions) != 1:
        return ErrorRates(
            "Runs were judged by no one version of the limits, so no error rate applies to all."
        )
    scores = detector_scores(versions[0])
    if not scores:
        return ErrorRates(
            say(
                "The error rates of limits {version} were not measured; python -m bench.detectors does that.",
                version=words.label(versions[0]),
            )
        )
    tables = (_required(scores), _confusion(scores), *map(_faults, (scores,) * 2, ("faults", "traces")))
    return ErrorRates(_sentence(scores), tables)


def _sentence(scores: Mapping[str, Any]) -> str:
    found = {name: _pooled(scores[name]) for name in ("faults", "traces", "healthy")}
    first, last = scores["scoring_seeds"]
    return say(
        "Detectors under limits {limits} name {samplers} of planted samplers and {traces} of planted traces "
        "at twice the severity at which they start to count, and raise a false alarm on {healthy} of "
        "healthy runs. Measured on seeds {first} to {last}, tuned on others, by: {command}",
        limits=words.label(scores["thresholds"]),
        samplers=_rate(found["faults"]),
        traces=_rate(found["traces"]),
        healthy=_rate(found["healthy"]),
        first=first,
        last=last,
        command=words.label(scores["command"], 120),
    )


_Count = tuple[int, int]


def _pooled(rows: Sequence[Mapping[str, Any]] | Mapping[str, Mapping[str, int]]) -> _Count:
    rates = rows.values() if isinstance(rows, Mapping) else [row["recall"] for row in rows]
    return sum(rate["hits"] for rate in rates), sum(rate["trials"] for rate in rates)


def _rate(count: _Count) -> str:
    hits, trials = count
    span = wilson(hits, trials)
    return say(
        "{rate} {interval} of {trials:,}",
        rate=words.percent(span.estimate),
        interval=words.span(span.low, span.high, share=True),
        trials=trials,
    )


def _required(scores: Mapping[str, Any]) -> Table:
    said = {True: "yes", False: "no", None: "not checked"}
    rows: list[Row] = [
        [each["name"], each["wanted"], words.label(each["found"], 300), said[each["met"]]]
        for each in scores["requirements"]
    ]
    return Table.of("What is required of the detectors", ("what", "wanted", "found", "met"), rows)


def _confusion(scores: Mapping[str, Any]) -> Table:
    confusion: Mapping[str, Mapping[str, int]] = scores["confusion"]
    judged = sorted({name for counts in confusion.values() for name in counts})
    rows: list[Row] = [
        [planted, *(parts.amount(counts.get(name, 0)) for name in judged)]
        for planted, counts in confusion.items()
    ]
    return Table.of(
        "Planted failures (rows) and what they were judged to be (columns)", ("planted", *judged), rows
    )


def _faults(scores: Mapping[str, Any], kind: str) -> Table:
    rows: list[Row] = []
    for each in scores[kind]:
        recall = each["recall"]
        span = wilson(recall["hits"], recall["trials"])
        rows.append(
            [
                Name(each["fault"]),
                Name(each["dataset"]),
                Name(each["planted"]),
                parts.amount(recall["trials"]),
                parts.share(span.estimate),
                words.span(span.low, span.high, share=True),
                ", ".join(f"{multiple:g}×: {_share(rate)}" for multiple, rate in each["curve"]),
            ]
        )
    columns = ("planted fault", "data", "should be named", "trials", "named", "95 %", "by severity")
    name = {"faults": "Recall of planted samplers", "traces": "Recall of planted traces"}[kind]
    return Table.of(name, columns, rows)


def _share(rate: Mapping[str, int]) -> str:
    return words.percent(rate["hits"] / rate["trials"]) if rate["trials"] else "n/a"
