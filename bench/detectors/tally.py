"""Counts of hits with their intervals, and who was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint


@dataclass(frozen=True)
class Rate:
    """Hits among trials.

    Example:
        >>> rate = Rate(196, 200)
        >>> rate.share, round(rate.low, 3), round(rate.high, 3)
        (0.98, 0.95, 0.992)
    """

    hits: int
    trials: int

    @property
    def share(self) -> float:
        """Hits over trials; NaN without trials."""
        return self.hits / self.trials if self.trials else float("nan")

    @property
    def low(self) -> float:
        """Lower end of the Wilson 95 % interval."""
        return self._interval()[0]

    @property
    def high(self) -> float:
        """Upper end of the Wilson 95 % interval."""
        return self._interval()[1]

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.trials + other.trials)

    def _interval(self) -> tuple[float, float]:
        if not self.trials:
            return 0.0, 1.0
        low, high = proportion_confint(self.hits, self.trials, alpha=0.05, method="wilson")
        return max(0.0, float(low)), min(1.0, float(high))


def rate_of(hits: Iterable[bool]) -> Rate:
    """Count hits.

    Example:
        >>> rate_of([True, False, True])
        Rate(hits=2, trials=3)
    """
    known = [bool(hit) for hit in hits]
    return Rate(sum(known), len(known))


def total(rates: Iterable[Rate]) -> Rate:
    """Pool rates."""
    return sum(rates, Rate(0, 0))


def confusion(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """Count, for each planted label, the labels it was given.

    Example:
        >>> confusion([("converged", "converged"), ("converged", "degrading")])
        {'converged': {'converged': 1, 'degrading': 1}}
    """
    rows: dict[str, Counter[str]] = {}
    for planted, judged in pairs:
        rows.setdefault(planted, Counter())[judged] += 1
    return {planted: dict(sorted(rows[planted].items())) for planted in sorted(rows)}
