"""How big the two players of a run are, found by building them once: parameters, arithmetic, activations."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gans.config import RunConfig

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gans.data import Dataset
    from gans.step import Game, Side

MOST_IN_NUMBERS = 1_000_000
"""Parameters of two players that are run on numbers to be measured. A profile may ask for players that fit
nowhere: larger ones are shapes without memory, for which PyTorch imports its whole compiler first."""


@dataclass(frozen=True, slots=True)
class PlayerSize:
    """One player.

    Units:
        flops: floating-point operations of one sample's forward pass, or one pack's.
        activations: numbers that its layers put out for one sample, or one pack.
    """

    parameters: int
    flops: float
    activations: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Both players, how many numbers one data sample has, and whether the network is convolutional."""

    generator: PlayerSize
    discriminator: PlayerSize
    sample: int
    convolutional: bool = False


def sizes_of(config: RunConfig) -> Sizes:
    """Measure the players of a run; runs that differ in nothing that matters here share one measurement.

    Raises:
        ValueError: the network cannot be built so, or not together with the regularizer.
    """
    from dataclasses import replace

    # The smallest batch that batch norm accepts; nothing else that is set here changes a shape.
    return _measure(
        replace(
            config, seed=0, batch_size=2, generator_lr=1.0, discriminator_lr=1.0, beta1=0.0, beta2=0.0,
            regularizer_weight=1.0, data_size=1, steps=1, evaluations=1, ema_half_life=1.0, n_critic=1,
            recipe="", defect="none", augmentation="none", autocast="none",
        )
    )  # fmt: skip


@functools.cache
def _measure(config: RunConfig) -> Sizes:
    from gans.data import load

    dataset = load(config.dataset)
    try:
        game = _built(config, dataset, "meta")
        players = (game.generator, game.discriminator)
        if sum(side.layout.size for side in players) > MOST_IN_NUMBERS:
            return _sizes(game, config, dataset, "meta")
        return _sizes(_built(config, dataset, "cpu"), config, dataset, "cpu")
    # The network may be the user's own: whatever its constructor or its first call raises (shapes that do not
    # fit: RuntimeError; arguments it does not take: TypeError; an operation without a meta kernel:
    # NotImplementedError) means the same, a bug of ours elsewhere does not.
    except (ValueError, RuntimeError, TypeError) as error:
        first_line = str(error).partition("\n")[0]
        raise ValueError(f"network {config.network!r} cannot be built so: {first_line}") from error


def _built(config: RunConfig, dataset: Dataset, device: str) -> Game:
    import torch

    from gans.game import build_game

    with torch.device(device):
        return build_game(config, dataset)


def _sizes(game: Game, config: RunConfig, dataset: Dataset, device: str) -> Sizes:
    import torch

    from gans.networks import NETWORKS
    from gans.packing import packed_shape

    with torch.device(device):
        latents = torch.zeros(config.batch_size, config.latent_dim)
        packs = torch.zeros(config.batch_size, *packed_shape(dataset.sample_shape, config.packing))
        players = _player(game.generator, latents), _player(game.discriminator, packs)
    sample = packs[0].numel() // config.packing
    return Sizes(*players, sample, NETWORKS.resolve(config.network).convolutional)


def _player(side: Side, inputs: Tensor) -> PlayerSize:
    from gans.game import forward_flops

    batch = len(inputs)
    counted: list[int] = []

    def note(module: nn.Module, arguments: object, output: Tensor) -> None:
        """Count what a layer puts out, as a forward hook."""
        counted.append(output.numel())

    leaves = [module for module in side.module.modules() if not any(module.children())]
    handles = [module.register_forward_hook(note) for module in leaves]
    try:
        flops = forward_flops(side, inputs)
    finally:
        for handle in handles:
            handle.remove()
    return PlayerSize(side.layout.size, flops / batch, sum(counted) / batch)
