"""What each player minimises, and one update of each, as pure functions of a whole cohort's state.

Every tensor carries the members in front; ``vmap`` over ordinary modules keeps them apart. A lone member of
a convolutional network is called as it is instead: convolutions of several members at once are slow on a CPU.
Nothing here draws random numbers, loops over steps or decides whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap
from torch.utils._pytree import tree_map

from gans import spectral
from gans.augment import NO_AUGMENTATION, Augmentation
from gans.augment.controller import mean_sign
from gans.layout import Layout
from gans.losses import Loss
from gans.optim import Moments, Optimizer
from gans.packing import packed
from gans.regularizers import Regularizer

Buffers = dict[str, Tensor]


class Player(NamedTuple):
    """One side of every member.

    Shapes:
        weights, each moment: (members, parameters). each buffer: (members, *shape).
    """

    weights: Tensor
    moments: Moments
    buffers: Buffers


class Rates(NamedTuple):
    """What scales an optimizer step: learning rates (members, 1) and bias corrections (2,)."""

    learning: Tensor
    corrections: Tensor


class Disturbance(NamedTuple):
    """What augments the samples of one update; where nothing is augmented it has 0 numbers.

    Shapes:
        draws: (members, 2, batch, numbers), uniform on [0, 1); row 0 is for reals, row 1 for fakes.
        strength: (members,), the probability of each transform.
    """

    draws: Tensor
    strength: Tensor


@dataclass(frozen=True)
class Side:
    """The module that one player's weights belong to, where each weight lies, and how it is computed.

    Args:
        lone: called for one member without ``vmap``, with weights and pictures in the layout
            that convolutions are fastest in (channels last).
        precision: of products and convolutions, where it is not that of the weights.
        spectral: names of the parameters whose largest singular value is kept at ``spectral_norm``.
    """

    module: nn.Module
    layout: Layout
    lone: bool = False
    precision: torch.dtype | None = None
    spectral: tuple[str, ...] = ()
    spectral_norm: float = 1.0

    def run(self, weights: Tensor, buffers: Buffers, inputs: Tensor) -> tuple[Tensor, Buffers]:
        """Run one member; its buffers come back updated and the old ones stay as they were."""
        return self.call(self.layout.unpack(weights), buffers, inputs)

    def call(self, named: dict[str, Tensor], buffers: Buffers, inputs: Tensor) -> tuple[Tensor, Buffers]:
        """The same for parameters by name."""
        fresh = {name: value.clone() for name, value in buffers.items()}
        named = self.effective(named, buffers)
        if self.lone:
            named, inputs = (
                {name: _channels_last(value) for name, value in named.items()},
                _channels_last(inputs),
            )
        own = {name: value for name, value in fresh.items() if not spectral.is_spectral(name)}
        if self.precision is None:
            outputs: Tensor = functional_call(self.module, {**named, **own}, (inputs,))
            return outputs, fresh
        # The cache would hand casts that were made without gradients to calls that need them.
        with torch.autocast(inputs.device.type, self.precision, cache_enabled=False):
            outputs = functional_call(self.module, {**named, **own}, (inputs,))
        return outputs.to(inputs.dtype), fresh

    def effective(self, named: Mapping[str, Tensor], buffers: Buffers) -> dict[str, Tensor]:
        """The weights that the module computes with: normalised where a regularizer says so."""
        return spectral.normalised(named, buffers, self.spectral, self.spectral_norm)

    def renewed(self, named: Mapping[str, Tensor], buffers: Buffers) -> Buffers:
        """The buffers at the start of an update, with one more turn of spectral normalisation."""
        return spectral.turned(named, buffers, self.spectral)


@dataclass(frozen=True)
class Game:
    """The rules that all members of a cohort share.

    Args:
        regularizer_weight: as in ``RunConfig``.
        average_decay: what the averaged generator keeps of itself at each generator update.
        augmentation: what is done to all that a discriminator is shown; a penalty takes its slopes at
            augmented samples, and between them, since those are what the discriminator learns from.
        packing: samples that the discriminator judges at once. To it, its loss and its penalty a pack is one
            sample; they are packed after augmentation.
    """

    generator: Side
    discriminator: Side
    loss: Loss
    regularizer: Regularizer
    regularizer_weight: float
    optimizer: Optimizer
    betas: tuple[float, float]
    average_decay: float
    augmentation: Augmentation = NO_AUGMENTATION
    packing: int = 1

    def over_members(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of one member as one of all, which every tensor carries in front."""
        return _of_the_only_one(function) if self.generator.lone else vmap(function)


