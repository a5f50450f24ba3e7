"""One run as a row of the report's table: what its record says, and what the analysis derives from it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.records.columns import RUN_COLUMNS
from bench.records.schema import FAILED, STABLE, UNDECIDED, UNSTABLE, RunRecord
from gans.config import LATER_FIELDS
from reports import variants

CONFIG_EXTRAS = ("beta1", "beta2", "generator_depth", "discriminator_depth", "evaluations", "ema_half_life")
"""Config fields that runs.csv does not show but that make two runs different."""

DERIVED = ("cell", "variant", "departs", "own", "judged", "failure")
"""Columns of the analysis alone: cell, recipe variant, in what it leaves its recipe, whether it does not,
whether the run has a verdict, and 1 for failed, 0 for stable, NaN for undecided."""


def run_names() -> list[str]:
    """The columns of a row, in order."""
    return [*RUN_COLUMNS, *CONFIG_EXTRAS, *DERIVED]


def run_row(record: RunRecord, grids: Sequence[str]) -> dict[str, Any]:
    """Spell one record as a row of ``run_names``; what it does not say is NaN, or empty where text stands."""
    # Runs of before and after a field came must be comparable, and of one cell where nothing else differs.
    record = replace(record, config={**LATER_FIELDS, **record.config})
    return _empty() | _measured(record) | _identity(record, grids) | _ending(record) | _derived(record)


def _empty() -> dict[str, Any]:
    texts = {name: "" for name, column in RUN_COLUMNS.items() if column.unit == "text"}
    return dict.fromkeys(run_names(), math.nan) | texts


def _measured(record: RunRecord) -> dict[str, Any]:
    """What the record holds under a column's own name; its config outranks metrics, those the evidence."""
    columns = run_names()
    row = {name: record.evidence[name] for name in RUN_COLUMNS if name in record.evidence}
    found = {**record.metrics, **record.speed, **record.config}
    return row | {name: found[name] for name in columns if name in found}


def _identity(record: RunRecord, grids: Sequence[str]) -> dict[str, Any]:
    config, scale = record.config, record.metrics.get("lr_scale", math.nan)
    return {
        "run_id": record.run_id,
        "grids": " ".join(grids),
        "capacity_ratio": config["discriminator_width"] / config["generator_width"],
        "lr": config["generator_lr"],
        "lr_scale": float(f"{variants.lr_scale(config) if math.isnan(scale) else scale:.6g}"),
        "cohort": record.cohort,
        "cohort_members": record.cohort_members,
        "mode": record.mode,
        "machine": record.machine,
        "finished_at": record.finished_at,
    }


def _ending(record: RunRecord) -> dict[str, Any]:
    return {
        "status": record.status,
        "outcome": record.outcome,
        "state": record.state,
        "mechanisms": " ".join(record.mechanisms),
        "onset_step": math.nan if record.onset_step is None else record.onset_step,
        "thresholds": record.thresholds,
        "error": record.error,
    }


def _derived(record: RunRecord) -> dict[str, Any]:
    judged = record.status != FAILED and record.outcome != "invalid"
    failure = {STABLE: 0.0, UNSTABLE: 1.0, UNDECIDED: math.nan}.get(record.state, math.nan)
    departures = variants.departures(record.config)
    return {
        "cell": _cell(record.config),
        "variant": text(variants.variant(record.config)),
        "departs": " ".join(departures),
        "own": not departures,
        "judged": judged,
        "failure": failure if judged else math.nan,
    }


def _cell(config: Mapping[str, Any]) -> str:
    shared = {name: value for name, value in config.items() if name != "seed"}
    return hashlib.sha256(json.dumps(shared, sort_keys=True).encode()).hexdigest()[:16]


def text(value: Any) -> str:
    """Keep text that can be compared and written: numpy loses a last NUL, UTF-8 has no lone surrogates."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
