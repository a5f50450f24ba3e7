"""Players of one number each: the smallest GAN, whose training can be solved on paper.

Their errors, circles and convergence are known in closed form, so that the trainer that
trains everything else can be held against them.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

GENERATOR_START, DISCRIMINATOR_START = 1.0, -1.0
"""Where the published runs start, under our sign: their discriminator is larger for fakes, from (1, 1)."""


class DiracGenerator(nn.Module):
    """All of its mass in one point ``position``, whatever the latent.

    Width and depth mean nothing here; they are taken so that every network is built alike.

    Shapes:
        latents: (batch, latent_dim). result: (batch, 1).

    Raises:
        ValueError: samples are not single numbers, or are bounded.

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", definition 2.1.

    Example:
        >>> DiracGenerator(4, 1, 1, (1,), bounded=False)(torch.randn(2, 4)).tolist()
        [[1.0], [1.0]]
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool
    ) -> None:
        super().__init__()
        _require_numbers(sample_shape)
        if bounded:
            raise ValueError("network 'dirac': data must be unbounded, got bounded data; use dataset 'dirac'")
        self.position = nn.Parameter(torch.full((1,), GENERATOR_START))

    def forward(self, latents: Tensor) -> Tensor:
        """Generate the same sample for every latent."""
        return self.position.expand(len(latents), 1)


class DiracDiscriminator(nn.Module):
    """``slope`` times the sample: larger = more real, if the slope says so.

    Shapes:
        samples: (batch, 1). result: (batch,).

    Raises:
        ValueError: samples are not single numbers.

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", definition 2.1.

    Example:
        >>> DiracDiscriminator(1, 1, (1,))(torch.tensor([[0.0], [2.0]])).tolist()
        [-0.0, -2.0]
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...]) -> None:
        super().__init__()
        _require_numbers(sample_shape)
        self.slope = nn.Parameter(torch.full((1,), DISCRIMINATOR_START))

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample by itself."""
        return (self.slope * samples).squeeze(-1)


def _require_numbers(sample_shape: tuple[int, ...]) -> None:
    if tuple(sample_shape) != (1,):
        raise ValueError(
            f"network 'dirac': samples must be single numbers, shape (1,), got {tuple(sample_shape)}; "
            "use dataset 'dirac'"
        )
