"""What can be asked of GANs in training without moving them: samples, logits, slopes, gradients, lengths."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor
from torch.func import grad, vmap

from gans.config import RunConfig
from gans.field import Batch, Point, gradients
from gans.numerics import safe_norm
from gans.packing import packed
from gans.program import Program, State
from gans.step import Buffers, Game, Player, Side


class Views:
    """Questions to a cohort; ``gans.cohort.Cohort`` answers them for its members.

    Of a lone member that trains beside a copy, only the member is shown.
    """

    configs: tuple[RunConfig, ...]
    game: Game
    program: Program
    state: State
    _before: State
    _untrained: tuple[Tensor, Tensor]
    _evaluators: tuple[Side, Side]
    _device: torch.device

    @property
    def members(self) -> int:
        """How many runs train here."""
        return len(self.configs)

    @property
    def mode(self) -> str:
        """How the program runs: "eager" or "compiled"."""
        return self.program.mode

    def generate(self, latents: Tensor, *, average: bool = False) -> Tensor:
        """Samples of every member from the same latents, in evaluation mode.

        Shapes:
            latents: (samples, latent_dim). result: (members, samples, *sample_shape).
        """
        player = self.state.generator
        weights = self.state.average if average else player.weights
        shared = self._like_weights(latents).expand(len(weights), *latents.shape)
        with self._looking():
            samples, _ = self.game.over_members(self._evaluators[0].run)(weights, player.buffers, shared)
        made: Tensor = samples[: self.members].contiguous()
        return made

    def packs(self, samples: Tensor) -> Tensor:
        """What discriminators are shown in place of each member's samples: neighbours together.

        Shapes:
            samples: (members, n, *sample_shape).
            result: (members, n // packing, *packed_shape(sample_shape, packing)).
        """
        shown: Tensor = vmap(lambda own: packed(own, self.game.packing))(self._like_weights(samples))
        return shown

    def logits(self, samples: Tensor) -> Tensor:
        """Logits of every member's discriminator, in evaluation mode.

        A discriminator that judges packs is shown neighbours together.

        Shapes:
            samples: (members, n, *sample_shape), each member's own. result: (members, n // packing).
        """
        weights, buffers = self._discriminators()
        with self._looking():
            look = self.game.over_members(self._evaluators[1].run)
            logits: Tensor = look(weights, buffers, self.packs(samples))[0]
        return logits

    def slopes(self, samples: Tensor) -> Tensor:
        """Norm of every discriminator's gradient at each of its samples, or at each pack of them.

        Shapes:
            samples: (members, n, *sample_shape). result: (members, n // packing).
        """

        def slope(weights: Tensor, buffers: dict[str, Tensor], inputs: Tensor) -> Tensor:
            """Of one member."""
            return safe_norm(grad(lambda x: self._evaluators[1].run(weights, buffers, x)[0].sum())(inputs))

        with self._looking():
            norms: Tensor = self.game.over_members(slope)(*self._discriminators(), self.packs(samples))
        return norms

    def gradients(self, batches: Batch) -> tuple[Tensor, Tensor]:
        """Both players' gradients of their full objectives on given batches; nobody moves.

        Shapes:
            batches: real (members, batches, samples, *sample_shape), latents (members, batches, samples,
                latent_dim), samples being batch * packing, mix (members, batches, batch), or (members,
                batches, 0) where no penalty needs it.
            result: (members, batches, generator parameters), (members, batches, discriminator parameters).
        """
        player = self.state.generator
        buffers = {name: value[: self.members] for name, value in player.buffers.items()}
        opponent, opponent_buffers = self._discriminators()
        points = Point(player.weights[: self.members], opponent, buffers, opponent_buffers)
        field = self.game.over_members(partial(_on_each_batch, self.game))
        with self._looking():
            found: tuple[Tensor, Tensor] = field(points, Batch(*map(self._like_weights, batches)))
        return found

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """No gradients of what is looked at; products by the kernel that a compiled cohort trains with."""
        with torch.no_grad():
            if self.mode == "eager":
                yield
                return
            # Not at the top: it imports the compiler, a second that eager cohorts need not wait.
            from gans.products import eager_products

            with eager_products():
                yield

    def discriminator_weights(self) -> dict[str, Tensor]:
        """Weights that the discriminators compute with, by name: normalised where a regularizer says so.

        Shapes:
            result: name to (members, *shape).
        """
        side = self._evaluators[1]
        weights, buffers = self._discriminators()
        with self._looking():
            named: dict[str, Tensor] = vmap(side.effective)(side.layout.unpack(weights), buffers)
        return named

    def update_ratios(self) -> tuple[Tensor, Tensor]:
        """Length of the last step's change of each player's weights over the length of the weights.

        A discriminator's ``n_critic`` updates of that step count together.

        Shapes:
            result: (members,) for the generators, (members,) for the discriminators; 0 before any step.
        """
        before, after = self._before, self.state
        return (
            _change(before.generator.weights, after.generator.weights)[: self.members],
            _change(before.discriminator.weights, after.discriminator.weights)[: self.members],
        )

    def weight_growth(self) -> tuple[Tensor, Tensor]:
        """Length of each player's weights over their length before training.

        Shapes:
            result: (members,) for the generators, (members,) for the discriminators; 1 before any step, NaN
                where untrained weights are all zero.
        """
        players = zip((self.state.generator, self.state.discriminator), self._untrained, strict=True)
        grown = [(lengths(player) / start)[: self.members] for player, start in players]
        return grown[0], grown[1]

    def augmentation_strength(self) -> Tensor:
        """How strongly each member's samples are augmented now: the probability of each transform.

        Shapes:
            result: (members,); 1 unless the augmentation adapts.
        """
        if self.state.adaptation:
            return self.state.adaptation.strength[: self.members]
        return torch.ones(self.members, dtype=self.state.average.dtype, device=self._device)

    def _like_weights(self, inputs: Tensor) -> Tensor:
        return inputs.to(self.state.average)  # device and precision: callers need not know either

    def _discriminators(self) -> tuple[Tensor, dict[str, Tensor]]:
        player = self.state.discriminator
        return player.weights[: self.members], {name: v[: self.members] for name, v in player.buffers.items()}


def _on_each_batch(game: Game, point: Point, batches: Batch) -> tuple[Tensor, Tensor]:
    """One member's gradients on several batches: those of a lone member one after another."""
    if game.generator.lone:
        each = [gradients(game, point, Batch(*shown)) for shown in zip(*batches, strict=True)]
        generators, discriminators = zip(*each, strict=True)
        return torch.stack(generators), torch.stack(discriminators)
    count = len(batches.real)

    def on_one(own: Buffers, opponents: Buffers, shown: Batch) -> tuple[Tensor, Tensor]:
        """On one batch, with buffers of its own: batch norm writes its statistics."""
        return gradients(game, Point(point.generator, point.discriminator, own, opponents), shown)

    own, opponents = (
        {name: value.expand(count, *value.shape) for name, value in buffers.items()}
        for buffers in (point.generator_buffers, point.discriminator_buffers)
    )
    found: tuple[Tensor, Tensor] = vmap(on_one)(own, opponents, batches)
    return found


def _change(before: Tensor, after: Tensor) -> Tensor:
    ratio: Tensor = (after - before).double().norm(dim=1) / before.double().norm(dim=1)
    return ratio


def lengths(player: Player) -> Tensor:
    """Length of every member's weights."""
    found: Tensor = player.weights.double().norm(dim=1)
    return found
