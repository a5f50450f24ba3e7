"""The yardstick: one GAN trained by a plain PyTorch loop, doing the same work as a member of a cohort."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import nn

from gans.config import RunConfig
from gans.data import Dataset
from gans.game import build_modules
from gans.losses import LOSSES
from gans.rng import stream


def plain_loop(config: RunConfig, dataset: Dataset) -> Callable[[int], None]:
    """A function that makes so many generator steps of a recipe without regularizer.

    Fresh data, latents, both players' Adam and the averaged generator, as in a cohort.
    """
    generator, discriminator = build_modules(config, dataset)
    average = copy.deepcopy(generator)
    loss = LOSSES.get(config.loss)
    optimizers = [
        torch.optim.Adam(module.parameters(), rate, (config.beta1, config.beta2))
        for module, rate in ((generator, config.generator_lr), (discriminator, config.discriminator_lr))
    ]
    draws, batch = stream(config.seed, "plain loop"), config.batch_size
    decay = 0.5 ** (batch / config.ema_half_life)

    def latents() -> torch.Tensor:
        """A batch of fresh generator inputs."""
        return torch.randn(batch, config.latent_dim, generator=draws)

    def step() -> None:
        """Move the discriminator, then the generator, then the average."""
        real = dataset.train[torch.randint(config.data_size, (batch,), generator=draws)]
        with torch.no_grad():
            fake = generator(latents())
        d_loss = loss.discriminator(discriminator(real), discriminator(fake)).mean()
        _descend(optimizers[1], d_loss)
        fake_logits = discriminator(generator(latents()))
        _descend(optimizers[0], loss.generator(torch.zeros_like(fake_logits), fake_logits).mean())
        _follow(average, generator, decay)

    def train(steps: int) -> None:
        """Make so many steps."""
        for _ in range(steps):
            step()

    return train


def _descend(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _follow(average: nn.Module, generator: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), generator.parameters(), strict=True):
            kept.lerp_(new, 1.0 - decay)
