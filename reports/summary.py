"""summary.json: the findings and the totals for programs, as strict JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from reports.contrasts import MIN_PAIRS, MIN_SEEDS, Resampling
from reports.findings import Finding
from reports.frame import Results
from reports.missing import missing
from reports.proportions import FailureRate
from reports.section import Section
from reports.tables import contrast_row, finding_row

FORMAT = 1
"""Version of the keys of summary.json."""

KEYS: Mapping[str, str] = {
    "format": "version of these keys",
    "profile": "name of the profile, empty if unknown",
    "runs": "runs with a record",
    "judged": "of those, runs with a verdict",
    "planned": "runs planned, by grid",
    "absent": "planned runs without a result, by grid",
    "missing": "what is missing, in sentences",
    "seeds": "distinct seeds of judged runs",
    "cells": "distinct cells of judged runs",
    "datasets": "judged runs by dataset",
    "outcomes": "judged runs by outcome",
    "failure": "failed, stable, undecided runs; P(failure) of the decided with 95 % interval and bounds",
    "thresholds": "versions of the verdicts' thresholds",
    "machine_seconds": "seconds of training, evaluation and compilation, summed over runs",
    "findings": "per claim: its kind, the columns of causes.csv, decisive contrasts as in contrasts.csv",
    "sections": "per further part of the page: its key, points and notes",
    "method": "bootstrap repetitions and seed, pairs and seeds that a claim needs",
}
"""Every key with its meaning."""


def summary(
    results: Results, findings: Sequence[Finding], sections: Sequence[Section], resampling: Resampling
) -> str:
    """Spell summary.json."""
    runs, judged = results.frames.runs, results.frames.judged
    content = {
        "format": FORMAT,
        "profile": results.profile,
        "runs": len(runs),
        "judged": len(judged),
        "planned": dict(results.planned),
        "absent": dict(results.absent),
        "missing": missing(results),
        "seeds": int(judged["seed"].nunique()),
        "cells": int(judged["cell"].nunique()),
        "datasets": _counts(judged["dataset"]),
        "outcomes": _counts(judged["outcome"]),
        "failure": _failure(FailureRate.of(judged["failure"].to_numpy(dtype=float))),
        "thresholds": sorted(set(judged["thresholds"]) - {""}),
        "machine_seconds": {
            name: float(runs[f"{name}_seconds"].sum()) for name in ("train", "eval", "compile")
        },
        "findings": [_finding(item) for item in findings],
        "sections": [
            {"key": item.key, "points": list(item.points), "notes": list(item.notes)} for item in sections
        ],
        "method": {
            "bootstrap_repetitions": resampling.reps,
            "bootstrap_seed": resampling.seed,
            "pairs_needed": MIN_PAIRS,
            "seeds_needed": MIN_SEEDS,
        },
    }
    return json.dumps(_strict(content), indent=1, sort_keys=False, allow_nan=False) + "\n"


def _counts(column: Any) -> dict[str, int]:
    counts = column.value_counts()
    return {
        str(name): int(counts[name]) for name in sorted(counts.index, key=lambda key: (-counts[key], key))
    }


def _failure(rate: FailureRate) -> dict[str, Any]:
    interval, (low, high) = rate.interval, rate.bounds
    return {
        "failed": rate.failed,
        "stable": rate.stable,
        "undecided": rate.undecided,
        "rate": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "bound_low": low,
        "bound_high": high,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    decisive = [
        contrast_row(item, effect) for item in finding.decisive for effect in (item.failure, item.score)
    ]
    row = finding_row(finding) | {"decisive_contrasts": decisive, "notes": list(finding.notes)}
    return {"kind": finding.kind} | row | {"not_measured": list(finding.not_measured)}


def _strict(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return value
