"""What a log's averages still prove: exact values where there are any, lower bounds where not.

Means of a discriminator's outputs do not fix how well it ranks, but they bound it from below; a bound can
show that the discriminator dominates, never that it does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from bench.diagnostics.arrays import Floats

LOGISTIC = ("minimax", "non_saturating")
"""Losses whose discriminator's output is the logit of a probability."""

_GAINS: Mapping[str, Callable[[Floats], Floats]] = {
    "minimax": lambda probability: probability,
    "non_saturating": lambda probability: 1 - probability,
}


def are_probabilities(*outputs: Floats) -> bool:
    """Whether outputs can be probabilities: every one that is there lies from 0 to 1, and some are there.

    Example:
        >>> are_probabilities(np.array([0.2, math.nan, 1.0])), are_probabilities(np.array([0.2, -0.1]))
        (True, False)
    """
    known = np.concatenate([values[np.isfinite(values)] for values in outputs])
    return bool(known.size and known.min() >= 0 and known.max() <= 1)


def auc_from_probabilities(real: Floats, fake: Floats) -> Floats:
    """Least AUC that goes with mean probabilities: their difference.

    For any two scores in [0, 1] a pair in the wrong order has 1 - (r - f) of at least 1, so wrong pairs are
    at most 1 - (E r - E f).

    Example:
        >>> auc_from_probabilities(np.array([0.99, 0.5]), np.array([0.01, 0.5])).round(6).tolist()
        [0.98, 0.0]
    """
    bound: Floats = np.maximum(real - fake, 0.0)
    return bound


def auc_from_accuracies(real: Floats, fake: Floats) -> Floats:
    """Least AUC that goes with accuracies on either side of a threshold: their product.

    Example:
        >>> auc_from_accuracies(np.array([0.99]), np.array([1.0])).tolist()
        [0.99]
    """
    product: Floats = real * fake
    return product


def auc_from_accuracy(both: Floats) -> Floats:
    """Least AUC that goes with an accuracy over as many real as generated samples: 2 a - 1.

    Example:
        >>> auc_from_accuracy(np.array([0.995, 0.4])).round(6).tolist()
        [0.99, 0.0]
    """
    bound: Floats = np.maximum(2 * both - 1, 0.0)
    return bound


def auc_from_logistic_loss(loss: Floats) -> Floats:
    """Least AUC that goes with a discriminator's cross-entropy: 1 - loss / log 2.

    A pair in the wrong order costs at least 2 log 2 as the sum over the pair, log 2 as the mean of the two;
    the second is assumed, so that the bound holds for whichever was logged.

    Example:
        >>> auc_from_logistic_loss(np.array([0.0, 0.0138629, 1.386])).round(4).tolist()
        [1.0, 0.98, 0.0]
    """
    bound: Floats = np.clip(1 - loss / math.log(2), 0.0, 1.0)
    return bound


def gain_from_probabilities(fake: Floats, loss: str) -> Floats | None:
    """Mean generator gain of a loss from the mean probability of generated samples: exact, both are linear.

    Example:
        >>> gain_from_probabilities(np.array([0.004]), "minimax").tolist()
        [0.004]
        >>> gain_from_probabilities(np.array([0.004]), "hinge") is None
        True
    """
    gain = _GAINS.get(loss)
    return None if gain is None else gain(fake)
