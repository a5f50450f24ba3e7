"""The table of ``ganbench dirac``: what is known of the Dirac-GAN beside what trainer and spectrum give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bench.dirac import (
    LAW_ORDERS,
    LAW_STEPS,
    ORDERS,
    STEPS,
    TOLERANCE,
    Pair,
    law_radius,
    pairs,
    radii,
    trained_radius,
)
from bench.dirac_borders import borders, eigenvalues, no_border
from bench.dirac_laws import BRAKES
from bench.dirac_spectrum import TOLERANCE as ABSOLUTE
from bench.dirac_spectrum import Attraction, spectrum

PUBLISHED, CLOSED_FORM = "published", "closed form"

REPELS = -1.0
"""A weight below every border: it pushes the slope away from 0."""
ATTRACTS = 1.5
"""A weight between the borders of every pair that has some, at the step of the notebook."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number that is known, and ours.

    Args:
        quantity: what it is. order: whose turn it is, a key of ORDERS; empty where no turn is made.
        source: PUBLISHED or CLOSED_FORM. difference: relative for radii, absolute elsewhere.
        agrees: None where nothing is known, for the reason in ``note``.
    """

    quantity: str
    loss: str
    regularizer: str
    weight: float
    order: str
    source: str
    expected: float
    ours: float
    difference: float
    agrees: bool | None
    note: str = ""


def published_rows() -> Iterator[Row]:
    """Yield the radii of the paper's notebook, as each run ends."""
    for case, ours in radii():
        off = abs(ours / case.published - 1)
        yield Row(
            f"radius after {STEPS} steps", *case[:4], PUBLISHED, case.published, ours, off, off <= TOLERANCE
        )


def pair_rows() -> Iterator[tuple[Pair, list[Row]]]:
    """Yield for each registered loss with each registered regularizer all that is known of the pair."""
    for pair in pairs()[0]:
        yield pair, [*_law_rows(pair), *_eigenvalue_rows(pair), *_border_rows(pair)]


def _law_rows(pair: Pair) -> Iterator[Row]:
    for order in LAW_ORDERS:
        expected, ours = law_radius(pair, order, LAW_STEPS), trained_radius(pair, order, LAW_STEPS)
        off = abs(ours / expected - 1)
        yield Row(
            f"radius after {LAW_STEPS} steps", *pair, order, CLOSED_FORM, expected, ours, off,
            off <= TOLERANCE, BRAKES[pair.regularizer].idle,
        )  # fmt: skip


def _eigenvalue_rows(pair: Pair) -> Iterator[Row]:
    expected = eigenvalues(*pair)
    if expected is None:
        yield _unknown("eigenvalue", pair, no_border(pair.loss, pair.regularizer))
        return
    found = sorted(spectrum(pair).eigenvalues.tolist(), key=_rank)
    for index, (ours, known) in enumerate(zip(found, sorted(expected, key=_rank), strict=True), 1):
        for part, one, other in (("real", known.real, ours.real), ("imaginary", known.imag, ours.imag)):
            yield _absolute(f"eigenvalue {index}, {part} part", pair, "", one, other)


def _border_rows(pair: Pair) -> Iterator[Row]:
    turn = ORDERS["simultaneous"]
    known = borders(pair.loss, pair.regularizer, turn)
    if known is None:
        yield _unknown("border of stability", pair, no_border(pair.loss, pair.regularizer))
        return
    attraction = Attraction(pair, turn)
    for which, expected, outside in zip(("lower", "upper"), known, (REPELS, 2 * known[1]), strict=True):
        ours = attraction.border(outside, ATTRACTS)
        yield _absolute(f"border of stability, {which}", pair, "simultaneous", expected, ours)


def _absolute(quantity: str, pair: Pair, order: str, expected: float, ours: float) -> Row:
    off = abs(ours - expected)
    return Row(quantity, *pair, order, CLOSED_FORM, expected, ours, off, off <= ABSOLUTE)


def _unknown(quantity: str, pair: Pair, why: str) -> Row:
    return Row(quantity, *pair, "", CLOSED_FORM, math.nan, math.nan, math.nan, None, why)


def _rank(value: complex) -> tuple[float, float]:
    # Rounding leaves conjugates with real parts that differ in the last bit.
    return round(value.real, 6), value.imag
