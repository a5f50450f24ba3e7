"""Endings that samples alone show: broken, collapsed, hopping, or never anywhere near the data."""

from __future__ import annotations

import numpy as np

from bench.diagnostics.arrays import Flags, median, share_of
from bench.verdict.collapse import Collapse, kl_limit, partial_collapse, total_collapse
from bench.verdict.evidence import Evidence
from bench.verdict.quality import best_q
from bench.verdict.series import Series

CONSTANT = "real data are constant: nothing has a scale"


def invalid(series: Series) -> Evidence | None:
    """Nothing can be said: no evaluations, stopped by us before 60 % of the steps, or no scale for q.

    Real data that are all the same give no scale either, and the detail says so.

    Onset: none. A run that ended because its numbers were not finite is no invalid run.
    """
    if _diverged(series) is not None:
        return None
    context, limits = series.context, series.thresholds
    if not len(series):
        return Evidence({"evaluations": 0}, detail="no evaluation was stored")
    if context.data_range <= 0:
        return Evidence({"data_range": context.data_range}, {"data_range": 0.0}, detail=CONSTANT)
    if series.steps[-1] < limits.done_share * context.steps:
        needed = limits.done_share * context.steps
        return Evidence(
            {"last_step": series.steps[-1]}, {"last_step": needed}, detail="stopped before its time"
        )
    return _without_scale(series)


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


def _without_scale(series: Series) -> Evidence | None:
    context, limits = series.context, series.thresholds
    scale = share_of(context.distance_start, context.distance_floor)
    if not scale >= limits.start_over_floor:
        bounds = {"start_over_floor": limits.start_over_floor}
        return Evidence({"start_over_floor": scale}, bounds, detail="the distance has no scale for q")
    if np.isnan(series.column("distance")).all() and not (series.column("finite_fraction") < 1).any():
        return Evidence({"evaluations": len(series)}, detail="the distance was never measured")
    return None


KIND_OF_SIGN = {
    "modes_share": "inter", "kl_share": "inter", "intra_share": "intra", "spread_share": "intra",
}  # fmt: skip
"""Partial collapse is between modes (some missing) or within them, by its strongest sign."""


def _lasting(series: Series, collapse: Collapse) -> Evidence | None:
    inside = collapse.decided[series.window]
    if not inside.any():
        return None

    def _share(flags: Flags) -> float:
        return np.count_nonzero(flags[series.window] & inside) / np.count_nonzero(inside)

    lasting, limit = _share(collapse.holds), series.thresholds.persist_share
    if lasting < limit:
        return None
    shares = {f"{name}_share": _share(flags) for name, flags in collapse.signs.items()}
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
    # Constant data have no range: every sample would be infinitely many of them away.
    far = (series.raw("max_abs") > limit) & (series.context.data_range > 0)
    far[: series.window.start] = False  # outputs may fly far early and come back; what counts is the end
    bad = (series.raw("finite_fraction") < 1) | far
    lasts = bad & np.append(bad[1:], True)
    if not lasts.any():
        return None
    numbers = {"finite_fraction": series.last("finite_fraction"), "max_abs": series.last("max_abs")}
    detail = "samples not finite" if (series.raw("finite_fraction") < 1).any() else "samples far out of range"
    first = int(np.flatnonzero(lasts)[0])
    return Evidence(numbers, {"finite_fraction": 1.0, "max_abs": limit}, series.steps[first], detail)
