"""Whether a series swings in a steady rhythm: its strongest period against red noise of its own colour.

Training curves wander, and a wandering series has strong slow periods by itself: a test against white noise
calls nearly every one of them an oscillation. Here the null is a first-order autoregression as sticky as the
series. The test confirms strong cycles only; that it finds none says little, and least of short series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats

SIMULATIONS = 199
"""Null series behind a p: so many that the smallest p is 0.005."""
STICKIEST = 0.99
"""Largest lag-1 autocorrelation: of one no autoregression is stationary."""
SHORTEST = 16
"""Fewer values hold too few periods to tell a rhythm by."""
MOST_MISSING = 0.25
"""A series with more gaps than this share is not tested; the gaps of others are bridged by straight lines."""
FEWEST_CYCLES = 2
"""Slower periods come round less than twice: a bend, which nothing tells from an oscillation.

So periods are at most half of the series, not a third, as metrics.md proposes: bench/verdict/DECISIONS.md.
"""
_FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class Oscillation:
    """The strongest period of a series and how surprising it is.

    Args:
        p: share of red-noise series with as strong a period, from 0.005 to 1; NaN where not tested.
        period: in values of the series. share: of the whitened power, in that period.
        amplitude: P90 less P10 of the series without its trend.
        stickiness: lag-1 autocorrelation, from 0 to 0.99.
    """

    p: float = math.nan
    period: float = math.nan
    share: float = math.nan
    amplitude: float = math.nan
    stickiness: float = math.nan


def oscillation(values: npt.ArrayLike, *, simulations: int = SIMULATIONS, seed: int = 0) -> Oscillation:
    """Test one series, one value per evaluation, for a period that red noise does not show.

    The trend is taken off, the lag-1 autocorrelation r is estimated, the periodogram is divided by the
    spectrum of an autoregression with that r, and the largest share of one period is compared with the same
    number of simulated autoregressions, each put through the same steps. So the null holds for any length.

    Args:
        values: at equal spacing; what is not finite is bridged by a straight line.
        simulations: null series. seed: of their innovations, so that equal series get equal answers.

    Shapes:
        values: (evaluations,).

    Returns:
        All NaN for fewer than 16 values, more than a quarter of them missing, or a straight line.

    Source:
        Allen and Smith 1996, "Monte Carlo SSA", for red noise as the null; the statistic is Fisher's g of
        the whitened series.

    Example:
        >>> cycle = np.sin(2 * np.pi * np.arange(40) / 8)
        >>> found = oscillation(cycle + 0.1 * np.random.default_rng(0).normal(size=40))
        >>> found.p, found.period
        (0.005, 8.0)
    """
    series = _bridged(np.asarray(values, dtype=np.float64))
    if series is None:
        return Oscillation()
    flat = _detrended(series[None])
    if not flat.std() > _FLAT * max(1.0, float(np.abs(series).max())):
        return Oscillation()
    flat /= flat.std()
    share, peak, stickiness = _statistic(flat)
    null = _statistic(_detrended(_red_noise(float(stickiness[0]), len(series), simulations, seed)))[0]
    as_strong = int(np.count_nonzero(null >= share[0]))
    low, high = np.percentile(_detrended(series[None]), [10, 90])
    return Oscillation(
        p=(1 + as_strong) / (1 + simulations),
        period=len(series) / float(peak[0]),
        share=float(share[0]),
        amplitude=float(high - low),
        stickiness=float(stickiness[0]),
    )


def _bridged(series: Floats) -> Floats | None:
    known = np.flatnonzero(np.isfinite(series))
    if series.size < SHORTEST or known.size < (1 - MOST_MISSING) * series.size:
        return None
    return np.interp(np.arange(series.size), known, series[known])


def _detrended(rows: Floats) -> Floats:
    """Rows less their least-squares lines."""
    places = np.arange(rows.shape[1]) - (rows.shape[1] - 1) / 2
    slope = rows @ places / (places @ places)
    flat: Floats = rows - rows.mean(axis=1, keepdims=True) - slope[:, None] * places
    return flat


def _statistic(rows: Floats) -> tuple[Floats, npt.NDArray[np.int_], Floats]:
    """Largest share of whitened power in one period, its number of cycles, and the stickiness used."""
    length = rows.shape[1]
    lagged = np.einsum("ij,ij->i", rows[:, 1:], rows[:, :-1]) / np.einsum("ij,ij->i", rows, rows)
    stickiness = np.clip(lagged, 0.0, STICKIEST)
    cycles = np.arange(FEWEST_CYCLES, (length - 1) // 2 + 1)
    power = np.square(np.abs(np.fft.rfft(rows, axis=1)[:, cycles]))
    r = stickiness[:, None]
    white = power * (1 + np.square(r) - 2 * r * np.cos(2 * np.pi * cycles / length))
    best = white.argmax(axis=1)
    share = white[np.arange(len(rows)), best] / white.sum(axis=1)
    return share, cycles[best], stickiness


def _red_noise(stickiness: float, length: int, simulations: int, seed: int) -> Floats:
    """Stationary autoregressions of unit innovations.

    Shapes:
        result: (simulations, length).
    """
    innovations = _innovations(simulations, length, seed)
    rows = np.empty((length, simulations))
    rows[0] = innovations[0] / math.sqrt(1 - stickiness**2)
    for place in range(1, length):
        rows[place] = stickiness * rows[place - 1] + innovations[place]
    return rows.T


@lru_cache(maxsize=8)
def _innovations(simulations: int, length: int, seed: int) -> Floats:
    """Shape (length, simulations): drawn once per length, because every run of a study has the same."""
    drawn = np.random.default_rng(seed).normal(size=(length, simulations))
    drawn.flags.writeable = False
    return drawn
