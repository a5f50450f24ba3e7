"""What counts as total and as partial collapse at one evaluation; breakdown.py says whether it lasts.

Everything is taken relative to what the data allow: a faithful copy of 64 images covers a third of the
digits, and a generator that does as well has not collapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.diagnostics.arrays import Flags
from bench.verdict.series import Series


@dataclass(frozen=True)
class Collapse:
    """Where one kind of collapse holds, where that could be told at all, and by which of its signs.

    Shapes:
        holds, decided: (evaluations,); each sign likewise.
    """

    holds: Flags
    decided: Flags
    signs: Mapping[str, Flags]


def total_collapse(series: Series) -> Collapse:
    """Nearly everything generated is one sample, one mode, or one small patch of the data.

    * ``pairwise``: generated samples lie at most a tenth as far apart as real ones. The one sign that needs
      no quality gate: a single bad image is collapse too.
    * ``modes``: at most a tenth of the modes (at least one) held, and hardly any of the data covered.
    * ``coverage``: next to nothing of the data covered, while the samples look like data. Where modes are
      known, at most half of them held: a point for every mode is partial collapse, within the modes.
    """
    limits, context = series.thresholds, series.context
    pairwise, modes = series.column("pairwise_ratio"), series.column("modes_strict")
    coverage = series.relative("coverage")
    few = max(1, int(limits.total_modes_share * context.modes_ceiling))
    uncovered = (coverage <= limits.total_coverage) | np.isnan(coverage)
    signs = {
        "pairwise": pairwise <= limits.total_pairwise,
        "modes": (modes <= few) & (context.modes_ceiling > few) & uncovered & series.gate,
        "coverage": (coverage <= limits.total_coverage_alone)
        & ~(modes > context.modes_ceiling / 2)
        & series.gate,
    }
    return _collapse(signs, np.isfinite(pairwise) | np.isfinite(modes) | np.isfinite(coverage))


def partial_collapse(series: Series) -> Collapse:
    """Part of the data is missing while the samples look like data.

    * ``modes``: fewer modes held than a faithful copy holds (beyond 50 modes: than 95 % of them).
    * ``kl``: the histogram over modes is further from the real one than a faithful copy's, beyond chance.
    * ``intra``: no mode missing, but much of the data within them; recall and density keep noisy ones out.
    * ``spread``: mixtures: no mode missing, but each of them less than half as wide as it should be.
    """
    limits, context = series.thresholds, series.context
    modes, kl = series.column("modes_strict"), series.column("mode_kl")
    coverage, recall, density = (
        series.relative("coverage"),
        series.column("recall"),
        series.column("density"),
    )
    reachable = context.modes_ceiling
    many = context.modes_total > limits.many_modes
    missing = modes < limits.partial_modes_share * reachable if many else modes <= reachable - 1
    recalled = max(limits.intra_recall * context.ceiling("recall"), limits.intra_recall_blind)
    thin = (coverage < limits.intra_coverage) & (recall < recalled) & (density >= limits.intra_density)
    signs = {
        "modes": missing & series.gate,
        "kl": (kl > kl_limit(series)) & series.gate,
        "intra": thin & ~missing & series.gate,
        "spread": (series.column("mode_spread") < limits.intra_spread) & ~missing & series.gate,
    }
    return _collapse(signs, np.isfinite(modes) | np.isfinite(kl) | np.isfinite(coverage))


def kl_limit(series: Series) -> float:
    """Largest KL over modes that is not yet collapse: a faithful copy's, and a margin beyond chance."""
    limits, context = series.thresholds, series.context
    copied = context.mode_kl_copy if np.isfinite(context.mode_kl_copy) else 0.0
    return max(copied, 0.0) + max(limits.partial_kl, limits.kl_null_factor * context.kl_null_q99)


def _collapse(signs: Mapping[str, Flags], decided: Flags) -> Collapse:
    holds: Flags = np.logical_or.reduce(list(signs.values()))
    return Collapse(holds, decided, signs)
