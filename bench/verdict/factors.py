"""Which factor of the generator's gradient fell: the loss, the discriminator, or the generator itself."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import median, share_of
from bench.verdict.series import Series


def early_gradient(series: Series) -> float:
    """The generator's gradient early in training, which later ones are compared with."""
    return _early(series, "generator_gradient")


def _early(series: Series, name: str) -> float:
    values = series.column(name)
    steps: npt.NDArray[np.float64] = np.array(series.steps, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return math.nan
    # With few evaluations none is early enough: then the first that was measured stands for early training.
    early = np.maximum(series.thresholds.early_share * series.context.steps, steps[known[0]])
    return median(values[steps <= early])


def fall(series: Series, name: str) -> float:
    """A column after the first tenth over its early self."""
    return share_of(median(series.column(name)[series.span]), _early(series, name))


def factor_falls(series: Series, gradient: float) -> dict[str, float]:
    """The three factors of the generator's gradient over their early selves; the third is what remains."""
    gain = fall(series, "generator_gain") if series.context.has_gain else math.nan
    slope = fall(series, "discriminator_slope")
    return {
        "gain_fall": gain,
        "slope_fall": slope,
        "generator_fall": share_of(gradient, gain * slope),
    }


def smallest_factor(falls: Mapping[str, float]) -> str:
    """Name the factor that fell most; nothing while one of them is not known."""
    known = {name: value for name, value in falls.items() if math.isfinite(value)}
    if len(known) < len(falls):
        return ""
    return f", most of it by {FACTORS[min(known, key=lambda name: known[name])]}"


FACTORS: Mapping[str, str] = {
    "gain_fall": "the loss",
    "slope_fall": "the discriminator",
    "generator_fall": "the generator's own layers",
}
"""Where a generator's gradient can die: before the logit, between logit and sample, behind the sample."""
