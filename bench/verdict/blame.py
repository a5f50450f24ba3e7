"""What a run's distance from real data is made of: few samples, bad samples, and training itself.

Two anchors that need no training cut it: a faithful copy of as many clean samples, and a faithful copy of
the run's own, spoiled ones. Both are scored against the clean holdout, as the run is. On the scale of q
(0 real, 1 untrained, in the logarithm) the parts add up to the run's q.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.verdict.scale import normalised_log_distance

SIZE, DEFECT, TRAINING = "size", "defect", "training"

BLAMED = 0.1
"""A part is blamed from here on: faithful samplers of spoiled digits are within 0.06 of their anchor."""

BLAMED_OF_ROOM = 0.25
"""Data that are nearly as bad as no training leave little room below q = 1: training is blamed from this
share of it on. Faithful samplers of digits use at most a fifth of it, samplers of three images all."""

LEAST = 0.01
"""No part below it is blamed: two draws of one sampler differ by as much."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one run's q; NaN where they are not known.

    Args:
        size: what a faithful copy of as many clean samples lacks.
        defect: what a faithful copy of the spoiled samples lacks beyond it.
        training: what the run lacks beyond that: nothing, where it learned its data faithfully.
    """

    size: float
    defect: float
    training: float

    @property
    def blamed(self) -> str:
        """The parts that weigh, heaviest first, joined by a space; empty where none does.

        Example:
            >>> Parts(size=0.05, defect=0.3, training=0.02).blamed
            'defect'
            >>> Parts(size=0.0, defect=0.2, training=0.6).blamed
            'training defect'
        """
        weights = {SIZE: self.size, DEFECT: self.defect, TRAINING: self.training}
        room = 1 - self.size - self.defect
        limits = {TRAINING: max(LEAST, min(BLAMED, BLAMED_OF_ROOM * room))}
        heavy = [name for name, weight in weights.items() if weight >= limits.get(name, BLAMED)]
        return " ".join(sorted(heavy, key=lambda name: -weights[name]))

    def columns(self) -> Mapping[str, float]:
        """The parts under the names of their columns."""
        return {"q_size": self.size, "q_defect": self.defect, "q_training": self.training}


def parts_of(q: float, clean: float, copied: float, floor: float, start: float) -> Parts:
    """Cut a run's q at its two anchors.

    Args:
        q: of the run.
        clean: distance of a faithful copy of as many clean samples.
        copied: distance of a faithful copy of the run's own samples.
        floor, start: distances of real data and of the untrained generator.

    Example:
        >>> parts = parts_of(0.5, clean=2.0, copied=20.0, floor=2.0, start=200.0)
        >>> parts.size, parts.defect, parts.training, parts.blamed
        (0.0, 0.5, 0.0, 'defect')
    """
    if not (math.isfinite(clean) and math.isfinite(copied)):
        return Parts(math.nan, math.nan, math.nan)
    at_clean, at_copied = map(float, normalised_log_distance(np.array([clean, copied]), floor, start))
    return Parts(at_clean, at_copied - at_clean, q - at_copied)
