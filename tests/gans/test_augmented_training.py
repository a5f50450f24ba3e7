"""Augmentation in training: what discriminators see, by draws of a stream of its own."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor

from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load
from gans.defaults import config_of
from gans.program import eager_program
from gans.sampling import MemberStreams
from gans.step import Game, augment

DIGITS = load("digits")
CPU = torch.device("cpu")


def small(recipe: str = "nsgan", **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "latent_dim": 4, "batch_size": 8}
    return config_of(recipe, **{**shape, **overrides})


def weights(cohort: Cohort) -> Tensor:
    return torch.cat([cohort.state.generator.weights, cohort.state.discriminator.weights], dim=1)


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp"])
def test_augmenting_moves_no_other_draw(recipe: str) -> None:
    config = small(recipe)
    plain = MemberStreams([config], DIGITS.size, needs_mix=True).draw(CPU)
    augmented = MemberStreams([config], DIGITS.size, needs_mix=True, augmenting=3).draw(CPU)

    for name in ("indices", "latents", "mix"):
        assert torch.equal(getattr(plain, name), getattr(augmented, name)), name
    assert plain.augmentation.shape[-1] == 0
    assert augmented.augmentation.shape == (1, 25, config.n_critic + 1, 2, 8, 3)
    assert augmented.augmentation.unique().numel() > 0.99 * augmented.augmentation.numel()


def test_samples_that_nobody_augments_are_the_same_object() -> None:
    game = Cohort([small()], DIGITS).game
    samples = DIGITS.train[:3]

    assert augment(game, samples, torch.empty(3, 0), torch.ones(())) is samples


class Looks:
    """An augmentation that keeps what it was given."""

    def __init__(self, game: Game) -> None:
        self.seen: list[tuple[Tensor, Tensor]] = []
        self.transforms, self.numbers = game.augmentation.transforms, game.augmentation.numbers
        self.adaptive = game.augmentation.adaptive

    def __call__(self, samples: Tensor, draws: Tensor, strength: Tensor) -> Tensor:
        self.seen.append((samples, draws))
        return samples


@pytest.mark.parametrize("recipe, looks", [("nsgan", 3), ("wgan-gp", 11), ("rpgan-r1r2", 4)])
def test_reals_and_fakes_of_every_update_are_augmented_by_draws_of_their_own(recipe: str, looks: int) -> None:
    """Both for each discriminator update; fakes for the generator, and reals where a loss needs them."""
    cohort = Cohort([small(recipe, augmentation="diffaugment:translation")], DIGITS)
    spy = Looks(cohort.game)
    game = dataclasses.replace(cohort.game, augmentation=spy)  # type: ignore[arg-type]
    parts = {name: getattr(cohort.program, name) for name in
             ("data", "generator_lr", "discriminator_lr", "order", "clock")}  # fmt: skip
    with torch.no_grad():
        eager_program(game=game, **parts).turn(cohort.state, cohort._block.at(0))

    assert len(spy.seen) == looks


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp", "rpgan-r1r2"])
def test_an_augmented_member_trains_as_it_would_alone(recipe: str) -> None:
    configs = [small(recipe, seed=seed, augmentation="diffaugment") for seed in range(3)]
    together, alone = Cohort(configs, DIGITS), Cohort(configs[1:2], DIGITS)

    together.train(6)
    alone.train(6)

    torch.testing.assert_close(weights(together)[1:2], weights(alone), rtol=1e-4, atol=2e-5)
