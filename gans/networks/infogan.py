"""InfoGAN's players, those of "Are GANs created equal?": two linear layers and two convolutions a side.

Width 64 is the published one: 1,024 hidden units (16 times the width), then 128 and 64 channels.
"""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor, nn

from gans.networks.normalisation import norm_layer
from gans.networks.strided import doubling, halving, published_sides, weights_by

DEPTH = 2
"""Convolutions of stride 2 on either side; there is no other."""

_HIDDEN = 16
"""Units of the hidden linear layer over the width."""

_DRAW = partial(nn.init.normal_, mean=0.0, std=0.02)


class InfoGANGenerator(nn.Module):
    """Latents through a hidden layer to a quarter of the side, then two transposed convolutions.

    The study draws latents uniformly from (-1, 1) and ends in a sigmoid over pixels in [0, 1]. Ours come
    normal and go through the normal distribution function, which makes them uniform; the sigmoid is stretched
    to [-1, 1].

    Shapes:
        latents: (batch, latent_dim), 64 in the study. result: (batch, channels, side, side).

    Raises:
        ValueError: samples are no square pictures, or the depth is not 2.

    Source:
        Lucic et al. 2018 with the networks of Chen et al. 2016, "InfoGAN", in the code of compare_gan:
        4 x 4 kernels, batch norm and leaky ReLU 0.2 on all but the last layer, N(0, 0.02).

    Example:
        64 * 1024 + 1024 * 6272 weights of linear layers, 128 * 64 * 16 + 64 * 16 of convolutions, and gains
        and biases: 2 * (1024 + 6272 + 64) of batch norm, 1024 + 6272 + 64 + 1 of layers:

        >>> published = InfoGANGenerator(64, 64, 2, (1, 28, 28), bounded=True)
        >>> sum(weight.numel() for weight in published.parameters())
        6642241
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool,
        norm: str = "batch",
    ) -> None:  # fmt: skip
        super().__init__()
        sides = published_sides("infogan", sample_shape, depth, DEPTH)
        hidden, deep, last = _HIDDEN * width, 2 * width, sides[-1]
        self.body = nn.Sequential(
            nn.Linear(latent_dim, hidden), *_normed_units(norm, hidden), nn.LeakyReLU(0.2),
            nn.Linear(hidden, deep * last**2), *_normed_units(norm, deep * last**2), nn.LeakyReLU(0.2),
            nn.Unflatten(1, (deep, last, last)),
            doubling(deep, width, sides[1]), norm_layer(norm, width), nn.LeakyReLU(0.2),
            doubling(width, sample_shape[0], sides[0]),
        )  # fmt: skip
        self.bounded = bounded
        self.apply(weights_by(_DRAW))

    def forward(self, latents: Tensor) -> Tensor:
        """Generate one sample per latent."""
        pictures: Tensor = self.body(torch.erf(latents / math.sqrt(2)))
        return 2 * torch.sigmoid(pictures) - 1 if self.bounded else pictures


class InfoGANDiscriminator(nn.Module):
    """Picture through two strided convolutions and a hidden layer to a logit.

    The study searches with and without batch norm (``discriminator_norm``), and does without under a
    gradient penalty.

    Shapes:
        samples: (batch, channels, side, side). result: (batch,), larger = more real.

    Raises:
        ValueError: samples are no square pictures, or the depth is not 2.

    Source:
        As ``InfoGANGenerator``; leaky ReLU 0.2, batch norm on all but the first and last layer.

    Example:
        64 * 16 + 128 * 64 * 16 + 6272 * 1024 + 1024 weights and 64 + 128 + 1024 + 1 biases:

        >>> published = InfoGANDiscriminator(64, 2, (1, 28, 28), norm="none")
        >>> sum(weight.numel() for weight in published.parameters())
        6556865
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...], norm: str = "batch") -> None:
        super().__init__()
        sides = published_sides("infogan", sample_shape, depth, DEPTH)
        hidden, deep, last = _HIDDEN * width, 2 * width, sides[-1]
        self.body = nn.Sequential(
            halving(sample_shape[0], width, sides[0]), nn.LeakyReLU(0.2),
            halving(width, deep, sides[1]), norm_layer(norm, deep), nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(deep * last**2, hidden), *_normed_units(norm, hidden), nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1),
        )  # fmt: skip
        self.apply(weights_by(_DRAW))

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample."""
        logits: Tensor = self.body(samples)
        return logits.squeeze(-1)


def _normed_units(norm: str, units: int) -> tuple[nn.Module, ...]:
    """Normalise a linear layer's outputs, each as a channel of one pixel."""
    return nn.Unflatten(1, (units, 1, 1)), norm_layer(norm, units), nn.Flatten()
