"""Factors of many levels, such as the learning rates of a random search, pooled into a few bands.

A bar, a square or a comparison for each of hundreds of rates tells nothing, and fills the page. Bands are as
wide as a decade, or a part of one where the levels lie closer, and centred so that 1 is the middle of one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports import matching, words
from reports.say import Text, say

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
        return spell(low) if low == high else f"{spell(low)}–{spell(high).lstrip('×')}"

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
        (True, ['×0.032–0.32', '×0.32–3.2', '×3.2–32'])
    """
    known = sorted({level for level in levels if math.isfinite(level)})
    if len(known) <= MOST or known[0] <= 0:
        return Bands({level: level for level in known}, {level: (level, level) for level in known})
    parts = _split(known, _width(known))
    return Bands(
        {level: middle for middle, part in parts.items() for level in part.levels},
        {middle: part.edges for middle, part in parts.items()},
    )


def pooled(runs: pd.DataFrame, column: str, found: Bands) -> pd.DataFrame:
    """Put each run at the middle of its band."""
    return runs.assign(**{column: runs[column].map(found.of)}) if found.pooled else runs


def nearest(runs: pd.DataFrame, found: Bands) -> pd.DataFrame:
    """Of runs alike in all but rates keep in each band the one nearest to its middle, and put it there.

    So a band is a level like any other, with one run of each setting and seed. Runs without a level stay.

    Args:
        runs: rows of ``Frames.runs``. found: bands of ``lr_scale``.
    """
    if not found.pooled:
        return runs
    placed = pooled(runs, "lr_scale", found)
    away = np.abs(np.log(runs["lr_scale"] / placed["lr_scale"]))
    keys = [*(name for name in matching.IDENTITY if name not in matching.RATES), "lr_scale"]
    order = np.lexsort((runs["lr_scale"], away.round(9)))
    again = placed.iloc[order].duplicated(keys).sort_index() & placed["lr_scale"].notna()
    return placed[~again]


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


@dataclass(frozen=True, slots=True)
class _Part:
    edges: tuple[float, float]
    levels: list[float]


def _width(levels: Sequence[float]) -> float:
    """Width of a band in decades: one, less where that makes too few bands, more where it makes too many."""
    width = 1.0
    while len(_split(levels, width)) < _FEWEST and width > _NARROWEST:
        width /= 2
    while len(_split(levels, width)) > MOST:
        width *= 2
    return width


def _split(levels: Sequence[float], width: float) -> dict[float, _Part]:
    """Middle of each band that holds levels to what it holds."""
    first = math.floor(math.log10(levels[0]) / width) - 1
    last = math.ceil(math.log10(levels[-1]) / width) + 1
    cuts = _rounded([10 ** ((place + 0.5) * width) for place in range(first, last + 1)])
    parts: dict[float, _Part] = {}
    for level in levels:
        at = bisect_right(cuts, level)
        middle = float(f"{10 ** ((first + at) * width):.6g}")
        parts.setdefault(middle, _Part((cuts[at - 1], cuts[at]), [])).levels.append(level)
    return parts


def _rounded(cuts: Sequence[float]) -> list[float]:
    """Cut at numbers that are short to write, as long as they differ."""
    for digits in (2, 3, 6):
        short = [float(f"{cut:.{digits}g}") for cut in cuts]
        if len(set(short)) == len(short):
            return short
    return list(cuts)
