"""The slow twin of a cohort of one: one GAN trained with nothing but torch.nn and torch.optim."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gans.config import RunConfig
from gans.data import Dataset
from gans.game import build_modules
from gans.losses import LOSSES
from gans.regularizers import REGULARIZERS
from gans.rng import seeded_globals
from gans.sampling import MemberStreams
from gans.spectral import starting_vectors


class PlainLoop:
    """One GAN, its batches drawn from the streams of its seed.

    A player's running statistics move with its own updates alone, so they are put back wherever the other
    player's update makes it speak.
    """

    def __init__(self, config: RunConfig, dataset: Dataset) -> None:
        self.config, self.dataset = config, dataset
        self.generator, self.discriminator = build_modules(config, dataset)
        self.average = copy.deepcopy(self.generator)
        self.loss, self.regularizer = LOSSES.get(config.loss), REGULARIZERS.get(config.regularizer)
        self.generator_optimizer = self._optimizer(self.generator, config.generator_lr)
        self.discriminator_optimizer = self._optimizer(self.discriminator, config.discriminator_lr)
        self.vectors: dict[str, Tensor] = {}
        if self.regularizer.spectral:
            names = [name for name, weight in self.discriminator.named_parameters() if weight.ndim > 1]
            with seeded_globals(config.seed, "spectral"):
                self.vectors = starting_vectors(self.discriminator, names)

    def _optimizer(self, module: nn.Module, rate: float) -> torch.optim.Optimizer:
        if self.config.optimizer == "adam":
            return torch.optim.Adam(module.parameters(), rate, (self.config.beta1, self.config.beta2))
        return torch.optim.RMSprop(module.parameters(), rate, alpha=self.config.beta2)

    def train(self, steps: int) -> None:
        streams = MemberStreams(
            [self.config], self.dataset.size, needs_mix=self.regularizer.penalty is not None,
            dtype=self.dataset.train.dtype,
        )  # fmt: skip
        block = streams.draw(torch.device("cpu"))
        for step in range(steps):
            draws = block.at(step)
            for turn in range(self.config.n_critic):
                real = self.dataset.train[draws.indices[0, turn]]
                self._discriminator_step(real, draws.latents[0, turn], draws.mix[0, turn])
            self._generator_step(real, draws.latents[0, -1])

    def beside(self, samples: Tensor) -> Tensor:
        """Packs, written out: sample k of each pack, one after the other along the first axis of a sample."""
        count = self.config.packing
        return torch.cat([samples[first::count] for first in range(count)], dim=1)

    def _discriminator_step(self, real: Tensor, latents: Tensor, mix: Tensor) -> None:
        with untouched(self.generator):
            fake = self.beside(self.generator(latents).detach())
        real = self.beside(real)
        self.turn()
        loss = self.loss.discriminator(self.judge(real), self.judge(fake)).mean()
        loss = loss + self._penalty(real, fake, mix)
        self.discriminator_optimizer.zero_grad()
        loss.backward()
        self.discriminator_optimizer.step()
        if self.regularizer.constrain is not None:
            with torch.no_grad():
                for parameter in self.discriminator.parameters():
                    parameter.clamp_(-self.config.regularizer_weight, self.config.regularizer_weight)

    def turn(self) -> None:
        """One turn of the power iteration of every weight matrix."""
        for name, weight in self._matrices():
            right = nn.functional.normalize(weight.detach().T @ self.vectors[f"spectral.left:{name}"], dim=0)
            left = nn.functional.normalize(weight.detach() @ right, dim=0)
            self.vectors |= {f"spectral.left:{name}": left, f"spectral.right:{name}": right}

    def judge(self, samples: Tensor) -> Tensor:
        """Logits, by weights that are normalised where the recipe says so."""
        scaled = dict(self.discriminator.named_parameters())
        for name, weight in self._matrices():
            left, right = (self.vectors[f"spectral.{side}:{name}"] for side in ("left", "right"))
            scaled[name] = self.config.regularizer_weight * scaled[name] / (left @ weight @ right)
        logits: Tensor = functional_call(self.discriminator, scaled, (samples,))
        return logits

    def _matrices(self) -> list[tuple[str, Tensor]]:
        if not self.vectors:
            return []
        named = self.discriminator.named_parameters()
        return [(name, weight.flatten(1)) for name, weight in named if weight.ndim > 1]

    def _penalty(self, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
        """Written out once more, with autograd instead of torch.func."""
        name, weight = self.config.regularizer, self.config.regularizer_weight
        if name == "gradient_penalty":
            ratio = mix.view(-1, *[1] * (real.ndim - 1))
            slope = self._slope(ratio * real + (1 - ratio) * fake)
            return weight * (slope.norm(dim=1) - 1).square().mean()
        total = torch.zeros(())
        for samples in {"r1": [real], "r1r2": [real, fake]}.get(name, []):
            total = total + 0.5 * weight * self._slope(samples).square().sum(dim=1).mean()
        return total

    def _slope(self, samples: Tensor) -> Tensor:
        samples = samples.clone().requires_grad_()
        (slope,) = torch.autograd.grad(self.judge(samples).sum(), samples, create_graph=True)
        return slope.flatten(start_dim=1)

    def _generator_step(self, real: Tensor, latents: Tensor) -> None:
        with untouched(self.discriminator):
            fake_logits = self.judge(self.beside(self.generator(latents)))
            loss = self.loss.generator(self.judge(self.beside(real)), fake_logits).mean()
            self.generator_optimizer.zero_grad()
            loss.backward()
        self.generator_optimizer.step()
        samples = self.config.batch_size * self.config.packing * self.config.n_critic
        decay = 0.5 ** (samples / self.config.ema_half_life)
        with torch.no_grad():
            for kept, new in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                kept.mul_(decay).add_(new, alpha=1 - decay)


def flat(module: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().reshape(-1) for parameter in module.parameters()])


@contextlib.contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Put a module's buffers back at the end."""
    kept = {name: value.clone() for name, value in module.named_buffers()}
    yield
    for name, value in module.named_buffers():
        value.copy_(kept[name])
