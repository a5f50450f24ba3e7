"""Shares of failed runs: Wilson intervals, Newcombe's risk differences, McNemar's test, undecided as bounds.

An undecided run is neither a failure nor a success; leaving it out is said, and bounds show what it could do.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reports.stats import NOMINAL, Floats, Interval


@functools.lru_cache(maxsize=10_000)
def wilson(hits: int, trials: int) -> Interval:
    """Share of hits with its Wilson 95 % interval.

    Example:
        >>> none = wilson(0, 5)
        >>> none.estimate, round(none.high, 2)
        (0.0, 0.43)
    """
    if not trials:
        return Interval(math.nan)
    low, high = proportion_confint(hits, trials, alpha=0.05, method="wilson")
    return Interval(hits / trials, max(0.0, float(low)), min(1.0, float(high)))


def wilson_within(hits: Floats, labels: Sequence[object]) -> Interval:
    """Share of hits of runs drawn within cells, with Wilson's limits for the number of runs that it is worth.

    Cells that differ leave less to chance than runs drawn from all of them would. Spreads within cells are
    taken with half a hit and half a miss more, so that a cell of equals is not called certain.

    Args:
        hits: 1 or 0 of each run. labels: the cell of each; where none has two runs there are no limits.

    Source:
        Korn and Graubard 1998, "Confidence intervals for proportions with small expected number of positive
        counts estimated from survey data": the number of runs that a design is worth.

    Example:
        >>> apart = wilson_within(np.repeat([1.0, 0.0], 10), [0] * 10 + [1] * 10)
        >>> apart.estimate, round(apart.low, 2), round(wilson(10, 20).low, 2)
        (0.5, 0.41, 0.3)
    """
    cells, codes, sizes = np.unique(np.asarray(labels), return_inverse=True, return_counts=True)
    if not len(hits) or len(cells) == len(hits):
        return Interval(float(hits.mean()) if len(hits) else math.nan)
    share, shares = float(hits.mean()), (np.bincount(codes, hits) + 0.5) / (sizes + 1)
    middle = float(shares @ sizes / len(hits))
    within = float((shares * (1 - shares)) @ sizes / len(hits))
    worth = len(hits) * max(1.0, middle * (1 - middle) / within)
    far = float(stats.norm.ppf(0.5 + NOMINAL / 2)) ** 2 / worth
    centre, half = share + far / 2, math.sqrt(far * share * (1 - share) + far**2 / 4)
    return Interval(share, max(0.0, (centre - half) / (1 + far)), min(1.0, (centre + half) / (1 + far)))


def newcombe(hits: int, trials: int, hits_baseline: int, trials_baseline: int) -> Interval:
    """Risk difference with Newcombe's hybrid-score 95 % interval, from the Wilson limits of both shares.

    Source:
        Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.

    Example:
        >>> difference = newcombe(56, 70, 48, 80)
        >>> [round(x, 4) for x in (difference.estimate, difference.low, difference.high)]
        [0.2, 0.0524, 0.3339]
    """
    if not trials or not trials_baseline:
        return Interval(math.nan)
    low, high = confint_proportions_2indep(
        hits, trials, hits_baseline, trials_baseline, method="newcomb", compare="diff", alpha=0.05
    )
    return Interval(hits / trials - hits_baseline / trials_baseline, float(low), float(high))


def newcombe_paired(both: int, only_treated: int, only_baseline: int, neither: int) -> Interval:
    """Risk difference of pairs with Newcombe's score 95 % interval, which uses how alike partners are.

    Args:
        both, only_treated, only_baseline, neither: pairs by who of the two failed.

    Source:
        Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on
        paired data", method 10.

    Example:
        >>> difference = newcombe_paired(36, 12, 2, 0)
        >>> [round(x, 4) for x in (difference.estimate, difference.low, difference.high)]
        [0.2, 0.0569, 0.3404]
    """
    pairs = both + only_treated + only_baseline + neither
    if not pairs:
        return Interval(math.nan)
    first, second = wilson(both + only_treated, pairs), wilson(both + only_baseline, pairs)
    likeness = _likeness(both, only_treated, only_baseline, neither)
    difference = first.estimate - second.estimate
    below, above = first.estimate - first.low, second.high - second.estimate
    down = math.sqrt(below**2 - 2 * likeness * below * above + above**2)
    below, above = second.estimate - second.low, first.high - first.estimate
    up = math.sqrt(above**2 - 2 * likeness * below * above + below**2)
    return Interval(difference, difference - down, difference + up)


def _likeness(both: int, only_treated: int, only_baseline: int, neither: int) -> float:
    """Correlation of the two of a pair, with the paper's continuity correction."""
    margins = (
        (both + only_treated) * (only_baseline + neither) * (both + only_baseline) * (only_treated + neither)
    )
    cross = float(both * neither - only_treated * only_baseline)
    if cross > 0:
        cross = max(cross - (both + only_treated + only_baseline + neither) / 2, 0)
    return cross / math.sqrt(margins) if margins else 0.0


def mcnemar(only_treated: int, only_baseline: int) -> float:
    """Exact two-sided p from the pairs in which just one of the two failed.

    Example:
        >>> mcnemar(5, 0), mcnemar(0, 0)
        (0.0625, 1.0)
    """
    differing = only_treated + only_baseline
    return float(stats.binomtest(only_treated, differing, 0.5).pvalue) if differing else 1.0


@dataclass(frozen=True, slots=True)
class FailureRate:
    """P(failure) of some runs: undecided ones outside, with the bounds that they allow."""

    failed: int
    stable: int
    undecided: int

    @classmethod
    def of(cls, failure: Floats) -> FailureRate:
        """Count a column of 1 (failed), 0 (stable) and NaN (undecided)."""
        unknown = int(np.isnan(failure).sum())
        failed = int(np.nansum(failure)) if unknown < len(failure) else 0
        return cls(failed, len(failure) - unknown - failed, unknown)

    @property
    def decided(self) -> int:
        """Runs that failed or were stable."""
        return self.failed + self.stable

    @property
    def runs(self) -> int:
        """All runs, undecided ones too."""
        return self.decided + self.undecided

    @property
    def interval(self) -> Interval:
        """Share of failed among decided runs, Wilson 95 %."""
        return wilson(self.failed, self.decided)

    @property
    def bounds(self) -> tuple[float, float]:
        """The share among all runs if every undecided one were stable, and if every one had failed.

        Example:
            >>> FailureRate(failed=2, stable=2, undecided=4).bounds
            (0.25, 0.75)
        """
        if not self.runs:
            return math.nan, math.nan
        return self.failed / self.runs, (self.failed + self.undecided) / self.runs

    @property
    def undecided_share(self) -> float:
        """Undecided among all runs."""
        return self.undecided / self.runs if self.runs else math.nan
