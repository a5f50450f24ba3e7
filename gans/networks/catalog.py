"""Which networks there are, and what a user's own must provide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from gans.networks.dirac import DiracDiscriminator, DiracGenerator
from gans.networks.mlp import MLPDiscriminator, MLPGenerator
from gans.registry import Registry


@dataclass(frozen=True)
class Network:
    """A pair of builders, one per player; width is a parameter of each.

    Every call must build modules of the same parameter shapes and orders, and
    draw initial weights from PyTorch's global generator (as ``nn.Linear`` does):
    the caller seeds it.

    Shapes:
        generator(latent_dim, width, depth, sample_shape, bounded): a module from
            (batch, latent_dim) to (batch, *sample_shape).
        discriminator(width, depth, sample_shape): a module from
            (batch, *sample_shape) to (batch,) logits, larger = more real.
    """

    name: str
    generator: Callable[[int, int, int, tuple[int, ...], bool], nn.Module]
    discriminator: Callable[[int, int, tuple[int, ...]], nn.Module]


NETWORKS: Registry[Network] = Registry(
    "network", accepts=lambda entry: isinstance(entry, Network), wanted="a gans.networks.Network"
)
NETWORKS.add("mlp", Network("mlp", MLPGenerator, MLPDiscriminator))
NETWORKS.add("dirac", Network("dirac", DiracGenerator, DiracDiscriminator))
