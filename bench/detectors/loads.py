"""Loads: what the rule of each planted failure measures, over its limit: 1 where the failure begins."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from bench.diagnostics.arrays import median, share_of
from bench.diagnostics.oscillation import amplitude_null
from bench.verdict.collapse import kl_limit
from bench.verdict.quality import best_q, q_limit
from bench.verdict.series import Series

Load = Callable[[Series], float]


def below(limit: float, value: float) -> float:
    """How far a value lies below a limit: 1 at it, larger beyond."""
    return limit / max(value, 1e-9)


def missing(series: Series) -> float:
    """Modes that a faithful copy holds and this generator does not."""
    return series.context.modes_ceiling - series.last("modes_strict")


def kl(series: Series) -> float:
    """KL over modes over its limit."""
    return series.last("mode_kl") / kl_limit(series)


def pairwise(series: Series) -> float:
    """How near generated samples lie together, over what is near."""
    return below(series.thresholds.total_pairwise, series.last("pairwise_ratio"))


def quality(series: Series) -> float:
    """Of all that a stable run must have, what is worst in proportion to its limit."""
    limits, known = series.thresholds, [series.q_window / q_limit(series)]
    if series.context.kind == "mixture":
        relative = share_of(series.last("high_quality"), series.context.high_quality_floor)
        return max(*known, below(limits.stalled_high_quality, relative))
    precision, coverage = (median(series.relative(name)[series.window]) for name in ("precision", "coverage"))
    return max(*known, below(limits.stalled_precision, precision), below(limits.stalled_coverage, coverage))


def range_reached(series: Series) -> float:
    """Largest value of the last samples over where divergence begins."""
    return float(series.raw("max_abs")[-1]) / (series.thresholds.range_factor * series.context.data_range)


def amplitude(series: Series) -> float:
    """How far the distance swings over how far it may."""
    return series.amplitude / (series.thresholds.amplitude * amplitude_null(series.noise))


def rhythm(series: Series) -> float:
    """Nothing but its rhythm tells such a swing from wandering, so both have to count."""
    return min(amplitude(series), series.thresholds.oscillation_p / max(series.rhythm.p, 1e-9))


def falling(series: Series) -> float:
    """How fast the distance falls at the end over how fast it must to count."""
    noise = series.thresholds.trend_noise_sds * series.delta_q_noise
    return series.delta_q / min(series.thresholds.improving_delta_q, -noise)


def rising(series: Series) -> float:
    """How fast the distance rises at the end over how fast it must to count."""
    noise = series.thresholds.trend_noise_sds * series.delta_q_noise
    return series.delta_q / max(series.thresholds.degrading_delta_q, noise)


def copied(series: Series) -> float:
    """How near to training samples, over what is too near; NaN where not measured."""
    measured = series.column("data_copying")
    known = measured[np.isfinite(measured)]
    return float(known[-1]) / series.thresholds.copying_z if known.size else math.nan


def distance_of_best(series: Series) -> float:
    """Lowest distance of the run over where learning begins, in normalised log distance."""
    return best_q(series) / series.thresholds.no_progress_q


def distance_at_end(series: Series) -> float:
    """Last distances over where an untrained generator is, in normalised log distance."""
    return median(series.q[-3:]) / series.thresholds.late_q


def unfinite(series: Series) -> float:
    """1 if the last samples hold a value that is not finite, else 0."""
    return float(series.raw("finite_fraction")[-1] < 1)


def hops(series: Series) -> float:
    """Modes visited beyond those held at once, over how many count."""
    return series.hop / series.thresholds.hop


def moves(series: Series) -> float:
    """Change of the histogram from one evaluation to the next, over what counts as hopping."""
    return series.tv_window / (series.thresholds.hop_tv_factor * series.context.tv_null)


def uncovered(series: Series) -> float:
    """How little of the data is covered within the modes."""
    return below(series.thresholds.intra_coverage, median(series.relative("coverage")[series.window]))


def thinness(series: Series) -> float:
    """How much narrower modes are than may be."""
    return below(series.thresholds.intra_spread, series.last("mode_spread"))
