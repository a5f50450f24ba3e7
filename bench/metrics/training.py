"""The training data as metrics see them: their scale, their bins, and what a set of them gives away."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from bench.features import Extractor
from bench.metrics.arrays import Floats, Indices, as_rows
from bench.metrics.bins import bins_for
from bench.metrics.neighbours import Neighbours
from gans.data import Dataset

if TYPE_CHECKING:
    from bench.metrics.reference import Reference, Summary

SCALE_ROWS = 10_000
"""Training rows that fix the scale of standardised features, and the bins."""

NUMBERS = 8_000_000
"""Coordinates of the training samples that bins are made of and copies are sought among, at most: 64 MB."""

SUMMARY_ROWS = 2500
"""Rows of a member's training samples that enter its distance, at most: as many as of the holdout."""


@dataclass(frozen=True, eq=False)
class TrainingSide:
    """The whole training data. Never write into its arrays."""

    dataset: Dataset
    extractor: Extractor

    @cached_property
    def features(self) -> Floats:
        """Features of the first 10,000 training samples, (n, d)."""
        return as_rows(self.extractor.features(self.dataset.train[:SCALE_ROWS]))

    @cached_property
    def scale(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each feature; 1 where it does not vary."""
        spread = self.features.std(axis=0)
        return self.features.mean(axis=0), np.where(spread > 0, spread, 1.0)

    @cached_property
    def bins(self) -> Neighbours | None:
        """k-means centres on the samples themselves; None if there are too few for two."""
        return bins_for(as_rows(self.dataset.train[: min(SCALE_ROWS, searchable(self.dataset.train))]))


@functools.lru_cache(maxsize=16)
def training_side(dataset: Dataset, extractor: Extractor) -> TrainingSide:
    """The training side of a dataset: the same object on every call."""
    return TrainingSide(dataset, extractor)


def searchable(samples: Tensor) -> int:
    """How many such samples can be searched among: 10,204 of 28 by 28 pixels.

    Example:
        >>> import torch
        >>> searchable(torch.zeros(3, 1, 28, 28))
        10204
    """
    return max(1, NUMBERS // max(1, math.prod(samples.shape[1:])))


def searched(samples: Tensor, rows: int) -> slice:
    """Which of so many rows stand for all of them: every one, or every second, third and so on.

    Example:
        >>> import torch
        >>> searched(torch.zeros(1, 1, 28, 28), 10_000), searched(torch.zeros(1, 1, 28, 28), 60_000)
        (slice(None, None, 1), slice(None, None, 6))
    """
    return slice(None, None, 1 + (rows - 1) // searchable(samples))


@dataclass(frozen=True, eq=False)
class Remembered:
    """One member's training samples beside the real ones of a reference."""

    reference: Reference
    train: Tensor

    @cached_property
    def search(self) -> Neighbours:
        """Nearest training samples, on the samples themselves."""
        return Neighbours(as_rows(self.train))

    @cached_property
    def held_out(self) -> tuple[Floats, Indices]:
        """Squared distance of each real sample to its nearest training sample, and that one's index."""
        return self.search.nearest(self.reference.rows)

    @cached_property
    def summary(self) -> Summary:
        """What the distance needs of these training samples."""
        every = max(1, len(self.train) // SUMMARY_ROWS)
        features = self.reference.extractor.features(self.train[::every][:SUMMARY_ROWS])
        return self.reference.summarise(as_rows(features))

    @cached_property
    def floor(self) -> float:
        """Distance of the real samples to these training samples."""
        return self.reference.gap(self.reference.summary, self.summary)
