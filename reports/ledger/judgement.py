"""What a comparison with a published result may come to, and how its numbers are spelled."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

REPRODUCED = "reproduced"
TREND = "trend only"
NOT = "not reproduced"
NO_VALUE = "no published value"
NOT_RUN = "not run"
VERDICTS = (REPRODUCED, TREND, NOT, NO_VALUE, NOT_RUN)
"""From agreement in number, through agreement in order at a smaller budget, to no answer."""

LEVEL = 0.05
"""Largest probability of chance at which an order counts as seen."""

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What our records say of one anchor.

    Args:
        verdict: one of VERDICTS. ours: our numbers with intervals. runs: how many they rest on.
        why: in words, where the verdict alone would mislead.
    """

    verdict: str
    ours: str = ""
    runs: int = 0
    why: str = ""


def not_run(why: str) -> Judgement:
    """No answer, and the reason."""
    return Judgement(NOT_RUN, why=why)


def ordered(p: float, *, as_published: bool, ours: str, runs: int) -> Judgement:
    """The verdict on an order that was tested: at a smaller budget it is a trend at best."""
    if as_published and p < LEVEL:
        return Judgement(TREND, ours, runs, f"in the published order, p = {p:.2g}")
    if as_published:
        return Judgement(NOT, ours, runs, f"in the published order, but it may be chance: p = {p:.2g}")
    return Judgement(NOT, ours, runs, "in the opposite order, or none")


def mean_interval(values: Numbers) -> str:
    """Mean with its 95 % interval by Student's t; of a single value only that.

    Example:
        >>> mean_interval(np.array([1.0, 2.0, 3.0])), mean_interval(np.array([4.0]))
        ('2 [-0.484, 4.48] (n = 3)', '4 (n = 1)')
    """
    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return f"{mean:.3g} (n = {n})"
    reach = float(stats.t.ppf(0.975, n - 1)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return f"{mean:.3g} [{mean - reach:.3g}, {mean + reach:.3g}] (n = {n})"


def greater(first: Numbers, second: Numbers) -> tuple[float, bool]:
    """Probability of chance that ``first`` is greater, and whether its median is (one-sided Mann-Whitney).

    Example:
        >>> greater(np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0]))
        (0.05, True)
    """
    p = float(stats.mannwhitneyu(first, second, alternative="greater").pvalue)
    return p, bool(np.median(first) > np.median(second))


def greater_in_pairs(first: Numbers, second: Numbers) -> tuple[float, bool]:
    """The same of pairs, by Wilcoxon's signed ranks; pairs without a difference count for neither.

    Example:
        >>> greater_in_pairs(np.array([4.0, 5.0, 6.0]), np.array([1.0, 1.0, 1.0]))
        (0.125, True)
    """
    gain = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if not gain.any():
        return 1.0, False
    return float(stats.wilcoxon(gain, alternative="greater").pvalue), bool(np.median(gain) > 0)
