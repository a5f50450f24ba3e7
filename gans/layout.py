"""Where each parameter of a module lies in one flat vector, so that optimizers see a single matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layout:
    """Names and shapes of a module's parameters, in the order of the flat vector.

    Example:
        >>> layout = layout_of(nn.Linear(3, 2))
        >>> layout.size, layout.names
        (8, ('weight', 'bias'))
        >>> layout.unpack(torch.arange(8.0))["bias"].tolist()
        [6.0, 7.0]
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes)

    def unpack(self, flat: Tensor) -> dict[str, Tensor]:
        """Views of a flat vector or of stacked ones, by parameter name.

        Shapes:
            flat: (*members, size).
            result: name to (*members, *shape).
        """
        parts = torch.split(flat, [math.prod(shape) for shape in self.shapes], dim=-1)
        members = flat.shape[:-1]
        shaped = zip(self.names, parts, self.shapes, strict=True)
        return {name: part.reshape(*members, *shape) for name, part, shape in shaped}

    def pack(self, named: Mapping[str, Tensor], members: int) -> Tensor:
        """Inverse of ``unpack`` for stacked parameters.

        Shapes:
            named: name to (members, *shape).
            result: (members, size).
        """
        return torch.cat([named[name].reshape(members, -1) for name in self.names], dim=1)


def layout_of(module: nn.Module) -> Layout:
    """The layout of a module's trainable parameters."""
    named = [(name, tuple(value.shape)) for name, value in module.named_parameters()]
    return Layout(tuple(name for name, _ in named), tuple(shape for _, shape in named))
