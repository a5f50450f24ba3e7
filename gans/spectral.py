"""Spectral normalisation: every weight matrix of a discriminator over its largest singular value, estimated.

The estimate is made by power iteration, one turn per discriminator update. Its two vectors per weight are
buffers of the player, kept beside those of the module, so that nothing hides in a module and every member
has its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

FIRST_TURNS = 15
"""Power iterations before training, so that the first update meets an estimate and no guess."""

_SMALLEST = 1e-12
_LEFT, _RIGHT = "spectral.left:", "spectral.right:"


def normalised_names(module: nn.Module) -> tuple[str, ...]:
    """Parameters that are normalised: those of two axes or more. Biases and gains are not."""
    return tuple(name for name, value in module.named_parameters() if value.ndim > 1)


def is_spectral(name: str) -> bool:
    """Whether a buffer is one of spectral normalisation and none of the module."""
    return name.startswith((_LEFT, _RIGHT))


def starting_vectors(module: nn.Module, names: Sequence[str]) -> dict[str, Tensor]:
    """The buffers of an untrained module, from PyTorch's global generator: the caller seeds it.

    Shapes:
        result: for each name a left vector (rows,) and a right one (columns,), each of length 1.
    """
    weights = {name: value.detach() for name, value in module.named_parameters() if name in names}
    buffers = {}
    for name, weight in weights.items():
        rows, columns = _matrix(weight).shape
        buffers[_LEFT + name] = _unit(torch.randn(rows).to(weight))
        buffers[_RIGHT + name] = _unit(torch.randn(columns).to(weight))
    for _ in range(FIRST_TURNS):
        buffers = turned(weights, buffers, names)
    return buffers


def turned(
    weights: Mapping[str, Tensor], buffers: Mapping[str, Tensor], names: Sequence[str]
) -> dict[str, Tensor]:
    """The buffers after one power iteration; others come back as they are.

    Example:
        >>> left, right = torch.tensor([0.6, 0.8]), torch.tensor([1.0, 0.0])
        >>> start = {"spectral.left:w": left, "spectral.right:w": right}
        >>> turned({"w": torch.diag(torch.tensor([0.0, 2.0]))}, start, ["w"])["spectral.left:w"].tolist()
        [0.0, 1.0]
    """
    fresh = dict(buffers)
    for name in names:
        matrix = _matrix(weights[name].detach())
        right = _unit(matrix.mT @ buffers[_LEFT + name])
        fresh[_LEFT + name], fresh[_RIGHT + name] = _unit(matrix @ right), right
    return fresh


def normalised(
    weights: Mapping[str, Tensor], buffers: Mapping[str, Tensor], names: Sequence[str], norm: float
) -> dict[str, Tensor]:
    """The weights that the module computes with: the named ones scaled to a singular value of ``norm``.

    Gradients flow through the estimate too, its vectors standing still.

    Shapes:
        weights, result: name to (*shape).

    Source:
        Miyato et al. 2018, "Spectral normalization for generative adversarial networks", algorithm 1.

    Example:
        >>> second = torch.tensor([0.0, 1.0])
        >>> found = {"spectral.left:w": second, "spectral.right:w": second}
        >>> normalised({"w": torch.diag(torch.tensor([1.0, 2.0]))}, found, ["w"], 1.0)["w"].tolist()
        [[0.5, 0.0], [0.0, 1.0]]
    """
    scaled = dict(weights)
    for name in names:
        largest = buffers[_LEFT + name] @ (_matrix(weights[name]) @ buffers[_RIGHT + name])
        scaled[name] = weights[name] * (norm / largest)
    return scaled


def _matrix(weight: Tensor) -> Tensor:
    """Outputs against everything else, as the authors flatten a convolution."""
    return weight.reshape(weight.shape[0], -1)


def _unit(vector: Tensor) -> Tensor:
    unit: Tensor = vector / vector.norm().clamp(min=_SMALLEST)
    return unit
