"""Scores at equal budgets: the richer run is read where it had spent what the poorer one had in the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.records.schema import DIVERGED
from reports.frame import samples_per_step
from reports.probes import probes_of

Floats = NDArray[np.float64]

BUDGETS: Mapping[str, str] = {"steps": "step", "samples": "samples_seen", "seconds": "seconds"}
"""What is spent, and the column of a curve that counts it."""


def curves(runs: pd.DataFrame, evaluations: pd.DataFrame) -> dict[str, dict[str, Floats]]:
    """By run id: score, step, samples and seconds at each evaluation, up to what the run was to spend.

    A run that diverged scores 0 from there on, as everywhere; one that was ended early stays as it was. A
    run without a score has no curve. Seconds are training seconds in proportion to steps: steps of a run
    cost alike.
    """
    scored = runs[runs["score"].notna()].assign(samples_per_step=samples_per_step)
    found = probes_of(scored["run_id"], evaluations, ["q", "step"])
    return {
        str(run.run_id): _curve(run, probes) for run, probes in zip(scored.itertuples(), found, strict=True)
    }


def _curve(run: Any, probes: Floats) -> dict[str, Floats]:
    q, step = probes.T
    score = 1 - np.clip(np.where(np.isnan(q), 1.0, q), 0.0, 1.0)
    planned = float(run.steps)
    if not len(step) or step[-1] < planned:
        after = 0.0 if run.status == DIVERGED or not len(step) else score[-1]
        begun = step[-1] + 1 if len(step) else 0.0
        step, score = np.concatenate([step, [begun, planned]]), np.concatenate([score, [after, after]])
    # A run that never got to a step has no pace: what it would have taken is its partner's to say.
    pace = float(run.train_seconds) / float(run.steps_done) if run.steps_done > 0 else float("nan")
    seconds = np.where(step > 0, step * pace, 0.0)
    return {
        "score": score,
        "step": step,
        "samples_seen": step * float(run.samples_per_step),
        "seconds": seconds,
    }


def score_at(curve: Mapping[str, Floats] | None, column: str, budget: float) -> float:
    """Score at the last evaluation within a budget; NaN before the first one.

    Example:
        >>> curve = {"score": np.array([0.1, 0.5]), "step": np.array([10.0, 20.0])}
        >>> score_at(curve, "step", 19.0), score_at(curve, "step", 20.0), score_at(curve, "step", 5.0)
        (0.1, 0.5, nan)
    """
    if curve is None or not np.isfinite(budget):
        return float("nan")
    within = np.flatnonzero(curve[column] <= budget * (1 + 1e-9))
    return float(curve["score"][within[-1]]) if len(within) else float("nan")


def equal(
    pairs: pd.DataFrame, known: Mapping[str, Mapping[str, Floats]], budget: str
) -> tuple[Floats, Floats]:
    """Scores of both sides of each pair at the smaller of their two budgets.

    Args:
        pairs: columns ``treated`` and ``baseline``: run ids.
    """
    column = BUDGETS[budget]
    sides: list[tuple[float, float]] = []
    for treated, baseline in zip(pairs["treated"], pairs["baseline"], strict=True):
        one, other = known.get(treated), known.get(baseline)
        spends = [float(curve[column][-1]) for curve in (one, other) if curve is not None]
        spent = min(filter(np.isfinite, spends), default=np.nan)
        sides.append((score_at(one, column, spent), score_at(other, column, spent)))
    both = np.array(sides, dtype=float).reshape(-1, 2)
    return both[:, 0], both[:, 1]
