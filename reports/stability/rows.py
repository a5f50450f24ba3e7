"""What the CSV files of the stability statistics hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.records.columns import columns_of
from reports.stability.improving import Improvement
from reports.stability.profiles import Profile, Reached
from reports.stability.robustness import Range
from reports.stability.summed import Summed

_WHOSE = (("dataset", "text", "whose runs"), ("recipe", "text", "recipe"))
_LIMITS = (("low", "", "lower limit"), ("high", "", "upper limit"))
_LEVEL = (("level", "text", "what the interval is worth at so many seeds: 95 %, or the measured coverage"),)
_BEHIND = (("runs", "", "runs behind it"),)
SUMS = columns_of(
    *_WHOSE,
    ("measure", "text", "best, last (score at the last evaluation), area (mean score over all planned steps) "
     "or regret (best less last)"),
    ("iqm", "", "interquartile mean over runs"), *_LIMITS, *_LEVEL, *_BEHIND,
    ("seeds", "", "seeds behind it"), ("cells", "", "settings behind it"),
)  # fmt: skip
PROFILES = columns_of(
    *_WHOSE, ("above", "", "score"),
    ("share", "", "runs whose last score is above it; Wilson for runs within settings"), *_LIMITS, *_LEVEL,
    *_BEHIND,
)  # fmt: skip
REACHED = columns_of(
    *_WHOSE, ("target", "", "score to reach"), ("share", "", "runs that reach it; Wilson 95 %"), *_LIMITS,
    ("median_seconds", "s", "training seconds until it, runs that never reach it counted as infinite"),
    ("first_quartile_seconds", "s", "of the same"), ("third_quartile_seconds", "s", "of the same"), *_BEHIND,
)  # fmt: skip
BETTER = columns_of(
    *_WHOSE, ("other", "text", "recipe it is compared with"),
    ("probability", "", "of a run ending above one of the other in the same setting, ties half"), *_LIMITS,
    *_LEVEL,
    ("settings", "", "settings over which it is the mean"), *_BEHIND,
)  # fmt: skip
RANGES = columns_of(
    *_WHOSE, ("decades", "", "of learning rate within twice the best distance, mean over settings"), *_LIMITS,
    *_LEVEL,
    ("best_score", "", "median score at the best rate, mean over settings"),
    ("edge", "", "1 where the range ends with the rates that were tried"),
    ("tried_decades", "", "decades of learning rate that were tried"), ("rates", "", "learning rates"),
    ("settings", "", "settings over which it is the mean"), ("seeds", "", "seeds behind it"),
)  # fmt: skip
FILES = {
    "stability.csv": ("one row per dataset, recipe and measure of its curves", SUMS),
    "profiles.csv": ("one row per dataset, recipe and score", PROFILES),
    "reached.csv": ("one row per dataset, recipe and target score", REACHED),
    "improvement.csv": ("one row per dataset and pair of recipes", BETTER),
    "robustness.csv": ("one row per dataset and recipe run at three learning rates", RANGES),
}


def rows(
    sums: Sequence[Summed], shares: Sequence[Profile], reached: Sequence[Reached],
    better: Sequence[Improvement], ranges: Sequence[Range],
) -> Mapping[str, Sequence[Mapping[str, Any]]]:  # fmt: skip
    """Spell all files."""
    return {
        "stability.csv": [row for item in sums for row in _sum(item)],
        "profiles.csv": [
            _whose(item) | {"above": item.above, "share": item.share.estimate, "level": item.level,
                              "runs": item.runs}
            | _limits(item.share)
            for item in shares
        ],
        "reached.csv": [
            _whose(item) | _limits(item.share)
            | {"target": item.target, "share": item.share.estimate, "median_seconds": item.seconds,
               "first_quartile_seconds": item.early, "third_quartile_seconds": item.late, "runs": item.runs}
            for item in reached
        ],
        "improvement.csv": [
            _whose(item) | _limits(item.probability)
            | {"other": item.other, "probability": item.probability.estimate, "level": item.level,
               "settings": item.settings, "runs": item.runs}
            for item in better
        ],
        "robustness.csv": [_range(item) for item in ranges],
    }  # fmt: skip


def _whose(item: Any) -> dict[str, Any]:
    return {"dataset": item.dataset, "recipe": item.recipe}


def _limits(found: Any) -> dict[str, float]:
    return {"low": found.low, "high": found.high}


def _sum(item: Summed) -> list[dict[str, Any]]:
    behind = {"level": item.level, "runs": item.runs, "seeds": item.seeds, "cells": item.cells}
    return [
        _whose(item) | {"measure": name, "iqm": found.estimate} | _limits(found) | behind
        for name, found in item.measures.items()
    ]


def _range(item: Range) -> dict[str, Any]:
    return _whose(item) | _limits(item.decades) | {
        "decades": item.decades.estimate, "best_score": item.best, "edge": item.edge,
        "tried_decades": item.tried, "level": item.level,
        "rates": item.rates, "settings": item.settings, "seeds": item.seeds,
    }  # fmt: skip
