"""The result as text: one table per part, what is required last."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bench.detectors.scores import FaultScore, Requirement, Scores
from bench.detectors.tally import Rate

MOST_FLIPPED = 8
"""Limits with the most flips that are printed; all are stored."""


def text_of(scores: Scores) -> str:
    """Everything a reader needs to judge the verdicts by."""
    parts = {
        "Planted samplers: recall by multiples of the threshold severity": _faults(scores.faults),
        "Planted traces, likewise": _faults(scores.traces),
        "Planted (rows) and judged (columns), at twice the threshold severity": _confusion(scores.confusion),
        "False alarms on healthy runs": _rates(scores.healthy),
        "False flags": _rates(scores.false_flags),
        "Evaluations (of 40) from the onset to the step named, to a lasting verdict so far; left then":
            _leads(scores),
        "Planted real runs that are named": _rates(scores.trained),
        "Labels that change when a limit moves by 30 % of its way to the end of its scale": _flips(scores),
        "Calibration gate: stable seeds in the best cell": _rates(scores.gate),
        f"Required under limits {scores.thresholds}": _requirements(scores),
    }  # fmt: skip
    return "\n\n".join("\n".join([title, *rows]) for title, rows in parts.items() if rows)


def _faults(rows: Sequence[FaultScore]) -> list[str]:
    head = [
        "where",
        "planted",
        "fault",
        "threshold",
        "at twice",
        "95 %",
        "recall at other multiples",
        "judged",
    ]
    return _table([head, *(_fault(row) for row in rows)])


def _fault(row: FaultScore) -> list[str]:
    curve = " ".join(f"{multiple:.3g}x {rate.share:.2f}" for multiple, rate in row.curve)
    judged = ", ".join(f"{name} {count}" for name, count in sorted(row.judged.items()))
    severity = "-" if math.isnan(row.threshold_severity) else f"{row.threshold_severity:.3g}"
    return [
        row.dataset,
        row.planted,
        row.fault,
        severity,
        f"{row.recall.share:.2f}",
        _interval(row.recall),
        curve,
        judged,
    ]


def _confusion(rows: Mapping[str, Mapping[str, int]]) -> list[str]:
    judged = sorted({label for row in rows.values() for label in row})
    body = [[planted, *(str(row.get(label, 0) or ".") for label in judged)] for planted, row in rows.items()]
    return _table([["", *judged], *body]) if rows else []


def _rates(rates: Mapping[str, Rate]) -> list[str]:
    rows = [[name, f"{rate.hits} of {rate.trials}", _interval(rate)] for name, rate in rates.items()]
    return _table([["", "count", "95 %"], *rows]) if rows else []


def _leads(scores: Scores) -> list[str]:
    head = ["fault", "named", "told", "left", "told before the end"]
    rows = [
        [each.fault, _number(each.named), _number(each.live), _number(each.left), f"{each.noticed.share:.2f}"]
        for each in scores.leads
    ]
    return _table([head, *rows]) if rows else []


def _flips(scores: Scores) -> list[str]:
    ordered = sorted(scores.flips, key=lambda each: -each.flips.share)[:MOST_FLIPPED]
    rows = [
        [
            each.runs,
            each.limit,
            f"{each.value:g}",
            f"{each.moved:g}",
            f"{each.flips.share:.3f}",
            str(each.flips.trials),
        ]
        for each in ordered
    ]
    return _table([["runs", "limit", "value", "moved to", "flips", "of"], *rows]) if rows else []


def _requirements(scores: Scores) -> list[str]:
    rows = [[each.name, each.wanted, _said(each), each.found] for each in scores.requirements]
    return _table([["requirement", "wanted", "", "found"], *rows])


def _said(each: Requirement) -> str:
    if each.met is None:
        return "NOT CHECKED" if each.required else "told, not required"
    return "met" if each.met else "MISSED"


def _interval(rate: Rate) -> str:
    return f"{rate.low:.2f}-{rate.high:.2f}" if rate.trials else "-"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
