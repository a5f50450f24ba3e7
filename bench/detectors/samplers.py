"""Planted samplers: what a generator would make that fails in one known way, or in none.

Each is a function of the scene (data, and what the run may see of it), a random source and the number of
evaluations since the failure set in; it returns the samples of one evaluation. No training, no discriminator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bench.metrics import Reference, reference_for
from gans.data import Dataset

UNTRAINED_SD = 0.1
"""An untrained generator makes a small cloud in the middle of the data's range."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Where samplers draw from.

    Args:
        data: the dataset.
        own: indices of the training samples that the run may see.
    """

    data: Dataset
    own: Tensor

    @property
    def reference(self) -> Reference:
        """What samples are measured against."""
        return reference_for(self.data)

    @property
    def n(self) -> int:
        """Samples of one evaluation."""
        return self.reference.n


Sampler = Callable[[Scene, torch.Generator, int], Tensor]


def scene_of(data: Dataset, data_size: int | None = None, seed: int = 0) -> Scene:
    """A run on a random part of a dataset, or on all of it."""
    order = torch.randperm(data.size, generator=torch.Generator().manual_seed(seed))
    return Scene(data, order[: data_size or data.size])


def pick(pool: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Draw rows of a pool with replacement.

    Shapes:
        pool: (m, *sample_shape). result: (count, *sample_shape).
    """
    return pool[torch.randint(len(pool), (count,), generator=random)]


def noise_like(samples: Tensor, random: torch.Generator) -> Tensor:
    """Standard normal noise in the shape of some samples."""
    return torch.randn(samples.shape, generator=random)


def perfect(scene: Scene, random: torch.Generator, t: int) -> Tensor:
    """Any real training samples, whether the run may see them or not."""
    return pick(scene.data.train, scene.n, random)


def copies(scene: Scene, random: torch.Generator, t: int) -> Tensor:
    """Faithful copies of the training samples that the run may see: as good as its data allow."""
    return pick(scene.data.train[scene.own], scene.n, random)


def fresh(scene: Scene, random: torch.Generator, t: int) -> Tensor:
    """Perfect and new: the law of a mixture itself, of images real ones that the run may not see."""
    data = scene.data
    if data.mode_centers is not None and data.mode_sd is not None:
        centers = pick(data.mode_centers, scene.n, random)
        return centers + data.mode_sd * noise_like(centers, random)
    hidden = torch.ones(data.size, dtype=torch.bool)
    hidden[scene.own] = False
    return pick(data.train[hidden], scene.n, random)


def untrained(scene: Scene, random: torch.Generator, t: int = 0) -> Tensor:
    """A small cloud in the middle of the data's range."""
    return UNTRAINED_SD * torch.randn(scene.n, *scene.data.sample_shape, generator=random)


def classes(*kept: int) -> Sampler:
    """Perfect, of some classes or modes only."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples of the kept classes."""
        return pick(scene.data.train[_labelled(scene, kept)], scene.n, random)

    return sample


def dropped(count: int) -> Sampler:
    """Perfect, but for the last ``count`` classes or modes, which are never made."""
    return lambda scene, random, t: classes(*range(scene.data.classes - count))(scene, random, t)


def weighted(weights: Sequence[float]) -> Sampler:
    """All classes or modes, unevenly."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Training samples, each class as often as its weight says."""
        labels = scene.data.train_labels
        if labels is None:
            raise ValueError(f"weighted: {scene.data.name} must have labels, got none; plant another failure")
        shares = torch.tensor(weights, dtype=torch.float64)[labels] / torch.bincount(labels)[labels]
        # Not multinomial over all rows: its table of 100,000 is slower than the rest of an evaluation.
        spots = torch.rand(scene.n, generator=random, dtype=torch.float64) * shares.sum()
        places = torch.searchsorted(shares.cumsum(0), spots)
        return scene.data.train[places.clamp(max=len(labels) - 1)]

    return sample


def uneven(ratio: float) -> Sampler:
    """Every other class or mode is made ``ratio`` times as often as the rest."""
    return lambda scene, random, t: weighted([1.0 if k % 2 else ratio for k in range(scene.data.classes)])(
        scene, random, t
    )


def memorised(count: int, jitter: float = 0.0) -> Sampler:
    """The same few of the run's own training samples at every evaluation."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """The first few of the run's own, jittered."""
        drawn = pick(scene.data.train[scene.own[:count]], scene.n, random)
        return drawn + jitter * noise_like(drawn, random)

    return sample


