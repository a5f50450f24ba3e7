"""Convolutional players train as in a plain loop: alone without vmap, together with it, buffers and all."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from plain_loop import PlainLoop, flat
from synthetic_pictures import pictures
from torch import Tensor, nn

from gans.cohort import Cohort
from gans.config import RunConfig
from gans.defaults import config_of
from gans.field import Batch
from gans.networks import NETWORKS
from gans.program import TRACE_NAMES

DATA = pictures(1, 8)
EXACT = pictures(1, 8, dtype=torch.float64)
"""In float32 Adam would blow up rounding: biases before batch norm have gradients of 1e-10 for 0."""

CONVOLUTIONAL = [name for name in NETWORKS if NETWORKS.get(name).convolutional]
RECIPES = ("nsgan", "wgan", "wgan-gp", "sngan", "rpgan-r1r2")
STEPS = 3


def small(network: str = "dcgan", recipe: str = "nsgan", **overrides: Any) -> RunConfig:
    depth = {"metz": 3}.get(network, 2)
    shape = {"generator_width": 4, "discriminator_width": 4, "latent_dim": 4, "batch_size": 8}
    depths = {"generator_depth": depth, "discriminator_depth": depth}
    return config_of(recipe, **{**shape, **depths, "network": network, "data_size": 64, **overrides})


def buffers_of(module: nn.Module) -> dict[str, Tensor]:
    return dict(module.named_buffers())


def assert_trained_alike(cohort: Cohort, member: int, loop: PlainLoop) -> None:
    state = cohort.state
    for expected, actual in (
        (flat(loop.generator), state.generator.weights[member]),
        (flat(loop.discriminator), state.discriminator.weights[member]),
        (flat(loop.average), state.average[member]),
    ):
        torch.testing.assert_close(actual, expected, rtol=1e-6, atol=1e-7)
    wanted = {**buffers_of(loop.discriminator), **loop.vectors}
    for player, buffers in ((state.generator, buffers_of(loop.generator)), (state.discriminator, wanted)):
        assert set(player.buffers) == set(buffers)
        for name, value in buffers.items():
            torch.testing.assert_close(player.buffers[name][member], value, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_a_lone_member_trains_as_a_plain_loop_would(network: str, recipe: str) -> None:
    config = small(network, recipe)
    cohort, loop = Cohort([config], EXACT), PlainLoop(config, EXACT)

    cohort.train(STEPS)
    loop.train(STEPS)

    assert cohort.game.generator.lone
    assert_trained_alike(cohort, 0, loop)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_every_norm_trains_as_a_plain_loop_would(norm: str) -> None:
    config = small(generator_norm=norm, discriminator_norm=norm)
    cohort, loop = Cohort([config], EXACT), PlainLoop(config, EXACT)

    cohort.train(STEPS)
    loop.train(STEPS)

    assert_trained_alike(cohort, 0, loop)


@pytest.mark.parametrize("recipe", ["nsgan", "sngan"])
def test_members_that_train_together_train_as_they_would_alone(recipe: str) -> None:
    """The way of a GPU: batched convolutions, with running statistics and estimates of each member's own."""
    configs = [small("dcgan", recipe, seed=seed) for seed in range(3)]
    together = Cohort(configs, EXACT)
    together.train(STEPS)

    assert not together.game.generator.lone
    for member, config in enumerate(configs):
        loop = PlainLoop(config, EXACT)
        loop.train(STEPS)
        assert_trained_alike(together, member, loop)


