"""FID and Inception Score through torch-fidelity's feature-level functions, in float64.

torch-fidelity imports torchvision, which takes a second, so it is imported where it is used. It checks
nothing: samples have passed finite.py before they come here. Distances to a fixed real side are taken by the
kept root of its covariance (frechet.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from bench.metrics.arrays import Floats
from bench.metrics.result import (
    DEGENERATE,
    NOT_APPLICABLE,
    NUMERIC_WARNING,
    OK,
    TOO_FEW,
    MetricResult,
    absent,
)

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

Statistics = dict[str, Any]
"""torch-fidelity's pair of mean and covariance."""

ROWS_PER_DIMENSION = 10
"""Fewer rows than this per feature and a covariance says little: the value stands, with ``too_few``."""

LARGEST_LOGIT_GAP = 700.0
"""exp(-745) is 0 in float64, and torch-fidelity then takes 0 * log 0; nothing is lost before that."""


def frechet_statistics(features: Floats) -> Statistics:
    """Mean and covariance (divisor N - 1) of features.

    Shapes:
        features: (n, d), n >= 2.
    """
    mean = features.mean(axis=0)
    # As numpy.cov does it for torch-fidelity, down to the bits, less a second mean: two copies, for the same
    # product of one copy with itself would go another way through the library.
    centered = features.T - mean[:, None]
    sigma = centered @ centered.T.conj()
    sigma *= 1 / np.float64(len(features) - 1)
    return {"mu": mean, "sigma": sigma}


def frechet_distance(first: Statistics, second: Statistics) -> float:
    """Squared Frechet distance of two Gaussians with these statistics, as torch-fidelity computes it.

    Can be negative by rounding; ``fid`` deals with that.

    Source:
        Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule
        Converge to a Local Nash Equilibrium".

    Example:
        Equal spread, means 3 apart:

        >>> unit = np.eye(2)
        >>> frechet_distance({"mu": np.zeros(2), "sigma": unit}, {"mu": np.array([3.0, 0.0]), "sigma": unit})
        9.0
    """
    from torch_fidelity.metric_fid import KEY_METRIC_FID, fid_statistics_to_metric

    return float(fid_statistics_to_metric(first, second, verbose=False)[KEY_METRIC_FID])


def fid_bias(eigenvalues: Floats, n_real: int, n_fake: int) -> float:
    """What the Frechet distance of two samples from one Gaussian law is on average, to first order in 1/N.

    Shapes:
        eigenvalues: (d,), of the law's covariance, not negative.

    Source:
        Own derivation, checked by simulation in the tests; that the bias
        falls with 1/N is in Chong and Forsyth 2020, "Effectively Unbiased FID
        and Inception Score and Where to Find Them".

    Example:
        >>> round(fid_bias(np.ones(64), 1000, 1000), 3)
        2.208
    """
    spread = eigenvalues[eigenvalues > 0]
    pairs = np.outer(spread, spread) / np.add.outer(spread, spread)
    total = spread.sum() + 0.5 * (pairs.sum() + np.trace(pairs))
    return float((1 / n_real + 1 / n_fake) * total)


def fid(comparison: Comparison) -> MetricResult:
    """Frechet distance to the real samples; lower is better, and never 0 at a finite sample count."""
    reference = comparison.reference
    if comparison.n < 2:
        return absent(TOO_FEW, reference.n, comparison.n)
    fake = frechet_statistics(comparison.features)
    spread = float(np.trace(fake["sigma"]))
    try:
        value = reference.frechet(fake)
    except np.linalg.LinAlgError:
        return absent(NUMERIC_WARNING, reference.n, comparison.n)
    status = OK
    if comparison.n < ROWS_PER_DIMENSION * comparison.features.shape[1]:
        status = TOO_FEW
    if spread == 0:
        status = DEGENERATE
    # A distance of nothing comes out as plus or minus rounding; anything more negative is a fault to show.
    if abs(value) < 1e-6 * (spread + float(np.trace(reference.statistics["sigma"]))):
        value = 0.0
    if value < 0:
        status = NUMERIC_WARNING
    return MetricResult(value, reference.n, comparison.n, status, extra={"bias": reference.fid_bias})


def inception_score(comparison: Comparison) -> MetricResult:
    """exp of the mean KL of class posteriors from their mean, on all samples as one split.

    Blind to the real data and to diversity within a class, so it stands beside
    other scores and never alone.

    Source:
        Salimans et al. 2016, "Improved Techniques for Training GANs".
    """
    if comparison.logits is None:
        return absent(NOT_APPLICABLE, 0, comparison.n)
    return MetricResult(inception_score_of(comparison.logits), 0, comparison.n)


def inception_score_of(logits: Tensor) -> float:
    """Inception Score of class logits, between 1 and the number of classes.

    Shapes:
        logits: (n, classes), n >= 1.

    Example:
        Two classes, each certain once:

        >>> round(inception_score_of(torch.tensor([[9e3, 0.0], [0.0, 9e3]])), 6)
        2.0
    """
    from torch_fidelity.metric_isc import KEY_METRIC_ISC_MEAN, isc_features_to_metric

    exact = logits.double()
    floor = exact.amax(dim=1, keepdim=True) - LARGEST_LOGIT_GAP
    scores = isc_features_to_metric(torch.maximum(exact, floor), splits=1, shuffle=False)
    return max(float(scores[KEY_METRIC_ISC_MEAN]), 1.0)  # of a constant it is 1 less rounding
