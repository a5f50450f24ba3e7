"""One run's curve of scores boiled down: its best, its last, the area under it, and what was lost again."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from reports.probes import probes_of
from reports.stats import Floats

MEASURES = ("best", "last", "area", "regret")
TARGETS = (0.5, 0.75)
"""Scores to reach: 0 is the untrained generator, 1 is as close as real samples are to each other."""


def curve(q: Floats, steps: Floats, planned: float) -> tuple[float, float, float, float]:
    """Boil one curve down.

    Args:
        q: normalised log distances, in order of steps (0 real, 1 untrained); NaN scores 0.
        steps: where they were measured. planned: steps of a whole run; from a divergence on the score is 0.

    Returns:
        best, last, area (mean score over all planned steps, by trapezoids from 0 at step 0), regret
        (best less last).

    Example:
        >>> curve(np.array([0.5, 0.0, 0.5]), np.array([1.0, 2.0, 3.0]), 3.0)
        (1.0, 0.5, 0.5833333333333334, 0.5)
    """
    score = 1 - np.clip(np.where(np.isnan(q), 1.0, q), 0.0, 1.0)
    if not len(score):
        return math.nan, math.nan, math.nan, math.nan
    x, y = np.concatenate([[0.0], steps]), np.concatenate([[0.0], score])
    area = float(np.trapezoid(y, x)) / planned
    last = float(score[-1]) if steps[-1] >= planned else 0.0
    best = float(score.max())
    return best, last, area, best - last


def measured(runs: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Add each run's measures, and the steps and seconds until it first reached each of TARGETS.

    A target that was never reached takes infinitely long; a run without evaluations has no measures.
    """
    found = probes_of(runs["run_id"], evaluations, ["q", "step"])
    rows = [_row(run, probes) for run, probes in zip(runs.itertuples(), found, strict=True)]
    table = pd.DataFrame(rows, index=runs.index, columns=[*MEASURES, *map(seconds_to, TARGETS)])
    return pd.concat([runs, table.astype(float)], axis=1)


def seconds_to(target: float) -> str:
    """Name the column of training seconds until a target.

    Example:
        >>> seconds_to(0.5)
        'seconds_to_0.5'
    """
    return f"seconds_to_{target:g}"


def _row(run: object, probes: Floats) -> list[float]:
    q, steps = probes.T
    planned, done = float(run.steps), float(run.steps_done)  # type: ignore[attr-defined]
    each = float(run.train_seconds) / done if done > 0 else math.nan  # type: ignore[attr-defined]
    return [*curve(q, steps, planned), *(_first(q, steps, target) * each for target in TARGETS)]


def _first(q: Floats, steps: Floats, target: float) -> float:
    hit = np.flatnonzero(1 - np.clip(q, 0.0, 1.0) >= target)  # NaN never is
    return float(steps[hit[0]]) if len(hit) else math.inf
