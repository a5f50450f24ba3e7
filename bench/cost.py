"""What runs will cost before they are made: seconds, memory and disk, from arithmetic and a few constants.

Whether a cohort is compiled hangs on this, so it is the same on every machine: nothing here is measured
while it runs. Only the estimate of time that a user reads is scaled by the speed of the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.sizes import PlayerSize, Sizes
from gans.config import RunConfig

_FLOAT = 4
_FORWARD, _BOTH_GRADIENTS, _INPUT_GRADIENT = 1, 3, 2
"""Passes that a forward, a training and a through-going gradient evaluation are worth."""


@dataclass(frozen=True, slots=True)
class CostModel:
    """Measured constants; rates measured at generator width 32 and batch 64 are met within a quarter.

    Units:
        seconds_per_flop: one member in a compiled cohort of 45, one thread, by our own products (100
            GFLOP/s); PyTorch's take half as long again.
        seconds_per_sample: what each sample of each update costs beyond its arithmetic: drawing, activations.
        penalty_passes: forward passes per sample that a gradient penalty adds to a discriminator update.
        eager_factor: member time eager over compiled, without dispatch.
        dispatch_seconds, penalty_dispatch_seconds: eager time of one update that no member adds to.
        compile_seconds: the first calls of one program; programs of a known shape come from Inductor's cache.
        evaluation_seconds: one probe of one member, all tiers averaged over the schedule.
        most_convolutional: members of a convolutional cohort; on a CPU grouped convolutions are slow.
        convolution_seconds_per_flop, convolution_seconds_per_activation: a lone convolutional member on one
            thread, eager, by precision; with the seconds of each update and each penalty they met all but two
            of 52 measured steps (dcgan, metz, resnet; four recipes; widths 8 to 64) within a quarter.
        probed_samples: passes of one sample through both players that a probe takes.
        reference_gflops: peak of one thread where the constants were measured.
        base_bytes: a worker that has imported everything. convolution_bytes: what one holds beyond that while
            it trains and judges images: the mapped data, oneDNN's work space, a probe's features; the largest
            workers of the profiles images and lucic showed 1.6 to 1.9 GB.
        run_bytes: one stored run with its artifacts.
    """

    seconds_per_flop: float = 1.0e-11
    seconds_per_sample: float = 3.0e-7
    penalty_passes: Mapping[str, float] = field(
        default_factory=lambda: {"gradient_penalty": 6.0, "r1": 6.0, "r1r2": 12.0}
    )
    eager_factor: float = 3.4
    dispatch_seconds: float = 2.2e-3
    penalty_dispatch_seconds: float = 2.5e-3
    compile_seconds: float = 10.0
    evaluation_seconds: float = 0.0045
    start_seconds: float = 8.0
    base_bytes: float = 1.05e9
    convolution_bytes: float = 0.65e9
    cohort_bytes: float = 430e6
    run_bytes: float = 130e3
    reference_gflops: float = 110.0
    most_members: int = 64
    most_convolutional: int = 1
    convolution_seconds_per_flop: Mapping[str, float] = field(
        default_factory=lambda: {"none": 5.7e-12, "bfloat16": 3.0e-12}
    )
    convolution_seconds_per_activation: float = 5.8e-10
    convolution_update_seconds: float = 5.6e-3
    convolution_penalty_seconds: float = 3.3e-3
    probed_samples: int = 5_000
    largest_share: float = 1 / 6

    def member_seconds(self, config: RunConfig, sizes: Sizes) -> float:
        """Estimate one generator step of one member of a large compiled cohort, critic steps included."""
        of_generator, of_discriminator = self._passes(config)
        flops = config.batch_size * (
            of_generator * sizes.generator.flops + of_discriminator * sizes.discriminator.flops
        )
        samples = config.batch_samples * (config.n_critic + 1)
        return flops * self.seconds_per_flop + samples * self.seconds_per_sample

    def convolution_seconds(self, config: RunConfig, sizes: Sizes) -> float:
        """Estimate one generator step of a convolutional member that trains alone, critic steps included."""
        passes = [config.batch_size * count for count in self._passes(config)]
        updates = (config.n_critic + 1) * self.convolution_update_seconds
        if config.regularizer in self.penalty_passes:
            updates += config.n_critic * self.convolution_penalty_seconds
        return updates + self._convolving(config.autocast, sizes, passes)

    def _convolving(self, precision: str, sizes: Sizes, passes: Sequence[float]) -> float:
        """Estimate so many passes through the generator and through the discriminator."""
        per_flop, per_activation = (
            self.convolution_seconds_per_flop[precision], self.convolution_seconds_per_activation
        )  # fmt: skip
        return sum(
            count * (player.flops * per_flop + player.activations * per_activation)
            for count, player in zip(passes, (sizes.generator, sizes.discriminator), strict=True)
        )

    def _passes(self, config: RunConfig) -> tuple[float, float]:
        """Passes worth of work per pack of a batch and generator step: generator, discriminator."""
        judged = 2 * _BOTH_GRADIENTS + self.penalty_passes.get(config.regularizer, 0.0)
        pairs = _FORWARD if config.loss == "relativistic" else 0
        of_generator = config.packing * (config.n_critic * _FORWARD + _BOTH_GRADIENTS)
        return of_generator, config.n_critic * judged + _INPUT_GRADIENT + pairs

    def training_seconds(self, config: RunConfig, sizes: Sizes, members: int, *, compiled: bool) -> float:
        """Estimate the training of a cohort, compilation apart."""
        if sizes.convolutional:
            return config.steps * members * self.convolution_seconds(config, sizes)
        work = members * self.member_seconds(config, sizes)
        if not compiled:
            penalty = self.penalty_dispatch_seconds if config.regularizer in self.penalty_passes else 0.0
            dispatch = (config.n_critic + 1) * self.dispatch_seconds + config.n_critic * penalty
            work = dispatch + self.eager_factor * work
        return config.steps * work

    def pays_to_compile(self, config: RunConfig, sizes: Sizes, members: int) -> bool:
        """Whether compiling a cohort saves more than it costs; not of convolutions (gans/DECISIONS.md)."""
        if sizes.convolutional:
            return False
        eager = self.training_seconds(config, sizes, members, compiled=False)
        return eager - self.training_seconds(config, sizes, members, compiled=True) > self.compile_seconds

    def cohort_seconds(self, config: RunConfig, sizes: Sizes, members: int, *, compiled: bool) -> float:
        """Estimate a cohort from start to hand-over: compilation, training, evaluation."""
        probe = self.evaluation_seconds
        if sizes.convolutional:
            probe += self._convolving("none", sizes, [self.probed_samples] * 2)
        probes = members * (config.evaluations + 1) * probe
        first_calls = self.compile_seconds if compiled else 0.0
        return first_calls + self.training_seconds(config, sizes, members, compiled=compiled) + probes

    def member_bytes(self, config: RunConfig, sizes: Sizes) -> float:
        """Estimate what one more member adds to a worker's memory."""
        states = sum(_state_numbers(player) for player in (sizes.generator, sizes.discriminator))
        batches = config.batch_size * (
            (1 + config.n_critic) * 25 * config.packing * (config.latent_dim + 3)  # a block of draws
            + 6 * config.packing * sizes.generator.activations
            + (8 + self.penalty_passes.get(config.regularizer, 0.0)) * sizes.discriminator.activations
            + 4 * config.packing * sizes.sample
        )
        probes = 2_500 * (sizes.sample + 64)
        return _FLOAT * (states + batches + probes)

    def worker_bytes(self, config: RunConfig, sizes: Sizes, members: int) -> float:
        """Estimate the memory a worker shows while it trains such a cohort, shared libraries included."""
        convolutions = self.convolution_bytes if sizes.convolutional else 0.0
        return self.base_bytes + convolutions + members * self.member_bytes(config, sizes)

    def members_that_fit(self, config: RunConfig, sizes: Sizes) -> int:
        """How many members one cohort may have before its memory or its size is too large; at least one."""
        most = self.most_convolutional if sizes.convolutional else self.most_members
        return max(1, min(most, int(self.cohort_bytes / self.member_bytes(config, sizes))))


def _state_numbers(player: PlayerSize) -> float:
    """Weights, gradient, two moments, the next weights and moments, and an average: nine copies."""
    return 9.0 * player.parameters
