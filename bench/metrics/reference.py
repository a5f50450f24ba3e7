"""The real side of every comparison: what is computed once per dataset and then only read."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from bench.features import Extractor, extractor_for
from bench.metrics import baselines, fidelity
from bench.metrics.arrays import Floats, as_rows
from bench.metrics.catalog import IMAGES, MIXTURES
from bench.metrics.distances import projections
from bench.metrics.diversity import PAIR_ROWS, median_distance
from bench.metrics.manifold import MANIFOLD_ROWS, Balls, real_balls
from bench.metrics.mode_counts import count_classes, smoothed_share
from gans.data import Dataset
from gans.rng import stream

EVALUATION_ROWS = 2500
"""Samples per evaluation where the holdout has as many: the field's count for up to 25 modes."""

FEWEST_REAL = 10
"""With no more than this, a neighbourhood of five has no meaning."""

SCALE_ROWS = 10_000
"""Training rows that fix the scale of standardised features."""


@dataclass(frozen=True, eq=False)
class Reference:
    """Real samples prepared for comparison. Never write into its arrays.

    Shapes:
        real: (n, *sample_shape), from the holdout, which no GAN has seen.
    """

    dataset: Dataset
    extractor: Extractor
    real: Tensor

    @property
    def n(self) -> int:
        """Real samples, and how many a generator has to draw for one evaluation."""
        return self.real.shape[0]

    @property
    def domain(self) -> str:
        """ "images" or "mixtures" (points of any kind)."""
        return MIXTURES if len(self.dataset.sample_shape) == 1 else IMAGES

    @property
    def distance_name(self) -> str:
        """The metric that verdicts use as the distance: "fid" for images, "sw2" for points."""
        return "sw2" if self.domain == MIXTURES else "fid"

    @property
    def fid_name(self) -> str:
        """Name of the Frechet distance: scores of different names must not be compared."""
        return f"fid-{self.extractor.name}@{self.n}"

    def latents(self, latent_dim: int) -> Tensor:
        """The fixed generator inputs of every evaluation, so that all runs are measured on the same ones.

        Shapes:
            result: (n, latent_dim), standard normal.
        """
        source = stream(0, f"evaluation/latents/{self.dataset.name}/{self.n}/{latent_dim}")
        return torch.randn(self.n, latent_dim, generator=source)

    def against(self, real: Tensor) -> Reference:
        """The same measuring stick laid on other real samples."""
        return replace(self, real=real)

    @cached_property
    def rows(self) -> Floats:
        """Real samples as float64 rows."""
        return as_rows(self.real)

    @cached_property
    def features(self) -> Floats:
        """Features of the real samples, (n, d)."""
        return as_rows(self.extractor.features(self.real))

    @cached_property
    def statistics(self) -> fidelity.Statistics:
        """Mean and covariance of the features."""
        return fidelity.frechet_statistics(self.features)

    @cached_property
    def fid_bias(self) -> float:
        """Frechet distance that real data of the same law and count would have, in closed form."""
        eigenvalues = np.linalg.eigvalsh(self.statistics["sigma"])
        return fidelity.fid_bias(eigenvalues, self.n, self.n)

    @cached_property
    def balls(self) -> Balls:
        """Neighbourhoods of the first 1,000 real rows."""
        return real_balls(self.features[:MANIFOLD_ROWS])

    @cached_property
    def projections(self) -> Floats:
        """Sorted projections of the real rows on the fixed directions."""
        return projections(self.features)

    @cached_property
    def median_distance(self) -> float:
        """Median distance between real samples."""
        return median_distance(self.rows[:PAIR_ROWS])

    @cached_property
    def modes(self) -> tuple[Floats, float] | None:
        """Centres (K, d) of the modes of a mixture and their standard deviation; None of other data."""
        data = self.dataset
        if data.mode_centers is None or data.mode_sd is None or self.domain != MIXTURES:
            return None
        return as_rows(data.mode_centers), data.mode_sd

    @cached_property
    def fair_share(self) -> Floats | None:
        """Share of each mode or class among real samples: known of a mixture, else as classified."""
        if self.modes is not None:
            return np.full(self.dataset.classes, 1 / self.dataset.classes)
        logits = self.extractor.logits(self.real)
        return None if logits is None else smoothed_share(count_classes(logits))

    @cached_property
    def range(self) -> tuple[Tensor, Tensor]:
        """Least and largest value of each coordinate: of the data, or the bounds they are scaled to."""
        if self.dataset.bounded:
            return torch.tensor(-1.0), torch.tensor(1.0)
        return self.dataset.train.amin(dim=0), self.dataset.train.amax(dim=0)

    def standardised(self, features: Floats) -> Floats:
        """Features about their mean over the training data, in units of their spread there."""
        mean, scale = self._scale
        standard: Floats = (features - mean) / scale
        return standard

    @cached_property
    def floors(self) -> Mapping[str, float]:
        """Every metric of real samples against real samples of the same count; see ``baselines``."""
        return baselines.mean_of(self.floor_draws)

    @cached_property
    def floor_draws(self) -> Mapping[str, tuple[float, ...]]:
        """The single draws behind ``floors``: how much each metric moves by chance."""
        return baselines.real_against_real(self)

    def copy(self, data_size: int) -> Mapping[str, float]:
        """What a faithful copy of that many training samples scores; see ``baselines``.

        Raises:
            ValueError: ``data_size`` is outside [1, dataset size].
        """
        return baselines.copy_scores(self, data_size)

    @cached_property
    def _scale(self) -> tuple[Floats, Floats]:
        train = as_rows(self.extractor.features(self.dataset.train[:SCALE_ROWS]))
        scale = train.std(axis=0)
        return train.mean(axis=0), np.where(scale > 0, scale, 1.0)


@functools.lru_cache(maxsize=16)
def reference_for(dataset: Dataset) -> Reference:
    """The reference of a dataset: the same object on every call, prepared as far as it was used.

    Raises:
        ValueError: the holdout is too small to measure against, or all its samples are equal.

    Example:
        >>> from gans.data import load
        >>> reference = reference_for(load("digits"))
        >>> reference.n, reference.distance_name, reference.fid_name
        (697, 'fid', 'fid-digits32@697')
    """
    if len(dataset.holdout) <= FEWEST_REAL:
        raise ValueError(
            f"dataset {dataset.name!r}: holdout must have more than {FEWEST_REAL} samples, "
            f"got {len(dataset.holdout)}; hold out more"
        )
    if dataset.is_constant:
        raise ValueError(
            f"dataset {dataset.name!r}: holdout samples must differ to be measured against, "
            f"got {len(dataset.holdout)} equal ones; train it with gans.cohort.Cohort and read the weights"
        )
    return Reference(dataset, extractor_for(dataset), dataset.holdout[:EVALUATION_ROWS])
