"""One draw of a generator beside the real samples: what a metric gets to see.

Intermediate results that several metrics need are computed here when first asked for, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from bench.metrics.arrays import Floats, as_rows
from bench.metrics.finite import Precheck
from bench.metrics.manifold import MANIFOLD_ROWS, ManifoldScores, manifold_scores
from bench.metrics.memorisation import Memory, recall_train
from bench.metrics.mode_counts import ModeCounts, count_classes, count_modes

if TYPE_CHECKING:
    from bench.metrics.reference import Reference


@dataclass(frozen=True, eq=False)
class Comparison:
    """Generated samples, prepared, and the reference that they are measured against.

    Metrics read it and write to nothing in it.

    Shapes:
        samples: (n, *sample_shape), CPU. features: (n, d), float64. logits: (n, classes).
        train: (m, *sample_shape), what the generator was trained on; None where not given.
    """

    reference: Reference
    samples: Tensor
    precheck: Precheck
    features: Floats
    logits: Tensor | None
    train: Tensor | None = None

    @property
    def n(self) -> int:
        """Number of generated samples."""
        return self.samples.shape[0]

    @cached_property
    def features_finite(self) -> bool:
        """Whether finite samples stayed finite on their way through the extractor."""
        return bool(np.isfinite(self.features).all())

    @cached_property
    def manifold(self) -> ManifoldScores:
        """Precision, recall, density and coverage, from the first 1,000 rows of either side."""
        reference = self.reference
        return manifold_scores(
            reference.features[:MANIFOLD_ROWS], self.features[:MANIFOLD_ROWS], reference.balls
        )

    @cached_property
    def memory(self) -> Memory | None:
        """Nearest training samples, on the samples themselves; None where training samples are not given."""
        if self.train is None:
            return None
        return recall_train(as_rows(self.samples), self.reference.rows, as_rows(self.train))

    @cached_property
    def mode_counts(self) -> ModeCounts | None:
        """Samples per mode of a mixture or class of images; None where the data have neither."""
        known, fair_share = self.reference.modes, self.reference.fair_share
        if fair_share is None:
            return None
        if known is not None:
            return ModeCounts(count_modes(self.features, *known), self.n, fair_share)
        if self.logits is None:
            return None
        return ModeCounts(count_classes(self.logits), self.n, fair_share)
