"""From a config to the rules and the untrained players of one member or of many."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from gans.augment import augmentation_for
from gans.config import RunConfig
from gans.data import Dataset
from gans.flops import count_flops
from gans.layout import Layout, layout_of
from gans.losses import LOSSES
from gans.networks import NETWORKS
from gans.optim import OPTIMIZERS
from gans.packing import packed_shape
from gans.padding import fit, flat_weights
from gans.regularizers import REGULARIZERS
from gans.rng import seeded_globals
from gans.spectral import normalised_names, starting_vectors
from gans.step import Buffers, Game, Player, Side

_PRECISIONS = {"none": None, "bfloat16": torch.bfloat16}
"""Names of ``RunConfig.autocast``."""


def build_modules(config: RunConfig, dataset: Dataset) -> tuple[nn.Module, nn.Module]:
    """The untrained generator and discriminator of a run, initialised from its seed alone.

    Both compute in the precision of the data.
    """
    network = NETWORKS.resolve(config.network)
    shape = dataset.sample_shape
    of_generator, of_discriminator = norms_of(config)
    with seeded_globals(config.seed, "generator"):
        generator = network.generator(
            config.latent_dim, config.generator_width, config.generator_depth, shape, dataset.bounded,
            **of_generator,
        )  # fmt: skip
    with seeded_globals(config.seed, "discriminator"):
        discriminator = network.discriminator(
            config.discriminator_width, config.discriminator_depth, packed_shape(shape, config.packing),
            **of_discriminator,
        )  # fmt: skip
    # Built in float32 and widened, so that a seed means the same weights in either precision.
    return generator.to(dataset.train.dtype), discriminator.to(dataset.train.dtype)


def norms_of(config: RunConfig) -> tuple[dict[str, str], dict[str, str]]:
    """What the builders of a run's generator and discriminator are told of normalisation.

    "own" is what the network's authors did, but for discriminators under a gradient penalty, R1 or
    spectral normalisation: they go without, as in the papers of these regularizers.

    Returns:
        ``norm=`` for each, or nothing where the network's builders take none.

    Raises:
        ValueError: a normalisation is chosen for a network that takes none.

    Example:
        >>> from gans.defaults import config_of
        >>> norms_of(config_of("nsgan", network="dcgan")), norms_of(config_of("wgan-gp", network="dcgan"))[1]
        (({'norm': 'batch'}, {'norm': 'batch'}), {'norm': 'none'})
    """
    own = NETWORKS.resolve(config.network).own_norms
    wanted = {"generator_norm": config.generator_norm, "discriminator_norm": config.discriminator_norm}
    if own is None:
        for field, name in wanted.items():
            if name not in ("own", "none"):
                raise ValueError(
                    f"{field}: must be 'own' or 'none' with network {config.network!r}, which has no choice, "
                    f"got {name!r}; choose another network or leave it out"
                )
        return {}, {}
    regularizer = REGULARIZERS.resolve(config.regularizer)
    goes_without = regularizer.forbids_batch_norm or regularizer.spectral
    owns = own[0], "none" if goes_without else own[1]
    generator, discriminator = (
        default if name == "own" else name for default, name in zip(owns, wanted.values(), strict=True)
    )
    return {"norm": generator}, {"norm": discriminator}


def build_game(config: RunConfig, dataset: Dataset, *, members: int = 1) -> Game:
    """The rules of a run, with its modules in training mode.

    Args:
        members: how many train together; a lone one of a convolutional network is not batched.

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
    how: dict[str, Any] = {
        "lone": members == 1 and NETWORKS.resolve(config.network).convolutional,
        "precision": _PRECISIONS[config.autocast],
    }
    scaled = normalised_names(discriminator) if regularizer.spectral else ()
    samples_per_step = config.batch_samples * config.n_critic
    return Game(
        generator=Side(generator.train(), layout_of(generator), **how),
        discriminator=Side(
            discriminator.train(),
            layout_of(discriminator),
            spectral=scaled,
            spectral_norm=config.regularizer_weight,
            **how,
        ),
        loss=LOSSES.resolve(config.loss),
        regularizer=regularizer,
        regularizer_weight=config.regularizer_weight,
        optimizer=OPTIMIZERS.resolve(config.optimizer),
        betas=(config.beta1, config.beta2),
        average_decay=0.5 ** (samples_per_step / config.ema_half_life),
        augmentation=augmentation_for(config.augmentation, dataset.sample_shape),
        packing=config.packing,
    )


def evaluating(side: Side) -> Side:
    """The same side with a module in evaluation mode and full precision; the training one stays as it is."""
    return replace(side, module=copy.deepcopy(side.module).eval(), precision=None)


def untrained_players(
    configs: Sequence[RunConfig], dataset: Dataset, game: Game, device: torch.device
) -> tuple[Player, Player]:
    """Stack the players of every member, each from its own seed: generators, discriminators.

    Players narrower than the game's are padded with zeros.
    """
    modules = [build_modules(config, dataset) for config in configs]
    generators, discriminators = zip(*modules, strict=True)
    scaled = [_scaling(module, game, config) for module, config in zip(discriminators, configs, strict=True)]
    nothing: list[Buffers] = [{} for _ in configs]
    return (
        _stack(generators, nothing, game.generator.layout, game, device),
        _stack(discriminators, scaled, game.discriminator.layout, game, device),
    )


def forward_flops(side: Side, inputs: torch.Tensor) -> int:
    """Floating-point operations of one forward pass over a batch, as PyTorch counts them.

    Example:
        >>> side = Side(nn.Linear(3, 2), layout_of(nn.Linear(3, 2)))
        >>> forward_flops(side, torch.zeros(1, 3))
        12
    """
    dtype = next((value.dtype for value in side.module.parameters()), inputs.dtype)
    return count_flops(lambda: side.module(inputs.to(dtype)))


def _scaling(discriminator: nn.Module, game: Game, config: RunConfig) -> Buffers:
    """What spectral normalisation starts from; nothing where there is none."""
    with seeded_globals(config.seed, "spectral"):
        return starting_vectors(discriminator, game.discriminator.spectral)


def _stack(
    modules: Sequence[nn.Module], more: Sequence[Buffers], layout: Layout, game: Game, device: torch.device
) -> Player:
    flat = [fit(layout_of(module), layout).padded(flat_weights(module)) for module in modules]
    weights = torch.stack(flat).to(device)
    stored = [{**dict(module.named_buffers()), **extra} for module, extra in zip(modules, more, strict=True)]
    buffers = {name: torch.stack([buffer[name] for buffer in stored]).to(device) for name in stored[0]}
    return Player(weights, game.optimizer.start(weights), buffers)


def _is_batch_norm(module: nn.Module) -> bool:
    return isinstance(module, nn.modules.batchnorm._BatchNorm)
