"""The vector field of a game: each player's gradient of its full objective, at weights that stand still.

One member, flat weights, pure functions: ``vmap`` makes them a cohort's, ``jvp`` its Jacobian.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import grad

from gans.layout import Layout
from gans.step import Buffers, Game, discriminator_objective, generator_objective


class Batch(NamedTuple):
    """What both players are shown.

    Shapes:
        real: (batch * packing, *event). latents: (batch * packing, latent_dim). mix: (batch,),
            interpolation coefficients, (0,) where no penalty needs them.
    """

    real: Tensor
    latents: Tensor
    mix: Tensor = torch.empty(0)


class Point(NamedTuple):
    """Where one member's players stand.

    Shapes:
        generator: (generator parameters,). discriminator: (discriminator parameters,).
    """

    generator: Tensor
    discriminator: Tensor
    generator_buffers: Buffers
    discriminator_buffers: Buffers


def generator_gradient(game: Game, point: Point, batch: Batch) -> Tensor:
    """Gradient of what the generator minimises; ``gradients`` has an example.

    Shapes:
        result: (generator parameters,).
    """

    def objective(named: dict[str, Tensor]) -> Tensor:
        """What this generator minimises, of its named weights."""
        loss, _ = generator_objective(
            game, named, point.generator_buffers, point.discriminator, point.discriminator_buffers,
            batch.real, batch.latents,
        )  # fmt: skip
        return loss

    layout = game.generator.layout
    return _flat(layout, grad(objective)(layout.unpack(point.generator)))


def discriminator_gradient(game: Game, point: Point, batch: Batch) -> Tensor:
    """Gradient of what the discriminator minimises, its penalty once and with its weight.

    ``gradients`` has an example.

    Shapes:
        result: (discriminator parameters,).
    """
    fake, _ = game.generator.run(point.generator, point.generator_buffers, batch.latents)

    def objective(named: dict[str, Tensor]) -> Tensor:
        """What this discriminator minimises, of its named weights."""
        loss, _ = discriminator_objective(
            game, named, point.discriminator_buffers, batch.real, fake, batch.mix
        )
        return loss

    layout = game.discriminator.layout
    return _flat(layout, grad(objective)(layout.unpack(point.discriminator)))


def gradients(game: Game, point: Point, batch: Batch) -> tuple[Tensor, Tensor]:
    """Both players' gradients at the same point: minus the vector field of simultaneous descent.

    Shapes:
        result: (generator parameters,) and (discriminator parameters,).

    Example:
        The Wasserstein discriminator multiplies by -1; reals stand at 0, fakes at 1. It tends down, to
        tell them better; the generator is pushed down as well, to the reals (both descend):

        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> from gans.game import build_game
        >>> config = config_of("wgan", network="dirac", dataset="dirac", data_size=4)
        >>> game = build_game(config, load("dirac"))
        >>> zeros, one = torch.zeros(4, 1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
        >>> point, batch = Point(one, -one, {}, {}), Batch(zeros, zeros)
        >>> [found.tolist() for found in gradients(game, point, batch)]
        [[1.0], [1.0]]
    """
    return generator_gradient(game, point, batch), discriminator_gradient(game, point, batch)


def _flat(layout: Layout, named: dict[str, Tensor]) -> Tensor:
    return torch.cat([named[name].reshape(-1) for name in layout.names])
