"""Which planes have a boundary worth drawing, and where it crosses their levels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports import words
from reports.contrasts import Resampling
from reports.phase.boundary import Surface, coordinates, fitted, surface
from reports.phase.firth import chance
from reports.phase.planes import MOST_LEVELS, Plane
from reports.say import Text, say
from reports.significance import benjamini_hochberg
from reports.stats import Floats, Interval

ALPHA = 0.05
_FINE = 201


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A plane with its surface.

    Args:
        found: the surface, or why there is none. p_adjusted: of its test, over all planes of the report.
        none: why no boundary is drawn; empty where one is.
    """

    plane: Plane
    found: Surface | Text
    p_adjusted: float
    none: str

    @property
    def drawn(self) -> bool:
        """Whether there is a boundary."""
        return not self.none

    @property
    def able(self) -> bool:
        """Whether its squares can be drawn: not too many levels."""
        return max(len(self.plane.ratios), len(self.plane.rates)) <= MOST_LEVELS

    @property
    def decided(self) -> int:
        """Runs that failed or were stable."""
        return int(np.count_nonzero(~np.isnan(self.plane.failure)))

    @property
    def misses(self) -> float:
        """Squares whose Wilson interval excludes the fitted rate; NaN without a fit."""
        if isinstance(self.found, str):
            return math.nan
        rates = [square.failure.interval for square in self.plane.squares]
        shares = fitted(self.plane, self.found)
        return float(
            sum(share < rate.low or share > rate.high for rate, share in zip(rates, shares, strict=True))
        )

    def over(self, places: Floats) -> tuple[Floats, Floats]:
        """Fitted logits, and how deep 0 lies within their limits (negative: not); NaN outside."""
        assert not isinstance(self.found, str)
        inside = self.found.tried(places)
        low, high = self.found.limits(places)
        deep = np.minimum(high, -low)
        return np.where(inside, self.found.logits(places), math.nan), np.where(inside, deep, math.nan)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the boundary crosses a level of one axis: ``at`` it, the other axis has ``place``."""

    along: str
    at: float
    place: Interval


def judged(planes: Sequence[Plane], resampling: Resampling) -> list[Judged]:
    """Fit all planes; their tests are corrected together."""
    found = [_fit(plane, resampling) for plane in planes]
    adjusted = benjamini_hochberg([math.nan if isinstance(item, str) else item.p for item in found])
    return [
        Judged(plane, item, p, item if isinstance(item, str) else _none(plane, item, p))
        for plane, item, p in zip(planes, found, adjusted, strict=True)
    ]


def _fit(plane: Plane, resampling: Resampling) -> Surface | Text:
    if max(len(plane.ratios), len(plane.rates)) > MOST_LEVELS:
        return say("an axis has more than {most} levels", most=MOST_LEVELS)
    return surface(plane, resampling)


def _none(plane: Plane, found: Surface, p: float) -> str:
    if p > ALPHA:
        return say("the fitted surface is no better than a constant (p = {p})", p=words.number(p, 2))
    logits = found.logits(coordinates(plane))
    inner = found.logits(_mesh(plane)[found.tried(_mesh(plane))])
    if min(logits.min(), inner.min(initial=0.0)) >= 0 or max(logits.max(), inner.max(initial=0.0)) <= 0:
        low, high = (words.percent(float(chance(logit))) for logit in (logits.min(), logits.max()))
        return say("half is not reached inside the plane: fitted {low} to {high}", low=low, high=high)
    return ""


def _mesh(plane: Plane) -> Floats:
    places = coordinates(plane)
    axes = [np.linspace(places[:, axis].min(), places[:, axis].max(), 21) for axis in (0, 1)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


def crossings(item: Judged) -> Iterator[Crossing]:
    """Find the rate of the boundary at each ratio, then the ratio at each rate, each with its band.

    Limits are the ends of the stretch around it whose side is not certain; NaN where that leaves the plane.
    """
    if not item.drawn:
        return
    ratios, rates = np.log2(item.plane.ratios), np.log10(item.plane.rates)
    for level in ratios:
        line = np.linspace(rates[0], rates[-1], _FINE)
        places = np.stack([np.full(_FINE, level), line], axis=1)
        yield from _along("capacity_ratio", 2.0**level, 10.0**line, item.over(places))
    for level in rates:
        line = np.linspace(ratios[0], ratios[-1], _FINE)
        places = np.stack([line, np.full(_FINE, level)], axis=1)
        yield from _along(item.plane.axis, 10.0**level, 2.0**line, item.over(places))


def _along(along: str, at: float, line: Floats, over: tuple[Floats, Floats]) -> Iterator[Crossing]:
    logits, deep = over
    for start in np.flatnonzero(np.sign(logits[:-1]) * np.sign(logits[1:]) < 0):
        part = logits[start] / (logits[start] - logits[start + 1])
        place = math.exp(np.log(line[start]) + part * (np.log(line[start + 1]) - np.log(line[start])))
        sure = np.flatnonzero(~(deep > 0))
        below, above = sure[sure <= start], sure[sure > start]
        low = line[below[-1] + 1] if len(below) and not math.isnan(deep[below[-1]]) else math.nan
        high = line[above[0] - 1] if len(above) and not math.isnan(deep[above[0]]) else math.nan
        yield Crossing(along, float(f"{at:.6g}"), Interval(place, min(low, place), max(high, place)))
