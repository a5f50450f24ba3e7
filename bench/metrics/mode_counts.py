"""How many samples fall into each mode of a mixture or class of images.

A mode of a mixture is known; a class of images is what the extractor's classifier says. Noise falls into
every class, so counts over classes mean something only beside precision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from bench.metrics.arrays import Floats, Indices

HIGH_QUALITY_RADIUS = 3.0
"""Standard deviations within which a sample belongs to a mode."""

STRICT_SHARE = 0.2
"""A mode is strictly covered when it has this part of its fair share. The usual count needs one sample,
and a stray mass of 0.001 gives it one in 92 of 100 draws of 2,500."""


@dataclass(frozen=True, eq=False)
class ModeCounts:
    """Samples per mode or class, beside what real data would have.

    Shapes:
        counts: (K,), whole numbers. fair_share: (K,), positive, sums to 1.

    Args:
        total: all samples, those in no mode included.
        fair_share: share of each mode among real samples.

    Example:
        >>> found = ModeCounts(np.array([6.0, 1.0, 0.0]), total=10, fair_share=np.array([0.4, 0.3, 0.3]))
        >>> found.histogram, found.covered, found.strictly_covered, found.counted
        ((0.6, 0.1, 0.0), 2, 2, 7)
    """

    counts: Floats
    total: int
    fair_share: Floats

    @property
    def histogram(self) -> tuple[float, ...]:
        """Each mode's share of all samples; sums to less than 1 by the samples in no mode."""
        return tuple((self.counts / self.total).tolist())

    @property
    def counted(self) -> int:
        """Samples that belong to some mode."""
        return int(self.counts.sum())

    @property
    def covered(self) -> int:
        """Modes with at least one sample, the count of the literature."""
        return int((self.counts >= 1).sum())

    @property
    def strictly_covered(self) -> int:
        """Modes with at least a fifth of their fair share of all samples."""
        # The subtraction keeps 0.2 * 2625 * (1 / 75) = 7.000000000000001 from asking for 8 samples.
        return int((self.counts >= STRICT_SHARE * self.total * self.fair_share - 1e-9).sum())


def assign_modes(points: Floats, centers: Floats, sd: float) -> Indices:
    """Nearest mode of each point, -1 for a point within three standard deviations of none.

    Shapes:
        points: (n, d). centers: (K, d). result: (n,).

    Source:
        Lin et al. 2018, "PacGAN: The power of two samples in generative
        adversarial networks", section 4.1.

    Example:
        >>> centers = np.array([[0.0, 0.0], [9.0, 0.0]])
        >>> assign_modes(np.array([[0.1, 0.0], [9.0, 0.2], [8.0, 0.0]]), centers, sd=0.1).tolist()
        [0, 1, -1]
    """
    # Axis by axis, because the array of all differences would leave the cache.
    squared = np.zeros((len(points), len(centers)))
    for axis in range(points.shape[1]):
        squared += np.square(np.subtract.outer(points[:, axis], centers[:, axis]))
    mode = squared.argmin(axis=1)
    is_near = squared[np.arange(len(points)), mode] < (HIGH_QUALITY_RADIUS * sd) ** 2
    return np.where(is_near, mode, -1)


def count_modes(points: Floats, centers: Floats, sd: float) -> Floats:
    """High-quality samples per mode. Shapes: points (n, d), centers (K, d), result (K,)."""
    mode = assign_modes(points, centers, sd)
    return np.bincount(mode[mode >= 0], minlength=len(centers)).astype(np.float64)


def count_classes(logits: Tensor) -> Floats:
    """Samples per most likely class. Shapes: logits (n, K), result (K,)."""
    return np.bincount(logits.argmax(dim=1).numpy(), minlength=logits.shape[1]).astype(np.float64)


def smoothed_share(counts: Floats) -> Floats:
    """Histogram of real counts with half a sample added to each class, so that none is zero.

    Example:
        >>> smoothed_share(np.array([0.0, 3.0])).tolist()
        [0.125, 0.875]
    """
    raised = counts + 0.5
    share: Floats = raised / raised.sum()
    return share
