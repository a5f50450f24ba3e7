"""When a series stopped being finite and never was again."""

from __future__ import annotations

import numpy as np

from bench.diagnostics.arrays import Flags, Floats


def lost_for_good(values: Floats, nonfinite: Flags) -> int | None:
    """The first place from which a series is not finite to its end; None where it ends well.

    Some loggers write nan wherever they have nothing to say: only a longer stretch than any before counts.
    What was left blank counts for neither.

    Shapes:
        values: (n,), NaN where nothing finite stands. nonfinite: (n,), where NaN or infinity does.

    Example:
        >>> lost_for_good(np.array([1.0, np.nan, 2.0, np.nan, np.nan]), np.array([0, 1, 0, 1, 1], dtype=bool))
        3
        >>> lost_for_good(np.array([1.0, np.nan, 2.0, np.nan]), np.array([0, 1, 0, 1], dtype=bool)) is None
        True
        >>> lost_for_good(np.array([1.0, np.nan, np.nan, np.nan]), np.array([0, 0, 0, 1], dtype=bool))
        3
    """
    written = np.flatnonzero(np.isfinite(values) | nonfinite)
    finite = np.flatnonzero(np.isfinite(values[written]))
    end = int(finite[-1]) + 1 if finite.size else 0
    longest = int(np.diff(finite).max(initial=1)) - 1
    return int(written[end]) if len(written) - end > longest else None
