"""The real side of every comparison: what is computed once per dataset and then only read."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from bench.features import Extractor, extractor_for
from bench.metrics import baselines, fidelity
from bench.metrics.arrays import SAMPLE_ROWS, Floats, Indices, as_rows
from bench.metrics.bins import histogram
from bench.metrics.birthday import NearDuplicates, duplicate_rule
from bench.metrics.catalog import IMAGES, MIXTURES
from bench.metrics.distances import projections, sliced_wasserstein
from bench.metrics.diversity import PAIR_ROWS, median_distance, vendi_score
from bench.metrics.extrapolation import Prefixes, counts_for, prefixes
from bench.metrics.frechet import FrechetFactor, distance_from_factor, frechet_factor
from bench.metrics.hits import Balls
from bench.metrics.kernel import KERNEL_ROWS, KernelSide, kernel_side
from bench.metrics.manifold import MANIFOLD_ROWS, certainty, manifold_scores, real_balls
from bench.metrics.mode_counts import assign_modes, count_classes, smoothed_share
from bench.metrics.training import NUMBERS, Remembered, TrainingSide, searched, training_side
from gans.data import Dataset
from gans.data.defects import NONE
from gans.rng import stream

EVALUATION_ROWS = 2500
"""Samples per evaluation where the holdout has as many: the field's count for up to 25 modes."""

ROWS_PER_CLASS = 10
"""Samples per evaluation and mode, at least: 10,000 for the 1,000 modes of stacked digits."""

FEWEST_REAL = 10
"""With no more than this, a neighbourhood of five has no meaning."""

FLOOR_DRAWS = 8
"""Random training sets of the evaluation's size whose mean distance to the holdout is a generator's floor."""

KEPT_TRAINING_SETS = 8
"""Runs of one seed share their training samples: what is known of the last few sets is kept, up to 64 MB."""