def augment(game: Game, samples: Tensor, draws: Tensor, strength: Tensor) -> Tensor:
    """What a discriminator is shown in place of one member's samples, real or fake.

    Every look of a discriminator in training goes through here, and nothing else does: evaluation sees
    samples as they are. Differentiable in the samples, since generators learn through it.

    Shapes:
        samples, result: (batch, *event). draws: (batch, ``game.augmentation.numbers``), uniform on [0, 1),
            from the member's stream "augmentation". strength: (), 1 unless the augmentation is adaptive.
    """
    if not game.augmentation.transforms:
        return samples
    return game.augmentation(samples, draws, strength)


def discriminator_objective(
    game: Game, named: dict[str, Tensor], buffers: Buffers, real: Tensor, fake: Tensor, mix: Tensor,
    disturbance: Disturbance | None = None,
) -> tuple[Tensor, tuple[Tensor, Buffers]]:  # fmt: skip
    """What one discriminator minimises: its mean loss and its weighted penalty, if it has one.

    Shapes:
        named: parameter name to (*shape). real, fake: (batch * packing, *event). mix: (batch,).
        disturbance: this member's, without the axis of members; none: samples are shown as they are.
        result: the objective, and beside it (3,) the loss without penalty and both
            mean logits, and the buffers after this look; (4,) with the mean sign
            of real logits where the augmentation adapts to it.
    """
    if disturbance is not None:
        real = augment(game, real, disturbance.draws[0], disturbance.strength)
        fake = augment(game, fake, disturbance.draws[1], disturbance.strength)
    real, fake = packed(real, game.packing), packed(fake, game.packing)
    buffers = game.discriminator.renewed(named, buffers)
    real_logits, buffers = game.discriminator.call(named, buffers, real)
    fake_logits, buffers = game.discriminator.call(named, buffers, fake)
    loss = game.loss.discriminator(real_logits, fake_logits).mean()
    seen = [loss, real_logits.mean(), fake_logits.mean()]
    if game.augmentation.adaptive:
        seen.append(mean_sign(real_logits, fake_logits, game.loss.decision_point))
    stats = torch.stack(seen).detach()
    if game.regularizer.penalty is not None:
        frozen = buffers
        penalty = game.regularizer.penalty(
            lambda samples: game.discriminator.call(named, frozen, samples)[0], real, fake, mix
        )
        loss = loss + game.regularizer.scale * game.regularizer_weight * penalty.mean()
    return loss, (stats, buffers)


def generator_objective(
    game: Game, named: dict[str, Tensor], buffers: Buffers, opponent: Tensor, opponent_buffers: Buffers,
    real: Tensor, latents: Tensor, disturbance: Disturbance | None = None,
) -> tuple[Tensor, tuple[Tensor, Buffers]]:  # fmt: skip
    """What one generator minimises, its discriminator standing still.

    Shapes:
        named: parameter name to (*shape). opponent: (discriminator parameters,).
        real: (batch * packing, *event), looked at only by losses that compare pairs.
        latents: (batch * packing, latent_dim).
        result: the objective, and beside it the same detached and the buffers after this look.
    """
    fake, buffers = game.generator.call(named, buffers, latents)
    if disturbance is not None:
        fake = augment(game, fake, disturbance.draws[1], disturbance.strength)
        if not game.loss.has_gain:
            real = augment(game, real, disturbance.draws[0], disturbance.strength)
    real, fake = packed(real, game.packing), packed(fake, game.packing)
    fake_logits, _ = game.discriminator.run(opponent, opponent_buffers, fake)
    # A loss with a gain looks at each fake alone, so the real batch need not be judged for it.
    real_logits = (
        torch.zeros_like(fake_logits)
        if game.loss.has_gain
        else game.discriminator.run(opponent, opponent_buffers, real)[0]
    )
    loss = game.loss.generator(real_logits, fake_logits).mean()
    return loss, (loss.detach(), buffers)


