"""Narrow players trained in the shapes of wider ones, so that several widths share one compiled program.

A hidden unit whose weights are all zero puts out zero, sends no gradient to others and gets none, so no
optimizer moves it and no clipping reaches it: what it is padded with changes a network only by rounding.
Below 32 units a layer costs little less than at 32, while each further shape costs a compilation.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from gans.config import RunConfig
from gans.layout import Layout
from gans.networks import NETWORKS
from gans.optim import OPTIMIZERS
from gans.regularizers import REGULARIZERS

NARROWEST = 32
"""Hidden units of a player that trains in a compiled program, at least; the rest are zeros."""


def program_config(config: RunConfig, *, compiled: bool) -> RunConfig:
    """The config whose shapes a run trains in: its own, or a wider one's where that gives the same run.

    It hangs on the run and the mode alone, not on who trains beside it.

    Example:
        >>> from gans.defaults import config_of
        >>> narrow = config_of("nsgan", generator_width=16, discriminator_width=64)
        >>> wide = program_config(narrow, compiled=True)
        >>> wide.generator_width, wide.discriminator_width, program_config(narrow, compiled=False) == narrow
        (32, 64, True)
    """
    if not compiled or not _keeps_zeros(config):
        return config
    widths = (max(NARROWEST, width) for width in (config.generator_width, config.discriminator_width))
    generator, discriminator = widths
    return replace(config, generator_width=generator, discriminator_width=discriminator)


def _keeps_zeros(config: RunConfig) -> bool:
    """Whether units that are zero stay so; of a user's own parts nobody knows."""
    registered = config.regularizer in REGULARIZERS and config.optimizer in OPTIMIZERS
    if not registered or REGULARIZERS.resolve(config.regularizer).spectral:
        return False  # the vectors of spectral normalisation have the length of a layer
    return NETWORKS.resolve(config.network).keeps_zeros


@dataclass(frozen=True)
class Fit:
    """Where one player's own parameters lie in the flat vector of its program.

    Shapes:
        positions: (layout.size,), places among ``whole`` numbers.
    """

    layout: Layout
    positions: Tensor
    whole: int

    @property
    def share(self) -> float:
        """Own parameters over all of the program's."""
        return self.layout.size / self.whole

    def own(self, flat: Tensor) -> Tensor:
        """The own ones of flat vectors.

        Shapes:
            flat: (..., whole). result: (..., layout.size).
        """
        return flat[..., self.positions.to(flat.device)]

    def padded(self, own: Tensor) -> Tensor:
        """Inverse of ``own`` for one vector: zeros elsewhere.

        Shapes:
            own: (layout.size,). result: (whole,).
        """
        flat = own.new_zeros(self.whole)
        flat[self.positions.to(own.device)] = own
        return flat


@functools.lru_cache(maxsize=256)
def fit(own: Layout, wide: Layout) -> Fit:
    """Where parameters of some shapes lie among those of the same names and no smaller shapes.

    Example:
        >>> narrow, wide = Layout(("a",), ((1, 2),)), Layout(("a",), ((2, 3),))
        >>> fit(narrow, wide).positions.tolist(), fit(narrow, wide).padded(torch.ones(2)).tolist()
        ([0, 1], [1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    """
    start, places = 0, []
    for inner, outer in zip(own.shapes, wide.shapes, strict=True):
        count = math.prod(outer)
        table = torch.arange(start, start + count).reshape(outer)
        places.append(table[tuple(slice(0, length) for length in inner)].reshape(-1))
        start += count
    return Fit(own, torch.cat(places), start)


def flat_weights(module: nn.Module) -> Tensor:
    """A module's parameters as one vector, in the order of its layout."""
    return torch.cat([value.detach().reshape(-1) for value in module.parameters()])
