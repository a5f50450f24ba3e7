"""Plain fully connected players: the smallest networks that learn digits and mixtures."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


class MLPGenerator(nn.Module):
    """Latent vector to sample through ``depth`` hidden ReLU layers of one width.

    Shapes:
        latents: (batch, latent_dim).
        result: (batch, *sample_shape), within [-1, 1] if bounded.

    Example:
        >>> MLPGenerator(16, 32, 2, (1, 8, 8), bounded=True)(torch.zeros(5, 16)).shape
        torch.Size([5, 1, 8, 8])
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool
    ) -> None:
        super().__init__()
        self.sample_shape = sample_shape
        self.body = _layers([latent_dim, *[width] * depth, math.prod(sample_shape)], nn.ReLU())
        self.end = nn.Tanh() if bounded else nn.Identity()

    def forward(self, latents: Tensor) -> Tensor:
        """Generate one sample per latent."""
        samples: Tensor = self.end(self.body(latents))
        return samples.reshape(-1, *self.sample_shape)


class MLPDiscriminator(nn.Module):
    """Sample to logit through ``depth`` hidden leaky-ReLU layers of one width.

    Shapes:
        samples: (batch, *sample_shape).
        result: (batch,), larger = more real.

    Example:
        >>> MLPDiscriminator(32, 2, (1, 8, 8))(torch.zeros(5, 1, 8, 8)).shape
        torch.Size([5])
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...]) -> None:
        super().__init__()
        self.body = _layers([math.prod(sample_shape), *[width] * depth, 1], nn.LeakyReLU(0.2))

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample by itself."""
        logits: Tensor = self.body(torch.flatten(samples, start_dim=1))
        return logits.squeeze(-1)


def _layers(sizes: Sequence[int], activation: nn.Module) -> nn.Sequential:
    linear = [nn.Linear(inputs, outputs) for inputs, outputs in itertools.pairwise(sizes)]
    between = [layer for pair in zip(linear[:-1], itertools.repeat(activation)) for layer in pair]
    return nn.Sequential(*between, linear[-1])
