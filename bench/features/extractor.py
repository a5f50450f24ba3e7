"""What an extractor is: samples in, the vectors that quality is measured on out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

CHUNK = 1 << 12
"""Rows embedded at once: activations stay in the cache, and no image size fills the memory."""


class ExtractorError(ValueError):
    """The weights of an extractor are not the ones that were checked, or do not classify well enough."""


@dataclass(frozen=True, eq=False)
class Extractor:
    """A frozen map from samples to features, and from features to class logits where it is a classifier.

    Numbers measured through two extractors are never comparable, so every score
    bears the name of its own.

    Shapes:
        embed: (N, *sample_shape) -> (N, dimension). classify: (N, dimension) -> (N, classes).

    Args:
        name: as it stands in score names, such as "digits32".
        dimension: length of one feature vector.
        classes: how many classes ``classify`` tells apart; 0 without one.
        sha256: content hash of everything the map depends on; part of the key of every cached statistic.
        embed: the map itself, any autograd state.
        classify: class logits from features, calibrated; None if the extractor is no classifier.
    """

    name: str
    dimension: int
    classes: int
    sha256: str
    embed: Callable[[Tensor], Tensor] = field(repr=False)
    classify: Callable[[Tensor], Tensor] | None = field(default=None, repr=False)

    @torch.no_grad()
    def features(self, samples: Tensor) -> Tensor:
        """Feature vectors of samples, without an autograd graph.

        Shapes:
            samples: (N, *sample_shape), any floating type. result: (N, dimension), float32.

        Example:
            >>> from bench.features.identity import xy
            >>> xy().features(torch.tensor([[1.0, 2.0]], dtype=torch.float64))
            tensor([[1., 2.]])
        """
        if len(samples) <= CHUNK:
            return self.embed(samples.detach().float())
        return torch.cat([self.embed(chunk.detach().float()) for chunk in torch.split(samples, CHUNK)])

    @torch.no_grad()
    def logits_of(self, features: Tensor) -> Tensor | None:
        """Class logits of features that are already there; None without a classifier."""
        return None if self.classify is None else self.classify(features)

    def logits(self, samples: Tensor) -> Tensor | None:
        """Class logits of samples, shape (N, classes); None without a classifier."""
        return None if self.classify is None else self.logits_of(self.features(samples))
