"""Cutting a log into evaluations: one per value of the quality curve, else equal parts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats, median
from bench.monitor.observed import QUALITY
from bench.records.schema import EvaluationRecord

MOST_EVALUATIONS = 400
"""More are drawn together: slopes over all pairs would take a minute, and rules need no more."""

PARTS = 80
"""Parts of a log without a quality curve: as many as the standard runs have evaluations, twice over."""


def evaluations_of(
    steps: npt.NDArray[np.int_], columns: Mapping[str, Floats]
) -> tuple[EvaluationRecord, ...]:
    """One record per part: the median of quality in it, the mean of everything else.

    Shapes:
        steps: (n,), increasing. columns: each (n,), NaN where nothing was logged.

    Example:
        >>> quality = np.array([math.nan, 8.0, math.nan, 4.0])
        >>> loss = np.array([1.0, 3.0, 5.0, 7.0])
        >>> found = evaluations_of(np.arange(4), {"distance": quality, "generator_loss": loss})
        >>> [(record.step, dict(record.values)) for record in found]
        [(1, {'distance': 8.0, 'generator_loss': 2.0}), (3, {'distance': 4.0, 'generator_loss': 6.0})]
    """
    if not len(steps):
        return ()
    ends = _ends(len(steps), columns.get(QUALITY))
    starts = [0, *(end + 1 for end in ends[:-1])]
    return tuple(
        EvaluationRecord(step=int(steps[end]), values=_part(columns, slice(start, end + 1)))
        for start, end in zip(starts, ends, strict=True)
    )


def _ends(length: int, quality: Floats | None) -> list[int]:
    places = np.arange(length) if quality is None else np.flatnonzero(np.isfinite(quality))
    most = MOST_EVALUATIONS
    if len(places) < 2:
        places, most = np.arange(length), PARTS
    elif quality is None:
        most = PARTS
    wanted = np.linspace(0, len(places), min(len(places), most) + 1).round().astype(int)[1:] - 1
    return [int(place) for place in places[wanted]]


def _part(columns: Mapping[str, Floats], part: slice) -> dict[str, float]:
    found = {}
    for name, values in columns.items():
        inside = values[part][np.isfinite(values[part])]
        if inside.size:
            found[name] = median(inside) if name == QUALITY else math.fsum(inside) / inside.size
    return found
