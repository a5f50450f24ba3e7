"""Why a run may have ended as it did: independent flags, each with its numbers or why it cannot be had.

Flags suggest a cause; only a changed experiment shows it. All look at evaluations after the first tenth of
training, unless they say otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from bench.diagnostics.arrays import Flags, Floats, median, rolling_median
from bench.diagnostics.discriminator import auc_null_sd
from bench.diagnostics.oscillation import theil_sen
from bench.verdict.factors import factor_falls, fall, smallest_factor
from bench.verdict.quality import q_limit
from bench.verdict.series import Series

MEASURED, NOT_MEASURED, NOT_APPLICABLE = "measured", "not_measured", "not_applicable"


@dataclass(frozen=True)
class Finding:
    """What one flag found.

    Args:
        flagged: whether the mechanism was at work. numbers, limits: measured, and compared with.
        status: measured, not_measured, or not_applicable (the loss or the regularizer has no such thing).
        detail: which part of the rule matched, or why there is no finding. What was measured of a rule that
            asks for more is among the numbers all the same.
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
    if math.isnan(delta):
        needed = "needs a trend of q: a distance with a scale, at two evaluations or more"
        return Finding(False, numbers, bounds, NOT_MEASURED, needed)
    flagged = bool(share >= limits.span_share and delta > limits.dominated_delta_q)
    return Finding(flagged, numbers, bounds)


def vanishing_gradient(series: Series) -> Finding:
    """The generator's signal died under a dominating discriminator; the detail says which factor of it.

    * ``gain``: the loss no longer reacts to the logit (the saturating loss, where fakes are surely fake).
    * ``gradient``: what reaches the generator's weights is a hundredth of what it was early in training. In
      the numbers ``gain_fall``, ``slope_fall`` and ``generator_fall`` are its three factors over their early
      selves (the loss, the discriminator, the generator's own layers), and the smallest is named.
    * ``slope``: a critic without decision point has gone flat: a hundredth of its own largest slope. It need
      not dominate, but the generator must be far from the data and stay there: at the data it should be flat.
    """
    limits, dominated = series.thresholds, discriminator_dominated(series)
    if not dominated.numbers:
        return dominated
    critic = series.context.decision_point is None
    numbers = {
        "gain": median(series.column("generator_gain")[series.span]) if series.context.has_gain else math.nan,
        "gradient": fall(series, "generator_gradient"),
        "slope": _slope_ratio(series) if critic else math.nan,
    }
    if all(math.isnan(value) for value in numbers.values()):
        return _not_measured("generator_gain, generator_gradient or discriminator_slope")
    bounds = {
        "gain": limits.vanished_gain,
        "gradient": limits.vanished_gradient,
        "slope": limits.vanished_slope,
    }
    falls = factor_falls(series, numbers["gradient"])
    if dominated.status != MEASURED:
        return Finding(False, {**numbers, **falls}, bounds, dominated.status, dominated.detail)
    stuck = dominated.numbers["delta_q"] > limits.dominated_delta_q and series.q_window > q_limit(series)
    allowed = {"gain": dominated.flagged, "gradient": dominated.flagged, "slope": stuck}
    died = [name for name, value in numbers.items() if value <= bounds[name] and allowed[name]]
    named = smallest_factor(falls) if "gradient" in died else ""
    return Finding(bool(died), {**numbers, **falls}, bounds, detail=" ".join(died) + named)


def generator_dominated(series: Series) -> Finding:
    """The discriminator is too weak: no help, where a fixed classifier (``probe_auc``) easily can tell.

    The detail says which of two it was in most evaluations; one that is right now and wrong then is neither.

    * ``cannot tell``: its AUC lies near one half, on either side.
    * ``sides wrong``: its AUC lies clearly below one half. It does tell the two apart, but takes generated
      samples for the real ones: the generator is always a step ahead of it.
    """
    limits = series.thresholds
    auc, probe = series.column("auc_real_fake")[series.span], series.column("probe_auc")[series.span]
    blind = _share(np.maximum(auc, 1 - auc) <= limits.weak_auc, auc)
    wrong, separable = _share(auc < 1 - limits.weak_auc, auc), median(probe)
    if math.isnan(blind) or math.isnan(separable):
        # The classifier is trained at the end of a run only: whatever was measured of it speaks for the run.
        return _not_measured("auc_real_fake with probe_auc (a classifier of fixed size on the same samples)")
    numbers = {"share": blind, "share_wrong": wrong, "auc_real_fake": median(auc), "probe_auc": separable}
    bounds = {
        "share": limits.span_share,
        "share_wrong": limits.span_share,
        "auc_real_fake": limits.weak_auc,
        "probe_auc": limits.weak_probe_auc,
    }
    signs = {"cannot tell": blind >= limits.span_share, "sides wrong": wrong >= limits.span_share}
    detail = next((name for name, holds in signs.items() if holds), "")
    flagged = bool(detail) and separable >= limits.weak_probe_auc
    return Finding(flagged, numbers, bounds, detail=detail if flagged else "")