def discriminator_update(
    game: Game,
    discriminator: Player,
    generator: Player,
    real: Tensor,
    latents: Tensor,
    mix: Tensor,
    disturbance: Disturbance,
    rates: Rates,
) -> tuple[Player, Tensor]:
    """Move every discriminator one step; its weights are constrained after the step.

    Shapes:
        real: (members, batch * packing, *event). latents: (members, batch * packing, latent_dim).
        mix: (members, batch), interpolation coefficients.
        result: the moved players, and (4, members): loss without penalty, mean
            real logit, mean fake logit, root mean square of the gradient. Where
            the augmentation adapts (5, members), the last the mean sign of real logits.
    """

    def objective(
        named: dict[str, Tensor], buffers: Buffers, real: Tensor, fake: Tensor, mix: Tensor,
        disturbance: Disturbance,
    ) -> tuple[Tensor, tuple[Tensor, Buffers]]:  # fmt: skip
        """One member's; the game is the same for all."""
        return discriminator_objective(game, named, buffers, real, fake, mix, disturbance)

    fake, _ = game.over_members(game.generator.run)(generator.weights, generator.buffers, latents)
    named = game.discriminator.layout.unpack(discriminator.weights)
    gradients, (stats, buffers) = game.over_members(grad(objective, has_aux=True))(
        named, discriminator.buffers, real, fake, mix, disturbance
    )
    moved, norms = _descend(game, discriminator, game.discriminator.layout, gradients, buffers, rates)
    if game.regularizer.constrain is not None:
        moved = moved._replace(weights=game.regularizer.constrain(moved.weights, game.regularizer_weight))
    if game.augmentation.adaptive:
        return moved, torch.cat([stats.T[:3], norms.unsqueeze(0), stats.T[3:]])
    return moved, torch.cat([stats.T, norms.unsqueeze(0)])


def generator_update(
    game: Game,
    generator: Player,
    average: Tensor,
    discriminator: Player,
    real: Tensor,
    latents: Tensor,
    disturbance: Disturbance,
    rates: Rates,
) -> tuple[Player, Tensor, Tensor]:
    """Move every generator one step against its discriminator, and its average after it.

    Shapes:
        real: (members, batch * packing, *event), looked at only by losses that compare pairs.
        latents: (members, batch * packing, latent_dim). average: (members, parameters).
        result: the moved players, the moved averages, and (2, members): loss,
            root mean square of the gradient.
    """

    def objective(
        named: dict[str, Tensor], buffers: Buffers, opponent: Tensor, opponent_buffers: Buffers, real: Tensor,
        latents: Tensor, disturbance: Disturbance,
    ) -> tuple[Tensor, tuple[Tensor, Buffers]]:  # fmt: skip
        """One member's; the game is the same for all."""
        return generator_objective(
            game, named, buffers, opponent, opponent_buffers, real, latents, disturbance
        )

    named = game.generator.layout.unpack(generator.weights)
    gradients, (losses, buffers) = game.over_members(grad(objective, has_aux=True))(
        named, generator.buffers, discriminator.weights, discriminator.buffers, real, latents, disturbance
    )
    moved, norms = _descend(game, generator, game.generator.layout, gradients, buffers, rates)
    average = torch.lerp(moved.weights, average, game.average_decay)
    return moved, average, torch.stack([losses, norms])


def _descend(
    game: Game, player: Player, layout: Layout, gradients: dict[str, Tensor], buffers: Buffers, rates: Rates
) -> tuple[Player, Tensor]:
    flat = layout.pack(gradients, len(player.weights))
    weights, moments = game.optimizer.update(
        player.weights, flat, player.moments, rates.learning, rates.corrections, game.betas
    )
    return Player(weights, moments, buffers), flat.square().mean(dim=1).sqrt()


def _of_the_only_one(function: Callable[..., Any]) -> Callable[..., Any]:
    """What ``vmap`` would give for one member, without its batched operations."""

    def call(*arguments: Any) -> Any:
        """Take the member out of its axis, and put what comes back into one."""
        found = function(*tree_map(lambda stacked: stacked[0], arguments))
        return tree_map(lambda alone: alone.unsqueeze(0), found)

    return call


def _channels_last(value: Tensor) -> Tensor:
    return value.to(memory_format=torch.channels_last) if value.ndim == 4 else value
