"""One number that is known beside ours."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Floor:
    """One number that is known, and ours.

    Args:
        quantity: what it is. data: of which samples. source: who knows it.
        expected: the known number. least, most: between which ours has to lie.
        agrees: None where it could not be taken, for the reason in ``note``.
    """

    quantity: str
    data: str
    source: str
    expected: float
    least: float
    most: float
    ours: float = math.nan
    agrees: bool | None = None
    note: str = ""


def compared(quantity: str, data: str, source: str, expected: float, reach: float, ours: float) -> Floor:
    """One number that may be off by ``reach`` either way.

    Example:
        >>> compared("modes", "ring8", "exact", 8.0, 0.0, 8.0).agrees
        True
    """
    least, most = expected - reach, expected + reach
    return Floor(quantity, data, source, expected, least, most, ours, bool(least <= ours <= most))


def within(ours: float, least: float, most: float) -> tuple[float, bool]:
    """Ours, and whether it lies between the two."""
    return ours, bool(least <= ours <= most)
