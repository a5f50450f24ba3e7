"""Normalisation between layers, by name."""

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
