"""Logistic regression that survives complete separation: Firth's penalty, many data sets of one design.

Failures of a grid often are cleanly separated by its settings (none below a learning rate, all above it);
plain maximum likelihood then has no finite answer. Firth's penalty (Jeffreys' prior) always has one.
"""

from __future__ import annotations

import numpy as np

from reports.stats import Floats

_ROUNDS, _HALVINGS, _LONGEST = 60, 6, 4.0
_NEAR = 1e-5
_RIDGE = 1e-6
"""Keeps a design solvable in which some settings were not drawn; far below what any number shows."""


def firth(design: Floats, failed: Floats, trials: Floats, start: Floats | None = None) -> Floats:
    """Fit P(failure) of some settings, by Newton's steps that never lower the penalised likelihood.

    Args:
        design: one row per setting, the first column ones.
        failed, trials: counts of failed and of decided runs of each setting, one row per data set.
        start: coefficients to begin with; zeros by default.

    Shapes:
        design: (settings, terms). failed, trials: (sets, settings). result: (sets, terms).

    Source:
        Firth 1993, "Bias reduction of maximum likelihood estimates"; Heinze and Schemper 2002, "A solution
        to the problem of separation in logistic regression".

    Example:
        One setting is the closed form (failed + 1/2) / (trials + 1):

        >>> at = firth(np.ones((1, 1)), np.array([[3.0]]), np.array([[3.0]]))
        >>> round(float(chance(at)[0, 0]), 6)
        0.875
    """
    sets, terms = len(failed), design.shape[1]
    found = np.zeros((sets, terms)) if start is None else np.array(np.broadcast_to(start, (sets, terms)))
    squares = design[:, :, None] * design[:, None, :]
    height, slope, inverse = _surroundings(design, squares, failed, trials, found)
    active = np.arange(sets)
    for _ in range(_ROUNDS):
        step = np.einsum("bij,bj->bi", inverse, slope)
        step *= np.minimum(1.0, _LONGEST / np.maximum(np.linalg.norm(step, axis=1), 1e-12))[:, None]
        moving = np.abs(step).max(axis=1) > _NEAR
        active, step, height = active[moving], step[moving], height[moving]
        if not len(active):
            break
        here = _climb(design, squares, failed[active], trials[active], found[active], step, height)
        found[active], (height, slope, inverse) = here
    return found


def chance(logits: Floats) -> Floats:
    """Probability of a logit, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def log_likelihood(logits: Floats, failed: Floats, trials: Floats) -> Floats:
    """Log likelihood of counts, without binomial coefficients; the last axis is summed."""
    return np.asarray((failed * logits - trials * np.logaddexp(0.0, logits)).sum(axis=-1))


def covariance(design: Floats, found: Floats, trials: Floats) -> Floats:
    """Inverse information of one fit: (terms, terms)."""
    share = chance(design @ found)
    information = (design * (trials * share * (1 - share))[:, None]).T @ design
    return np.asarray(np.linalg.inv(information + _RIDGE * np.eye(len(found))))


Around = tuple[Floats, Floats, Floats]


def _climb(
    design: Floats, squares: Floats, failed: Floats, trials: Floats, at: Floats, step: Floats, height: Floats
) -> tuple[Floats, Around]:
    """Go a step, or half of it as often as it leads down."""
    scale = np.ones(len(at))
    for _ in range(_HALVINGS):
        target = at + scale[:, None] * step
        around = _surroundings(design, squares, failed, trials, target)
        lower = around[0] < height - 1e-9
        if not lower.any():
            break
        scale[lower] /= 2
    return target, around


def _surroundings(design: Floats, squares: Floats, failed: Floats, trials: Floats, at: Floats) -> Around:
    """Penalised log likelihood, its slope, and the inverse information."""
    logits = at @ design.T
    share = chance(logits)
    weight = trials * share * (1 - share)
    terms = design.shape[1]
    information = (weight @ squares.reshape(len(design), -1)).reshape(-1, terms, terms)
    information[:, range(terms), range(terms)] += _RIDGE
    inverse = np.linalg.inv(information)
    spread = inverse.reshape(-1, terms * terms) @ squares.reshape(len(design), -1).T
    leverage = weight * spread
    slope = (failed - trials * share + leverage * (0.5 - share)) @ design
    height = log_likelihood(logits, failed, trials) + 0.5 * np.linalg.slogdet(information)[1]
    return np.asarray(height), np.asarray(slope), np.asarray(inverse, dtype=np.float64)
