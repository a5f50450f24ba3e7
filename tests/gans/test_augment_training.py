"""Augmentation in training: every one with every recipe, state in sight, nothing where it is not asked."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor
from torch.func import grad

from gans.augment import AUGMENTATIONS, augmentation_for
from gans.augment.controller import INTERVAL, RAMP_IMAGES, Adaptation
from gans.cohort import Cohort
from gans.config import RunConfig, run_id
from gans.data import load
from gans.defaults import config_of
from gans.game import build_game
from gans.program import TRACE_NAMES
from gans.recipes import RECIPES
from gans.rng import stream
from gans.sampling import MemberStreams
from gans.step import Disturbance, discriminator_objective, generator_objective

DIGITS = load("digits")


def small(recipe: str = "nsgan", **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "latent_dim": 4, "batch_size": 8}
    return config_of(recipe, **{**shape, **overrides})


def trained(steps: int, *configs: RunConfig, compiled: bool = False) -> Cohort:
    cohort = Cohort(configs, DIGITS, compiled=compiled)
    cohort.train(steps)
    return cohort


def weights(cohort: Cohort) -> Tensor:
    parts = cohort.state.generator.weights, cohort.state.discriminator.weights, cohort.state.average
    return torch.cat(parts, dim=1)[: cohort.members]


@pytest.mark.parametrize("augmentation", [*AUGMENTATIONS, "diffaugment:translation,cutout"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_trains_with_every_augmentation(recipe: str, augmentation: str) -> None:
    cohort = Cohort([small(recipe, augmentation=augmentation, seed=seed) for seed in (0, 1)], DIGITS)

    trace = cohort.train(3)

    assert tuple(trace) == TRACE_NAMES
    assert weights(cohort).isfinite().all()
    assert all(values.isfinite().all() for values in trace.values())
    assert cohort.diverged_at.tolist() == [-1, -1]


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp", "rpgan-r1r2"])
def test_an_augmented_run_is_another_run_in_both_players(recipe: str) -> None:
    plain, augmented = (trained(1, small(recipe, augmentation=name)) for name in ("none", "diffaugment"))

    for player in ("generator", "discriminator"):
        before, after = (getattr(each.state, player).weights for each in (plain, augmented))
        assert not torch.equal(before, after)


@pytest.mark.parametrize("recipe", ["nsgan", "wgan-gp", "rpgan-r1r2"])
def test_ada_before_its_first_adjustment_is_the_run_without_augmentation_bit_for_bit(recipe: str) -> None:
    """So data, latents and coefficients come from the same streams, and strength 0 leaves gradients alone."""
    steps = INTERVAL - 1

    plain, ada = (trained(steps, small(recipe, augmentation=name)) for name in ("none", "ada"))

    assert torch.equal(weights(plain), weights(ada))


def test_runs_without_augmentation_keep_their_names() -> None:
    assert run_id(config_of("nsgan")) == "3a71a772aff64a97"
    assert run_id(config_of("wgan-gp", seed=3, data_size=64)) == "02a185e73917cc24"


def test_runs_without_augmentation_draw_nothing_for_it() -> None:
    block = MemberStreams([small()], DIGITS.size, needs_mix=False).draw(torch.device("cpu"))

    assert block.augmentation.numel() == 0
    assert trained(2, small()).state.adaptation == ()


def test_numbers_come_from_the_members_own_stream_real_and_fake_apart() -> None:
    numbers, config = augmentation_for("diffaugment", DIGITS.sample_shape).numbers, small(n_critic=2)
    streams = MemberStreams([config], DIGITS.size, needs_mix=False, augmenting=numbers)

    augment = streams.draw(torch.device("cpu")).augmentation

    assert augment.shape == (1, 25, 3, 2, 8, numbers)
    assert torch.equal(augment[0], torch.rand(augment.shape[1:], generator=stream(0, "augmentation")))
    assert len(augment[0].flatten(0, 2).unique(dim=0)) == 25 * 3 * 2


@pytest.mark.parametrize("augmentation", ["diffaugment", "ada"])
def test_a_member_trains_as_if_alone(augmentation: str) -> None:
    configs = [small(augmentation=augmentation, seed=seed) for seed in range(3)]

    together, alone = trained(6, *configs), trained(6, configs[1])

    assert torch.allclose(weights(together)[1], weights(alone)[0], atol=1e-5)


@pytest.mark.parametrize("augmentation", ["diffaugment", "ada"])
def test_a_lost_member_leaves_the_others_alone(augmentation: str) -> None:
    calm = [small(augmentation=augmentation, seed=seed) for seed in range(3)]
    wild = [calm[0], small(augmentation=augmentation, seed=1, generator_lr=1e38), calm[2]]

    quiet, beside = trained(6, *calm), trained(6, *wild)

    assert beside.diverged_at[1] >= 0
    assert torch.equal(weights(quiet)[[0, 2]], weights(beside)[[0, 2]])


@pytest.mark.parametrize("augmentation", ["diffaugment", "ada"])
def test_those_that_are_kept_train_on_as_if_nothing_had_happened(augmentation: str) -> None:
    configs = [small(augmentation=augmentation, seed=seed) for seed in range(3)]
    whole, cut = trained(5, *configs), trained(5, *configs)

    cut.keep([0, 2])
    whole.train(25)
    cut.train(25)

    assert torch.equal(weights(whole)[[0, 2]], weights(cut))
    assert torch.equal(whole.augmentation_strength()[[0, 2]], cut.augmentation_strength())


def at_strength(strength: float, *, compiled: bool) -> Tensor:
    """Weights after three steps of ADA from a given strength on."""
    shape = {"generator_width": 32, "discriminator_width": 32, "augmentation": "ada", "n_critic": 2}
    configs = [small("wgan-gp", seed=seed, **shape) for seed in (0, 1)]
    cohort = Cohort(configs, DIGITS, compiled=compiled)
    assert isinstance(cohort.state.adaptation, Adaptation)
    strong = cohort.state.adaptation._replace(strength=torch.full_like(cohort.state.average[:, 0], strength))
    cohort.state = cohort.state._replace(adaptation=strong)
    cohort.train(3)
    assert cohort.mode == ("compiled" if compiled else "eager")
    return weights(cohort)


def test_compiled_agrees_with_eager_far_closer_than_augmented_with_plain() -> None:
    """A compiled step that left the augmentation out would be as far away as the plain run."""
    plain, eager, fast = (at_strength(p, compiled=c) for p, c in ((0.0, False), (0.7, False), (0.7, True)))

    rounding, effect = (fast - eager).abs().max(), (plain - eager).abs().max()

    assert effect > 1e-4
    assert rounding < 0.01 * effect


def test_adas_strength_is_the_cohorts_state_and_moves_with_its_discriminators() -> None:
    # Discriminators that learn 16 images at once, against generators that stand still.
    rates = {"generator_lr": 1e-9, "discriminator_lr": 1e-2}
    overfit = small(augmentation="ada", data_size=16, batch_size=64, **rates)
    cohort = trained(60, overfit)

    strength, adaptation = cohort.augmentation_strength(), cohort.state.adaptation

    assert isinstance(adaptation, Adaptation)
    assert strength.item() > 5 * INTERVAL * 64 / RAMP_IMAGES
    assert torch.equal(strength, adaptation.strength)
    assert trained(1, small(augmentation="diffaugment")).augmentation_strength().tolist() == [1.0]


def test_precision_is_that_of_the_data() -> None:
    double = dataclasses.replace(DIGITS, train=DIGITS.train.double(), holdout=DIGITS.holdout.double())
    cohort = Cohort([small(augmentation="ada")], double)
    cohort.train(5)

    assert weights(cohort).dtype == torch.float64
    assert cohort.augmentation_strength().dtype == torch.float64


def test_both_sides_of_every_look_are_augmented() -> None:
    """The objectives on augmented samples are those of samples augmented beforehand."""
    game = build_game(small("rpgan-r1r2", augmentation="diffaugment"), DIGITS)
    generator = torch.randn(game.generator.layout.size, generator=torch.Generator().manual_seed(0))
    critic = torch.randn(game.discriminator.layout.size, generator=torch.Generator().manual_seed(1))
    latents = torch.randn(8, 4, generator=torch.Generator().manual_seed(2))
    draws = torch.rand(2, 8, game.augmentation.numbers, generator=torch.Generator().manual_seed(3))
    real, disturbance = DIGITS.train[:8], Disturbance(draws, torch.tensor(1.0))
    fake, _ = game.generator.run(generator, {}, latents)
    shown_real, shown_fake = game.augmentation(real, draws[0]), game.augmentation(fake, draws[1])

    named = game.discriminator.layout.unpack(critic)
    ours, _ = discriminator_objective(game, named, {}, real, fake, torch.empty(0), disturbance)
    by_hand, _ = discriminator_objective(game, named, {}, shown_real, shown_fake, torch.empty(0))
    assert torch.equal(ours, by_hand)

    weights_by_name = game.generator.layout.unpack(generator)
    loss, _ = generator_objective(game, weights_by_name, {}, critic, {}, real, latents, disturbance)
    logits = [game.discriminator.run(critic, {}, shown)[0] for shown in (shown_real, shown_fake)]
    assert torch.equal(loss, game.loss.generator(*logits).mean())


def test_the_generator_learns_through_the_augmentation() -> None:
    """A square cut out of fakes hides them: no gradient comes from pixels that are not shown."""
    game = build_game(small(augmentation="diffaugment:cutout"), DIGITS)
    critic = torch.randn(game.discriminator.layout.size, generator=torch.Generator().manual_seed(1))
    fake, draws = DIGITS.train[:1].clone(), torch.tensor([[0.0, 0.5, 0.5]])

    def logit(samples: Tensor) -> Tensor:
        """What the discriminator says of the augmented fake."""
        return game.discriminator.run(critic, {}, game.augmentation(samples, draws))[0].sum()

    slope = grad(logit)(fake)[0, 0]

    assert (slope[2:6, 2:6] == 0).all()
    assert (slope[:2] != 0).any()
