"""A cohort's training program: the two updates, eager or compiled, and whose turn it is.

A program holds what never changes while a cohort trains; what changes is the State it maps to a State.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from gans.augment.controller import Adaptation, adapted
from gans.clock import Clock
from gans.flops import count_flops
from gans.optim import bias_corrections
from gans.step import Disturbance, Game, Player, Rates, discriminator_update, generator_update

TRACE_NAMES = (
    "discriminator_loss",
    "logit_real",
    "logit_fake",
    "discriminator_gradient",
    "generator_loss",
    "generator_gradient",
)
"""Rows of what a turn reports, one value per member."""


class State(NamedTuple):
    """Everything that training changes, apart from the random streams.

    Shapes:
        average: (members, generator parameters), the averaged generator.

    Args:
        adaptation: how strongly samples are augmented, where that changes; empty elsewhere.
    """

    generator: Player
    discriminator: Player
    average: Tensor
    step: int
    adaptation: Adaptation | tuple[()] = ()


class Draws(NamedTuple):
    """What one generator step of every member is made of.

    Shapes:
        indices: (members, n_critic, samples). latents: (members, n_critic + 1, samples, latent_dim).
        mix: (members, n_critic, batch or 0); samples is batch * packing.
        augmentation: (members, n_critic + 1, 2, samples, numbers or 0); the last is the generator's, and of
            each pair the first is for reals.
    """

    indices: Tensor
    latents: Tensor
    mix: Tensor
    augmentation: Tensor


@dataclass(frozen=True)
class Program:
    """The updates of a cohort, bound to its game, its data and its learning rates.

    Shapes:
        data: (n, *sample_shape). generator_lr, discriminator_lr: (members, 1).

    Args:
        order: a name of ORDERS. mode: "eager" or "compiled".
    """

    game: Game
    data: Tensor
    generator_lr: Tensor
    discriminator_lr: Tensor
    order: str
    clock: Clock
    discriminator_step: Callable[..., tuple[Player, Tensor]]
    generator_step: Callable[..., tuple[Player, Tensor, Tensor]]
    mode: str = "eager"

    def turn(self, state: State, draws: Draws) -> tuple[State, Tensor]:
        """One generator step of every member, with its discriminator steps.

        Shapes:
            result: the next state, and (len(TRACE_NAMES), members).
        """
        return ORDERS[self.order](self, state, draws)

    def move_discriminators(self, state: State, draws: Draws) -> tuple[State, Tensor]:
        """``n_critic`` updates against generators that stand still; an adaptive augmentation adapts after."""
        player, rows = state.discriminator, []
        n_critic = draws.indices.shape[1]
        with self.clock.phase("discriminator"):
            for turn in range(n_critic):
                corrections = bias_corrections(state.step * n_critic + turn + 1, self.game.betas)
                rates = Rates(self.discriminator_lr, corrections.to(self.data.device))
                player, row = self.discriminator_step(
                    player, state.generator, self.data, draws.indices[:, turn], draws.latents[:, turn],
                    draws.mix[:, turn], self._disturbance(state, draws, turn), rates,
                )  # fmt: skip
                rows.append(row)
        state = state._replace(discriminator=player)
        if not state.adaptation:
            return state, rows[-1]
        signs = torch.stack([row[-1] for row in rows]).mean(dim=0)
        images = n_critic * draws.indices.shape[2]
        return state._replace(adaptation=adapted(state.adaptation, signs, state.step, images)), rows[-1][:-1]

    def move_generators(self, state: State, draws: Draws) -> tuple[Player, Tensor, Tensor]:
        """One update against discriminators that stand still, with latents of its own."""
        with self.clock.phase("generator"):
            corrections = bias_corrections(state.step + 1, self.game.betas)
            rates = Rates(self.generator_lr, corrections.to(self.data.device))
            return self.generator_step(
                state.generator, state.average, state.discriminator, self.data, draws.indices[:, -1],
                draws.latents[:, -1], self._disturbance(state, draws, -1), rates,
            )  # fmt: skip

    def _disturbance(self, state: State, draws: Draws, turn: int) -> Disturbance:
        """How strongly samples are augmented in one update, and by which draws."""
        if state.adaptation:
            return Disturbance(draws.augmentation[:, turn], state.adaptation.strength)
        strength = torch.ones(len(draws.augmentation), dtype=self.data.dtype, device=self.data.device)
        return Disturbance(draws.augmentation[:, turn], strength)

    def step_flops(self, state: State, draws: Draws) -> int:
        """Floating-point operations of one turn of all members, as PyTorch counts them."""
        steps = _eager_steps(self.game)
        uncompiled = replace(self, clock=Clock(), discriminator_step=steps[0], generator_step=steps[1])
        return count_flops(lambda: uncompiled.turn(state, draws))

    def unguarded(self) -> AbstractContextManager[Any]:
        """Skip the checks that compiled code makes before each call.

        Shapes, types and the game are fixed for a program's life; checking them
        again at every call cost 5 % of a small cohort's step.
        """
        if self.mode == "eager":
            return nullcontext()
        stance: AbstractContextManager[Any] = torch.compiler.set_stance(
            "default", skip_guard_eval_unsafe=True
        )
        return stance


def eager_program(**parts: Any) -> Program:
    """A program that runs as Python calls it: no compilation, a third slower."""
    discriminator_step, generator_step = _eager_steps(parts["game"])
    return Program(discriminator_step=discriminator_step, generator_step=generator_step, **parts)


def compile_program(program: Program) -> Program:
    """The same program through ``torch.compile``: one graph per player.

    Two graphs and a Python loop, because one graph of five critic steps took three
    times as long to compile and ran no faster.
    """
    # Compiled functions are cached by their code, which all programs share; past eight of them
    # torch would fall back to eager without a word.
    torch._dynamo.reset()
    # Not at the top: it imports the compiler, a second that eager cohorts need not wait.
    from gans.products import inductor_options

    compile_step = functools.partial(torch.compile, fullgraph=True, options=inductor_options())
    return replace(
        program,
        discriminator_step=_for_any_count(compile_step(program.discriminator_step)),
        generator_step=_for_any_count(compile_step(program.generator_step)),
        mode="compiled",
    )


def _for_any_count(step: Callable[..., Any]) -> Callable[..., Any]:
    """Leave numbers of members and data open in compiled code, so that other cohorts find it in the cache.

    It saves 19 calls of the C++ compiler per further size and costs no speed: members are the outermost loop,
    and data are only picked from.
    """
    marked = False

    def call(*arguments: Any) -> Any:
        """One step; the first call says which axes are open."""
        nonlocal marked
        if not marked:
            marked = True
            for tensor in _counted(arguments):
                torch._dynamo.maybe_mark_dynamic(tensor, 0)
        return step(*arguments)

    return call


def _counted(arguments: Sequence[Any]) -> Iterator[Tensor]:
    """Yield the tensors whose rows are members or data."""
    for argument in arguments:
        yield from [argument.learning] if isinstance(argument, Rates) else tree_leaves(argument)


def _eager_steps(game: Game) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def discriminator_step(
        player: Player,
        generator: Player,
        data: Tensor,
        indices: Tensor,
        latents: Tensor,
        mix: Tensor,
        disturbance: Disturbance,
        rates: Rates,
    ) -> tuple[Player, Tensor]:
        """Show every discriminator its own rows of the data."""
        return discriminator_update(game, player, generator, data[indices], latents, mix, disturbance, rates)

    def generator_step(
        player: Player, average: Tensor, discriminator: Player, data: Tensor, indices: Tensor,
        latents: Tensor, disturbance: Disturbance, rates: Rates,
    ) -> tuple[Player, Tensor, Tensor]:  # fmt: skip
        """Show every generator its own rows of the data."""
        return generator_update(
            game, player, average, discriminator, data[indices], latents, disturbance, rates
        )

    return discriminator_step, generator_step


def _discriminator_first(program: Program, state: State, draws: Draws) -> tuple[State, Tensor]:
    state, d_row = program.move_discriminators(state, draws)
    generator, average, g_row = program.move_generators(state, draws)
    return _next(state, generator, average), torch.cat([d_row, g_row])


def _generator_first(program: Program, state: State, draws: Draws) -> tuple[State, Tensor]:
    generator, average, g_row = program.move_generators(state, draws)
    state, d_row = program.move_discriminators(state._replace(generator=generator), draws)
    return _next(state, generator, average), torch.cat([d_row, g_row])


def _simultaneous(program: Program, state: State, draws: Draws) -> tuple[State, Tensor]:
    moved, d_row = program.move_discriminators(state, draws)
    generator, average, g_row = program.move_generators(state, draws)
    return _next(moved, generator, average), torch.cat([d_row, g_row])


def _next(state: State, generator: Player, average: Tensor) -> State:
    return state._replace(generator=generator, average=average, step=state.step + 1)


ORDERS: Mapping[str, Callable[[Program, State, Draws], tuple[State, Tensor]]] = {
    "discriminator-first": _discriminator_first,
    "generator-first": _generator_first,
    "simultaneous": _simultaneous,
}
"""Who moves first in a turn; simultaneous: both from the state before it."""
