"""Normalisation between layers, by name, and what fits a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn

NORMS: Mapping[str, Callable[[int], nn.Module]] = {
    "none": lambda channels: nn.Identity(),
    "batch": nn.BatchNorm2d,
    "layer": lambda channels: nn.GroupNorm(1, channels),
}
"""Name to a layer for so many channels. Layer norm is over all of one sample, with a gain per channel."""


def norm_layer(name: str, channels: int) -> nn.Module:
    """The normalisation of a convolution's output.

    Args:
        name: one of ``NORMS``; "own" is resolved before a network is built.

    Raises:
        ValueError: another name.

    Example:
        >>> norm_layer("batch", 8).num_features
        8
    """
    if name not in NORMS:
        raise ValueError(f"norm: must be one of {', '.join(NORMS)}, got {name!r}; choose one of them")
    return NORMS[name](channels)


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
