"""The averaged generator against the live one: two readings of the same run, so that pairs are exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.records.schema import DIVERGED
from reports.contrasts import Resampling
from reports.prices.verdicts import UNKNOWN, Equal
from reports.significance import sign_flip
from reports.stats import Floats, bootstrap, iqm, iqm_of_resamples, level_of


@dataclass(frozen=True, slots=True)
class Averaging:
    """What averaging the generator's weights did to the score, at the same step of the same run.

    Its price is unknown: a run is timed as a whole, with its averaging.

    Args:
        score: IQM over runs of the averaged generator's score less the live one's; its pairs are runs.
        level: what its interval is worth.
    """

    score: Equal = UNKNOWN
    level: str = ""


def averaging(judged: pd.DataFrame, evaluations: pd.DataFrame, resampling: Resampling) -> Averaging:
    """Compare both readings at the last evaluation of each run, no earlier one; not corrected yet."""
    both = _readings(judged, evaluations)
    if not len(both):
        return Averaging()
    live, averaged = (_scores(both, name) for name in ("distance", "distance_ema"))
    known = np.isfinite(live) & np.isfinite(averaged)
    gained, cells = (averaged - live)[known], both["cell"].to_numpy()[known].tolist()
    if not len(gained):
        return Averaging()
    rng = resampling.rng("price average")
    estimate = iqm(gained)
    found = bootstrap(estimate, iqm_of_resamples(gained), cells, reps=resampling.reps, rng=rng)
    seeds = int(both["seed"][known].nunique())
    score = Equal(difference=found, pairs=len(gained), seeds=seeds, p=sign_flip(gained, rng))
    per_cell = int(pd.Series(cells).value_counts().median())
    return Averaging(score, level_of(per_cell, len(set(cells))))


def _readings(judged: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Both distances at the end of each run that was ever read both ways."""
    averaged = set(evaluations.dropna(subset=["distance_ema"])["run_id"]) & set(judged["run_id"])
    probes = evaluations[evaluations["run_id"].isin(averaged)]
    last = probes.groupby("run_id").tail(1)[["run_id", "distance", "distance_ema"]]
    columns = ["run_id", "cell", "seed", "status", "distance_floor", "distance_start"]
    # Without runs a column of their names is one of numbers, which pandas refuses to join.
    return last.merge(judged[columns], on="run_id") if len(last) else last


def _scores(both: pd.DataFrame, name: str) -> Floats:
    """Scores of distances on the runs' own scales, as verdicts take them; 0 where the run diverged."""
    floor, start = (np.log(both[f"distance_{end}"].to_numpy(dtype=float)) for end in ("floor", "start"))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = (np.log(both[name].to_numpy(dtype=float)) - floor) / (start - floor)
    score = 1 - np.clip(q, 0, 1)
    return np.asarray(np.where(both["status"] == DIVERGED, 0.0, score), dtype=np.float64)
