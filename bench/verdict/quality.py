"""How good a run is at its end, and how good it must be, by what its data allow."""

from __future__ import annotations

import math

import numpy as np

from bench.diagnostics.arrays import median, share_of
from bench.verdict.context import MIXTURE
from bench.verdict.scale import normalised_log_distance
from bench.verdict.series import Series


def best_q(series: Series) -> float:
    """Lowest q of the whole run; NaN where q has no scale."""
    known = series.q[~np.isnan(series.q)]
    return float(known.min()) if known.size else math.nan


def q_limit(series: Series) -> float:
    """Largest q of a run that has arrived, measured from where a faithful copy of its data stands."""
    context, limits = series.context, series.thresholds
    scaled = normalised_log_distance(
        np.array([context.distance_copy]), context.distance_floor, context.distance_start
    )
    copied = float(np.clip(scaled[0], 0.0, 1.0)) if math.isfinite(context.distance_copy) else 0.0
    part = limits.stalled_q_mixture if context.kind == MIXTURE else limits.stalled_q
    return copied + part * (1 - copied)


def quality(series: Series) -> tuple[dict[str, float], dict[str, float]]:
    """What a stable run must have, in the final window, and the limit of each; NaN where not measured."""
    limits = series.thresholds
    numbers, bounds = {"q": series.q_window}, {"q": q_limit(series)}
    if series.context.kind == MIXTURE:
        numbers["high_quality_rel"] = share_of(series.last("high_quality"), series.context.high_quality_floor)
        bounds["high_quality_rel"] = limits.stalled_high_quality
        return numbers, bounds
    numbers["precision_rel"] = median(series.relative("precision")[series.window])
    numbers["coverage_rel"] = median(series.relative("coverage")[series.window])
    return numbers, {
        **bounds,
        "precision_rel": limits.stalled_precision,
        "coverage_rel": limits.stalled_coverage,
    }
