"""How often intervals hold the truth, by simulation; that is printed wherever it is not 95 %.

Bootstrap intervals of interquartile means have their table in stats.py, shares of variance in
variance/effects.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.stats import NOMINAL

IMPROVEMENT, SHARES, PROFILE, TUNING, ROBUSTNESS = (
    "improvement", "Shapley shares", "profile", "tuning", "robustness",
)  # fmt: skip
Measured = Mapping[int, tuple[float, float]]
MEASURED: Mapping[str, Measured] = {
    IMPROVEMENT: {
        2: (0.57, 0.94),
        3: (0.79, 0.97),
        5: (0.93, 0.97),
        6: (0.95, 0.98),
        10: (0.95, 0.97),
        20: (0.95, 0.96),
    },
    SHARES: {2: (0.65, 0.96), 3: (0.84, 0.96), 5: (0.91, 0.96), 10: (0.94, 0.96)},
    PROFILE: {2: (0.93, 0.96), 10: (0.94, 0.97)},
    TUNING: {20: (0.93, 0.98)},
    ROBUSTNESS: {2: (0.47, 1.00), 3: (0.67, 1.00), 5: (0.85, 1.00), 6: (0.89, 1.00), 10: (0.90, 1.00)},
}
"""Kind of interval to seeds (of tuning curves: trials) to how often the nominal 95 % interval holds the
truth, lowest and highest over the cases that ``tests/reports/test_coverage.py`` draws (2,000 draws each)."""

_ENOUGH, _NEAR = 10, 0.02
"""Seeds from which an interval may be called 95 %, and how far its measured coverage may be from that."""


def measured(kind: str, size: int) -> tuple[float, float] | None:
    """Return the lowest and highest coverage at so many seeds (next lower entry); None below the first.

    Example:
        >>> measured(TUNING, 50), measured(TUNING, 3)
        ((0.93, 0.98), None)
    """
    below = [each for each in MEASURED[kind] if each <= size]
    return MEASURED[kind][max(below)] if below else None


def level(kind: str, size: int) -> str:
    """Name an interval: 95 % from ten seeds on where simulations bear it out, else what they measured.

    Example:
        >>> level(SHARES, 10), level(SHARES, 5), level(TUNING, 50), level(SHARES, 1)
        ('95\\u202f%', '≈91–96\\u202f%', '≈93–98\\u202f%', 'no interval')
    """
    found = measured(kind, size)
    if found is None:
        return "no interval"
    low, high = (round(100 * each) for each in found)
    if size >= _ENOUGH and all(abs(each - NOMINAL) <= _NEAR + 1e-9 for each in found):
        return f"{100 * NOMINAL:.0f}\u202f%"
    return f"≈{low}–{high}\u202f%"
