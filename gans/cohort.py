"""Many GANs trained as one program: K members whose tensors share their shapes.

A single GAN is a cohort of one. A member that stops being finite stays in its own slice:
it cannot touch the others, and the step at which it happened is kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor
from torch.utils._pytree import tree_map

from gans.augment.controller import starting
from gans.clock import Clock, clock_for
from gans.config import RunConfig, cohort_key
from gans.data import Dataset
from gans.data.pool import pool_for
from gans.game import build_game, build_modules, evaluating, untrained_players
from gans.layout import layout_of
from gans.padding import Fit, fit, program_config
from gans.program import TRACE_NAMES, Draws, Program, State, compile_program, eager_program
from gans.sampling import BLOCK, Block, MemberStreams
from gans.step import Game, Player
from gans.views import Views, lengths


class Cohort(Views):
    """K runs in training.

    Args:
        configs: the members; equal but for seed, learning rates, data size and defect, and for widths that
            compiled code pads to the same (``gans.padding``).
        compiled: train through ``torch.compile``; without a C++ compiler the
            cohort warns and goes on eager (``mode`` says which it was).
        device: "cpu", "cuda", ...; random draws are the same on all of them.

    Raises:
        ValueError: members that cannot share a program, or a name nobody registered.

    Example:
        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> members = [config_of("nsgan", seed=seed, batch_size=8) for seed in range(3)]
        >>> cohort = Cohort(members, load("digits"))
        >>> trace = cohort.train(2)
        >>> trace["generator_loss"].shape, cohort.generate(torch.zeros(5, 16)).shape
        (torch.Size([3, 2]), torch.Size([3, 5, 1, 8, 8]))
    """

    def __init__(
        self, configs: Sequence[RunConfig], dataset: Dataset, *, compiled: bool = False, device: str = "cpu"
    ) -> None:
        shared = _require_one_program(configs, compiled=compiled)
        self.configs = tuple(configs)
        self.game = build_game(shared, dataset, members=len(configs))
        self._dataset = dataset
        # Kernels of a lone member round otherwise than those of two or more, so it trains beside a copy;
        # not if it is convolutional, which always trains alone.
        copied = compiled and len(configs) == 1 and not self.game.generator.lone
        trained = self.configs * 2 if copied else self.configs
        needs_mix = self.game.regularizer.penalty is not None
        pool = pool_for(trained, dataset)
        self._streams = MemberStreams(
            trained, dataset.size, needs_mix=needs_mix, augmenting=self.game.augmentation.numbers,
            dtype=dataset.train.dtype, subsets=pool.subsets,
        )  # fmt: skip
        self._device = torch.device(device)
        self._block = self._streams.draw(self._device)
        generator, discriminator = untrained_players(trained, dataset, self.game, self._device)
        self.fits = tuple(_fits(config, self.game, dataset) for config in configs)
        adaptation = starting(len(trained), generator.weights) if self.game.augmentation.adaptive else ()
        self.state = State(generator, discriminator, generator.weights.clone(), 0, adaptation)
        self._before = self.state
        self._untrained = lengths(generator), lengths(discriminator)
        self.diverged_at = torch.full((self.members,), -1, dtype=torch.int64)
        self._evaluators = evaluating(self.game.generator), evaluating(self.game.discriminator)
        program = eager_program(
            game=self.game,
            data=pool.samples.to(self._device),
            generator_lr=_column([config.generator_lr for config in trained], generator.weights),
            discriminator_lr=_column([config.discriminator_lr for config in trained], generator.weights),
            order=configs[0].update_order,
            clock=clock_for(self._device),
        )
        self.program = self._warmed_up(program, through_compiler=compiled)

    @property
    def clock(self) -> Clock:
        """Seconds spent so far, by phase."""
        return self.program.clock

    def train(self, steps: int) -> dict[str, Tensor]:
        """Make ``steps`` generator updates with their discriminator updates.

        Shapes:
            result: each of TRACE_NAMES to (members, steps); of several
                discriminator updates in a step the last one is kept.
        """
        rows = []
        with torch.no_grad(), self.program.unguarded():
            for _ in range(steps):
                self._before = self.state
                self.state, row = self.program.turn(self.state, self._draws())
                rows.append(row)
        trace = torch.stack(rows, dim=-1).cpu()[:, : self.members]
        self._note_divergence(trace)
        return self._of_own_weights(dict(zip(TRACE_NAMES, trace, strict=True)))

    def _of_own_weights(self, trace: dict[str, Tensor]) -> dict[str, Tensor]:
        """Root mean squares over a member's own parameters; the program takes them over the padding, too."""
        for name, column in (("generator_gradient", 0), ("discriminator_gradient", 1)):
            shares = torch.tensor([fits[column].share for fits in self.fits])
            if (shares < 1).any():
                trace[name] = trace[name] / shares.to(trace[name]).sqrt().unsqueeze(1)
        return trace

    def generator_weights(self, member: int, *, average: bool = False) -> dict[str, Tensor]:
        """One member's generator, parameter name to value, without what it is padded with."""
        flat = self.state.average if average else self.state.generator.weights
        own = self.fits[member][0]
        return own.layout.unpack(own.own(flat[member]))

    def alone(self, member: int) -> Cohort:
        """One member where it stands now as an eager cohort of its own, in its own widths, to look at.

        Its random streams are at their start: it is not to be trained on.
        """
        if self.members == 1 and self.mode == "eager":
            return self
        cohort = Cohort([self.configs[member]], self._dataset, device=str(self._device))
        state = _rows(self.state, torch.tensor([member], device=self._device))
        generator, discriminator = self.fits[member]
        cohort.state = state._replace(
            generator=_cropped(state.generator, generator),
            discriminator=_cropped(state.discriminator, discriminator),
            average=generator.own(state.average),
        )
        return cohort

    def keep(self, members: Sequence[int]) -> None:
        """Let all other members go; those that stay train on as if nothing had happened.

        A compiled cohort is compiled again, for the new number of members. The clock keeps the share of
        those that stay.

        Args:
            members: which to keep, in their new order.

        Raises:
            ValueError: none is kept, or there is no such member.
        """
        if not members or not set(members) <= set(range(self.members)) or len(set(members)) < len(members):
            raise ValueError(
                f"cohort: must keep at least one of its {self.members} members, each once, got "
                f"{list(members)}; drop the cohort itself to let all go"
            )
        share = len(members) / self.members
        # A lone member trains beside a copy, as in a compiled cohort of one: kernels of one round otherwise.
        trained = list(members) * 2 if len(members) == 1 and len(self.state.average) > 1 else list(members)
        rows = torch.tensor(trained, device=self._device)
        self.configs = tuple(self.configs[member] for member in members)
        self.fits = tuple(self.fits[member] for member in members)
        self.diverged_at = self.diverged_at[list(members)]
        self._untrained = self._untrained[0][rows], self._untrained[1][rows]
        self._streams.keep(trained)
        self._block = Block(*(each[rows] for each in vars(self._block).values()))
        self.state, self._before = _rows(self.state, rows), _rows(self._before, rows)
        for phase in self.clock.seconds:
            self.clock.seconds[phase] *= share
        program = eager_program(
            game=self.game,
            data=self.program.data,
            generator_lr=self.program.generator_lr[rows],
            discriminator_lr=self.program.discriminator_lr[rows],
            order=self.program.order,
            clock=self.clock,
        )
        self.program = self._warmed_up(program, through_compiler=self.mode == "compiled")

    def training_indices(self, member: int) -> Tensor:
        """Indices into the cohort's training data of all that one member may see."""
        return self._streams.subsets[member]

    def training_samples(self, indices: Tensor) -> Tensor:
        """Rows of the cohort's training data, with the defects of those that they belong to.

        Shapes:
            indices: any shape. result: (*indices.shape, *sample_shape), on the CPU.
        """
        return self.program.data[indices.to(self._device)].cpu()

    def step_flops(self) -> int:
        """Floating-point operations of one generator step of all members, those on padding included."""
        return self._member_step_flops * self.members

    @cached_property
    def _member_step_flops(self) -> int:
        return self.program.step_flops(self.state, self._block.at(0)) // len(self.state.average)

    def _draws(self) -> Draws:
        position = self.state.step % BLOCK
        if position == 0 and self.state.step > 0:
            with self.clock.phase("data"):
                self._block = self._streams.draw(self._device)
        return self._block.at(position)

    def _warmed_up(self, program: Program, *, through_compiler: bool) -> Program:
        # Updates are pure, so a turn whose result is dropped compiles and warms up without training.
        quiet = Clock()
        with program.clock.phase("warm_up"), torch.no_grad():
            if through_compiler:
                fast = compile_program(program)
                try:
                    _with_clock(fast, quiet).turn(self.state, self._block.at(0))
                    return fast
                except torch._dynamo.exc.TorchDynamoException as error:
                    reason = str(error).strip().partition("\n")[0]
                    warnings.warn(
                        f"cohort: training eager, cannot compile; {reason}", RuntimeWarning, stacklevel=3
                    )
            _with_clock(program, quiet).turn(self.state, self._block.at(0))
        return program

    def _note_divergence(self, trace: Tensor) -> None:
        broken = ~torch.isfinite(trace).all(dim=0)
        first = self.state.step - trace.shape[-1] + 1 + broken.int().argmax(dim=-1)
        weights = torch.cat([self.state.generator.weights, self.state.discriminator.weights], dim=1)
        lost = ~torch.isfinite(weights[: self.members]).all(dim=1).cpu()
        now = torch.where(broken.any(dim=-1), first, torch.where(lost, self.state.step, -1))
        self.diverged_at = torch.where(self.diverged_at >= 0, self.diverged_at, now)


