"""From a config to the rules and the untrained players of one member or of many."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import nn

from gans.augment import augmentation_for
from gans.config import RunConfig
from gans.data import Dataset
from gans.flops import count_flops
from gans.layout import layout_of
from gans.losses import LOSSES
from gans.networks import NETWORKS
from gans.optim import OPTIMIZERS
from gans.regularizers import REGULARIZERS
from gans.rng import seeded_globals
from gans.step import Game, Player, Side


def build_modules(config: RunConfig, dataset: Dataset) -> tuple[nn.Module, nn.Module]:
    """The untrained generator and discriminator of a run, initialised from its seed alone.

    Both compute in the precision of the data.
    """
    network = NETWORKS.resolve(config.network)
    shape = dataset.sample_shape
    with seeded_globals(config.seed, "generator"):
        generator = network.generator(
            config.latent_dim, config.generator_width, config.generator_depth, shape, dataset.bounded
        )
    with seeded_globals(config.seed, "discriminator"):
        discriminator = network.discriminator(config.discriminator_width, config.discriminator_depth, shape)
    # Built in float32 and widened, so that a seed means the same weights in either precision.
    return generator.to(dataset.train.dtype), discriminator.to(dataset.train.dtype)


def build_game(config: RunConfig, dataset: Dataset) -> Game:
    """The rules of a run, with its modules in training mode.

    Raises:
        ValueError: a name is unknown, or the regularizer cannot stand the discriminator's batch norm.
    """
    generator, discriminator = build_modules(config, dataset)
    regularizer = REGULARIZERS.resolve(config.regularizer)
    if regularizer.forbids_batch_norm and any(map(_is_batch_norm, discriminator.modules())):
        raise ValueError(
            f"regularizer: {config.regularizer!r} needs logits that depend on their own sample alone, "
            f"got batch norm in the discriminator of {config.network!r}; use layer norm or none"
        )
    samples_per_step = config.batch_size * config.n_critic
    return Game(
        generator=Side(generator.train(), layout_of(generator)),
        discriminator=Side(discriminator.train(), layout_of(discriminator)),
        loss=LOSSES.resolve(config.loss),
        regularizer=regularizer,
        regularizer_weight=config.regularizer_weight,
        optimizer=OPTIMIZERS.resolve(config.optimizer),
        betas=(config.beta1, config.beta2),
        average_decay=0.5 ** (samples_per_step / config.ema_half_life),
        augmentation=augmentation_for(config.augmentation, dataset.sample_shape),
    )


def evaluating(side: Side) -> Side:
    """The same side with a module in evaluation mode; the training one stays as it is."""
    return Side(copy.deepcopy(side.module).eval(), side.layout)


def untrained_players(
    configs: Sequence[RunConfig], dataset: Dataset, game: Game, device: torch.device
) -> tuple[Player, Player]:
    """Stack the players of every member, each from its own seed: generators, discriminators."""
    modules = [build_modules(config, dataset) for config in configs]
    generators, discriminators = zip(*modules, strict=True)
    return _stack(generators, game, device), _stack(discriminators, game, device)


def forward_flops(side: Side, inputs: torch.Tensor) -> int:
    """Floating-point operations of one forward pass over a batch, as PyTorch counts them.

    Example:
        >>> side = Side(nn.Linear(3, 2), layout_of(nn.Linear(3, 2)))
        >>> forward_flops(side, torch.zeros(1, 3))
        12
    """
    dtype = next((value.dtype for value in side.module.parameters()), inputs.dtype)
    return count_flops(lambda: side.module(inputs.to(dtype)))


def _stack(modules: Sequence[nn.Module], game: Game, device: torch.device) -> Player:
    flat = [torch.cat([value.detach().reshape(-1) for value in module.parameters()]) for module in modules]
    weights = torch.stack(flat).to(device)
    names = [name for name, _ in modules[0].named_buffers()]
    stored = [dict(module.named_buffers()) for module in modules]
    buffers = {name: torch.stack([buffer[name] for buffer in stored]).to(device) for name in names}
    return Player(weights, game.optimizer.start(weights), buffers)


def _is_batch_norm(module: nn.Module) -> bool:
    return isinstance(module, nn.modules.batchnorm._BatchNorm)
