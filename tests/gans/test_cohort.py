"""A cohort trains each member as if it were alone, and like a plain PyTorch loop would."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from plain_loop import PlainLoop, flat
from torch import Tensor, nn

from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load
from gans.defaults import config_of
from gans.game import build_modules
from gans.networks import NETWORKS, Network
from gans.program import ORDERS, TRACE_NAMES
from gans.recipes import RECIPES
from gans.regularizers import clip
from gans.sampling import BLOCK, MemberStreams

DIGITS = load("digits")


def small(recipe: str, **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "latent_dim": 4, "batch_size": 8}
    return config_of(recipe, **{**shape, **overrides})


def weights(cohort: Cohort) -> Tensor:
    return torch.cat([cohort.state.generator.weights, cohort.state.discriminator.weights], dim=1)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_member_trains_as_a_plain_loop_would(recipe: str) -> None:
    configs = [small(recipe, seed=0, data_size=64), small(recipe, seed=1, generator_lr=1e-3)]
    cohort = Cohort(configs, DIGITS)

    cohort.train(10)

    for member, config in enumerate(configs):
        loop = PlainLoop(config, DIGITS)
        loop.train(10)
        for expected, actual in (
            (flat(loop.generator), cohort.state.generator.weights[member]),
            (flat(loop.discriminator), cohort.state.discriminator.weights[member]),
            (flat(loop.average), cohort.state.average[member]),
        ):
            torch.testing.assert_close(actual, expected, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_member_trains_as_it_would_alone(recipe: str) -> None:
    configs = [small(recipe, seed=seed, data_size=64 * (seed + 1)) for seed in range(3)]
    together, alone = Cohort(configs, DIGITS), Cohort(configs[1:2], DIGITS)

    traces = together.train(12), alone.train(12)

    torch.testing.assert_close(weights(together)[1:2], weights(alone), rtol=1e-4, atol=2e-5)
    for name in TRACE_NAMES:
        torch.testing.assert_close(traces[0][name][1:2], traces[1][name], rtol=1e-3, atol=1e-4)


def test_a_member_that_diverges_leaves_the_others_bit_for_bit() -> None:
    calm = [small("nsgan", seed=seed) for seed in range(3)]
    wild = [calm[0], dataclasses.replace(calm[1], generator_lr=float("inf")), calm[2]]
    quiet, disturbed = Cohort(calm, DIGITS), Cohort(wild, DIGITS)

    quiet.train(30)
    disturbed.train(30)

    assert not torch.isfinite(weights(disturbed)[1]).all()
    for member in (0, 2):
        assert torch.equal(weights(quiet)[member], weights(disturbed)[member])
    # The infinite rate ruins the weights in step 1; step 2 is the first to compute with them.
    assert disturbed.diverged_at.tolist() == [-1, 2, -1]


def test_chunks_of_training_are_the_same_as_one_long_one() -> None:
    whole, cut = (Cohort([small("nsgan")], DIGITS) for _ in range(2))

    whole.train(BLOCK + 15)
    for steps in (1, BLOCK, 14):
        cut.train(steps)

    assert torch.equal(weights(whole), weights(cut))


def test_the_same_seed_gives_the_same_bits_and_the_next_seed_others() -> None:
    first, again, other = (Cohort([small("wgan-gp", seed=seed)], DIGITS) for seed in (5, 5, 6))
    for cohort in (first, again, other):
        cohort.train(5)

    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), weights(other))


def test_probing_leaves_training_as_it_was() -> None:
    probed, left = (Cohort([small("nsgan")], DIGITS) for _ in range(2))
    for _ in range(5):
        probed.train(3)
        samples = probed.generate(torch.ones(4, 4))
        probed.logits(samples)
        probed.slopes(samples)
        probed.step_flops()
        left.train(3)

    assert torch.equal(weights(probed), weights(left))


def test_weights_are_clipped_after_the_step_so_the_generator_meets_a_clipped_critic() -> None:
    cohort = Cohort([small("wgan", discriminator_lr=0.1)], DIGITS)

    cohort.train(1)

    critic = cohort.state.discriminator.weights
    assert torch.equal(critic, clip(critic, 0.01))
    assert critic.abs().max() == pytest.approx(0.01)


def test_update_orders_are_three_different_games() -> None:
    ends = {}
    for order in ORDERS:
        cohort = Cohort([small("nsgan", update_order=order)], DIGITS)
        cohort.train(4)
        ends[order] = weights(cohort)

    assert not any(torch.equal(ends[a], ends[b]) for a in ORDERS for b in ORDERS if a < b)


def test_simultaneous_players_both_start_from_the_old_state() -> None:
    simultaneous = Cohort([small("nsgan", update_order="simultaneous")], DIGITS)
    discriminator_first = Cohort([small("nsgan", update_order="discriminator-first")], DIGITS)
    generator_first = Cohort([small("nsgan", update_order="generator-first")], DIGITS)
    for cohort in (simultaneous, discriminator_first, generator_first):
        cohort.train(1)

    assert torch.equal(
        simultaneous.state.discriminator.weights, discriminator_first.state.discriminator.weights
    )
    assert torch.equal(simultaneous.state.generator.weights, generator_first.state.generator.weights)


def test_slopes_are_autograds() -> None:
    config = small("nsgan")
    cohort = Cohort([config], DIGITS)
    samples = DIGITS.train[:6].clone().requires_grad_()
    _, discriminator = build_modules(config, DIGITS)
    discriminator(samples).sum().backward()
    expected = samples.grad.flatten(start_dim=1).norm(dim=1)

    actual = cohort.slopes(DIGITS.train[:6].unsqueeze(0))[0]

    torch.testing.assert_close(actual, expected)


def test_members_that_cannot_share_a_program_are_refused() -> None:
    with pytest.raises(ValueError, match="cohort: members must be equal but for seed"):
        Cohort([small("nsgan"), small("nsgan", generator_width=16)], DIGITS)
    with pytest.raises(ValueError, match="cohort: must have at least one member, got none"):
        Cohort([], DIGITS)


class NormalisedGenerator(nn.Module):
    """A generator with batch norm, to see that running statistics stay with their member."""

    def __init__(
        self, latent_dim: int, width: int, depth: int, shape: tuple[int, ...], bounded: bool
    ) -> None:
        super().__init__()
        self.shape = shape
        self.first, self.norm = nn.Linear(latent_dim, width), nn.BatchNorm1d(width)
        self.last = nn.Linear(width, 64)

    def forward(self, latents: Tensor) -> Tensor:
        return torch.tanh(self.last(torch.relu(self.norm(self.first(latents))))).reshape(-1, *self.shape)


class NormalisedDiscriminator(nn.Module):
    def __init__(self, width: int, depth: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(), nn.Linear(64, width), nn.BatchNorm1d(width), nn.Linear(width, 1)
        )

    def forward(self, samples: Tensor) -> Tensor:
        return self.body(samples).squeeze(-1)


normalised = Network("normalised", NormalisedGenerator, NormalisedDiscriminator)
generator_only = Network("generator-only", NormalisedGenerator, NETWORKS.get("mlp").discriminator)


def test_running_statistics_follow_each_members_own_updates() -> None:
    config = small("nsgan", network=f"{__name__}:generator_only")
    cohort = Cohort([config, dataclasses.replace(config, seed=9)], DIGITS)
    generator, _ = build_modules(config, DIGITS)

    cohort.train(1)
    block = MemberStreams([config], DIGITS.size, needs_mix=False).draw(torch.device("cpu"))
    generator.train()(block.at(0).latents[0, -1])

    buffers = cohort.state.generator.buffers
    torch.testing.assert_close(buffers["norm.running_mean"][0], generator.norm.running_mean)
    assert buffers["norm.num_batches_tracked"].tolist() == [1, 1]
    assert not torch.equal(buffers["norm.running_mean"][0], buffers["norm.running_mean"][1])


def test_batch_norm_in_a_penalised_discriminator_is_refused() -> None:
    with pytest.raises(ValueError, match="logits that depend on their own sample alone"):
        Cohort([small("wgan-gp", network=f"{__name__}:normalised")], DIGITS)
    Cohort([small("nsgan", network=f"{__name__}:normalised")], DIGITS)


@pytest.mark.parametrize("keep", [[0, 2], [2, 1], [1]])
def test_members_that_are_kept_train_on_to_the_same_bits(keep: list[int]) -> None:
    configs = [config_of("wgan-gp", seed=seed, batch_size=8) for seed in range(3)]
    whole, kept = Cohort(configs, load("digits")), Cohort(configs, load("digits"))
    for cohort in (whole, kept):
        cohort.train(30)

    kept.keep(keep)
    expected, actual = whole.train(30), kept.train(30)

    assert [config.seed for config in kept.configs] == keep
    for name in expected:
        assert torch.equal(actual[name], expected[name][keep]), name


@pytest.mark.parametrize("keep", [[], [3], [-1], [1, 1]])
def test_keeping_nobody_or_a_stranger_is_refused(keep: list[int]) -> None:
    cohort = Cohort([config_of("nsgan", seed=seed, batch_size=8) for seed in range(3)], load("digits"))

    with pytest.raises(ValueError, match="cohort: must keep at least one of its 3 members, each once, got"):
        cohort.keep(keep)


def test_the_clock_keeps_the_share_of_those_that_stay() -> None:
    cohort = Cohort([config_of("nsgan", seed=seed, batch_size=8) for seed in range(4)], load("digits"))
    cohort.train(5)
    before = cohort.clock.training

    cohort.keep([0])

    assert cohort.clock.training == pytest.approx(before / 4)