def _require_one_program(configs: Sequence[RunConfig], *, compiled: bool) -> RunConfig:
    """The config whose shapes all members train in."""
    if not configs:
        raise ValueError("cohort: must have at least one member, got none; pass one RunConfig per run")
    shared = [program_config(config, compiled=compiled) for config in configs]
    if len({cohort_key(config) for config in shared}) > 1:
        raise ValueError(
            "cohort: members must be equal but for seed, learning rates, data size and defect, "
            "got others; group them by gans.config.cohort_key"
        )
    return shared[0]


def _fits(config: RunConfig, game: Game, dataset: Dataset) -> tuple[Fit, Fit]:
    """Where a member's own parameters lie in the program's: those of its generator and discriminator."""
    generator, discriminator = (layout_of(module) for module in build_modules(config, dataset))
    return fit(generator, game.generator.layout), fit(discriminator, game.discriminator.layout)


def _cropped(player: Player, own: Fit) -> Player:
    return player._replace(weights=own.own(player.weights), moments=tuple(map(own.own, player.moments)))


def _rows(state: State, rows: Tensor) -> State:
    """The state of some members alone, each in a tensor of its own."""
    kept: State = tree_map(lambda part: part[rows] if isinstance(part, Tensor) else part, state)
    return kept


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    return torch.tensor(values, dtype=like.dtype, device=like.device).unsqueeze(1)


def _with_clock(program: Program, clock: Clock) -> Program:
    return Program(**{**vars(program), "clock": clock})
