"""Endings that the curve of the distance shows: it swings, still falls, rises, stays too high, or is fine."""

from __future__ import annotations

import math

import numpy as np

from bench.diagnostics.arrays import Flags
from bench.diagnostics.oscillation import amplitude_null, reversals
from bench.verdict.evidence import Evidence
from bench.verdict.quality import quality
from bench.verdict.series import Series


def oscillating_quality(series: Series) -> Evidence | None:
    """The distance swings, and comes back. The detail says by which of three signs.

    * ``average``: the generator of averaged weights is far better, so the live one circles a good point.
    * ``reversals``: most large steps turn back on the one before.
    * ``rhythm``: a period stronger than red noise shows (over the second half of training).

    Onset: first evaluation from which large steps of the distance turned back, else the first of the window.
    """
    limits = series.thresholds
    swing = limits.amplitude * amplitude_null(series.noise)
    turned, large = reversals(series.log_distance, limits.noise_factor * series.noise)
    share = np.count_nonzero(turned) / (large - 1) if large >= limits.reversal_steps else math.nan
    if not series.amplitude >= swing:
        return None
    numbers = {
        "amplitude": series.amplitude,
        "ema_gap": series.ema_gap,
        "reversal_share": share,
        "oscillation_p": series.rhythm.p,
        "oscillation_period": series.rhythm.period,
    }
    bounds = {
        "amplitude": swing,
        "ema_gap": limits.ema_gap,
        "reversal_share": limits.reversal_share,
        "oscillation_p": limits.oscillation_p,
    }
    signs = {
        "average": series.ema_gap <= limits.ema_gap,
        "reversals": share >= limits.reversal_share,
        "rhythm": series.rhythm.p < limits.oscillation_p,
    }
    if not any(signs.values()):
        return None
    inside = series.steps[series.window]
    places = np.flatnonzero(turned)
    detail = " ".join(name for name, holds in signs.items() if holds)
    return Evidence(numbers, bounds, inside[places[0]] if places.size else inside[0], detail)


def still_improving(series: Series) -> Evidence | None:
    """The distance still falls, by more than sampling shows: the budget was too short to tell.

    Onset: none, nothing has set in.
    """
    limit = min(series.thresholds.improving_delta_q, -_trend_noise(series))
    return Evidence({"delta_q": series.delta_q}, {"delta_q": limit}) if series.delta_q <= limit else None


def degrading(series: Series) -> Evidence | None:
    """The distance rises in the final window, by more than sampling shows.

    Onset: the evaluation with the lowest q (median of three), from which it got worse.
    """
    limit = max(series.thresholds.degrading_delta_q, _trend_noise(series))
    if not series.delta_q >= limit:
        return None
    best = int(np.argmin(series.q_settled))
    return Evidence({"delta_q": series.delta_q}, {"delta_q": limit}, series.steps[best])


def stalled(series: Series) -> Evidence | None:
    """Ended its way at a quality clearly below what the data allow.

    Onset: the first evaluation from which q stayed at its final level (at most ``improving_delta_q`` above
    it); of a run that had been better (by ``degrading_delta_q``): from which it had left its best for good.
    """
    numbers, limits = quality(series)
    short = [
        name
        for name, value in numbers.items()
        if (value > limits[name] if name == "q" else value < limits[name])
    ]
    if not short:
        return None
    return Evidence(numbers, limits, series.onset(_at_its_end(series)), detail=" ".join(short))


def converged(series: Series) -> Evidence | None:
    """None of the above, and everything that says so was measured.

    Onset: first evaluation from which q was within its limit.
    """
    numbers, limits = quality(series)
    if any(math.isnan(value) for value in numbers.values()):
        return None
    return Evidence(numbers, limits, series.onset(series.q <= limits["q"]))


def _trend_noise(series: Series) -> float:
    return series.thresholds.trend_noise_sds * series.delta_q_noise


def _at_its_end(series: Series) -> Flags:
    """Where q was at its final level: come down to it, or gone up to it from its best."""
    thresholds = series.thresholds
    best = float(np.min(series.q_settled, initial=math.inf))
    if series.q_window - best >= thresholds.degrading_delta_q:
        left: Flags = series.q - best >= thresholds.degrading_delta_q
        return left
    arrived: Flags = series.q <= series.q_window - thresholds.improving_delta_q
    return arrived
