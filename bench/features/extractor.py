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
        gate: least accuracy on a holdout that a classifier must reach to be used.
        sample_shape: the only one that can be embedded; None where any can.
        chunk: samples embedded at once.
        even_classes: real data hold all classes in equal shares, by construction.
        costly: features take so long that they are worth keeping on disk.
    """

    name: str
    dimension: int
    classes: int
    sha256: str
    embed: Callable[[Tensor], Tensor] = field(repr=False)
    classify: Callable[[Tensor], Tensor] | None = field(default=None, repr=False)
    gate: float = 0.0
    sample_shape: tuple[int, ...] | None = None
    chunk: int = CHUNK
    even_classes: bool = False
    costly: bool = False

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
        if len(samples) <= self.chunk:
            return self.embed(samples.detach().float())
        return torch.cat([self.embed(part.detach().float()) for part in torch.split(samples, self.chunk)])

    @torch.no_grad()
    def logits_of(self, features: Tensor) -> Tensor | None:
        """Class logits of features that are already there; None without a classifier."""
        return None if self.classify is None else self.classify(features)

    def logits(self, samples: Tensor) -> Tensor | None:
        """Class logits of samples, shape (N, classes); None without a classifier."""
        return None if self.classify is None else self.logits_of(self.features(samples))

    def require_shape(self, shape: tuple[int, ...]) -> None:
        """See that samples of a shape can be embedded.

        Raises:
            ExtractorError: the extractor was made for samples of another shape.
        """
        if self.sample_shape is not None and shape != self.sample_shape:
            raise ExtractorError(
                f"{self.name}: samples must have shape {self.sample_shape}, got {shape}; resize them, or use "
                "an extractor that was made for them"
            )
