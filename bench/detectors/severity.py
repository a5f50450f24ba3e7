"""The severity at which a planted failure starts to count: where its load, on tuning seeds, reaches 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bench.detectors.failures import Fault
from bench.detectors.staging import Played, play
from bench.diagnostics.arrays import median
from bench.verdict.series import Series
from bench.verdict.thresholds import DEFAULT, Thresholds

LADDER = 5
"""Severities between the ends of a search at which the load is measured."""


def threshold_severity(fault: Fault, seeds: Sequence[int], thresholds: Thresholds = DEFAULT) -> float:
    """Smallest severity that counts, by the fault's own measured quantity and not by the verdict.

    Raises:
        ValueError: the load does not reach 1 between the ends of the search.
    """
    low, high = fault.search
    if low == high:
        return float(low)
    ladder = ladder_of(fault)
    loads = [
        median([load_of(fault, play(fault.script(severity), seed), thresholds) for seed in seeds])
        for severity in ladder
    ]
    crossed = crossing(ladder, loads)
    if math.isnan(crossed):
        raise ValueError(
            f"{fault.key}: load must cross 1 between severities {low:g} and {high:g}, got "
            f"{', '.join(f'{load:.3g}' for load in loads)}; widen the search"
        )
    return float(math.ceil(crossed - 1e-9)) if fault.whole else crossed


def ladder_of(fault: Fault) -> list[float]:
    """Severities at which the load is measured."""
    low, high = fault.search
    if fault.whole:
        return [float(each) for each in range(round(low), round(high) + 1)]
    return [float(each) for each in np.geomspace(low, high, LADDER)]


def load_of(fault: Fault, played: Played, thresholds: Thresholds = DEFAULT) -> float:
    """What the fault's rule measured over its limit."""
    return fault.load(Series(played.evaluations, played.context, thresholds))


def crossing(severities: Sequence[float], loads: Sequence[float]) -> float:
    """Where loads first reach 1 for good, interpolated in the logarithm; NaN where they never do.

    Example:
        >>> crossing([1.0, 4.0, 16.0], [0.1, 0.5, 2.0])
        8.0
    """
    above = [load >= 1 for load in loads]
    if not above[-1] or above[0]:
        return severities[0] if all(above) and math.isclose(loads[0], 1) else math.nan
    place = len(above) - 1 - above[::-1].index(False)
    steps = np.log(np.clip([loads[place], loads[place + 1]], 1e-9, 1e9))
    share = -steps[0] / (steps[1] - steps[0])
    return round(float(severities[place] * (severities[place + 1] / severities[place]) ** share), 12)
