"""NDB: how many bins of the data hold significantly more or fewer generated samples than held-out ones.

Bins are cells around k-means centres of training samples. The share of bins that differ is the level of the
test for a perfect generator, not 0, and grows with the sample count for any other: compare it at one count
only, and take the Jensen-Shannon divergence of the two histograms for size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, rel_entr

from bench.metrics.arrays import Flags, Floats
from bench.metrics.neighbours import Neighbours
from bench.metrics.result import NOT_APPLICABLE, OK, TOO_FEW, MetricResult, absent

if TYPE_CHECKING:
    from bench.metrics.comparison import Comparison

MOST_BINS = 100
ROWS_PER_BIN = 55
"""Training samples per bin, at least: 20 bins for the 1,100 digits."""

ALPHA = 0.05
FEWEST_PER_BIN = 5
"""Expected samples of either side per bin; with fewer the normal test is rough."""


@dataclass(frozen=True, eq=False)
class BinComparison:
    """Two histograms over the same bins.

    Shapes:
        real, fake: (bins,), counts.
    """

    real: Floats
    fake: Floats

    def z(self) -> Floats:
        """Two-proportion z per bin with pooled variance; 0 where neither side has a sample."""
        n, m = self.real.sum(), self.fake.sum()
        pooled = (self.real + self.fake) / (n + m)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        gap: Floats = self.fake / m - self.real / n
        z: Floats = np.divide(gap, error, out=np.zeros_like(gap), where=error > 0)
        return z

    def differs(self, threshold: float | None = None) -> Flags:
        """Bins whose |z| is beyond a threshold; by default the two-sided 5 % point."""
        limit = -ndtri(ALPHA / 2) if threshold is None else threshold
        flags: Flags = np.abs(self.z()) > limit
        return flags

    def jensen_shannon(self) -> float:
        """Jensen-Shannon divergence of the histograms, in nats: between 0 and log 2."""
        p, q = self.real / self.real.sum(), self.fake / self.fake.sum()
        middle = (p + q) / 2
        return float((rel_entr(p, middle).sum() + rel_entr(q, middle).sum()) / 2)


def compare_bins(real: Floats, fake: Floats) -> BinComparison:
    """Two histograms side by side.

    Source:
        Richardson and Weiss 2018, "On GANs and GMMs".

    Example:
        Of three bins one is lost, and the two others gain too little to matter:

        >>> found = compare_bins(np.array([50.0, 50.0, 20.0]), np.array([60.0, 60.0, 0.0]))
        >>> found.differs().tolist(), round(found.jensen_shannon(), 4)
        ([False, False, True], 0.0616)
    """
    return BinComparison(np.asarray(real, dtype=np.float64), np.asarray(fake, dtype=np.float64))


def fit_bins(rows: Floats, count: int, seed: int = 0) -> Neighbours:
    """Centres of k-means on training rows: as many as asked for, or as there are different rows.

    Shapes:
        rows: (n, d). result: a search over (bins, d) centres.
    """
    from sklearn.cluster import MiniBatchKMeans  # half a second to import

    distinct = len(np.unique(rows, axis=0))
    means = MiniBatchKMeans(
        max(1, min(count, distinct)), random_state=seed, batch_size=2048, n_init=1, max_iter=50
    )
    return Neighbours(means.fit(rows).cluster_centers_.astype(np.float64))


def histogram(bins: Neighbours, rows: Floats) -> Floats:
    """Rows per nearest centre. Shapes: rows (n, d), result (bins,)."""
    return np.bincount(bins.nearest(rows)[1], minlength=len(bins.points)).astype(np.float64)


def bins_for(rows: Floats) -> Neighbours | None:
    """Bins for a training set; None if it is too small for two."""
    count = min(MOST_BINS, len(rows) // ROWS_PER_BIN)
    return fit_bins(rows, count) if count >= 2 else None


def ndb(comparison: Comparison) -> MetricResult:
    """Share of bins whose shares of generated and held-out samples differ at the 5 % level; 0.05 for real."""
    found = comparison.bins
    if found is None:
        return absent(NOT_APPLICABLE, comparison.reference.n, comparison.n)
    return _result(comparison, found, float(found.differs().mean()))


def bin_jsd(comparison: Comparison) -> MetricResult:
    """Jensen-Shannon divergence, in nats, of generated and held-out samples over the bins."""
    found = comparison.bins
    if found is None:
        return absent(NOT_APPLICABLE, comparison.reference.n, comparison.n)
    return _result(comparison, found, found.jensen_shannon())


def _result(comparison: Comparison, found: BinComparison, value: float) -> MetricResult:
    n_real, n_fake = len(comparison.reference.rows), len(comparison.rows)
    enough = min(n_real, n_fake) >= FEWEST_PER_BIN * len(found.real)
    # Histograms of finite samples differ by chance: this is their divergence for equal laws, on average.
    null = (len(found.real) - 1) / 8 * (1 / n_real + 1 / n_fake)
    return MetricResult(
        value, n_real, n_fake, OK if enough else TOO_FEW, extra={"ndb_null": ALPHA, "jsd_null": null}
    )
