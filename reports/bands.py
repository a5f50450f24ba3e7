"""Factors of many levels, such as the learning rates of a random search, pooled into a few bands.

A bar, a square or a comparison for each of hundreds of rates tells nothing, and fills the page. Bands are as
wide as a decade, or a part of one where the levels lie closer, and centred so that 1 is the middle of one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports import matching, words
from reports.say import Text, say
from reports.stats import Floats

MOST = 12
"""Levels that a factor may have before they are pooled."""
RATES = "band of learning rates"
"""Heading of a column of bands: unlike "learning rate" no factor of the table of cells, which has rates."""
_FEWEST, _NARROWEST = 3, 1e-6


@dataclass(frozen=True, slots=True)
class Bands:
    """The levels of a factor, pooled or not.

    Args:
        of: level to the middle of its band, to itself where nothing is pooled.
        edges: middle, in order, to where its band begins and ends.
    """

    of: Mapping[float, float]
    edges: Mapping[float, tuple[float, float]]

    @property
    def pooled(self) -> bool:
        """Whether levels share a band."""
        return len(self.of) > MOST and len(self.edges) < len(self.of)

    def name(self, middle: float, spell: Callable[[float], str] = words.times) -> str:
        """Spell a band by its edges, a level by itself."""
        low, high = self.edges[middle]
        return spell(low) if low == high else f"{spell(low)}–{spell(high)}"

    @property
    def notes(self) -> list[Text]:
        """What is pooled into what, or nothing."""
        if not self.pooled:
            return []
        shown = words.listed([self.name(middle) for middle in self.edges])
        return [
            say("{levels} learning rates are pooled into {bands}.", levels=f"{len(self.of):,}", bands=shown)
        ]


def bands(levels: Sequence[float]) -> Bands:
    """Pool the levels of a factor where there are more than MOST of them, all above zero.

    Example:
        >>> few, many = bands([0.3, 1.0]), bands([10 ** (step / 10) for step in range(-10, 11)])
        >>> few.pooled, [few.name(level) for level in few.edges]
        (False, ['×0.3', '×1'])
        >>> many.pooled, [many.name(middle) for middle in many.edges]
        (True, ['×0.0316–×0.316', '×0.316–×3.16', '×3.16–×31.6'])
    """
    known = sorted({level for level in levels if math.isfinite(level)})
    if len(known) <= MOST or known[0] <= 0:
        return Bands({level: level for level in known}, {level: (level, level) for level in known})
    width = _width(known)
    places = _places(np.log10(np.array(known, dtype=np.float64)), width)
    middles = {place: _power(place * width) for place in sorted(set(places))}
    return Bands(
        {level: middles[place] for level, place in zip(known, places, strict=True)},
        {
            middle: (_power((place - 0.5) * width), _power((place + 0.5) * width))
            for place, middle in middles.items()
        },
    )


def pooled(runs: pd.DataFrame, column: str, found: Bands) -> pd.DataFrame:
    """Put each run at the middle of its band."""
    return runs.assign(**{column: runs[column].map(found.of)}) if found.pooled else runs


def nearest(runs: pd.DataFrame, found: Bands) -> pd.DataFrame:
    """Of runs alike in all but rates keep in each band the one nearest to its middle, and put it there.

    So a band is a level like any other, with one run of each setting and seed.

    Args:
        runs: rows of ``Frames.runs``. found: bands of ``lr_scale``.
    """
    if not found.pooled:
        return runs
    placed = pooled(runs, "lr_scale", found)
    away = np.abs(np.log(runs["lr_scale"] / placed["lr_scale"]))
    keys = [*(name for name in matching.IDENTITY if name not in matching.RATES), "lr_scale"]
    order = np.lexsort((runs["lr_scale"], away.round(9)))
    return placed.iloc[order].drop_duplicates(keys).sort_index()


def told_levels(levels: Sequence[Any], spell: Callable[[Any], str]) -> str:
    """List the levels of a factor; of many only from where to where.

    Example:
        >>> told_levels([1.0, 2.0], words.number), told_levels(list(range(1, 31)), words.number)
        ('1 and 2', '1 to 30 (30 of them)')
    """
    if len(levels) <= MOST:
        return words.listed([spell(level) for level in levels])
    ends = {"low": spell(levels[0]), "high": spell(levels[-1]), "levels": f"{len(levels):,}"}
    return say("{low} to {high} ({levels} of them)", **ends)


def _width(levels: Sequence[float]) -> float:
    """Width of a band in decades: one, less where that makes too few bands, more where it makes too many."""
    width, logs = 1.0, np.log10(np.array(levels, dtype=np.float64))
    while len(set(_places(logs, width))) < _FEWEST and width > _NARROWEST:
        width /= 2
    while len(set(_places(logs, width))) > MOST:
        width *= 2
    return width


def _places(logs: Floats, width: float) -> list[int]:
    return [math.floor(log / width + 0.5) for log in logs.tolist()]


def _power(exponent: float) -> float:
    return float(f"{10**exponent:.6g}")
