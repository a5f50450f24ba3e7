"""What the metrics say of data whose answer is known: no training, so every difference is a metric's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bench.floors import bins, mixtures, stacked, supports
from bench.floors.floor import Floor, compared

__all__ = ["FLOORS", "Floor", "compared", "floors"]

FLOORS: Mapping[str, Callable[[], Iterator[Floor]]] = {
    "mixtures": mixtures.mixtures,
    "supports": supports.supports,
    "stacked": stacked.stacked,
    "bins": bins.bins,
}
"""What is tried, in order; the last two take half a minute each and the files of MNIST."""


def floors() -> Iterator[Floor]:
    """Yield every number that is known, as it is taken."""
    for tried in FLOORS.values():
        yield from tried()
