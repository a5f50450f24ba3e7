"""Which networks there are, and what a user's own must provide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from gans.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from gans.networks.dirac import DiracDiscriminator, DiracGenerator
from gans.networks.infogan import InfoGANDiscriminator, InfoGANGenerator
from gans.networks.metz import MetzDiscriminator, MetzGenerator
from gans.networks.mlp import MLPDiscriminator, MLPGenerator
from gans.networks.resnet import ResNetDiscriminator, ResNetGenerator
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

    Args:
        convolutional: on a CPU its members train alone, in the memory layout that suits convolutions.
        own_norms: what "own" normalisation is in the generator and in the discriminator, "none", "batch" or
            "layer". Both builders are then given one of these names as ``norm=``. None where the builders
            take none, so that nobody can choose.
        keeps_zeros: hidden units whose weights and biases are zero stay so and change nothing; all shapes of
            parameters grow with the widths alone.
    """

    name: str
    generator: Callable[..., nn.Module]
    discriminator: Callable[..., nn.Module]
    convolutional: bool = False
    own_norms: tuple[str, str] | None = None
    keeps_zeros: bool = False


NETWORKS: Registry[Network] = Registry(
    "network", accepts=lambda entry: isinstance(entry, Network), wanted="a gans.networks.Network"
)
_BOTH, _GENERATOR = ("batch", "batch"), ("batch", "none")

for _network in (
    Network("mlp", MLPGenerator, MLPDiscriminator, keeps_zeros=True),
    Network("dirac", DiracGenerator, DiracDiscriminator),
    Network("dcgan", DCGANGenerator, DCGANDiscriminator, convolutional=True, own_norms=_BOTH),
    Network("resnet", ResNetGenerator, ResNetDiscriminator, convolutional=True, own_norms=_GENERATOR),
    Network("infogan", InfoGANGenerator, InfoGANDiscriminator, convolutional=True, own_norms=_BOTH),
    Network("metz", MetzGenerator, MetzDiscriminator, convolutional=True, own_norms=_BOTH),
):
    NETWORKS.add(_network.name, _network)
