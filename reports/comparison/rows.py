"""comparison.csv: every run of either folder beside its counterpart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.records.columns import columns_of
from reports.comparison.matched import Matched
from reports.comparison.speed import speed_ratios

_SETTINGS = {
    "dataset": "of the run",
    "recipe": "of the run",
    "variant": "its recipe with what departs from the recipe's own settings",
    "generator_width": "of the run",
    "capacity_ratio": "discriminator width over generator width",
    "lr_scale": "generator learning rate over the recipe's own",
    "data_size": "training samples",
    "defect": "planted fault of the training data",
    "augmentation": "of what the discriminator sees",
    "steps": "generator updates planned",
    "seed": "index of the seed",
}
_TEXT = {"dataset", "recipe", "variant", "defect", "augmentation"}
_MEASURED = {
    "outcome": ("text", "its outcome"),
    "state": ("text", "stable, failed or undecided"),
    "q": ("", "normalised log distance in the final window"),
    "score": ("", "its score"),
    "steps_per_second": ("1/s", "generator updates per second of training"),
    "machine": ("text", "id of the machine it ran on"),
}
COLUMNS = columns_of(
    ("found", "text", "both, only A or only B"),
    ("run_id_a", "text", "id of the run in A"),
    ("run_id_b", "text", "id of the run in B; another where the algorithm's version changed"),
    *((name, "text" if name in _TEXT else "", meaning) for name, meaning in _SETTINGS.items()),
    *(
        (f"{name}_{side}", unit, f"{meaning}, in {side.upper()}")
        for name, (unit, meaning) in _MEASURED.items()
        for side in ("a", "b")
    ),
    ("score_difference", "", "score in B less score in A"),
    ("speed_ratio", "", "generator updates per second, B over A; comparable on one machine only"),
)
"""Columns of comparison.csv; settings are those of A where the run is in both."""
FILES = {
    "comparison.csv": (
        "one row per run of either folder, with its counterpart; written by ganbench report A B beside "
        "comparison.html",
        COLUMNS,
    )
}


def rows(found: Matched) -> list[Mapping[str, Any]]:
    """Spell the pairs, then the runs of A and of B that have none."""
    ratios = speed_ratios(found)
    paired = [
        {
            **_blank(), **_settings(a), **_measured(a, "a"), **_measured(b, "b"), "found": "both",
            "score_difference": b["score"] - a["score"], "speed_ratio": float(ratios[place]),
        }
        for place, (a, b) in enumerate(zip(_records(found.both_a), _records(found.both_b), strict=True))
    ]  # fmt: skip
    single = [
        {**_blank(), **_settings(run), **_measured(run, side), "found": f"only {side.upper()}"}
        for side, runs in (("a", found.only_a), ("b", found.only_b))
        for run in _records(runs)
    ]
    return [*paired, *single]


def _records(runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    yield from runs[["run_id", *_SETTINGS, *_MEASURED]].to_dict("records")


def _settings(run: Mapping[str, Any]) -> dict[str, Any]:
    return {name: run[name] for name in _SETTINGS}


def _measured(run: Mapping[str, Any], side: str) -> dict[str, Any]:
    return {f"{name}_{side}": run[name] for name in ("run_id", *_MEASURED)}


def _blank() -> dict[str, Any]:
    return {name: "" if column.unit == "text" else math.nan for name, column in COLUMNS.items()}
