"""Convolutional players after DCGAN: one strided convolution per halving of the picture, no pooling.

Width counts the channels beside the picture; they double with every halving. Depth counts halvings:
28 and 32 pixels end at 7 and 8 with 2, at 4 with 3.
"""

from __future__ import annotations

from torch import Tensor, nn

from gans.networks.normalisation import norm_layer
from gans.networks.strided import doubling, halving, sides_of


class DCGANGenerator(nn.Module):
    """Latent vector to picture: one linear layer, then transposed convolutions that double the side.

    Shapes:
        latents: (batch, latent_dim). result: (batch, channels, side, side), within [-1, 1] if bounded.

    Raises:
        ValueError: samples are no square pictures, or too small for the depth.

    Source:
        Radford et al. 2016, "Unsupervised representation learning with deep convolutional
        generative adversarial networks": ReLU, batch norm on all but the last layer, N(0, 0.02).

    Example:
        >>> import torch
        >>> DCGANGenerator(64, 8, 3, (3, 32, 32), bounded=True)(torch.zeros(5, 64)).shape
        torch.Size([5, 3, 32, 32])
    """

    def __init__(
        self, latent_dim: int, width: int, depth: int, sample_shape: tuple[int, ...], bounded: bool,
        norm: str = "batch",
    ) -> None:  # fmt: skip
        super().__init__()
        sides = sides_of("dcgan", sample_shape, depth)
        channels = [width * 2**level for level in range(depth)]
        self.seed_shape = (channels[-1], sides[-1], sides[-1])
        biased = norm == "none"
        self.seed = nn.Linear(latent_dim, channels[-1] * sides[-1] ** 2, bias=biased)
        layers: list[nn.Module] = [norm_layer(norm, channels[-1]), nn.ReLU()]
        for level in range(depth - 1, 0, -1):
            grown = doubling(channels[level], channels[level - 1], sides[level - 1], bias=biased)
            layers += [grown, norm_layer(norm, channels[level - 1]), nn.ReLU()]
        layers.append(doubling(channels[0], sample_shape[0], sides[0], bias=True))
        self.body = nn.Sequential(*layers, nn.Tanh() if bounded else nn.Identity())
        self.apply(_initialise)

    def forward(self, latents: Tensor) -> Tensor:
        """Generate one sample per latent."""
        samples: Tensor = self.body(self.seed(latents).reshape(-1, *self.seed_shape))
        return samples


class DCGANDiscriminator(nn.Module):
    """Picture to logit: strided convolutions that halve the side, then one linear layer.

    Shapes:
        samples: (batch, channels, side, side). result: (batch,), larger = more real.

    Raises:
        ValueError: samples are no square pictures, or too small for the depth.

    Source:
        Radford et al. 2016, as ``DCGANGenerator``: leaky ReLU 0.2, batch norm on all but the first and
        last layer.

    Example:
        >>> import torch
        >>> DCGANDiscriminator(8, 2, (1, 28, 28))(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5])
    """

    def __init__(self, width: int, depth: int, sample_shape: tuple[int, ...], norm: str = "batch") -> None:
        super().__init__()
        sides = sides_of("dcgan", sample_shape, depth)
        channels = [sample_shape[0], *(width * 2**level for level in range(depth))]
        layers: list[nn.Module] = []
        for level in range(depth):
            # The first layer looks at pixels, whose scale is known and whose bias is worth having.
            own = "none" if level == 0 else norm
            halved = halving(channels[level], channels[level + 1], sides[level], bias=own == "none")
            layers += [halved, norm_layer(own, channels[level + 1]), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels[-1] * sides[-1] ** 2, 1))
        self.apply(_initialise)

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample."""
        logits: Tensor = self.body(samples)
        return logits.squeeze(-1)


def _initialise(module: nn.Module) -> None:
    """Draw weights from N(0, 0.02) and gains from N(1, 0.02); biases start at 0."""
    if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
    bias = getattr(module, "bias", None)
    if isinstance(bias, Tensor):
        nn.init.zeros_(bias)
