"""How to read the numbers: the method in a few lines, the definitions of all columns, and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.records.columns import DYNAMICS_COLUMNS, METRIC_COLUMNS, SPEED_COLUMNS, VERDICT_COLUMNS
from bench.records.detectors import CALIBRATED_ON
from reports import words
from reports.contrasts import MIN_PAIRS, MIN_SEEDS, WORTH, Resampling
from reports.parts import Table
from reports.say import Name, say
from reports.stats import MEASURED_COVERAGE

_MAX_LINES = 200


def method_lines(runs: pd.DataFrame, resampling: Resampling) -> list[str]:
    """Explain scores, intervals, corrections and what is needed before anything is claimed."""
    return [
        "Score: 1 − clip(q, 0, 1), where q is the log distance to held-out data, 0 for real data and 1 for "
        "an untrained generator; a diverged run scores 0. Scores are pooled as interquartile means (IQM).",
        "P(failure) counts decided runs. Undecided ones (still improving) are outside, and the bounds show "
        "what they could change: all of them stable, all of them failed.",
        say(
            "Comparisons pair runs that are alike in everything but the one thing compared, seed included. "
            "Failure rates: Newcombe's interval for paired shares and McNemar's exact test. Scores: paired "
            "bootstrap, resampled within cells ({reps:,} repetitions, seed {seed}), and a test that flips "
            "the signs of pairs.",
            reps=resampling.reps,
            seed=resampling.seed,
        ),
        say(
            "The bootstrap's nominal 95 % holds the truth less often where seeds are few, in our "
            "simulations {coverage}; an interval from few seeds is labelled with that number. Wilson and "
            "Newcombe intervals treat runs as independent; runs that share a seed share their data subset, "
            "so every comparison also says how many seeds agree.",
            coverage=_measured_coverage(),
        ),
        say(
            "A comparison is judged from {pairs} pairs of runs (decided ones for rates) and {seeds} seeds "
            "on. It shows something if its 95 % interval excludes zero, it is at least {worth} in size and "
            "its corrected p is small: Holm at 0.05 over the comparisons that decide a claim, "
            "Benjamini–Hochberg at 0.10 over all others.",
            pairs=MIN_PAIRS,
            seeds=MIN_SEEDS,
            worth=WORTH,
        ),
        *_thresholds(runs),
    ]


def _measured_coverage() -> str:
    return words.listed(
        [
            say(
                "{pooled} ({single} for a single cell) at {seeds} seeds",
                pooled=words.percent(pooled),
                single=words.percent(single),
                seeds=seeds,
            )
            for seeds, (single, pooled) in MEASURED_COVERAGE.items()
        ]
    )


def _thresholds(runs: pd.DataFrame) -> list[str]:
    versions = sorted(set(runs["thresholds"]) - {""})
    names = sorted(set(runs["fid_extractor"]) - {""})
    lines: list[str] = []
    if versions:
        known = words.listed([words.label(item) for item in versions])
        lines.append(say("Verdicts by thresholds of version {versions}.", versions=known))
        lines.extend(_uncalibrated(runs))
    if names:
        lines.append(
            say(
                "Fréchet distances are {names}: by a classifier of this data, not by Inception, and not "
                "comparable with published scores.",
                names=words.listed([words.label(item) for item in names]),
            )
        )
    return lines


def _uncalibrated(runs: pd.DataFrame) -> list[str]:
    others = sorted(set(runs["dataset"]) - set(CALIBRATED_ON) - {""})
    if not others:
        return []
    return [
        say(
            "Limits were calibrated on runs of {known}. On {others} they lie as far from what the data "
            "allow, but no pilot has shown that the best runs there pass them: compare recipes on the same "
            "data, and do not read their share of stable runs as a share of what could be had.",
            known=words.listed(list(CALIBRATED_ON)),
            others=words.listed([words.label(name) for name in others]),
        )
    ]


def definition_tables() -> list[Table]:
    """Define every column that a number on the page comes from, as the CSV files name it."""
    groups = (
        ("Verdict columns", VERDICT_COLUMNS),
        ("Scores of samples", METRIC_COLUMNS),
        ("Diagnostics of training", DYNAMICS_COLUMNS),
        ("Speed", SPEED_COLUMNS),
    )
    return [
        Table.of(
            caption,
            ("column", "unit", "meaning"),
            [[Name(column.name), column.unit, column.meaning] for column in columns.values()],
        )
        for caption, columns in groups
    ]


def environment_table(environment: Mapping[str, Any]) -> Table:
    """Flatten environment.json, whatever its shape, into lines of path and value."""
    lines = list(_flat(environment, ""))
    rows = [[words.label(path, 80), words.label(value, 160)] for path, value in lines[:_MAX_LINES]]
    if len(lines) > _MAX_LINES:
        left = len(lines) - _MAX_LINES
        rows.append(["…", say("{left} further lines in environment.json", left=left)])
    return Table.of("What the runs were made on", ("item", "value"), rows)


def _flat(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [
            line
            for key, item in value.items()
            for line in _flat(item, f"{path} › {key}" if path else str(key))
        ]
    if isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        return [line for index, item in enumerate(value) for line in _flat(item, f"{path} › {index}")]
    if isinstance(value, list):
        return [(path, ", ".join(map(str, value)))]
    return [(path, str(value))]