def copying(share: float, jitter: float) -> Sampler:
    """That share of the samples are training samples of the run but for jitter, the others new."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """New samples, the chosen share of them replaced by jittered copies."""
        drawn, known = fresh(scene, random, t), copies(scene, random, t)
        copied = _some(scene.n, share, random)
        drawn[copied] = known[copied] + jitter * noise_like(known[copied], random)
        return drawn

    return sample


def one_per_class(scene: Scene, random: torch.Generator, t: int) -> Tensor:
    """One training sample of each class, over and over."""
    firsts = [int(_labelled(scene, [label]).nonzero()[0]) for label in range(scene.data.classes)]
    return pick(scene.data.train[firsts], scene.n, random)


def constant(sample_of: Callable[[Dataset], Tensor]) -> Sampler:
    """One sample, over and over."""
    return lambda scene, random, t: sample_of(scene.data).expand(scene.n, *scene.data.sample_shape).clone()


def mostly_one(odds: float) -> Sampler:
    """One training sample ``odds`` times as often as all others together."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples, most of them overwritten with the first training sample."""
        drawn = perfect(scene, random, t)
        drawn[_some(scene.n, odds / (1 + odds), random)] = scene.data.train[0]
        return drawn

    return sample


def noisy(sd: float) -> Sampler:
    """Perfect with noise on it."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples plus Gaussian noise."""
        drawn = perfect(scene, random, t)
        return drawn + sd * noise_like(drawn, random)

    return sample


def uniform_noise(scene: Scene, random: torch.Generator, t: int) -> Tensor:
    """No structure at all."""
    return 2 * torch.rand(scene.n, *scene.data.sample_shape, generator=random) - 1


def uniform_among(odds: float) -> Sampler:
    """Uniform noise ``odds`` times as often as perfect samples."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples, some of them overwritten with uniform noise."""
        drawn = perfect(scene, random, t)
        spoilt = _some(scene.n, odds / (1 + odds), random)
        drawn[spoilt] = uniform_noise(scene, random, t)[spoilt]
        return drawn

    return sample


def scaled(factor: float) -> Sampler:
    """Perfect, but too large or too small."""
    return lambda scene, random, t: factor * perfect(scene, random, t)


def faded(share: float) -> Sampler:
    """Between an untrained generator and the data: that share of a perfect sample, the rest a small cloud."""
    return lambda scene, random, t: (
        share * perfect(scene, random, t) + (1 - share) * untrained(scene, random, t)
    )


def narrow(factor: float) -> Sampler:
    """All modes of a mixture, each ``factor`` times as wide as it should be."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Training samples pulled towards the center of their mode."""
        data = scene.data
        if data.mode_centers is None or data.train_labels is None:
            raise ValueError(f"narrow: {data.name} must be a mixture with known modes; plant another failure")
        drawn = pick(torch.arange(data.size), scene.n, random)
        centers = data.mode_centers[data.train_labels[drawn]]
        return centers + factor * (data.train[drawn] - centers)

    return sample


def rotating(held: int, visited: int | None = None, period: int = 1) -> Sampler:
    """A few modes at a time, others after every ``period`` evaluations, ``visited`` of them in turn."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples of the modes whose turn it is."""
        turns = visited or scene.data.classes
        first = (t // period) * held
        return classes(*{(first + k) % turns for k in range(held)})(scene, random, t)

    return sample


def shifted(size: float, period: float) -> Sampler:
    """Perfect, but its mean swings to one side and back."""
    return lambda scene, random, t: perfect(scene, random, t) + size * abs(math.sin(math.pi * t / period))


def swaying(center: float, swing: float, period: float) -> Sampler:
    """Perfect, but off its mean by a distance whose logarithm follows a sine of amplitude ``swing``."""
    return lambda scene, random, t: (
        perfect(scene, random, t) + center * math.exp(swing * math.sin(2 * math.pi * t / period))
    )


def growing(rate: float) -> Sampler:
    """Samples that grow by ``rate`` from one evaluation to the next."""
    return lambda scene, random, t: perfect(scene, random, t) * rate**t


def broken(rows: int, at: int = 0) -> Sampler:
    """Perfect, but from evaluation ``at`` on some rows are not a number."""

    def sample(scene: Scene, random: torch.Generator, t: int) -> Tensor:
        """Perfect samples, some rows not a number from that evaluation on."""
        drawn = perfect(scene, random, t)
        if t >= at:
            drawn[_some(scene.n, rows / scene.n, random)] = math.nan
        return drawn

    return sample


def along(levels: Sequence[float]) -> Sampler:
    """Noise of one level after the other, the last one kept: errors that shrink or grow as planned."""
    return lambda scene, random, t: noisy(levels[min(t, len(levels) - 1)])(scene, random, t)


def _labelled(scene: Scene, kept: Sequence[int]) -> Tensor:
    labels = scene.data.train_labels
    if labels is None:
        raise ValueError(f"classes: {scene.data.name} must have labels, got none; plant another failure")
    return torch.isin(labels, torch.tensor(kept))


def _some(count: int, share: float, random: torch.Generator) -> Tensor:
    """Which rows: spread over the draw, since some metrics look at its first thousand only."""
    return torch.randperm(count, generator=random)[: round(share * count)]
