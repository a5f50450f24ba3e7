"""One draw of a generator beside the real samples: what a metric gets to see.

Intermediate results that several metrics need are computed here when first asked for, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from bench.metrics.arrays import SAMPLE_ROWS, Floats, Indices, as_rows
from bench.metrics.bins import BinComparison, compare_bins, histogram
from bench.metrics.extrapolation import Line, extrapolate, prefixes
from bench.metrics.finite import Precheck, precheck, row_keys
from bench.metrics.kernel import KERNEL_ROWS, kernel_side, mmd
from bench.metrics.manifold import MANIFOLD_ROWS, ManifoldScores, manifold_scores
from bench.metrics.memorisation import Memory
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
    features: Floats
    logits: Tensor | None
    train: Tensor | None = None

    @property
    def n(self) -> int:
        """Number of generated samples."""
        return self.samples.shape[0]

    @cached_property
    def finite(self) -> bool:
        """Whether every sample is finite, which most metrics need."""
        return bool(np.isfinite(self.samples.numpy()).all())  # PyTorch takes ten times as long

    @cached_property
    def precheck(self) -> Precheck:
        """What is wrong with the samples, counted."""
        return precheck(self.samples, *self.reference.range)

    @cached_property
    def rows(self) -> Floats:
        """Generated samples as float64 rows; a random 2,500 if there are more."""
        few = self.n <= SAMPLE_ROWS
        return as_rows(self.samples if few else self.samples[torch.from_numpy(self.order[:SAMPLE_ROWS])])

    @cached_property
    def order(self) -> Indices:
        """A random order of the samples that they alone decide, not the order in which they came.

        Metrics that take a part of the samples take the first in this order, so
        that shuffled samples score the same.
        """
        ranked = np.argsort(row_keys(self.samples.flatten(start_dim=1)), kind="stable")
        # Equal samples stand side by side now: the second, fixed shuffle spreads them.
        return ranked[np.random.default_rng(self.n).permutation(self.n)]

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
    def kernel_distance(self) -> tuple[float, float] | None:
        """KID and its standard error by blocks; None with fewer than two samples on a side."""
        reference = self.reference
        if min(reference.n, self.n) < 2:
            return None
        chosen = self.features[self.order[:KERNEL_ROWS]]
        return mmd(kernel_side(reference.standardised(chosen)), reference.kernel_side)

    @cached_property
    def fid_line(self) -> Line | None:
        """The Frechet distance as a line over one over the sample count; None with too few samples."""
        real = self.reference.prefixes(min(self.reference.n, self.n))
        if real is None:
            return None
        return extrapolate(real, prefixes(self.features[self.order], real.counts, "fake"))

    @cached_property
    def bins(self) -> BinComparison | None:
        """Generated and real samples over the bins of the training data; None if those are too few."""
        bins = self.reference.training.bins
        if bins is None:
            return None
        return compare_bins(self.reference.bin_counts, histogram(bins, self.rows))

    @cached_property
    def memory(self) -> Memory | None:
        """Nearest training samples, on the samples themselves; None where training samples are not given."""
        if self.train is None:
            return None
        known = self.reference.remembered(self.train)
        return Memory(known.search, known.search.nearest(self.rows), known.held_out)

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
