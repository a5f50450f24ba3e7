"""Which curves show that a rule matched: what a report draws beside a verdict.

Every outcome's and every measured mechanism's evidence holds such a ``plot``:

    {"series": ["q", "precision"],        columns of EVALUATION_COLUMNS to draw over the step, most telling
                                          first; only those that this run has a value of
     "limits": {"q": [0.45]},             horizontal lines, per column and in its unit; none where the rule
                                          compares something else (a trend, an amplitude)
     "from_step": 1900}                   the rule looked at evaluations from here to the end; null where
                                          there was none
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench.diagnostics.arrays import Flags
from bench.verdict.collapse import kl_limit
from bench.verdict.context import MIXTURE
from bench.verdict.factors import early_gradient
from bench.verdict.mechanisms import overfit_limit
from bench.verdict.quality import q_limit
from bench.verdict.series import Series

Limit = Callable[[Series], float]


@dataclass(frozen=True)
class Shown:
    """What to draw for one rule: columns, the lines to compare them with, and the part of the run it saw.

    Args:
        part: a name of PARTS.
    """

    columns: tuple[str, ...]
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    part: str = "window"


def _window(series: Series) -> Flags:
    inside = np.zeros(len(series), dtype=np.bool_)
    inside[series.window] = True
    return inside


PARTS: Mapping[str, Callable[[Series], Flags]] = {
    "run": lambda series: np.ones(len(series), dtype=np.bool_),
    "window": _window,
    "span": lambda series: series.span,
    "late": lambda series: series.late,
}
"""Parts of a run that rules look at: all of it, the final window, after the first tenth, the second half."""


def _limit(name: str) -> tuple[Limit, ...]:
    return (lambda series: float(getattr(series.thresholds, name)),)


def _of_ceiling(name: str, column: str) -> tuple[Limit, ...]:
    """A limit that is a share of what the data allow, in the unit of the column."""
    return (lambda series: getattr(series.thresholds, name) * series.context.ceiling(column),)


def _high_quality(series: Series) -> float:
    return series.thresholds.stalled_high_quality * series.context.high_quality_floor


_GATE = {
    "precision": _of_ceiling("gate_precision", "precision"),
    "high_quality": _limit("gate_high_quality"),
}
_QUALITY = Shown(
    ("q", "precision", "coverage", "high_quality"),
    {
        "q": (q_limit,),
        "precision": _of_ceiling("stalled_precision", "precision"),
        "coverage": _of_ceiling("stalled_coverage", "coverage"),
        "high_quality": (_high_quality,),
    },
)
_INTER = Shown(
    ("modes_strict", "mode_kl"),
    {"modes_strict": (lambda series: float(series.context.modes_ceiling),), "mode_kl": (kl_limit,)},
)

PLOTS: Mapping[str, Shown] = {
    "invalid": Shown(("distance", "finite_fraction"), part="run"),
    "undecidable": _QUALITY,
    "diverged:nonfinite": Shown(
        ("finite_fraction", "max_abs", "distance"),
        {
            "finite_fraction": (lambda series: 1.0,),
            "max_abs": (lambda series: series.thresholds.range_factor * series.context.data_range,),
        },
        "run",
    ),
    "oscillating:mode-hopping": Shown(
        ("histogram_tv", "modes_strict"),
        {"histogram_tv": (lambda series: series.thresholds.hop_tv_factor * series.context.tv_null,)},
    ),
    "collapsed:total": Shown(
        ("pairwise_ratio", "modes_strict", "coverage"),
        {"pairwise_ratio": _limit("total_pairwise"), "coverage": _of_ceiling("total_coverage", "coverage")},
    ),
    "diverged:late": Shown(("q",), {"q": _limit("late_q") + _limit("late_best_q")}, "run"),
    "no-progress:gate-off": Shown(
        ("q", "precision", "high_quality"), {"q": _limit("no_progress_q"), **_GATE}, "run"
    ),
    "collapsed:partial": _INTER,
    "collapsed:partial (inter)": _INTER,
    "collapsed:partial (intra)": Shown(
        ("coverage", "recall", "density", "mode_spread"),
        {
            "coverage": _of_ceiling("intra_coverage", "coverage"),
            "recall": _of_ceiling("intra_recall", "recall"),
            "density": _limit("intra_density"),
            "mode_spread": _limit("intra_spread"),
        },
    ),
    "no-progress": Shown(("q",), {"q": _limit("no_progress_q")}, "run"),
    "oscillating:quality": Shown(("distance", "distance_ema")),
    "oscillating:quality (rhythm)": Shown(("distance", "distance_ema"), part="late"),
    "still-improving": Shown(("q",)),
    "degrading": Shown(("q",)),
    "stalled-low-quality": _QUALITY,
    "converged": _QUALITY,
    "D-dominated": Shown(("auc_real_fake", "q"), {"auc_real_fake": _limit("dominated_auc")}, "span"),
    "vanishing-gradient": Shown(
        ("generator_gradient", "generator_gain", "discriminator_slope", "auc_real_fake"),
        {
            "generator_gradient": (lambda s: s.thresholds.vanished_gradient * early_gradient(s),),
            "generator_gain": _limit("vanished_gain"),
            "auc_real_fake": _limit("dominated_auc"),
        },
        "span",
    ),
    "G-dominated": Shown(
        ("auc_real_fake", "probe_auc"),
        {
            "auc_real_fake": (*_limit("weak_auc"), lambda series: 1 - series.thresholds.weak_auc),
            "probe_auc": _limit("weak_probe_auc"),
        },
        "span",
    ),
    "D-overfit": Shown(
        ("auc_train_holdout", "overfit_ratio", "q"),
        {"auc_train_holdout": (overfit_limit,), "overfit_ratio": _limit("overfit_ratio")},
    ),
    "memorising": Shown(
        ("data_copying", "memory_ratio", "authenticity"),
        {"data_copying": _limit("copying_z"), "memory_ratio": _limit("memory_ratio")},
        "run",
    ),
    "critic-unconstrained": Shown(
        ("penalty_deviation", "clip_saturation", "slope_profile"),
        {name: _limit(name) for name in ("penalty_deviation", "clip_saturation", "slope_profile")},
        "span",
    ),
    "rotational": Shown(
        ("generator_cosine", "discriminator_cosine", "q"),
        {name: (lambda series: 0.0,) for name in ("generator_cosine", "discriminator_cosine")},
        "span",
    ),
}
"""By name of an outcome's rule or of a mechanism; where one kind looks elsewhere, by ``name (detail)``."""


def plot_of(name: str, detail: str, series: Series) -> dict[str, Any]:
    """The plot that shows one finding, as strict JSON values; its form is at the top of this module.

    Args:
        name: of an outcome's rule or of a mechanism. detail: of its evidence.
    """
    shown = PLOTS.get(f"{name} ({detail})", PLOTS[name])
    drawn = [column for column in shown.columns if _has(series, column)]
    limits = {column: [find(series) for find in shown.limits.get(column, ())] for column in drawn}
    steps = [step for step, seen in zip(series.steps, PARTS[shown.part](series), strict=True) if seen]
    return {
        "series": drawn,
        "limits": {
            column: kept
            for column, values in limits.items()
            if (kept := [float(value) for value in values if math.isfinite(value)])
        },
        "from_step": steps[0] if steps else None,
    }


def _has(series: Series, column: str) -> bool:
    if column == "precision" and series.context.kind == MIXTURE:
        return False  # measured, but no rule of a mixture looks at it
    computed = {"q": lambda: series.q, "histogram_tv": lambda: series.tv}
    values = computed[column]() if column in computed else series.raw(column)
    return not bool(np.isnan(values).all())
