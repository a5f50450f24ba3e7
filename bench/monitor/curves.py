"""The series that a page draws, thinned so that no log makes a page of megabytes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats
from bench.monitor.observed import Curve

DRAWN_POINTS = 400

DRAWN = (
    "distance", "generator_loss", "discriminator_loss", "output_real", "output_fake", "output_holdout",
    "auc_real_fake", "auc_train_holdout", "generator_gradient", "discriminator_gradient", "coverage",
    "precision", "recall",
)  # fmt: skip
"""What is drawn where it is there."""


def curves_of(series: Mapping[str, tuple[npt.NDArray[np.int_], Floats]]) -> tuple[Curve, ...]:
    """Curves of the series that are drawn: finite values only, evenly thinned.

    Example:
        >>> steps = np.arange(3)
        >>> curves_of({"distance": (steps, np.array([3.0, np.nan, 1.0])), "lr": (steps, np.ones(3))})
        (Curve(name='distance', steps=(0, 2), values=(3.0, 1.0)),)
    """
    curves = []
    for name in DRAWN:
        steps, values = series.get(name, (np.array([], dtype=int), np.array([])))
        places = np.flatnonzero(np.isfinite(values))
        if places.size:
            wanted = np.linspace(0, len(places) - 1, min(len(places), DRAWN_POINTS)).round().astype(int)
            kept = places[np.unique(wanted)]
            curves.append(Curve(name, tuple(steps[kept].tolist()), tuple(values[kept].tolist())))
    return tuple(curves)
