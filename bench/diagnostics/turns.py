"""One member's game as maps of its weights alone: its vector field, and one whole turn of training.

Double precision, modules in evaluation mode, one batch for all updates, running squares of the
optimizer held and its momentum left out: what is mapped is the game, not the noise around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from gans.field import Batch, Point, discriminator_gradient, generator_gradient, gradients
from gans.game import evaluating
from gans.optim import EPSILON, Moments, bias_corrections
from gans.program import State
from gans.step import Buffers, Game, Player

FIELDS = ("plain", "preconditioned")
"""Gradients as they are, or divided by what the optimizer divides them by."""


@dataclass(frozen=True)
class Turn:
    """One generator update with its discriminator updates.

    Args:
        order: a key of TURNS.
    """

    generator_lr: float
    discriminator_lr: float
    order: str
    n_critic: int = 1

    def __post_init__(self) -> None:
        """Refuse an order that nobody plays."""
        if self.order not in TURNS:
            raise ValueError(f"turn: order must be known, got {self.order!r}; use one of {', '.join(TURNS)}")


@dataclass(frozen=True)
class Place:
    """Where one member stands, and what it is shown there.

    Shapes:
        weights: (generator + discriminator parameters,), float64.
        scales: a factor for each player's gradient, like its weights.
    """

    game: Game
    weights: Tensor
    buffers: tuple[Buffers, Buffers]
    batch: Batch
    scales: tuple[Tensor, Tensor]

    def split(self, weights: Tensor) -> tuple[Tensor, Tensor]:
        """The generator's weights and the discriminator's."""
        size = self.game.generator.layout.size
        return weights[:size], weights[size:]

    def field(self, weights: Tensor) -> Tensor:
        """Where simultaneous descent pushes: minus both gradients, scaled.

        Shapes:
            weights, result: like ``self.weights``.
        """
        pushed = gradients(self.game, Point(*self.split(weights), *self.buffers), self.batch)
        return -torch.cat([scale * each for scale, each in zip(self.scales, pushed, strict=True)])

    def after(self, turn: Turn, weights: Tensor) -> Tensor:
        """The weights one turn later.

        Shapes:
            weights, result: like ``self.weights``.
        """
        move_g = partial(self._move_generator, turn.generator_lr * self.scales[0])
        move_d = partial(self._move_discriminator, turn.discriminator_lr * self.scales[1], turn.n_critic)
        return torch.cat(TURNS[turn.order](move_g, move_d, *self.split(weights)))

    def _move_generator(self, step: Tensor, own: Tensor, opponent: Tensor) -> Tensor:
        return own - step * generator_gradient(self.game, Point(own, opponent, *self.buffers), self.batch)

    def _move_discriminator(self, step: Tensor, n_critic: int, own: Tensor, opponent: Tensor) -> Tensor:
        constrain = self.game.regularizer.constrain
        for _ in range(n_critic):
            point = Point(opponent, own, *self.buffers)
            own = own - step * discriminator_gradient(self.game, point, self.batch)
            own = own if constrain is None else constrain(own, self.game.regularizer_weight)
        return own


def place_of(
    game: Game, state: State, member: int, batch: Batch, field: str = "plain", n_critic: int = 1
) -> Place | None:
    """Lift one member out of its cohort.

    Args:
        field: one of FIELDS. n_critic: discriminator updates per step so far.

    Returns:
        None where a preconditioner is asked for and not known: another optimizer than Adam,
        RMSprop and plain descent, or one that has made no step.

    Raises:
        ValueError: ``field`` is unknown.
    """
    if field not in FIELDS:
        raise ValueError(
            f"spectrum: field must be one of {', '.join(FIELDS)}, got {field!r}; use one of them"
        )
    players = (state.generator, state.step), (state.discriminator, state.step * n_critic)
    scales = [_scale(game, player, member, updates, field) for player, updates in players]
    if scales[0] is None or scales[1] is None:
        return None
    weights = torch.cat([player.weights[member] for player, _ in players]).double()
    buffers = [_buffers(player, member) for player, _ in players]
    still = replace(game, generator=evaluating(game.generator), discriminator=evaluating(game.discriminator))
    wide = Batch(*(each.to(weights) for each in batch))
    return Place(still, weights, (buffers[0], buffers[1]), wide, (scales[0], scales[1]))


def _scale(game: Game, player: Player, member: int, updates: int, field: str) -> Tensor | None:
    if field == "plain" or game.optimizer.name == "sgd":
        return torch.ones_like(player.weights[member], dtype=torch.float64)
    divisor = DIVISORS.get(game.optimizer.name)
    if divisor is None or updates == 0:
        return None
    moments = tuple(moment[member].double() for moment in player.moments)
    return 1.0 / divisor(moments, bias_corrections(updates, game.betas).to(moments[0]))


def _buffers(player: Player, member: int) -> Buffers:
    own = {name: buffer[member] for name, buffer in player.buffers.items()}
    return {name: each.double() if each.is_floating_point() else each for name, each in own.items()}


Move = Callable[[Tensor, Tensor], Tensor]
"""(own weights, the opponent's) to own weights after one's updates."""


def _simultaneous(move_g: Move, move_d: Move, own_g: Tensor, own_d: Tensor) -> tuple[Tensor, Tensor]:
    return move_g(own_g, own_d), move_d(own_d, own_g)


def _generator_first(move_g: Move, move_d: Move, own_g: Tensor, own_d: Tensor) -> tuple[Tensor, Tensor]:
    moved = move_g(own_g, own_d)
    return moved, move_d(own_d, moved)


def _discriminator_first(move_g: Move, move_d: Move, own_g: Tensor, own_d: Tensor) -> tuple[Tensor, Tensor]:
    moved = move_d(own_d, own_g)
    return move_g(own_g, moved), moved


TURNS: Mapping[str, Callable[[Move, Move, Tensor, Tensor], tuple[Tensor, Tensor]]] = {
    "simultaneous": _simultaneous,
    "generator-first": _generator_first,
    "discriminator-first": _discriminator_first,
}
"""The update orders of ``gans.program``, as maps of weights."""


def _adam_divisor(moments: Moments, corrections: Tensor) -> Tensor:
    return moments[1].sqrt() * corrections[1] + EPSILON


def _rmsprop_divisor(moments: Moments, corrections: Tensor) -> Tensor:
    return moments[0].sqrt() + EPSILON


DIVISORS: Mapping[str, Callable[[Moments, Tensor], Tensor]] = {
    "adam": _adam_divisor,
    "rmsprop": _rmsprop_divisor,
}
"""What an optimizer divides each gradient by, from its moments."""
