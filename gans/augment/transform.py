"""What an augmentation is made of: random changes of single samples, each made with a probability.

A transform is a pure function of samples and of uniform numbers that somebody else has drawn, so it runs
under ``vmap``, ``grad`` and ``torch.compile`` and never asks a random generator for anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Strength = Tensor | float
"""Probability of each change, 0 to 1: a number, or a tensor without axes."""

Change = Callable[[Tensor, Tensor], Tensor]
"""(samples, draws) to changed samples."""

Apply = Callable[[Tensor, Tensor, Strength], Tensor]
"""(samples, draws, strength) to samples of which some are changed."""


@dataclass(frozen=True)
class Transform:
    """One random change, made to each sample on its own.

    Shapes:
        apply: samples (batch, *event) and draws (batch, numbers), uniform on [0, 1), to (batch, *event).

    Args:
        numbers: uniform numbers that it takes per sample.
    """

    name: str
    numbers: int
    apply: Apply


@dataclass(frozen=True)
class Need:
    """What a transform asks of a sample's shape, in words and as a test."""

    words: str
    met: Callable[[tuple[int, ...]], bool]


def _is_image(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and min(shape[1:]) >= 2


IMAGE = Need("images of shape (channels, height, width)", _is_image)
SQUARE = Need("square images", lambda shape: _is_image(shape) and shape[1] == shape[2])
COLOUR = Need("images in colour (3 channels)", lambda shape: _is_image(shape) and shape[0] == 3)


def sometimes(name: str, numbers: int, change: Change) -> Transform:
    """A transform that changes each sample with probability ``strength`` and else leaves its bits alone.

    Args:
        numbers: how many the change itself takes; one more decides whether it is made.

    Example:
        >>> brighter = sometimes("brighter", 1, lambda samples, draws: samples + draws)
        >>> draws = torch.tensor([[0.2, 5.0], [0.9, 5.0]])
        >>> brighter.apply(torch.zeros(2, 1), draws, 0.5).tolist()
        [[5.0], [0.0]]
    """

    def apply(samples: Tensor, draws: Tensor, strength: Strength) -> Tensor:
        """The first number of each sample decides, the others say how."""
        chosen = per_sample(draws[:, 0] < strength, samples)
        return torch.where(chosen, change(samples, draws[:, 1:]), samples)

    return Transform(name, numbers + 1, apply)


def per_sample(values: Tensor, samples: Tensor) -> Tensor:
    """One value per sample, shaped to combine with samples.

    Shapes:
        values: (batch,). samples: (batch, *event). result: (batch, 1, ..., 1).
    """
    return values.reshape(-1, *(1,) * (samples.ndim - 1))


def whole(draws: Tensor, count: int) -> Tensor:
    """Uniform numbers on [0, 1) to uniform integers 0 to ``count - 1``, all equally likely.

    Shapes:
        draws: any. result: the same, int64.

    Example:
        >>> whole(torch.tensor([0.0, 0.49, 0.51, 0.999]), 2).tolist()
        [0, 0, 1, 1]
    """
    return (draws * count).floor().long().clamp(max=count - 1)


def normal(draws: Tensor) -> Tensor:
    """Uniform numbers on [0, 1) to standard normal ones, through the inverse of their distribution.

    Cut off at five standard deviations, so that a draw of exactly 0 stays finite.

    Shapes:
        draws, result: any, the same.

    Example:
        >>> [round(value, 3) for value in normal(torch.tensor([0.5, 0.975])).tolist()]
        [0.0, 1.96]
    """
    # 1 - 5.7e-7 is twice the normal distribution's mass up to five deviations, less one.
    return torch.erfinv((2 * draws - 1).clamp(-1 + 5.7e-7, 1 - 5.7e-7)) * 2**0.5
