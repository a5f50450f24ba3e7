"""How a run ended: one exclusive label, found by an ordered table of rules of which the first match wins.

Rules look at the samples only; why a run ended so is for mechanisms.py to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.diagnostics.arrays import Flags, median, share_of
from bench.diagnostics.oscillation import amplitude_null, reversals
from bench.verdict.collapse import Collapse, kl_limit, partial_collapse, total_collapse
from bench.verdict.context import MIXTURE
from bench.verdict.series import Series, normalised_log_distance


@dataclass(frozen=True)
class Evidence:
    """Why a rule matched.

    Args:
        numbers: what was measured. limits: what it was compared with, under the same names where one exists.
        onset_step: first step from which it held; each rule says what "it" is.
        detail: the kind or the reason in words, where the label leaves it open.
    """

    numbers: Mapping[str, float]
    limits: Mapping[str, float] = field(default_factory=dict)
    onset_step: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Rule:
    """One row of the table: a name of its own, the label it gives, and the function that finds it.

    The function sees the series (which carries its context and thresholds) and returns evidence, or None.
    """

    name: str
    label: str
    find: Callable[[Series], Evidence | None]


def invalid(series: Series) -> Evidence | None:
    """Nothing can be said: no evaluations, stopped by us before 60 % of the steps, or no scale for q.

    Onset: none. A run that ended because its numbers were not finite is no invalid run.
    """
    if _diverged(series) is not None:
        return None
    context, limits = series.context, series.thresholds
    if not len(series):
        return Evidence({"evaluations": 0}, detail="no evaluation was stored")
    if series.steps[-1] < limits.done_share * context.steps:
        needed = limits.done_share * context.steps
        return Evidence(
            {"last_step": series.steps[-1]}, {"last_step": needed}, detail="stopped before its time"
        )
    scale = share_of(context.distance_start, context.distance_floor)
    if not scale >= limits.start_over_floor:
        bounds = {"start_over_floor": limits.start_over_floor}
        return Evidence({"start_over_floor": scale}, bounds, detail="the distance has no scale for q")
    if np.isnan(series.column("distance")).all() and not (series.column("finite_fraction") < 1).any():
        return Evidence({"evaluations": len(series)}, detail="the distance was never measured")
    return None


def diverged_nonfinite(series: Series) -> Evidence | None:
    """Numbers stopped being finite, or samples lie ten data ranges away, and it lasted.

    Onset: the step at which training first was not finite, where the trainer saw it; else the first bad
    evaluation.
    """
    return _diverged(series)


def mode_hopping(series: Series) -> Evidence | None:
    """Visits many more modes than it holds at once, moving far more than sampling does, at passable quality.

    Onset: first evaluation from which every histogram differed by that much from the one before.
    """
    limit = series.thresholds.hop_tv_factor * series.context.tv_null
    if not (series.hop >= series.thresholds.hop and series.tv_window > limit and series.gate_on):
        return None
    numbers = {"hop": series.hop, "histogram_tv": series.tv_window}
    limits = {"hop": series.thresholds.hop, "histogram_tv": limit}
    return Evidence(numbers, limits, series.onset(series.tv > limit))


def collapsed_total(series: Series) -> Evidence | None:
    """Total collapse in most of the final window.

    Onset: first evaluation from which it held, by the signs measured at each (coverage comes late only).
    """
    return _lasting(series, total_collapse(series))


def diverged_late(series: Series) -> Evidence | None:
    """Had learned, and ended where an untrained generator starts.

    Not where samples are seen to look like data to the end: two neighbouring modes of a ring are as far from
    all of it as an untrained cloud is, and what was lost then is modes.

    Onset: first evaluation from which q was back there.
    """
    limits = series.thresholds
    end = slice(-int(limits.late_evaluations), None)
    last, best = median(series.q[end]), best_q(series)
    if not (last >= limits.late_q and best <= limits.late_best_q) or series.plausible[end].all():
        return None
    numbers = {"q_last": last, "q_best": best}
    return Evidence(
        numbers,
        {"q_last": limits.late_q, "q_best": limits.late_best_q},
        series.onset(series.q >= limits.late_q),
    )


def no_progress_gate_off(series: Series) -> Evidence | None:
    """Never got anywhere and its samples do not look like data.

    Onset: the first evaluation.
    """
    return None if series.gate_on else no_progress(series)


def collapsed_partial(series: Series) -> Evidence | None:
    """Partial collapse in most of the final window; the detail says inter (modes) or intra (within modes).

    Onset: first evaluation from which it held, by the signs measured at each.
    """
    return _lasting(series, partial_collapse(series))


def no_progress(series: Series) -> Evidence | None:
    """Never got anywhere near the data.

    Onset: the first evaluation.
    """
    best, limit = best_q(series), series.thresholds.no_progress_q
    return Evidence({"q_best": best}, {"q_best": limit}, series.steps[0]) if best >= limit else None


def oscillating_quality(series: Series) -> Evidence | None:
    """The distance swings, and comes back. The detail says by which of three signs.

    * ``average``: the generator of averaged weights is far better, so the live one circles a good point.
    * ``reversals``: most large steps turn back on the one before.
    * ``rhythm``: a period stronger than red noise shows (over the second half of training).

    Onset: first evaluation from which large steps of the distance turned back, else the first of the window.
    """
    limits = series.thresholds
    swing = limits.amplitude * amplitude_null(series.noise)
    turned, large = reversals(series.log_distance, limits.noise_factor * series.noise)
    share = np.count_nonzero(turned) / (large - 1) if large >= limits.reversal_steps else math.nan
    if not series.amplitude >= swing:
        return None
    numbers = {
        "amplitude": series.amplitude,
        "ema_gap": series.ema_gap,
        "reversal_share": share,
        "oscillation_p": series.rhythm.p,
        "oscillation_period": series.rhythm.period,
    }
    bounds = {
        "amplitude": swing,
        "ema_gap": limits.ema_gap,
        "reversal_share": limits.reversal_share,
        "oscillation_p": limits.oscillation_p,
    }
    signs = {
        "average": series.ema_gap <= limits.ema_gap,
        "reversals": share >= limits.reversal_share,
        "rhythm": series.rhythm.p < limits.oscillation_p,
    }
    if not any(signs.values()):
        return None
    inside = series.steps[series.window]
    places = np.flatnonzero(turned)
    detail = " ".join(name for name, holds in signs.items() if holds)
    return Evidence(numbers, bounds, inside[places[0]] if places.size else inside[0], detail)


def still_improving(series: Series) -> Evidence | None:
    """The distance still falls, by more than sampling shows: the budget was too short to tell.

    Onset: none, nothing has set in.
    """
    limit = min(series.thresholds.improving_delta_q, -_trend_noise(series))
    return Evidence({"delta_q": series.delta_q}, {"delta_q": limit}) if series.delta_q <= limit else None


def degrading(series: Series) -> Evidence | None:
    """The distance rises in the final window, by more than sampling shows.

    Onset: the evaluation with the lowest q (median of three), from which it got worse.
    """
    limit = max(series.thresholds.degrading_delta_q, _trend_noise(series))
    if not series.delta_q >= limit:
        return None
    best = int(np.argmin(series.q_settled))
    return Evidence({"delta_q": series.delta_q}, {"delta_q": limit}, series.steps[best])


def stalled(series: Series) -> Evidence | None:
    """Ended its way at a quality clearly below what the data allow.

    Onset: first evaluation from which q stayed at its final level (at most ``improving_delta_q`` above it).
    """
    numbers, limits = _quality(series)
    short = [
        name
        for name, value in numbers.items()
        if (value > limits[name] if name == "q" else value < limits[name])
    ]
    if not short:
        return None
    level = series.q_window - series.thresholds.improving_delta_q
    return Evidence(numbers, limits, series.onset(series.q <= level), detail=" ".join(short))


def converged(series: Series) -> Evidence | None:
    """None of the above, and everything that says so was measured.

    Onset: first evaluation from which q was within its limit.
    """
    numbers, limits = _quality(series)
    if any(math.isnan(value) for value in numbers.values()):
        return None
    return Evidence(numbers, limits, series.onset(series.q <= limits["q"]))


RULES: tuple[Rule, ...] = (
    Rule("invalid", "invalid", invalid),
    Rule("diverged:nonfinite", "diverged:nonfinite", diverged_nonfinite),
    Rule("oscillating:mode-hopping", "oscillating:mode-hopping", mode_hopping),
    Rule("collapsed:total", "collapsed:total", collapsed_total),
    Rule("diverged:late", "diverged:late", diverged_late),
    Rule("no-progress:gate-off", "no-progress", no_progress_gate_off),
    Rule("collapsed:partial", "collapsed:partial", collapsed_partial),
    Rule("no-progress", "no-progress", no_progress),
    Rule("oscillating:quality", "oscillating:quality", oscillating_quality),
    Rule("still-improving", "still-improving", still_improving),
    Rule("degrading", "degrading", degrading),
    Rule("stalled-low-quality", "stalled-low-quality", stalled),
    Rule("converged", "converged", converged),
)
"""Mode hopping stands before collapse because each of its snapshots is collapsed; the rest by severity."""

UNDECIDABLE = Rule("undecidable", "invalid", lambda series: None)
"""What a run gets when no rule matches: too little was measured to call it converged."""


KIND_OF_SIGN = {
    "modes_share": "inter", "kl_share": "inter", "intra_share": "intra", "spread_share": "intra",
}  # fmt: skip
"""Partial collapse is between modes (some missing) or within them, by its strongest sign."""


def find_outcome(series: Series, rules: Sequence[Rule] = RULES) -> tuple[Rule, Evidence]:
    """The first rule that matches, with its evidence."""
    for rule in rules:
        evidence = rule.find(series)
        if evidence is not None:
            return rule, evidence
    numbers, limits = _quality(series)
    missing = " ".join(name for name, value in numbers.items() if math.isnan(value))
    return UNDECIDABLE, Evidence(numbers, limits, detail=f"not measured in the final window: {missing}")


def best_q(series: Series) -> float:
    """Lowest q of the whole run; NaN where q has no scale."""
    known = series.q[~np.isnan(series.q)]
    return float(known.min()) if known.size else math.nan


def q_limit(series: Series) -> float:
    """Largest q of a run that has arrived, measured from where a faithful copy of its data stands."""
    context, limits = series.context, series.thresholds
    scaled = normalised_log_distance(
        np.array([context.distance_copy]), context.distance_floor, context.distance_start
    )
    copied = float(np.clip(scaled[0], 0.0, 1.0)) if math.isfinite(context.distance_copy) else 0.0
    part = limits.stalled_q_mixture if context.kind == MIXTURE else limits.stalled_q
    return copied + part * (1 - copied)


def _quality(series: Series) -> tuple[dict[str, float], dict[str, float]]:
    limits = series.thresholds
    numbers, bounds = {"q": series.q_window}, {"q": q_limit(series)}
    if series.context.kind == MIXTURE:
        numbers["high_quality_rel"] = share_of(series.last("high_quality"), series.context.high_quality_floor)
        bounds["high_quality_rel"] = limits.stalled_high_quality
        return numbers, bounds
    numbers["precision_rel"] = median(series.relative("precision")[series.window])
    numbers["coverage_rel"] = median(series.relative("coverage")[series.window])
    return numbers, {
        **bounds,
        "precision_rel": limits.stalled_precision,
        "coverage_rel": limits.stalled_coverage,
    }


def _trend_noise(series: Series) -> float:
    return series.thresholds.trend_noise_sds * series.delta_q_noise


def _lasting(series: Series, collapse: Collapse) -> Evidence | None:
    inside = collapse.decided[series.window]
    if not inside.any():
        return None

    def share(flags: Flags) -> float:
        return np.count_nonzero(flags[series.window] & inside) / np.count_nonzero(inside)

    lasting, limit = share(collapse.holds), series.thresholds.persist_share
    if lasting < limit:
        return None
    shares = {f"{name}_share": share(flags) for name, flags in collapse.signs.items()}
    names = ("pairwise_ratio", "modes_strict", "mode_kl", "coverage", "recall", "density", "mode_spread")
    numbers = {"share": lasting, **shares, **{name: series.last(name) for name in names}}
    strongest = max(shares, key=lambda name: shares[name])
    kind = KIND_OF_SIGN.get(strongest, "")
    limits = {"share": limit, "mode_kl": kl_limit(series), "modes_strict": series.context.modes_ceiling}
    return Evidence(numbers, limits, series.onset(collapse.holds), kind)


def _diverged(series: Series) -> Evidence | None:
    if series.diverged_step is not None:
        return Evidence({"diverged_step": series.diverged_step}, {}, series.diverged_step, "training")
    limit = series.thresholds.range_factor * series.context.data_range
    far = series.raw("max_abs") > limit
    far[: series.window.start] = False  # outputs may fly far early and come back; what counts is the end
    bad = (series.raw("finite_fraction") < 1) | far
    lasts = bad & np.append(bad[1:], True)
    if not lasts.any():
        return None
    numbers = {"finite_fraction": series.last("finite_fraction"), "max_abs": series.last("max_abs")}
    detail = "samples not finite" if (series.raw("finite_fraction") < 1).any() else "samples far out of range"
    first = int(np.flatnonzero(lasts)[0])
    return Evidence(numbers, {"finite_fraction": 1.0, "max_abs": limit}, series.steps[first], detail)
