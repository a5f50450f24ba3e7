"""Random search: a grid's ``[grid.search]`` table, checked, spelled out and drawn from.

Every key is drawn from a stream of its own that hangs on the seed, the key and the trial alone. So trial 3
has the same learning rate in every grid and for every recipe, and more trials leave the first as they are.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCALES = ("linear", "log")
"""How a range is spread: evenly in the number or in its logarithm."""

PLAIN_KEYS = ("trials", "seed")
"""What a search table may hold beside the keys that it draws."""

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Every number from ``low`` to ``high``, as likely as its scale says.

    Example:
        >>> Span(1e-4, 1e-2, "log").at(0.5), Span(0.0, 1.0).at(0.25), Span(16, 64, whole=True).at(0.5)
        (0.001, 0.25, 40)
    """

    low: float
    high: float
    scale: str = "linear"
    whole: bool = False

    def at(self, share: float) -> float | int:
        """The number that this share of the range lies below, to four digits: a rate must be readable."""
        high = self.high + 1 if self.whole else self.high
        if self.scale == "log":
            value = math.exp(math.log(self.low) + share * math.log(high / self.low))
        else:
            value = self.low + share * (high - self.low)
        if self.whole:
            return min(math.floor(value), int(self.high))
        return min(max(float(f"{value:.{_DIGITS}g}"), self.low), self.high)


@dataclass(frozen=True, slots=True)
class Choices:
    """One of some values, each as likely as the others.

    Example:
        >>> Choices((1, 5)).at(0.49), Choices((1, 5)).at(0.5)
        (1, 5)
    """

    values: tuple[Any, ...]

    def at(self, share: float) -> Any:
        """The value that this share falls on."""
        return self.values[int(share * len(self.values))]


@dataclass(frozen=True, slots=True)
class Search:
    """How many points are drawn, from which seed, and what each key is drawn from."""

    trials: int
    seed: int
    keys: Mapping[str, Span | Choices]

    def points(self) -> Iterator[dict[str, Any]]:
        """Draw every trial's values.

        Example:
            >>> search = Search(2, 0, {"n_critic": Choices((1, 5)), "beta1": Span(0.0, 0.9)})
            >>> list(search.points()) == list(search.points())
            True
        """
        for trial in range(self.trials):
            yield {key: source.at(share(self.seed, key, trial)) for key, source in self.keys.items()}


def share(seed: int, key: str, trial: int) -> float:
    """Draw a number in [0, 1) that any machine draws alike.

    Example:
        >>> share(0, "lr", 1) == share(0, "lr", 1), share(0, "lr", 1) == share(0, "lr", 2)
        (True, False)
    """
    digest = hashlib.sha256(f"search/{seed}/{key}/{trial}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def search_of(table: Mapping[str, Any], whole: Collection[str] = ()) -> Search:
    """Read a checked table.

    Args:
        whole: keys that take whole numbers only.

    Example:
        >>> search_of({"trials": 3, "lr": {"low": 1e-4, "high": 1e-2, "scale": "log"}}).keys["lr"].low
        0.0001
    """
    keys = {key: _source(value, key in whole) for key, value in table.items() if key not in PLAIN_KEYS}
    return Search(table["trials"], table.get("seed", 0), keys)


def _source(value: Any, whole: bool) -> Span | Choices:
    if isinstance(value, Mapping):
        return Span(value["low"], value["high"], value.get("scale", "linear"), whole)
    return Choices(tuple(value))