@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_a_cohort_looks_at_itself_alike_alone_and_in_company(network: str) -> None:
    config = small(network, "sngan")
    alone, together = Cohort([config], DATA), Cohort([config, dataclasses.replace(config, seed=9)], DATA)
    latents, shown = torch.randn(5, 4), DATA.train[:6].unsqueeze(0)
    batches = Batch(DATA.train[:24].reshape(1, 3, 8, 1, 8, 8), torch.randn(1, 3, 8, 4), torch.zeros(1, 3, 0))
    both = Batch(*(torch.cat([part, part]) for part in batches))
    looks = [
        (alone.generate(latents), together.generate(latents)),
        (alone.generate(latents, average=True), together.generate(latents, average=True)),
        (alone.logits(shown), together.logits(torch.cat([shown, shown]))),
        (alone.slopes(shown), together.slopes(torch.cat([shown, shown]))),
        *zip(alone.gradients(batches), together.gradients(both), strict=True),
    ]

    for lone, company in looks:
        assert lone.shape == company[:1].shape
        torch.testing.assert_close(lone, company[:1], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_a_members_arithmetic_is_the_same_alone_and_in_company(network: str) -> None:
    config = small(network)
    alone, three = Cohort([config], DATA), Cohort([config] * 3, DATA)

    assert three.step_flops() == 3 * alone.step_flops()


def test_samples_are_made_with_the_running_statistics_and_leave_them_as_they_were() -> None:
    cohort = Cohort([small()], DATA)
    cohort.train(STEPS)
    before = {name: value.clone() for name, value in cohort.state.generator.buffers.items()}
    latents = torch.randn(6, 4)

    whole, alone = cohort.generate(latents), cohort.generate(latents[:1])

    torch.testing.assert_close(whole[:, :1], alone)
    for name, value in cohort.state.generator.buffers.items():
        assert torch.equal(value, before[name])
    assert int(cohort.state.generator.buffers["body.0.num_batches_tracked"][0]) == STEPS


def test_each_look_of_a_discriminator_moves_its_statistics_once_for_reals_and_once_for_fakes() -> None:
    cohort = Cohort([small(n_critic=2)], DATA)
    cohort.train(STEPS)

    counted = [v for name, v in cohort.state.discriminator.buffers.items() if name.endswith("tracked")]
    assert [int(value[0]) for value in counted] == [2 * 2 * STEPS]


@pytest.mark.parametrize("weight", [1.0, 0.5])
@pytest.mark.parametrize("network", ["mlp", *CONVOLUTIONAL])
def test_spectral_normalisation_holds_the_largest_singular_value(network: str, weight: float) -> None:
    cohort = Cohort([small(network, "sngan", regularizer_weight=weight, discriminator_lr=1e-5)], DATA)
    cohort.train(20)

    named = {name: value[0] for name, value in cohort.discriminator_weights().items() if value.ndim > 2}
    raw = cohort.game.discriminator.layout.unpack(cohort.state.discriminator.weights[0])
    sizes = [torch.linalg.svdvals(value.flatten(1))[0].item() for value in named.values()]

    assert sizes == pytest.approx([weight] * len(named), rel=0.02)
    assert any(abs(torch.linalg.svdvals(raw[name].flatten(1))[0].item() - weight) > 0.05 for name in named)


def test_bfloat16_trains_near_full_precision_and_is_no_pretence() -> None:
    full, half = (Cohort([small(autocast=kind)], DATA) for kind in ("none", "bfloat16"))
    traces = full.train(STEPS), half.train(STEPS)

    assert half.state.generator.weights.dtype == torch.float32
    for name in TRACE_NAMES:
        torch.testing.assert_close(traces[1][name], traces[0][name], rtol=0.1, atol=0.02)
        assert not torch.equal(traces[1][name], traces[0][name])
    samples = half.generate(torch.zeros(2, 4))
    assert samples.dtype == torch.float32
    assert not torch.equal(samples, samples.bfloat16().float())


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp", "sngan"])
@pytest.mark.parametrize("network", ["mlp", *CONVOLUTIONAL])
def test_every_recipe_stays_finite_in_bfloat16(network: str, recipe: str) -> None:
    trace = Cohort([small(network, recipe, autocast="bfloat16")], DATA).train(2)

    assert all(row.isfinite().all() for row in trace.values())


def test_a_lone_member_of_other_networks_still_goes_through_vmap() -> None:
    assert not Cohort([small("mlp")], DATA).game.generator.lone
