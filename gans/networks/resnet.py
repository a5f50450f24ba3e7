"""Residual players after SNGAN: every block doubles or halves the picture around a shortcut.

Width counts channels, the same in every block. Depth counts blocks that double or halve: 28 and 32 pixels
meet 7 and 8 with 2. The published 32-pixel players are generator depth 3 and width 256, discriminator
depth 2 and width 128.
"""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional

from gans.networks.normalisation import norm_layer
from gans.networks.strided import sides_of

_PLAIN_BLOCKS = 2
"""Blocks of a discriminator that keep the side, after those that halve it."""


class ResNetGenerator(nn.Module):
    """Latent vector to picture: one linear layer, then residual blocks that double the side.

    Shapes:
        latents: (batch, latent_dim). result: (batch, channels, side, side), within [-1, 1] if bounded.

    Raises:
        ValueError: samples are no square pictures whose side halves evenly so often.

    Source:
        Miyato et al. 2018, "Spectral normalization for generative adversarial networks", appendix B.4.

    Example:
        >>> import torch
        >>> ResNetGenerator(64, 8, 2, (1, 28, 28), bounded=True)(torch.zeros(5, 64)).shape
        torch.Size([5, 1, 28, 28])
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool,
        norm: str = "batch",
    ) -> None:  # fmt: skip
        super().__init__()
        side = _even_sides(sample_shape, depth)[-1]
        self.seed_shape = (width, side, side)
        self.seed = nn.Linear(latent_dim, width * side**2)
        self.body = nn.Sequential(
            *(_Block(width, width, norm, resize="double") for _ in range(depth)),
            norm_layer(norm, width),
            nn.ReLU(),
            nn.Conv2d(width, sample_shape[0], 3, padding=1),
            nn.Tanh() if bounded else nn.Identity(),
        )
        self.apply(_initialise)

    def forward(self, latents: Tensor) -> Tensor:
        """Generate one sample per latent."""
        samples: Tensor = self.body(self.seed(latents).reshape(-1, *self.seed_shape))
        return samples


class ResNetDiscriminator(nn.Module):
    """Picture to logit: residual blocks that halve the side, two that keep it, a sum over places.

    Shapes:
        samples: (batch, channels, side, side). result: (batch,), larger = more real.

    Raises:
        ValueError: samples are no square pictures whose side halves evenly so often.

    Source:
        Miyato et al. 2018, as ``ResNetGenerator``; no normalisation but the spectral one, a regularizer here.

    Example:
        >>> import torch
        >>> ResNetDiscriminator(8, 2, (3, 32, 32))(torch.zeros(5, 3, 32, 32)).shape
        torch.Size([5])
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...], norm: str = "none") -> None:
        super().__init__()
        _even_sides(sample_shape, depth)
        blocks = [_Block(sample_shape[0], width, norm, resize="halve", is_first=True)]
        blocks += [_Block(width, width, norm, resize="halve") for _ in range(depth - 1)]
        blocks += [_Block(width, width, norm) for _ in range(_PLAIN_BLOCKS)]
        self.body = nn.Sequential(*blocks, nn.ReLU())
        self.end = nn.Linear(width, 1)
        self.apply(_initialise)

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample."""
        logits: Tensor = self.end(self.body(samples).sum(dim=(2, 3)))
        return logits.squeeze(-1)


class _Block(nn.Module):
    """Two convolutions beside a shortcut; the first block of a discriminator meets pixels without ReLU."""

    def __init__(
        self, inputs: int, outputs: int, norm: str, *, resize: str = "", is_first: bool = False
    ) -> None:
        super().__init__()
        self.resize, self.is_first = resize, is_first
        opening = [] if is_first else [norm_layer(norm, inputs), nn.ReLU()]
        self.opening = nn.Sequential(*opening)
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.between = nn.Sequential(norm_layer("none" if is_first else norm, outputs), nn.ReLU())
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if resize or inputs != outputs else nn.Identity()

    def forward(self, inputs: Tensor) -> Tensor:
        """Add what the convolutions make to what the shortcut lets through."""
        hidden = self.opening(inputs)
        if self.resize == "double":
            hidden, inputs = _doubled(hidden), _doubled(inputs)
        hidden = self.second(self.between(self.first(hidden)))
        # A convolution of one pixel and a mean over four commute; the mean first saves three quarters.
        short = self.shortcut(_halved(inputs) if self.resize == "halve" else inputs)
        joined: Tensor = short + (_halved(hidden) if self.resize == "halve" else hidden)
        return joined


def _doubled(inputs: Tensor) -> Tensor:
    return functional.interpolate(inputs, scale_factor=2, mode="nearest")


def _halved(inputs: Tensor) -> Tensor:
    return functional.avg_pool2d(inputs, 2)


def _even_sides(sample_shape: tuple[int, ...], depth: int) -> list[int]:
    sides = sides_of("resnet", sample_shape, depth)
    if any(side % 2 for side in sides[:-1]):
        raise ValueError(
            f"network 'resnet': depth must halve {sides[0]} pixels evenly, got {depth}; "
            "use a smaller depth, 2 for 28 pixels"
        )
    return sides


def _initialise(module: nn.Module) -> None:
    """Draw Glorot's weights, with a gain of sqrt(2) for the 3 x 3 convolutions between ReLUs."""
    if isinstance(module, nn.Linear | nn.Conv2d):
        inside = isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3)
        nn.init.xavier_uniform_(module.weight, gain=math.sqrt(2) if inside else 1.0)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
