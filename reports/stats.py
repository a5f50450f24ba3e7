"""Robust means with honest intervals: IQM, stratified bootstrap, probability of improvement.

Shares are in proportions.py, tests in significance.py. Randomness comes in as a ``numpy.random.Generator``;
no library's own resampling is used: rliable draws from the global generator whatever seed it is given.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOMINAL = 0.95
"""What intervals are meant to cover."""
MEASURED_COVERAGE: dict[int, tuple[float, float]] = {
    2: (0.49, 0.86),
    3: (0.75, 0.93),
    5: (0.93, 0.95),
    10: (0.96, 0.95),
    20: (0.96, 0.95),
}
"""Seeds per cell to how often the nominal 95 % bootstrap interval of an IQM holds the truth: of one cell, and
of six cells or more together (1,000 simulated draws each, beta and two-peaked scores; a test measures it)."""

_NOMINAL_SEEDS = 10
_POOLED_CELLS = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between its limits; limits are NaN where none can be given."""

    estimate: float
    low: float = math.nan
    high: float = math.nan

    @property
    def known(self) -> bool:
        """Whether there are limits."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def excludes_zero(self) -> bool:
        """Whether both limits lie on one side of zero."""
        return self.known and (self.low > 0 or self.high < 0)


def iqm(scores: Floats) -> float:
    """Interquartile mean: the mean of the middle half, over runs of all cells together.

    Source:
        Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice".

    Example:
        >>> iqm(np.array([0.0, 1.0, 2.0, 100.0]))
        1.5
    """
    return float(stats.trim_mean(scores, 0.25)) if len(scores) else math.nan


def iqm_of_resamples(scores: Floats) -> Callable[[Ints], Floats]:
    """The statistic "IQM of a resample" of some scores: ``iqm(scores[row])`` for each row of positions.

    Scores are sorted once for all resamples. How often each was drawn, summed up in their order, says which
    copies lie in the middle half: that is faster than a partition of every resample.

    Shapes:
        scores: (runs,), finite. The statistic takes positions (reps, n) to (reps,).

    Example:
        >>> middle = iqm_of_resamples(np.array([100.0, 1.0, 2.0, 0.0]))
        >>> middle(np.array([[0, 1, 2, 3], [1, 1, 1, 0]])).tolist()
        [1.5, 1.0]
    """
    runs, order = len(scores), np.argsort(scores, kind="stable")
    ordered, ranks = scores[order], np.argsort(order, kind="stable")

    def middle(at: Ints) -> Floats:
        """Of each row."""
        reps, n = at.shape
        slots = ranks[at] + runs * np.arange(reps)[:, None]
        below = np.bincount(slots.ravel(), minlength=reps * runs).reshape(reps, runs).cumsum(axis=1)
        cut = int(0.25 * n)
        kept = np.diff(below.clip(cut, n - cut), axis=1, prepend=cut)
        return np.asarray(kept @ ordered / (n - 2 * cut), dtype=np.float64)

    return middle


AT_ONCE = 250_000
"""Numbers that are drawn at once: what a processor keeps near."""


def strata(labels: Sequence[object]) -> list[Ints]:
    """Positions of each label; labels seen once are put together into one stratum.

    A stratum of one draws only itself and would pretend that there is no chance in it.

    Example:
        >>> [list(map(int, part)) for part in strata(["a", "b", "a", "c"])]
        [[0, 2], [1, 3]]
    """
    places: dict[object, list[int]] = {}
    for position, label in enumerate(labels):
        places.setdefault(label, []).append(position)
    shared = [np.array(at) for at in places.values() if len(at) > 1]
    alone = [at[0] for at in places.values() if len(at) == 1]
    return [*shared, np.array(alone)] if alone else shared


def resample(parts: Sequence[Ints], reps: int, rng: np.random.Generator) -> Ints:
    """Draw positions with replacement within each stratum.

    Shapes:
        result: (reps, n), the columns of one stratum side by side.
    """
    by_size: dict[int, list[Ints]] = {}
    for part in parts:
        by_size.setdefault(len(part), []).append(part)
    drawn = []
    for size, group in by_size.items():
        stacked = np.stack(group)
        picks = rng.integers(0, size, (reps, len(group), size))
        drawn.append(np.take_along_axis(stacked[None], picks, axis=2).reshape(reps, -1))
    return np.concatenate(drawn, axis=1)


def bootstrap(
    estimate: float,
    statistic: Callable[[Ints], Floats],
    labels: Sequence[object],
    *,
    reps: int,
    rng: np.random.Generator,
) -> Interval:
    """Percentile interval of a statistic under resampling of runs within cells.

    Args:
        estimate: the statistic of the data themselves.
        statistic: positions of shape (reps, n) to values of shape (reps,).
        labels: the cell of each run. Where no cell has two runs there is no interval: one seed says
            nothing about chance.
        reps: bootstrap repetitions.
        rng: the only source of randomness.
    """
    (found,) = bootstrap_all((estimate,), lambda at: statistic(at)[None], labels, reps=reps, rng=rng)
    return found


def bootstrap_all(
    estimates: Sequence[float],
    statistics: Callable[[Ints], Floats],
    labels: Sequence[object],
    *,
    reps: int,
    rng: np.random.Generator,
) -> list[Interval]:
    """Intervals of several statistics, as ``bootstrap`` gives them, from the same resamples.

    Args:
        estimates: each statistic of the data themselves; one that is not finite has no interval.
        statistics: positions of shape (reps, n) to values of shape (statistics, reps).
    """
    parts = strata(labels)
    if len(set(labels)) == len(labels) or not any(map(math.isfinite, estimates)):
        return [Interval(estimate) for estimate in estimates]
    cut = tail([len(part) for part in parts])
    # All positions of many thousand runs at once would wait for memory most of the time.
    portion = max(1, min(reps, AT_ONCE // len(labels)))
    sizes = [min(portion, reps - start) for start in range(0, reps, portion)]
    drawn = np.concatenate([statistics(resample(parts, size, rng)) for size in sizes], axis=1)
    limits = np.quantile(drawn, (cut, 1 - cut), axis=1).T.tolist()
    return [
        Interval(estimate, low, high) if math.isfinite(estimate) else Interval(estimate)
        for estimate, (low, high) in zip(estimates, limits, strict=True)
    ]


def tail(sizes: Sequence[int]) -> float:
    """Share of resamples to cut off on either side, so that few runs do not make an interval too short.

    Resampling n runs spreads by (n - 1) / n of their variance, and knows nothing of Student's t: percentiles
    are taken further out by as much.

    Source:
        Hesterberg 2015, "What Teachers Should Know About the Bootstrap", section 5.3 (expanded percentile).

    Example:
        >>> round(tail([10]), 4), round(tail([1000]), 4)
        (0.0086, 0.0248)
    """
    return _tail(sum(sizes), max(1, sum(size - 1 for size in sizes)))


@functools.lru_cache(maxsize=10_000)
def _tail(runs: int, free: int) -> float:
    far = math.sqrt(runs / free) * stats.t.ppf(0.5 + NOMINAL / 2, free)
    return float(stats.norm.cdf(-far))


def iqm_interval(
    scores: Floats, labels: Sequence[object], *, reps: int, rng: np.random.Generator
) -> Interval:
    """IQM of runs with its stratified bootstrap interval."""
    return bootstrap(iqm(scores), iqm_of_resamples(scores), labels, reps=reps, rng=rng)


def iqm_difference(
    treated: Floats, baseline: Floats, labels: Sequence[object], *, reps: int, rng: np.random.Generator
) -> Interval:
    """IQM of treated less IQM of baseline; runs that share a seed and a cell are drawn together.

    Shapes:
        treated, baseline: (pairs,), element i of both has the same cell and seed. labels: (pairs,) cells.
    """
    middle, other = iqm_of_resamples(treated), iqm_of_resamples(baseline)
    return bootstrap(
        iqm(treated) - iqm(baseline),
        lambda at: middle(at) - other(at),
        labels,
        reps=reps,
        rng=rng,
    )


def iqm_sides(
    treated: Floats, baseline: Floats, labels: Sequence[object], *, reps: int, rng: np.random.Generator
) -> tuple[Interval, Interval, Interval]:
    """IQM of treated, of baseline, and their difference as by ``iqm_difference``, from the same resamples.

    Drawing once for all three takes less than half of the time.
    """

    middles = iqm_of_resamples(treated), iqm_of_resamples(baseline)

    def both(at: Ints) -> Floats:
        """Both sides and their difference of each resample."""
        one, other = (middle(at) for middle in middles)
        return np.stack([one, other, one - other])

    one, other = iqm(treated), iqm(baseline)
    first, second, third = bootstrap_all((one, other, one - other), both, labels, reps=reps, rng=rng)
    return first, second, third


def improvement(treated: Floats, baseline: Floats, labels: Sequence[object]) -> float:
    """Probability that a treated run scores above a baseline run of its cell, ties half, mean over cells.

    Example:
        >>> improvement(np.array([1.0, 3.0]), np.array([1.0, 2.0]), ["cell", "cell"])
        0.625
    """
    places: dict[object, list[int]] = {}
    for position, label in enumerate(labels):
        places.setdefault(label, []).append(position)
    shares = [
        float((np.sign(treated[at][:, None] - baseline[at][None, :]).mean() + 1) / 2)
        for at in places.values()
    ]
    return float(np.mean(shares)) if shares else math.nan


def coverage_of(seeds: int, cells: int) -> float:
    """Measured coverage of the nominal 95 % bootstrap interval at so many seeds per cell (next lower entry).

    Example:
        >>> coverage_of(5, 1), coverage_of(7, 24), coverage_of(1, 24)
        (0.93, 0.95, nan)
    """
    below = [size for size in MEASURED_COVERAGE if size <= seeds]
    return MEASURED_COVERAGE[max(below)][cells >= _POOLED_CELLS] if below else math.nan


def level_of(seeds: int, cells: int) -> str:
    """How to call a bootstrap interval: its nominal level from ten seeds on, before that what was measured.

    Example:
        >>> level_of(10, 1), level_of(5, 24), level_of(1, 24)
        ('95\\u202f%', '≈95\\u202f%', 'no interval')
    """
    coverage = coverage_of(seeds, cells)
    if math.isnan(coverage):
        return "no interval"
    return (
        f"{NOMINAL:.0%}".replace("%", "\u202f%")
        if seeds >= _NOMINAL_SEEDS
        else f"≈{100 * coverage:.0f}\u202f%"
    )
