"""The exact small players of the stacked-MNIST capacity experiment.

Width 8 is that of the published generator; discriminators of width 4 and 2 are its 1/2 and 1/4.
Source and parameter counts: Metz et al. 2017 as published in the code of Lin et al. 2018.
"""

from __future__ import annotations

from torch import Tensor, nn

from gans.networks.normalisation import norm_layer
from gans.networks.strided import published_sides, weights_by

DEPTH = 3
"""Convolutions of stride 2 on either side; there is no other."""


class MetzGenerator(nn.Module):
    """Latent vector through 4 x 4, 7 x 7 and 14 x 14 to 28 x 28 pixels; channels 8, 4, 2, 1 times ``width``.

    Shapes:
        latents: (batch, latent_dim), 256 in the paper. result: (batch, channels, side, side).

    Raises:
        ValueError: samples are no square pictures, or the depth is not 3.

    Source:
        Metz et al. 2017, "Unrolled generative adversarial networks", appendix D; layers as in the code of
        Lin et al. 2018, "PacGAN", 3 x 3 kernels, batch norm, Glorot's weights.

    Example:
        >>> published = MetzGenerator(256, 8, 3, (3, 28, 28), bounded=True)
        >>> sum(weight.numel() for weight in published.parameters())
        287875
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool,
        norm: str = "batch",
    ) -> None:  # fmt: skip
        super().__init__()
        sides = published_sides("metz", sample_shape, depth, DEPTH)
        channels = [width * 2**level for level in range(DEPTH + 1)]
        self.seed_shape = (channels[DEPTH], sides[DEPTH], sides[DEPTH])
        self.seed = nn.Linear(latent_dim, channels[DEPTH] * sides[DEPTH] ** 2)
        layers: list[nn.Module] = [norm_layer(norm, channels[DEPTH]), nn.ReLU()]
        for level in range(DEPTH, 0, -1):
            fits = 1 - sides[level - 1] % 2
            grown = nn.ConvTranspose2d(channels[level], channels[level - 1], 3, 2, 1, output_padding=fits)
            layers += [grown, norm_layer(norm, channels[level - 1]), nn.ReLU()]
        layers.append(nn.Conv2d(channels[0], sample_shape[0], 3, padding=1))
        self.body = nn.Sequential(*layers, nn.Tanh() if bounded else nn.Identity())
        self.apply(weights_by(nn.init.xavier_uniform_))

    def forward(self, latents: Tensor) -> Tensor:
        """Generate one sample per latent."""
        samples: Tensor = self.body(self.seed(latents).reshape(-1, *self.seed_shape))
        return samples


class MetzDiscriminator(nn.Module):
    """Picture through three 3 x 3 convolutions of stride 2 to a logit; channels 1, 2, 4 times ``width``.

    TensorFlow pads one side of an even picture only, we pad both: the same sizes, moved by one pixel.

    Shapes:
        samples: (batch, channels, side, side). result: (batch,), larger = more real.

    Raises:
        ValueError: samples are no square pictures, or the depth is not 3.

    Source:
        As ``MetzGenerator``; batch norm and leaky ReLU 0.3 on every convolution.

    Example:
        >>> published = [MetzDiscriminator(width, 3, (3, 28, 28)) for width in (2, 4, 8)]
        >>> [sum(weight.numel() for weight in one.parameters()) for one in published]
        [585, 1889, 6657]
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...], norm: str = "batch") -> None:
        super().__init__()
        sides = published_sides("metz", sample_shape, depth, DEPTH)
        channels = [sample_shape[0], *(width * 2**level for level in range(DEPTH))]
        layers: list[nn.Module] = []
        for level in range(DEPTH):
            halved = nn.Conv2d(channels[level], channels[level + 1], 3, stride=2, padding=1)
            layers += [halved, norm_layer(norm, channels[level + 1]), nn.LeakyReLU(0.3)]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels[-1] * sides[-1] ** 2, 1))
        self.apply(weights_by(nn.init.xavier_uniform_))

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample."""
        logits: Tensor = self.body(samples)
        return logits.squeeze(-1)
