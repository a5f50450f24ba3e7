"""Whether a factor acts on a measure at all: its levels permuted where all else, seed included, is the same.

Endings take few values and many cells are alike in all seeds, where a model of them has no finite answer; a
permutation asks for none.
"""

from __future__ import annotations

import numpy as np

from reports.stats import AT_ONCE, Floats


def permutation_p(values: Floats, axis: int, reps: int, rng: np.random.Generator) -> float:
    """How often levels dealt out by chance differ as much as those of a factor do.

    Exact for a factor that does nothing, in whatever cell: then every order of its levels is as likely.

    Args:
        axis: the factor. reps: permutations; the data count as one more.

    Shapes:
        values: (levels of factor 1, ..., levels of factor k, seeds).

    Source:
        Anderson and ter Braak 2003, "Permutation tests for multi-factorial analysis of variance": restricted
        to the other factors' cells; here to seeds too.

    Example:
        Two levels that differ the same way in each of 6 seeds: 2 of 2**6 orders do, 0.031.

        >>> always = np.array([[1.0] * 6, [0.0] * 6])
        >>> 0.02 < permutation_p(always, 0, 4000, np.random.default_rng(0)) < 0.045
        True
    """
    rows = np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])
    rows = rows[np.ptp(rows, axis=1) > 0]  # the others are the same in any order
    if not len(rows):
        return 1.0
    found, reached = _spread(rows.mean(axis=0)), 1
    chunk = max(1, AT_ONCE // rows.size)
    for start in range(0, reps, chunk):
        dealt = np.repeat(rows[None], min(chunk, reps - start), axis=0)
        means = rng.permuted(dealt, axis=2).mean(axis=1)
        reached += int((_spread(means) >= found * (1 - 1e-9)).sum())
    return reached / (reps + 1)


def _spread(means: Floats) -> Floats:
    """Sum of squares between levels, up to a constant; the last axis are levels."""
    return np.asarray(((means - means.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))