def discriminator_overfit(series: Series) -> Finding:
    """The discriminator knows its training samples by heart, in most of the final window.

    ``harmful`` in the numbers (1 or 0) says whether the distance also rose again from its minimum.
    """
    limits = series.thresholds
    width = int(limits.overfit_smoothing)
    auc = rolling_median(series.column("auc_train_holdout"), width)[series.window]
    ratio = rolling_median(series.column("overfit_ratio"), width)[series.window]
    surely = overfit_limit(series)
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
    """Generated samples lie nearer to training samples than unseen real ones do, when last measured.

    The detail says by what: ``data_copying`` sample by sample, ``memory_ratio`` by the distance of the whole.
    """
    limits = series.thresholds
    numbers = {name: _latest(series, name) for name in ("data_copying", "memory_ratio")}
    if all(math.isnan(value) for value in numbers.values()):
        return _not_measured("data_copying or memory_ratio")
    signs = {
        "data_copying": numbers["data_copying"] < limits.copying_z,
        "memory_ratio": numbers["memory_ratio"] >= limits.memory_ratio,
    }
    detail = " ".join(name for name, holds in signs.items() if holds)
    bounds = {"data_copying": limits.copying_z, "memory_ratio": limits.memory_ratio}
    return Finding(
        bool(detail), {**numbers, "authenticity": series.last("authenticity")}, bounds, detail=detail
    )


def critic_unconstrained(series: Series) -> Finding:
    """The constraint that the regularizer is for does not do its work; the detail says what shows it.

    * gradient penalty: ``penalty_deviation``, slopes off one.
    * clipping: ``clip_saturation``, nearly all weights at the bound; or ``slope_profile``, gradients that
      grow or shrink a hundredfold from one layer to another.
    """
    limits = series.thresholds
    checks = {"gradient_penalty": ("penalty_deviation",), "clip": ("clip_saturation", "slope_profile")}
    if series.context.regularizer not in checks:
        reason = f"the regularizer {series.context.regularizer!r} sets no bound that could be missed"
        return Finding(False, status=NOT_APPLICABLE, detail=reason)
    names = checks[series.context.regularizer]
    bounds = {name: float(getattr(limits, name)) for name in names}
    columns = {name: series.column(name)[series.span] for name in names}
    shares = {name: _share(values > bounds[name], values) for name, values in columns.items()}
    if all(math.isnan(share) for share in shares.values()):
        return _not_measured(" or ".join(names))
    numbers = {name: median(values) for name, values in columns.items()}
    share = max(share for share in shares.values() if not math.isnan(share))
    detail = " ".join(name for name, each in shares.items() if each >= limits.span_share)
    return Finding(
        bool(detail), {"share": share, **numbers}, {"share": limits.span_share, **bounds}, detail=detail
    )


def rotational(series: Series) -> Finding:
    """At a point where both players nearly stand still, the game's Jacobian turns instead of attracting.

    From run-level numbers, measured on request only. Far from such a point eigenvalues say nothing, so there
    the flag cannot be had; nor where not all of them converged: the six that turn fastest may be others.
    """
    limits = series.thresholds
    names = ("spectrum_rotation", "stationarity")
    numbers = {name: float(series.run_level.get(name, math.nan)) for name in names}
    if any(math.isnan(value) for value in numbers.values()):
        return _not_measured("spectrum_rotation and stationarity, which a spectrum at the end of a run gives")
    bounds = {"spectrum_rotation": limits.rotation, "stationarity": limits.stationarity}
    # Older runs, and numbers from elsewhere, have no such status: they are taken at their word.
    if series.run_level.get("spectrum_rotation_ok", 1.0) < 1.0:
        return Finding(False, numbers, bounds, NOT_MEASURED, "the eigenvalues did not all converge")
    if numbers["stationarity"] > limits.stationarity:
        return Finding(False, numbers, bounds, NOT_APPLICABLE, "training had not come to rest")
    return Finding(numbers["spectrum_rotation"] >= limits.rotation, numbers, bounds)


MECHANISM_RULES: Mapping[str, Callable[[Series], Finding]] = {
    "D-dominated": discriminator_dominated,
    "vanishing-gradient": vanishing_gradient,
    "G-dominated": generator_dominated,
    "D-overfit": discriminator_overfit,
    "memorising": memorising,
    "critic-unconstrained": critic_unconstrained,
    "rotational": rotational,
}
"""Each flag with its rule; the names are those of ``bench.records.schema.MECHANISMS``, in their order."""


def _share(flags: Flags, values: Floats) -> float:
    known = np.isfinite(values)
    return np.count_nonzero(flags & known) / np.count_nonzero(known) if known.any() else math.nan


def _not_measured(what: str) -> Finding:
    return Finding(False, status=NOT_MEASURED, detail=f"needs {what}")


def overfit_limit(series: Series) -> float:
    """Least AUC of train against holdout that counts: beyond what as few training samples show by chance."""
    limits = series.thresholds
    return max(limits.overfit_auc, 0.5 + limits.overfit_null_sds * _auc_sd(series))


def _latest(series: Series, name: str) -> float:
    values = series.column(name)
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else math.nan


def _slope_ratio(series: Series) -> float:
    slope = series.column("discriminator_slope")
    largest = np.fmax.accumulate(slope) if slope.size else slope
    ratio = np.where(largest > 0, slope / np.where(largest > 0, largest, 1.0), math.nan)
    return median(ratio[series.span])


def _auc_sd(series: Series) -> float:
    train, holdout = series.context.probe_train, series.context.probe_holdout
    return auc_null_sd(train, holdout) if train > 0 and holdout > 0 else 0.0
