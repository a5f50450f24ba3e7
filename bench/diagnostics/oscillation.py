"""Whether a run goes somewhere or in circles: series of distances and of mode histograms, reduced to numbers.

The spectral test against red noise is in rednoise.py; these are the parts that need no model of the series.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Flags, Floats, finite_rows

LARGEST_LOG = 700.0
"""Largest exponent that a float still holds."""


def histogram_tv(histograms: npt.ArrayLike) -> Floats:
    """Total variation between each histogram and the one before it.

    Histograms that do not sum to one are compared as they are: mass that no mode got is not shared out.

    Shapes:
        histograms: (evaluations, modes), shares. Result: (evaluations,), the first NaN.

    Returns:
        0 (nothing moved) to 1 (all mass moved); NaN beside a row that is not finite.

    Source:
        Yazici et al. 2019, "The Unusual Effectiveness of Averaging in GAN Training", on circling generators.

    Example:
        >>> histogram_tv([[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]).tolist()
        [nan, 0.0, 0.5]
    """
    rows = np.asarray(histograms, dtype=np.float64)
    finite = finite_rows(rows)
    clean = np.where(finite[:, None], rows, 0.0)
    tv = np.full(len(rows), math.nan)
    tv[1:] = np.where(finite[1:] & finite[:-1], 0.5 * np.abs(np.diff(clean, axis=0)).sum(axis=1), math.nan)
    return tv


def tv_null(modes: int, samples: int) -> float:
    """Mean total variation between two histograms of ``samples`` draws from one uniform law over ``modes``.

    The largest such mean over all laws, so safe to compare any histogram with.

    Example:
        Eight modes and 2,500 samples (0.030 in simulation):

        >>> round(tv_null(8, 2500), 4)
        0.0299
    """
    return math.sqrt(max(modes - 1, 0) / (math.pi * samples))


def hop(held: npt.ArrayLike) -> float:
    """How many more modes a window visits than it holds at once, as a share of all modes.

    Shapes:
        held: (evaluations, modes), true where a mode is held at an evaluation.

    Returns:
        0 (the same modes throughout) towards 1 - 1/modes (one mode at a time, all visited in turn);
        NaN without rows or modes.

    Example:
        >>> hop([[True, False, False, False], [False, True, False, False]])
        0.25
    """
    sets = np.asarray(held, dtype=np.bool_)
    if sets.size == 0:
        return math.nan
    visited = np.count_nonzero(np.logical_or.reduce(sets, axis=0))
    return float(visited - np.count_nonzero(sets) / len(sets)) / int(sets.shape[1])


def amplitude(distances: npt.ArrayLike) -> float:
    """Factor by which a distance swings: exp of the P10 to P90 range of its logarithm.

    Args:
        distances: a series; what is not positive and finite is left out.

    Returns:
        1 for a constant series, larger for a swinging one; NaN without a usable value.

    Example:
        >>> amplitude([2.0, 2.0, 2.0])
        1.0
    """
    logs = log_series(distances)
    logs = logs[np.isfinite(logs)]
    if not logs.size:
        return math.nan
    low, high = np.percentile(logs, [10, 90])
    return math.exp(min(float(high - low), LARGEST_LOG))


def amplitude_null(noise: float) -> float:
    """Amplitude of a long series that is nothing but noise of sd ``noise`` in the logarithm.

    Example:
        >>> round(amplitude_null(0.05), 3)
        1.137
    """
    return math.exp(min(2 * 1.2815515655446004 * noise, LARGEST_LOG))


def theil_sen(values: npt.ArrayLike) -> float:
    """Median slope over all pairs of a series, per evaluation; a few wild values do not move it.

    Args:
        values: a series at equal spacing; what is not finite is left out, its place kept.

    Returns:
        The slope; NaN for fewer than two usable values.

    Source:
        Theil 1950; Sen 1968.

    Example:
        >>> theil_sen([0.0, 1.0, 2.0, 90.0, 4.0])
        1.0
    """
    series = np.asarray(values, dtype=np.float64)
    places = np.flatnonzero(np.isfinite(series))
    if places.size < 2:
        return math.nan
    first, second = np.triu_indices(places.size, k=1)
    steps = places[second] - places[first]
    return float(np.median((series[places[second]] - series[places[first]]) / steps))


def reversals(values: npt.ArrayLike, smallest: float) -> tuple[Flags, int]:
    """Find the large steps of a series that turn back on the large step before them.

    Args:
        values: a series; steps beside a value that is not finite do not count.
        smallest: a step is large beyond this size.

    Returns:
        Which values end such a step (same length as ``values``), and how many large steps there are.

    Example:
        >>> turned, large = reversals([0.0, 1.0, 0.0, 0.01, 1.0], smallest=0.1)
        >>> turned.tolist(), large
        ([False, False, True, False, True], 3)
    """
    series = np.asarray(values, dtype=np.float64)
    turned = np.zeros(len(series), dtype=np.bool_)
    clean = np.where(np.isfinite(series), series, 0.0)
    steps = np.diff(clean) * (np.isfinite(series[1:]) & np.isfinite(series[:-1]))
    large = np.flatnonzero(np.abs(steps) > smallest)
    signs = np.sign(steps[large])
    turned[large[1:][signs[1:] != signs[:-1]] + 1] = True
    return turned, int(large.size)


def log_series(distances: npt.ArrayLike) -> Floats:
    """Logarithm of a series of distances, NaN where a distance is not positive and finite.

    Example:
        >>> log_series([1.0, 0.0]).tolist()
        [0.0, nan]
    """
    series = np.asarray(distances, dtype=np.float64)
    usable = np.isfinite(series) & (series > 0)
    logs: Floats = np.where(usable, np.log(np.where(usable, series, 1.0)), math.nan)
    return logs
