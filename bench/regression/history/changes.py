"""Where a history changes for good: E-divisive splits, tested with what neighbours share taken off.

Histories are ratios to a pinned reference measured beside it, so that another machine is no change. Noise
that outlasts a revision could pass for one: a test counts fewer points than there are, by their
autocorrelation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVEL = 0.001
"""Largest p of a change. At 0.01 every fifth quiet history of 20 points has one (metrics.md F2)."""
WEAK = 0.02
"""Largest plain p of a split that is looked at again between its neighbours: a rise taken back hides here."""
MAGNITUDE = 0.05
"""Smallest change that is told, as a share: the margin of the speed comparison."""
FEWEST, CONFIRMED = 3, 3
"""Points that a level has at least; points that must follow a change's first one for it to be told aloud."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of level.

    Args:
        at: place of the first point of the new level. before, after: geometric means of either side.
        start, end: places of the first point of the old level and of the last point of the new one.
        p: of Welch's test with the effective numbers of points.
        confirmed: whether enough points follow for it to be told aloud.
    """

    at: int
    start: int
    end: int
    before: float
    after: float
    p: float
    confirmed: bool

    @property
    def ratio(self) -> float:
        """New level over old; above 1 is worse."""
        return self.after / self.before

    @property
    def worse(self) -> bool:
        """Whether the new level is the higher one."""
        return self.ratio > 1

    def moved(self, by: int) -> Change:
        """Give the same change in a longer history, of which this one's began at ``by``."""
        return replace(self, at=self.at + by, start=self.start + by, end=self.end + by)


def changes(values: Sequence[float]) -> tuple[Change, ...]:
    """Changes of level in a history of positive ratios, oldest first; what is missing is NaN and passed over.

    Source:
        Matteson & James 2014, "A Nonparametric Approach for Multiple Change Point Analysis", eq. 5 (splits);
        Fleming et al. 2023, "Hunter", section 4 (Welch's test at a small p, in two passes).

    Example:
        >>> steady, slower = [1.0, 1.01, 0.99, 1.0, 1.01, 0.99], [1.2, 1.21, 1.19, 1.2, 1.21]
        >>> [(change.at, round(change.ratio, 2)) for change in changes(steady + slower)]
        [(6, 1.2)]
    """
    given = np.asarray(values, dtype=np.float64)
    places = np.flatnonzero(np.isfinite(given) & (given > 0))
    logs = np.log(given[places])
    splits = _sure(logs, _splits(logs, 0, len(logs)))
    edges = [0, *splits, len(logs)]
    found = [_change(logs, places, *three) for three in zip(edges, edges[1:], edges[2:], strict=False)]
    return tuple(change for change in found if abs(math.log(change.ratio)) >= math.log1p(MAGNITUDE))


def _splits(logs: Floats, start: int, end: int) -> list[int]:
    """Split a stretch where it differs most, and both parts again, as long as the parts may differ."""
    part = logs[start:end]
    split = _best_split(part)
    if split is None or _p(part[:split], part[split:], 1.0) > WEAK:
        return []
    middle = start + split
    return [*_splits(logs, start, middle), middle, *_splits(logs, middle, end)]


def _sure(logs: Floats, splits: Sequence[int]) -> list[int]:
    """Take out the least sure split until the levels beside each of them differ for certain."""
    kept = sorted(splits)
    while kept:
        edges = [0, *kept, len(logs)]
        threes = zip(edges, edges[1:], edges[2:], strict=False)
        p, weakest = max((_p(logs[start:split], logs[split:end]), split) for start, split, end in threes)
        if p <= LEVEL:
            break
        kept.remove(weakest)
    return kept


def _best_split(part: Floats) -> int | None:
    """Where the energy distance of both sides, weighted by their sizes, is largest."""
    candidates = range(FEWEST, len(part) - FEWEST + 1)
    return max(candidates, key=lambda split: _energy(part[:split], part[split:]), default=None)


def _energy(left: Floats, right: Floats) -> float:
    n, m = len(left), len(right)
    between = np.abs(left[:, None] - right).mean()
    within = sum(np.abs(side[:, None] - side).sum() / (len(side) * (len(side) - 1)) for side in (left, right))
    return float(n * m / (n + m) * (2 * between - within))


def _change(logs: Floats, places: NDArray[np.intp], start: int, split: int, end: int) -> Change:
    before, after = logs[start:split], logs[split:end]
    return Change(
        at=int(places[split]),
        start=int(places[start]),
        end=int(places[end - 1]),
        before=math.exp(before.mean()),
        after=math.exp(after.mean()),
        p=_p(before, after),
        confirmed=len(after) > CONFIRMED,
    )


def _p(left: Floats, right: Floats, independent: float | None = None) -> float:
    """Two-sided p of equal levels, by Welch's test; ``independent``: share of the points that count."""
    share = _independent(left, right) if independent is None else independent
    spread = [max(float(side.var(ddof=1)), 1e-12) / max(len(side) * share, 2.0) for side in (left, right)]
    freedom = sum(spread) ** 2 / sum(
        part**2 / max(len(side) * share - 1, 1.0) for part, side in zip(spread, (left, right), strict=True)
    )
    t = abs(float(left.mean() - right.mean())) / math.sqrt(sum(spread))
    return float(2 * stats.t.sf(t, freedom))


def _independent(left: Floats, right: Floats) -> float:
    """Share of the points that count: (1 - r) / (1 + r) at autocorrelation r of what the levels leave over.

    Source:
        Bartlett 1946; r is raised by (1 + 4 r) / n, by which short series understate it (Kendall 1954).
    """
    rest = [side - side.mean() for side in (left, right)]
    total = sum(float((side**2).sum()) for side in rest)
    if total <= 0:
        return 1.0
    n = len(left) + len(right)
    raw = sum(float((side[1:] * side[:-1]).sum()) for side in rest) / total
    r = min(max(raw + (1 + 4 * raw) / n, 0.0), 0.95)
    return (1 - r) / (1 + r)
