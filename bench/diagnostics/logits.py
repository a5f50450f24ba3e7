"""How a discriminator's logits are spread, and what they prove about the two laws at least.

From logits that the caller has computed; which of the numbers a loss gives a meaning is for ``NEEDS`` of
bench.diagnostics.discriminator to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Flags, Floats

QUANTILES: Mapping[str, float] = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
"""Which quantiles are kept, under the ends of their columns' names."""


def quantiles(ordered: Floats) -> dict[str, Floats]:
    """5, 50 and 95 % quantiles of each member's logits, interpolated between neighbours.

    Shapes:
        ordered: (members, n), n >= 1, each row ascending: whoever ranks logits has them so. Each result:
        (members,).

    Example:
        >>> found = quantiles(np.array([[0.0, 1.0, 2.0, 3.0, 4.0]]))
        >>> {name: values.round(3).tolist() for name, values in found.items()}
        {'p05': [0.2], 'p50': [2.0], 'p95': [3.8]}
    """
    last = ordered.shape[1] - 1
    found: dict[str, Floats] = {}
    for name, level in QUANTILES.items():
        below = math.floor(level * last)
        weight = level * last - below
        above = min(below + 1, last)
        found[name] = (1 - weight) * ordered[:, below] + weight * ordered[:, above]
    return found


def jsd_bound(real: npt.ArrayLike, fake: npt.ArrayLike) -> Floats:
    """Jensen-Shannon divergence that the logits prove at least: log 2 less half the logistic loss.

    Exact for the best discriminator, whose logit is the log ratio of the densities; on samples that it was
    not trained on, so that what it learned by heart proves nothing.

    Shapes:
        real: (members, n); fake: (members, m), both not empty. Result: (members,).

    Units:
        nats, at most log 2; negative for a discriminator that is worse than one which guesses.

    Source:
        Goodfellow et al. 2014, "Generative adversarial nets", section 4.1.

    Example:
        One that guesses proves nothing, one that is always right and sure proves that the laws are apart:

        >>> jsd_bound([[0.0, 0.0], [99.0, 99.0]], [[0.0], [-99.0]]).round(4).tolist()
        [0.0, 0.6931]
    """
    costs = _softplus(-np.asarray(real, dtype=np.float64)), _softplus(np.asarray(fake, dtype=np.float64))
    bound: Floats = math.log(2) - (costs[0].mean(axis=1) + costs[1].mean(axis=1)) / 2
    return bound


def mean_sign(logits: Floats, own: Flags, point: float) -> Floats:
    """r_t: share of a member's own logits above the decision point less the share below.

    Shapes:
        logits, own: (members, n), own in at least one place of each row. Result: (members,).

    Source:
        Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data"; there on augmented
        samples, with 0.6 as the target of the augmentation.

    Example:
        >>> own = np.array([[True, True, True, False]])
        >>> mean_sign(np.array([[3.0, 1.0, -2.0, 9.0]]), own, 0.0).round(4).tolist()
        [0.3333]
    """
    signs: Floats = np.where(own, np.sign(logits - point), 0.0).sum(axis=1) / own.sum(axis=1)
    return signs


def critic_gap(real_mean: npt.ArrayLike, fake_mean: npt.ArrayLike, steepest: npt.ArrayLike) -> Floats:
    """Gap of mean logits between real and generated samples, over the steepest slope seen.

    By the dual of the transport problem no gap over the largest slope there is exceeds the Wasserstein-1
    distance. Unlike the gap it does not grow with a critic's scale. The largest slope that was seen may be
    smaller than the largest there is, and the number then larger than the distance.

    Shapes:
        all: (members,).

    Returns:
        NaN where the discriminator is flat, or a number is not finite.

    Source:
        Arjovsky et al. 2017, "Wasserstein GAN", equation 2.

    Example:
        >>> critic_gap([5.0, 1.0], [-1.0, 1.0], [2.0, 0.0]).tolist()
        [3.0, nan]
    """
    gap = np.asarray(real_mean, dtype=np.float64) - np.asarray(fake_mean, dtype=np.float64)
    slope = np.asarray(steepest, dtype=np.float64)
    return np.where(slope > 0, gap / np.where(slope > 0, slope, 1.0), math.nan)


def _softplus(logits: Floats) -> Floats:
    cost: Floats = np.maximum(logits, 0.0) + np.log1p(np.exp(-np.abs(logits)))
    return cost
