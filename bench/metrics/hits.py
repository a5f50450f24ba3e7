"""Which generated samples fall into balls around real ones, and the other way round: rough distances first.

Single precision decides nearly all comparisons beyond doubt; the few that its error leaves open are decided
by exact distances. Where those tie, as between copies, or many are open, there is no answer here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.metrics.arrays import Flags, Floats, Indices
from bench.metrics.neighbours import kth_neighbour, squared_distances
from bench.metrics.rough import Rough, Singles, rough_distances, three_smallest

MANIFOLD_NEIGHBOURS = 3
"""k of precision and recall."""

BALL_NEIGHBOURS = 5
"""k of density and coverage; the least for which real against real covers 95 %."""

MOST_OPEN = 1 / 8
"""Comparisons left open, as a share of the rows: beyond it exact distances of all rows cost less."""

TIE = 1e-6
"""Exact distances this part of the rough error from a limit may equal it, but for their own rounding."""


@dataclass(frozen=True, slots=True)
class Balls:
    """Squared radii around real rows: to the 3rd and to the 5th neighbour."""

    manifold: Floats
    ball: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Which rows lie in whose balls.

    Shapes:
        inside_real: (m,), fake rows in the manifold ball of some real row. inside_fake: (n,), real rows in
        that of some fake row. covered: (n,), real rows whose ball holds a fake row.

    Args:
        in_balls: pairs of a real ball and a fake row in it.
    """

    inside_real: Flags
    inside_fake: Flags
    covered: Flags
    in_balls: int


class _UndecidedError(Exception):
    """Too much is left open, or a tie is."""


def hits_by_rough_distances(real: Floats, fake: Floats, balls: Balls) -> Hits | None:
    """The same hits as exact distances give; None where too much depends on the last digits.

    Shapes:
        real: (n, d). fake: (m, d), more than 3 rows. balls: of ``real``.
    """
    own, cross = rough_distances(fake, fake), rough_distances(real, fake, less=balls.manifold)
    if own is None or cross is None:
        return None
    try:
        return _Settling(real, fake, balls, _radii(own), own.error, cross).hits()
    except _UndecidedError:
        return None


def _radii(own: Rough) -> Singles:
    """Squared distance of each row to its third neighbour, up to the error."""
    best = []
    for part, block in own.blocks():
        block[np.arange(len(block)), np.arange(part.start, part.stop)] = np.inf
        best.append(three_smallest(block) if len(block) > 3 else block.copy())
    third: Singles = three_smallest(np.concatenate(best))[2]
    return third


class _Settling:
    """Comparisons of one draw: all of them roughly, then the open ones exactly.

    Args:
        cross: distances of real to fake rows, less the squared radii of the real rows' manifold balls.
    """

    def __init__(
        self, real: Floats, fake: Floats, balls: Balls, radii: Singles, radii_error: float, cross: Rough
    ) -> None:
        self.real, self.fake, self.balls, self.radii, self.cross = real, fake, balls, radii, cross
        # Half as much again for what it takes to round and subtract radii.
        self.slack = 1.5 * cross.error
        self.radii_slack = self.slack + radii_error
        self.open = 0

    def hits(self) -> Hits:
        """Count both sides, block by block."""
        in_balls, nearest, into_fake = 0, np.empty(len(self.real)), np.empty(len(self.real))
        into_real = np.full(len(self.fake), np.inf, dtype=np.float32)
        for part, block in self.cross.blocks():
            nearest[part] = block.min(axis=1)
            in_balls += self._count(part, block)
            np.minimum(into_real, block.min(axis=0), out=into_real)
            block -= self.radii
            into_fake[part] = block.min(axis=1)
        nearest += self.balls.manifold
        into_fake += self.balls.manifold
        return Hits(self._in_real(into_real), self._in_fake(into_fake), self._covered(nearest), in_balls)

    def _count(self, part: slice, block: Singles) -> int:
        """Pairs of a ball and a fake row in it."""
        wider = (self.balls.ball - self.balls.manifold)[part].astype(np.float32)[:, None]
        sure, maybe = block < wider - self.slack, block < wider + self.slack
        count = int(np.count_nonzero(sure))
        unsure = int(np.count_nonzero(maybe)) - count
        if not unsure:
            return count
        if unsure > len(self.fake):
            raise _UndecidedError
        row, column = np.divmod(np.flatnonzero(maybe ^ sure), len(self.fake))
        exact = _between(self.real[part][row], self.fake[column])
        return count + int(np.count_nonzero(self._beyond(exact, self.balls.ball[part][row]) < 0))

    def _in_real(self, depth: Singles) -> Flags:
        inside: Flags = depth <= 0
        (unsure,) = np.nonzero(np.abs(depth) <= self.slack)
        if self._note(len(unsure)):
            exact = squared_distances(self.fake[unsure], self.real)
            inside[unsure] = (self._beyond(exact, self.balls.manifold) < 0).any(axis=1)
        return inside

    def _in_fake(self, depth: Floats) -> Flags:
        inside: Flags = depth <= 0
        (unsure,) = np.nonzero(np.abs(depth) <= self.radii_slack)
        if self._note(len(unsure)):
            exact = squared_distances(self.real[unsure], self.fake)
            row, column = np.nonzero(exact - self.radii <= self.radii_slack)
            radii = self._exact_radii(np.unique(column))
            inside[unsure] = False
            inside[unsure[row[self._beyond(exact[row, column], radii[column]) < 0]]] = True
        return inside

    def _exact_radii(self, which: Indices) -> Floats:
        """Squared distances to the third neighbour of some fake rows, NaN for the others."""
        self._note(len(which))
        squared = squared_distances(self.fake[which], self.fake)
        squared[np.arange(len(which)), which] = 0.0
        radii = np.full(len(self.fake), np.nan)
        radii[which] = kth_neighbour(squared, MANIFOLD_NEIGHBOURS)
        return radii

    def _covered(self, nearest: Floats) -> Flags:
        depth = nearest - self.balls.ball
        covered: Flags = depth < 0
        (unsure,) = np.nonzero(np.abs(depth) <= self.slack)
        if self._note(len(unsure)):
            exact = squared_distances(self.real[unsure], self.fake)
            covered[unsure] = self._beyond(exact.min(axis=1), self.balls.ball[unsure]) < 0
        return covered

    def _beyond(self, exact: Floats, limit: Floats) -> Floats:
        """How far exact distances are beyond a limit."""
        beyond: Floats = exact - limit
        if (np.abs(beyond) <= TIE * self.slack).any():
            raise _UndecidedError
        return beyond

    def _note(self, count: int) -> int:
        self.open += count
        if self.open > MOST_OPEN * (len(self.real) + len(self.fake)):
            raise _UndecidedError
        return count


def _between(first: Floats, second: Floats) -> Floats:
    """Squared distance of each row to its partner."""
    gap = first - second
    squared: Floats = np.einsum("ij,ij->i", gap, gap)
    return squared