Summary = fidelity.Statistics | Floats
"""What the distance needs of one set of features: mean and covariance, or sorted projections."""


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
        """Real samples as float64 rows; the first 2,500 if there are more."""
        return as_rows(self.real[:SAMPLE_ROWS])

    @cached_property
    def features(self) -> Floats:
        """Features of the real samples, (n, d)."""
        return as_rows(self.extractor.features(self.real))

    @cached_property
    def statistics(self) -> fidelity.Statistics:
        """Mean and covariance of the features."""
        return fidelity.frechet_statistics(self.features)

    @cached_property
    def factor(self) -> FrechetFactor:
        """Root of the covariance of the features."""
        return frechet_factor(self.statistics)

    def frechet(self, statistics: fidelity.Statistics) -> float:
        """Frechet distance of some features to the real ones, by the kept root.

        Raises:
            numpy.linalg.LinAlgError: the statistics have no eigenvalues.
        """
        return distance_from_factor(self.factor, statistics)

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
    def logits(self) -> Tensor | None:
        """Class logits of the real samples; None without a classifier."""
        return self.extractor.logits_of(torch.from_numpy(self.features).float())

    @cached_property
    def fair_share(self) -> Floats | None:
        """Share of each mode or class among real samples: where known, that; else as classified."""
        if self.modes is not None:
            return np.full(self.dataset.classes, 1 / self.dataset.classes)
        if self.extractor.even_classes:
            return np.full(self.extractor.classes, 1 / self.extractor.classes)
        return None if self.logits is None else smoothed_share(count_classes(self.logits))

    @cached_property
    def range(self) -> tuple[Tensor, Tensor]:
        """Least and largest value of each coordinate: of the data, or the bounds they are scaled to."""
        if self.dataset.bounded:
            return torch.tensor(-1.0), torch.tensor(1.0)
        return self.dataset.train.amin(dim=0), self.dataset.train.amax(dim=0)

    def standardised(self, features: Floats) -> Floats:
        """Features about their mean over the training data, in units of their spread there."""
        mean, scale = self.training.scale
        standard: Floats = (features - mean) / scale
        return standard

    @cached_property
    def training(self) -> TrainingSide:
        """What is known of the whole training data, shared by all references of the dataset."""
        return training_side(self.dataset, self.extractor)

    @cached_property
    def kernel_side(self) -> KernelSide:
        """The real half of KID."""
        return kernel_side(self.standardised(self.features[:KERNEL_ROWS]))

    def prefixes(self, n: int) -> Prefixes | None:
        """The real half of FID_inf for n samples of either side; None if n is too small."""
        counts = counts_for(n, self.features.shape[1])
        if counts is None:
            return None
        if n not in self._prefixes:
            self._prefixes[n] = prefixes(self.features, counts, "real")
        return self._prefixes[n]

    @cached_property
    def _prefixes(self) -> dict[int, Prefixes]:
        return {}

    @cached_property
    def bin_counts(self) -> Floats:
        """Real samples per bin of the training data."""
        bins = self.training.bins
        return np.zeros(0) if bins is None else histogram(bins, self.rows)

    @cached_property
    def near_duplicates(self) -> NearDuplicates:
        """When two samples count as one."""
        return duplicate_rule(self.rows)

    @cached_property
    def feature_distance(self) -> float:
        """Median distance between real samples among the features."""
        return median_distance(self.features[:PAIR_ROWS])

    def vendi(self, n: int, width: float) -> float:
        """Effective number of distinct real samples among the first n."""
        if (n, width) not in self._vendi:
            self._vendi[n, width] = vendi_score(self.features[:n], width)
        return self._vendi[n, width]

    @cached_property
    def _vendi(self) -> dict[tuple[int, float], float]:
        return {}

    @cached_property
    def real_classes(self) -> Indices | None:
        """Class of each real sample as its extractor sees it, or its mode (-1: none); None without either."""
        if self.modes is not None:
            return assign_modes(self.features, *self.modes)
        return None if self.logits is None else self.logits.argmax(dim=1).numpy()

    @cached_property
    def certainty(self) -> float:
        """Mean probability of the most likely class of real samples; 0 without a classifier."""
        return 0.0 if self.logits is None else certainty(self.logits)

    @cached_property
    def train_precision(self) -> float:
        """Precision of training samples: what a perfect generator would have, near enough for a gate."""
        features = self.training.features[:MANIFOLD_ROWS]
        found = manifold_scores(self.features[:MANIFOLD_ROWS], features, self.balls).precision
        return found if np.isfinite(found) else 0.0

    def summarise(self, features: Floats) -> Summary:
        """What the distance needs of a set of features."""
        return projections(features) if self.distance_name == "sw2" else fidelity.frechet_statistics(features)

    def gap(self, first: Summary, second: Summary) -> float:
        """The distance that verdicts use, between any two summaries; NaN where it cannot be had."""
        if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
            return sliced_wasserstein(np.asarray(first), np.asarray(second))
        try:
            if second is self.statistics:
                return self.frechet(first)
            return fidelity.frechet_distance(first, second)
        except np.linalg.LinAlgError:
            return math.nan

    @cached_property
    def summary(self) -> Summary:
        """Summary of the real samples."""
        return self.projections if self.distance_name == "sw2" else self.statistics

    @cached_property
    def distance_floor(self) -> float:
        """Mean distance of as many random training samples to the real ones."""
        source = np.random.default_rng(0)
        features = self.training.features
        n = min(self.n, len(features))
        drawn = [features[source.permutation(len(features))[:n]] for _ in range(FLOOR_DRAWS)]
        return float(np.mean([self.gap(self.summarise(rows), self.summary) for rows in drawn]))

    def remembered(self, train: Tensor) -> Remembered:
        """What is known of one training set, looked up once: how far the real samples are from it.

        Of a large one, every second or third sample and so on stands for all.
        """
        train = train[searched(train, len(train))]
        kept = self._remembered
        key = hashlib.sha256(train.detach().cpu().contiguous().numpy().tobytes()).hexdigest()
        if key not in kept:
            most = min(KEPT_TRAINING_SETS, max(1, NUMBERS // max(1, train.numel())))
            while len(kept) >= most:
                kept.pop(next(iter(kept)))
            kept[key] = Remembered(self, train)
        return kept[key]

    @cached_property
    def _remembered(self) -> dict[str, Remembered]:
        return {}

    @cached_property
    def floors(self) -> Mapping[str, float]:
        """Every metric of real samples against real samples of the same count; see ``baselines``."""
        return baselines.mean_of(self.floor_draws)

    @cached_property
    def floor_draws(self) -> Mapping[str, tuple[float, ...]]:
        """The single draws behind ``floors``: how much each metric moves by chance."""
        return baselines.real_against_real(self)

    def copy(self, data_size: int, defect: str = NONE) -> Mapping[str, float]:
        """What a faithful copy of that many training samples scores, clean or spoiled; see ``baselines``.

        Raises:
            ValueError: ``data_size`` is outside [1, dataset size], or no such defect applies.
        """
        return baselines.copy_scores(self, data_size, defect)


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
    return Reference(dataset, extractor_for(dataset), _evaluated(dataset))


def _evaluated(dataset: Dataset) -> Tensor:
    """The part of the holdout that is measured against: of images, evenly spaced, for files may be sorted.

    The first half of MNIST's test digits are from other writers than the second.
    """
    rows = max(EVALUATION_ROWS, ROWS_PER_CLASS * dataset.classes)
    every = len(dataset.holdout) // rows if len(dataset.sample_shape) > 1 else 1
    return dataset.holdout[:: max(1, every)][:rows]
