"""The gradients that diagnostics see are the ones that training descends."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import torch
from plain_loop import PlainLoop
from torch import Tensor

from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load
from gans.defaults import config_of
from gans.field import Batch
from gans.program import Draws
from gans.recipes import RECIPES
from gans.rng import stream

DIGITS = load("digits")
BATCHES, SIZE = 3, 8


def small(recipe: str, **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "latent_dim": 4, "batch_size": SIZE}
    return config_of(recipe, **{**shape, **overrides})


def batches(members: int) -> Batch:
    draws = stream(0, "test field")
    picked = torch.randint(DIGITS.size, (members, BATCHES, SIZE), generator=draws)
    latents = torch.randn(members, BATCHES, SIZE, 4, generator=draws)
    return Batch(DIGITS.train[picked], latents, torch.rand(members, BATCHES, SIZE, generator=draws))


def plain_gradients(config: RunConfig, real: Tensor, latents: Tensor, mix: Tensor) -> tuple[Tensor, Tensor]:
    """The slow twin: ordinary modules and autograd, penalties written out."""
    loop = PlainLoop(config, DIGITS)
    generator, discriminator, loss = loop.generator, loop.judge, loop.loss
    fake = generator(latents)
    g_loss = loss.generator(discriminator(real), discriminator(fake)).mean()
    g_grads = torch.autograd.grad(g_loss, list(generator.parameters()), retain_graph=True)
    loop.turn()
    fake = fake.detach()
    d_loss = loss.discriminator(discriminator(real), discriminator(fake)).mean()
    d_loss = d_loss + plain_penalty(config, discriminator, real, fake, mix)
    d_grads = torch.autograd.grad(d_loss, list(loop.discriminator.parameters()))
    return tuple(torch.cat([grad.reshape(-1) for grad in grads]) for grads in (g_grads, d_grads))


def plain_penalty(
    config: RunConfig, discriminator: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, mix: Tensor
) -> Tensor:
    def slope(samples: Tensor) -> Tensor:
        samples = samples.clone().requires_grad_()
        (found,) = torch.autograd.grad(discriminator(samples).sum(), samples, create_graph=True)
        return found.flatten(start_dim=1)

    weight, ratio = config.regularizer_weight, mix.view(-1, 1, 1, 1)
    if config.regularizer == "gradient_penalty":
        return weight * (slope(ratio * real + (1 - ratio) * fake).norm(dim=1) - 1).square().mean()
    total = torch.zeros(())
    for samples in {"r1": [real], "r1r2": [real, fake]}.get(config.regularizer, []):
        total = total + 0.5 * weight * slope(samples).square().sum(dim=1).mean()
    return total


@pytest.mark.parametrize("recipe", RECIPES)
def test_gradients_are_those_of_a_plain_loop_penalty_counted_once(recipe: str) -> None:
    configs = [small(recipe, seed=seed) for seed in range(2)]
    shown = batches(2)

    found = Cohort(configs, DIGITS).gradients(shown)

    for member, config in enumerate(configs):
        for batch in range(BATCHES):
            expected = plain_gradients(config, *(each[member, batch] for each in shown))
            for player in range(2):
                torch.testing.assert_close(
                    found[player][member, batch], expected[player], rtol=1e-4, atol=1e-6
                )


@pytest.mark.parametrize("recipe", RECIPES)
def test_gradients_have_the_size_that_the_next_step_reports(recipe: str) -> None:
    cohort = Cohort([small(recipe, n_critic=1, update_order="simultaneous")], DIGITS)
    cohort.train(3)
    draws = cohort._block.at(3)
    needs_mix = cohort.game.regularizer.penalty is not None
    mix = draws.mix if needs_mix else torch.zeros(1, 1, SIZE)
    on = [Batch(DIGITS.train[draws.indices], draws.latents[:, turn : turn + 1], mix) for turn in (1, 0)]
    found = cohort.gradients(on[0])[0], cohort.gradients(on[1])[1]

    trace = cohort.train(1)

    for gradient, name in zip(found, ("generator_gradient", "discriminator_gradient"), strict=True):
        assert gradient.square().mean().sqrt().item() == pytest.approx(trace[name].item(), rel=1e-4)


def test_a_member_that_is_not_finite_leaves_the_gradients_of_the_others() -> None:
    configs = [small("wgan-gp", seed=seed) for seed in range(3)]
    calm, broken = Cohort(configs, DIGITS), Cohort(configs, DIGITS)
    broken.state.generator.weights[1] = torch.nan

    before, after = calm.gradients(batches(3)), broken.gradients(batches(3))

    assert not any(torch.isfinite(player[1]).all() for player in after)
    for player in range(2):
        for member in (0, 2):
            assert torch.equal(before[player][member], after[player][member])


def test_looking_at_gradients_leaves_training_as_it_was() -> None:
    looked, left = (Cohort([small("rpgan-r1r2")], DIGITS) for _ in range(2))
    for _ in range(3):
        looked.train(2)
        looked.gradients(batches(1))
        looked.update_ratios()
        left.train(2)

    assert torch.equal(looked.state.generator.weights, left.state.generator.weights)


def test_update_ratios_are_the_last_steps_changes_over_the_weights_before() -> None:
    cohort = Cohort([small("nsgan", seed=seed) for seed in range(2)], DIGITS)
    assert [ratio.tolist() for ratio in cohort.update_ratios()] == [[0.0, 0.0], [0.0, 0.0]]
    cohort.train(4)
    before = cohort.state
    cohort.train(1)

    for ratio, name in zip(cohort.update_ratios(), ("generator", "discriminator"), strict=True):
        old, new = getattr(before, name).weights, getattr(cohort.state, name).weights
        torch.testing.assert_close(ratio, ((new - old).norm(dim=1) / old.norm(dim=1)).double())


def test_weights_have_grown_by_their_length_over_that_before_training() -> None:
    cohort = Cohort([small("nsgan", seed=seed) for seed in range(3)], DIGITS)
    start = cohort.state
    untouched = cohort.weight_growth()
    cohort.train(2)
    with torch.no_grad():
        cohort.state.discriminator.weights[2] = 3 * start.discriminator.weights[2]
    cohort.keep([2, 0])

    generators, discriminators = cohort.weight_growth()

    assert [grown.tolist() for grown in untouched] == [[1.0] * 3] * 2
    assert discriminators[0].item() == pytest.approx(3.0)
    assert discriminators[1].item() != 1.0
    old, new = start.generator.weights[[2, 0]], cohort.state.generator.weights
    torch.testing.assert_close(generators, (new.norm(dim=1) / old.norm(dim=1)).double())


def test_plain_descent_moves_by_the_rate_times_the_gradient() -> None:
    config = small("nsgan", optimizer="sgd", update_order="simultaneous", generator_lr=0.5)
    cohort = Cohort([config, dataclasses.replace(config, seed=1)], DIGITS)
    shown = batches(2)
    indices = torch.zeros(2, 1, SIZE, dtype=torch.int64)
    latents = shown.latents[:, :1].expand(2, 2, SIZE, 4)
    on = Batch(DIGITS.train[indices], shown.latents[:, :1], shown.mix[:, :1])
    expected = cohort.state.generator.weights - 0.5 * cohort.gradients(on)[0][:, 0]

    moved, _ = cohort.program.turn(
        cohort.state, Draws(indices, latents, torch.zeros(2, 1, 0), torch.zeros(2, 2, 2, SIZE, 0))
    )

    torch.testing.assert_close(moved.generator.weights, expected)
