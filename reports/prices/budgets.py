"""Scores at equal budgets: the richer run is read where it had spent what the poorer one had in the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BUDGETS: Mapping[str, str] = {"steps": "step", "samples": "samples_seen", "seconds": "seconds"}
"""What is spent, and the column of a curve that counts it."""


def curves(runs: pd.DataFrame, evaluations: pd.DataFrame) -> dict[str, dict[str, Floats]]:
    """By run id: score, step, samples and seconds at each evaluation.

    Seconds are training seconds in proportion to steps: steps of a run cost alike.
    """
    pace = (runs["train_seconds"] / runs["steps_done"].clip(lower=1)).set_axis(runs["run_id"])
    known = evaluations[evaluations["run_id"].isin(set(runs["run_id"]))].dropna(subset=["q"])
    table = known.assign(
        score=1 - known["q"].clip(0, 1), seconds=known["step"] * known["run_id"].map(pace).to_numpy()
    )
    names = ["score", *BUDGETS.values()]
    return {
        str(run): {name: part[name].to_numpy(dtype=float) for name in names}
        for run, part in table.groupby("run_id", sort=False)
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
        spent = min((float(curve[column][-1]) for curve in (one, other) if curve is not None), default=np.nan)
        sides.append((score_at(one, column, spent), score_at(other, column, spent)))
    both = np.array(sides, dtype=float).reshape(-1, 2)
    return both[:, 0], both[:, 1]
