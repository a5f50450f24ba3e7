"""The averaged generator against the live one: two readings of the same run, so that pairs are exact."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.contrasts import MIN_PAIRS, WORTH, Resampling
from reports.prices.effects import HELPS, HURTS, NOT_MEASURED, NOTHING
from reports.significance import sign_flip
from reports.stats import Floats, Interval, bootstrap, level_of, row_iqm


@dataclass(frozen=True, slots=True)
class Averaging:
    """What averaging the generator's weights did to the score.

    Args:
        difference: IQM over runs of the averaged generator's score less the live one's.
        level: what its interval is worth. runs: with both. p: sign flips of runs.
        verdict: a word of effects.py.
    """

    difference: Interval
    level: str
    runs: int
    p: float
    verdict: str


def averaging(judged: pd.DataFrame, evaluations: pd.DataFrame, resampling: Resampling) -> Averaging:
    """Compare both readings at the last evaluation of each run that has them."""
    last = evaluations.dropna(subset=["distance", "distance_ema"]).groupby("run_id").tail(1)
    if not len(last) or not len(judged):
        return Averaging(Interval(math.nan), "", 0, math.nan, NOT_MEASURED)
    both = last[["run_id", "distance", "distance_ema"]].merge(
        judged[["run_id", "cell", "distance_floor", "distance_start"]], on="run_id"
    )
    live, averaged = (_scores(both, name) for name in ("distance", "distance_ema"))
    known = np.isfinite(live) & np.isfinite(averaged)
    gained, cells = (averaged - live)[known], both["cell"].to_numpy()[known].tolist()
    if not len(gained):
        return Averaging(Interval(math.nan), "", 0, math.nan, NOT_MEASURED)
    rng = resampling.rng("price average")
    estimate = float(row_iqm(gained[None])[0])
    found = bootstrap(estimate, lambda at: row_iqm(gained[at]), cells, reps=resampling.reps, rng=rng)
    p = sign_flip(gained, rng)
    per_cell = int(pd.Series(cells).value_counts().median())
    return Averaging(
        found, level_of(per_cell, len(set(cells))), len(gained), p, _verdict(found, p, len(gained))
    )


def _scores(both: pd.DataFrame, name: str) -> Floats:
    """Scores of distances on the runs' own scales, as verdicts take them."""
    floor, start = (np.log(both[f"distance_{end}"].to_numpy(dtype=float)) for end in ("floor", "start"))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = (np.log(both[name].to_numpy(dtype=float)) - floor) / (start - floor)
    return np.asarray(1 - np.clip(q, 0, 1), dtype=np.float64)


def _verdict(found: Interval, p: float, runs: int) -> str:
    if runs < MIN_PAIRS or not found.known:
        return NOT_MEASURED
    if p > 0.05 or not found.excludes_zero or abs(found.estimate) < WORTH:
        return NOTHING
    return HELPS if found.estimate > 0 else HURTS
