"""What convolutional players share: how a picture is halved and doubled, and how their weights are drawn."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn


def sides_of(network: str, sample_shape: tuple[int, ...], halvings: int) -> list[int]:
    """Sides of a picture as it is halved, an odd side rounded up, the largest first.

    Raises:
        ValueError: samples are no square pictures, or too small to be halved so often.

    Example:
        >>> sides_of("dcgan", (1, 28, 28), 3)
        [28, 14, 7, 4]
    """
    shape = tuple(sample_shape)
    if len(shape) != 3 or shape[1] != shape[2]:
        raise ValueError(
            f"network {network!r}: samples must be square pictures, shape (channels, side, side), "
            f"got {shape}; use network 'mlp'"
        )
    sides = [shape[1]]
    while sides[-1] > 1:
        sides.append((sides[-1] + 1) // 2)
    if not 1 <= halvings < len(sides):
        raise ValueError(
            f"network {network!r}: depth must be from 1 to {len(sides) - 1} for {shape[1]} pixels, "
            f"got {halvings}; it counts how often they are halved"
        )
    return sides[: halvings + 1]


def published_sides(network: str, sample_shape: tuple[int, ...], depth: int, published: int) -> list[int]:
    """Sides of a picture in players that exist in one depth only.

    Raises:
        ValueError: another depth, or as ``sides_of``.

    Example:
        >>> published_sides("metz", (3, 28, 28), 3, published=3)
        [28, 14, 7, 4]
    """
    if depth != published:
        raise ValueError(
            f"network {network!r}: depth must be {published}, that of the published players, got {depth}; "
            f"set generator_depth and discriminator_depth to {published}"
        )
    return sides_of(network, sample_shape, published)


def halving(inputs: int, outputs: int, side: int, *, bias: bool = True) -> nn.Module:
    """A convolution of stride 2; an odd side is rounded up."""
    return nn.Conv2d(inputs, outputs, 3 if side % 2 else 4, stride=2, padding=1, bias=bias)


def doubling(inputs: int, outputs: int, side: int, *, bias: bool = True) -> nn.Module:
    """Its inverse, up to the side given."""
    return nn.ConvTranspose2d(inputs, outputs, 3 if side % 2 else 4, stride=2, padding=1, bias=bias)


def weights_by(draw: Callable[[Tensor], object]) -> Callable[[nn.Module], None]:
    """What ``Module.apply`` takes: draws weights of linear and convolution layers in place, biases are 0.

    Example:
        >>> layer = nn.Linear(2, 1).apply(weights_by(nn.init.ones_))
        >>> layer.weight.tolist(), layer.bias.tolist()
        ([[1.0, 1.0]], [0.0])
    """

    def initialise(module: nn.Module) -> None:
        """Draw the weights of one layer."""
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            draw(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    return initialise
