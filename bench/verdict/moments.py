"""When: where the final window of a run begins, and from which step something held."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.diagnostics.arrays import Flags
from bench.verdict.thresholds import DEFAULT, Thresholds


def window_start(evaluations: int, thresholds: Thresholds = DEFAULT) -> int:
    """Index of the first evaluation of the final window.

    The last quarter, at least ten evaluations, but never more than the second half.

    Example:
        >>> [evaluations - window_start(evaluations) for evaluations in (80, 40, 24, 12, 3, 1)]
        [20, 10, 10, 6, 1, 1]
    """
    wanted = max(math.ceil(thresholds.window_share * evaluations), int(thresholds.window_min))
    return evaluations - min(wanted, max(1, int(thresholds.window_most * evaluations)))


def onset(steps: Sequence[int], holds: Flags, start: int) -> int | None:
    """First step from which ``holds`` to the end, gaps of one bridged; else its first step from ``start`` on.

    Example:
        >>> import numpy as np
        >>> onset([10, 20, 30, 40, 50], np.array([True, False, False, True, True]), 3)
        40
        >>> onset([10, 20, 30, 40, 50], np.array([False, True, False, True, True]), 3)
        20
        >>> onset([10, 20, 30, 40, 50], np.array([True, False, False, True, False]), 3)
        40
    """
    inside = [place for place in range(start, len(steps)) if holds[place]]
    if not inside or not holds[-1]:
        return steps[inside[0]] if inside else None
    first = len(steps) - 1
    while first > 0 and (holds[first - 1] or (first > 1 and holds[first - 2])):
        first -= 1 if holds[first - 1] else 2
    return steps[first]
