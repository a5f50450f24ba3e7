"""Expected best score of k trials: what a loss gives for a budget of tuning, not for one lucky run."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from reports.stats import NOMINAL, Floats, Interval, Ints


def expected_best(scores: Floats, k: int) -> float:
    """Mean over all ways to choose k trials of the best of them, without replacement.

    Shapes:
        scores: (n,), at least k.

    Source:
        Lucic et al. 2018, "Are GANs created equal?", section 5 (the budget); the unbiased form is the mean
        over subsets, where Dodge et al. 2019, "Show your work", draw with replacement.

    Example:
        >>> expected_best(np.array([1.0, 2.0, 3.0]), 1), expected_best(np.array([1.0, 2.0, 3.0]), 3)
        (2.0, 3.0)
        >>> round(expected_best(np.array([1.0, 2.0, 3.0]), 2), 9)  # pairs: 2, 3, 3
        2.666666667
    """
    return float(np.sort(scores) @ weights(len(scores), k))


def weights(n: int, k: int) -> Floats:
    """Chance that the i-th smallest of n is the largest of k that are chosen.

    Raises:
        ValueError: k is not between 1 and n.

    Example:
        >>> weights(3, 2).round(4).tolist()
        [0.0, 0.3333, 0.6667]
    """
    if not 1 <= k <= n:
        raise ValueError(f"k: must be between 1 and {n}, got {k}")
    at = np.arange(1, n + 1)
    chances = np.zeros(n)
    able = at >= k
    logs = _log_choose(at[able] - 1, k - 1) - _log_choose(np.array([n]), k)
    chances[able] = np.exp(logs)
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def curve(scores: Floats, budgets: Ints, reps: int, rng: np.random.Generator) -> list[Interval]:
    """Expected best score at each budget, with the bootstrap over trials."""
    n = len(scores)
    chances = np.stack([weights(n, int(k)) for k in budgets])
    drawn = np.sort(scores[rng.integers(0, n, (reps, n))], axis=1)
    lows, highs = np.quantile(drawn @ chances.T, (0.5 - NOMINAL / 2, 0.5 + NOMINAL / 2), axis=0)
    middles = np.sort(scores) @ chances.T
    return [Interval(*map(float, each)) for each in zip(middles, lows, highs, strict=True)]


def _log_choose(n: Ints, k: int) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)
