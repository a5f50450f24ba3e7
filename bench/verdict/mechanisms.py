"""Why a run may have ended as it did: independent flags, each with its numbers or why it cannot be had.

Flags suggest a cause; only a changed experiment shows it. All look at evaluations after the first tenth of
training, unless they say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Flags, Floats, median, rolling_median, share_of
from bench.diagnostics.discriminator import auc_null_sd
from bench.diagnostics.oscillation import theil_sen
from bench.verdict.outcome import q_limit
from bench.verdict.series import Series

MEASURED, NOT_MEASURED, NOT_APPLICABLE = "measured", "not_measured", "not_applicable"


@dataclass(frozen=True)
class Finding:
    """What one flag found.

    Args:
        flagged: whether the mechanism was at work. numbers, limits: measured, and compared with.
        status: measured, not_measured, or not_applicable (the loss or the regularizer has no such thing).
        detail: which part of the rule matched, or why there is no finding.
    """

    flagged: bool
    numbers: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    status: str = MEASURED
    detail: str = ""


def discriminator_dominated(series: Series) -> Finding:
    """The discriminator nearly always tells real from generated; the generator gets no nearer meanwhile."""
    limits = series.thresholds
    auc = series.column("auc_real_fake")[series.span]
    share = _share(auc >= limits.dominated_auc, auc)
    if math.isnan(share):
        return _not_measured("auc_real_fake")
    delta = theil_sen(series.q[series.span]) * len(auc)
    numbers = {"share": share, "auc_real_fake": median(auc), "delta_q": delta}
    bounds = {
        "share": limits.span_share,
        "auc_real_fake": limits.dominated_auc,
        "delta_q": limits.dominated_delta_q,
    }
    flagged = bool(share >= limits.span_share and delta > limits.dominated_delta_q)
    return Finding(flagged, numbers, bounds)


def vanishing_gradient(series: Series) -> Finding:
    """The generator's signal died under a dominating discriminator; the detail says which factor of it.

    * ``gain``: the loss no longer reacts to the logit (the saturating loss, where fakes are surely fake).
    * ``gradient``: what reaches the generator's weights is a hundredth of what it was early in training.
    * ``slope``: a critic without decision point has gone flat: a hundredth of its own largest slope. It need
      not dominate, but the generator must be far from the data and stay there: at the data it should be flat.
    """
    limits, dominated = series.thresholds, discriminator_dominated(series)
    critic = series.context.decision_point is None
    numbers = {
        "gain": median(series.column("generator_gain")[series.span]) if series.context.has_gain else math.nan,
        "gradient": _gradient_ratio(series),
        "slope": _slope_ratio(series) if critic else math.nan,
    }
    if dominated.status != MEASURED or all(math.isnan(value) for value in numbers.values()):
        return _not_measured("auc_real_fake with generator_gain, generator_gradient or discriminator_slope")
    bounds = {
        "gain": limits.vanished_gain,
        "gradient": limits.vanished_gradient,
        "slope": limits.vanished_slope,
    }
    stuck = dominated.numbers["delta_q"] > limits.dominated_delta_q and series.q_window > q_limit(series)
    allowed = {"gain": dominated.flagged, "gradient": dominated.flagged, "slope": stuck}
    died = [name for name, value in numbers.items() if value <= bounds[name] and allowed[name]]
    return Finding(bool(died), numbers, bounds, detail=" ".join(died))


def generator_dominated(series: Series) -> Finding:
    """The discriminator cannot tell, though a fixed classifier (``probe_auc``) easily can: it is too weak."""
    limits = series.thresholds
    auc, probe = series.column("auc_real_fake")[series.span], series.column("probe_auc")[series.span]
    share, separable = _share(auc <= limits.weak_auc, auc), median(probe)
    if math.isnan(share) or math.isnan(separable):
        return _not_measured("auc_real_fake with probe_auc (a classifier of fixed size on the same samples)")
    numbers = {"share": share, "auc_real_fake": median(auc), "probe_auc": separable}
    bounds = {
        "share": limits.span_share,
        "auc_real_fake": limits.weak_auc,
        "probe_auc": limits.weak_probe_auc,
    }
    return Finding(share >= limits.span_share and separable >= limits.weak_probe_auc, numbers, bounds)


def discriminator_overfit(series: Series) -> Finding:
    """The discriminator knows its training samples by heart, in most of the final window.

    ``harmful`` in the numbers (1 or 0) says whether the distance also rose again from its minimum.
    """
    limits = series.thresholds
    width = int(limits.overfit_smoothing)
    auc = rolling_median(series.column("auc_train_holdout"), width)[series.window]
    ratio = rolling_median(series.column("overfit_ratio"), width)[series.window]
    surely = max(limits.overfit_auc, 0.5 + limits.overfit_null_sds * _auc_sd(series))
    known = np.where(np.isfinite(auc), auc, ratio)
    share = _share((auc >= surely) | (ratio >= limits.overfit_ratio), known)
    if math.isnan(share):
        return _not_measured("auc_train_holdout or overfit_ratio")
    rise = series.q_window - float(np.min(series.q_settled, initial=math.inf))
    numbers = {
        "share": share,
        "auc_train_holdout": median(auc),
        "overfit_ratio": median(ratio),
        "q_rise": rise,
        "harmful": float(rise >= limits.harmful_rise_q),
    }
    bounds = {
        "share": limits.persist_share,
        "auc_train_holdout": surely,
        "overfit_ratio": limits.overfit_ratio,
        "q_rise": limits.harmful_rise_q,
    }
    return Finding(share >= limits.persist_share, numbers, bounds)


def memorising(series: Series) -> Finding:
    """Generated samples lie nearer to training samples than unseen real ones do, when last measured."""
    copying = series.column("data_copying")
    measured = copying[np.isfinite(copying)]
    if not measured.size:
        return _not_measured("data_copying")
    limit = series.thresholds.copying_z
    numbers = {"data_copying": float(measured[-1]), "authenticity": series.last("authenticity")}
    return Finding(bool(measured[-1] < limit), numbers, {"data_copying": limit})


def critic_unconstrained(series: Series) -> Finding:
    """The constraint that the regularizer is for does not hold: slopes off one, or weights at the bound."""
    limits = series.thresholds
    checks = {
        "gradient_penalty": ("penalty_deviation", limits.penalty_deviation),
        "clip": ("clip_saturation", limits.clip_saturation),
    }
    if series.context.regularizer not in checks:
        reason = f"the regularizer {series.context.regularizer!r} sets no bound that could be missed"
        return Finding(False, status=NOT_APPLICABLE, detail=reason)
    name, limit = checks[series.context.regularizer]
    values = series.column(name)[series.span]
    share = _share(values > limit, values)
    if math.isnan(share):
        return _not_measured(name)
    numbers = {"share": share, name: median(values)}
    return Finding(share >= limits.span_share, numbers, {"share": limits.span_share, name: limit})


MECHANISM_RULES: Mapping[str, Callable[[Series], Finding]] = {
    "D-dominated": discriminator_dominated,
    "vanishing-gradient": vanishing_gradient,
    "G-dominated": generator_dominated,
    "D-overfit": discriminator_overfit,
    "memorising": memorising,
    "critic-unconstrained": critic_unconstrained,
}
"""Each flag with its rule; the names are those of ``bench.records.schema.MECHANISMS``, in their order."""


def _share(flags: Flags, values: Floats) -> float:
    known = np.isfinite(values)
    return np.count_nonzero(flags & known) / np.count_nonzero(known) if known.any() else math.nan


def _not_measured(what: str) -> Finding:
    return Finding(False, status=NOT_MEASURED, detail=f"needs {what}")


def _gradient_ratio(series: Series) -> float:
    gradient = series.column("generator_gradient")
    steps: npt.NDArray[np.float64] = np.array(series.steps, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(gradient))
    if not known.size:
        return math.nan
    # With few evaluations none is early enough: then the first that was measured stands for early training.
    early = np.maximum(series.thresholds.early_share * series.context.steps, steps[known[0]])
    before = median(gradient[steps <= early])
    return share_of(median(gradient[series.span]), before)


def _slope_ratio(series: Series) -> float:
    slope = series.column("discriminator_slope")
    largest = np.fmax.accumulate(slope) if slope.size else slope
    ratio = np.where(largest > 0, slope / np.where(largest > 0, largest, 1.0), math.nan)
    return median(ratio[series.span])


def _auc_sd(series: Series) -> float:
    train, holdout = series.context.probe_train, series.context.probe_holdout
    return auc_null_sd(train, holdout) if train > 0 and holdout > 0 else 0.0
