"""How straight samples of fixed latents travel: a generator that circles goes far and gets nowhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats


class Path:
    """The way of every member's samples from stop to stop, all samples of a member as one point.

    Example:
        Out and half the way back:

        >>> path = Path()
        >>> for stop in (0.0, 2.0, 1.0):
        ...     path.visit(np.full((1, 4, 2), stop))
        >>> path.straightness().round(4).tolist()
        [0.3333]
    """

    def __init__(self) -> None:
        self._start: Floats | None = None
        self._last: Floats | None = None
        self._length: Floats | float = 0.0

    def visit(self, samples: npt.ArrayLike) -> None:
        """Note the next stop.

        Shapes:
            samples: (members, n, *sample_shape), of the same latents each time.
        """
        table = np.asarray(samples, dtype=np.float64)
        here = table.reshape(len(table), -1)
        if self._start is None or self._last is None:
            self._start = self._last = here
            return
        self._length = self._length + _distance(here, self._last)
        self._last = here

    def keep(self, members: Sequence[int]) -> None:
        """Go on with some members only."""
        rows = list(members)
        if self._start is not None and self._last is not None:
            self._start, self._last = self._start[rows], self._last[rows]
        if isinstance(self._length, np.ndarray):
            self._length = self._length[rows]

    def straightness(self) -> Floats:
        """Distance from the first stop to the last over the length of the way between.

        1 for a steady drift, 1 / sqrt(stops) for a random walk, near 0 for a closed orbit.

        Shapes:
            result: (members,); (0,) before the first stop.

        Returns:
            NaN where a sample was not finite, or where nothing moved (fewer than two stops included).
        """
        if self._start is None or self._last is None:
            return np.empty(0)
        length = np.broadcast_to(np.asarray(self._length, dtype=np.float64), (len(self._start),))
        moved = _distance(self._last, self._start)
        known = np.isfinite(length) & (length > 0)
        return np.where(known, moved / np.where(known, length, 1.0), math.nan)


def _distance(first: Floats, second: Floats) -> Floats:
    # Infinite samples differ by NaN, which is the right answer and no cause for a warning.
    with np.errstate(invalid="ignore", over="ignore"):
        distance: Floats = np.linalg.norm(first - second, axis=1)
    return distance
