"""Members padded to one width train as they would alone, and the padding stays zero."""

from dataclasses import replace

import pytest
import torch

from gans.cohort import Cohort
from gans.config import cohort_key
from gans.data import load
from gans.defaults import config_of
from gans.optim import OPTIMIZERS
from gans.padding import NARROWEST, program_config
from gans.recipes import RECIPES
from gans.regularizers import REGULARIZERS

STEPS = 5
SPECTRAL = {name for name in RECIPES if REGULARIZERS.get(RECIPES.get(name).regularizer).spectral}


def members(recipe, **changed):
    widths = [(4, 8), (32, 3), (16, 32)]
    shape = {"batch_size": 8, "generator_lr": 1e-3, "discriminator_lr": 1e-3, **changed}
    return [
        config_of(recipe, seed=seed, generator_width=generator, discriminator_width=discriminator, **shape)
        for seed, (generator, discriminator) in enumerate(widths)
    ]


@pytest.fixture
def padded_eager(monkeypatch):
    """Pad without compiling, which takes seconds a recipe."""
    monkeypatch.setattr(
        "gans.cohort.program_config", lambda config, compiled: program_config(config, compiled=True)
    )


def assert_as_alone(cohort, digits, *, rtol):
    trace = cohort.train(STEPS)
    latents = torch.randn(6, 16, generator=torch.Generator().manual_seed(1))
    together = cohort.generate(latents)
    for member, config in enumerate(cohort.configs):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gans.cohort.program_config", lambda config, compiled: config)
            alone = Cohort([config], digits)
        own = alone.train(STEPS)
        for name, series in own.items():
            torch.testing.assert_close(trace[name][member], series[0], rtol=rtol, atol=1e-5, msg=name)
        torch.testing.assert_close(together[member], alone.generate(latents)[0], rtol=rtol, atol=1e-4)
        named = alone.game.generator.layout.unpack(alone.state.generator.weights[0])
        for name, value in cohort.generator_weights(member).items():
            assert value.shape == named[name].shape
            torch.testing.assert_close(value, named[name], rtol=rtol, atol=1e-4)


@pytest.mark.parametrize("recipe", sorted(set(RECIPES) - SPECTRAL))
def test_members_of_several_widths_train_as_they_would_alone(recipe, padded_eager):
    digits = load("digits")
    cohort = Cohort(members(recipe), digits)

    assert_as_alone(cohort, digits, rtol=1e-3)
    for player, side in ((cohort.state.generator, 0), (cohort.state.discriminator, 1)):
        for member, fits in enumerate(cohort.fits):
            padding = torch.ones(fits[side].whole, dtype=torch.bool)
            padding[fits[side].positions] = False
            assert padding.any() == (min(fits[side].share, 1) < 1)
            assert (player.weights[member, padding] == 0).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_moves_the_padding(optimizer, padded_eager):
    cohort = Cohort(members("nsgan", optimizer=optimizer), load("digits"))
    cohort.train(STEPS)

    fit = cohort.fits[0][1]
    assert cohort.state.discriminator.weights[0].count_nonzero() == fit.layout.size < fit.whole


def test_a_compiled_cohort_pads_by_itself():
    digits = load("digits")
    cohort = Cohort(members("wgan"), digits, compiled=True)

    assert {program_config(config, compiled=True).generator_width for config in cohort.configs} == {NARROWEST}
    assert cohort.state.generator.weights.shape[1] == cohort.fits[1][0].layout.size
    assert_as_alone(cohort, digits, rtol=1e-3)


def test_a_member_looked_at_alone_stands_where_it_stood(padded_eager):
    digits = load("digits")
    cohort = Cohort(members("nsgan"), digits)
    cohort.train(STEPS)
    latents, samples = torch.randn(3, 16), torch.randn(3, 3, 1, 8, 8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gans.cohort.program_config", lambda config, compiled: config)
        alone = cohort.alone(1)

    assert alone.state.discriminator.weights.shape[1] < cohort.state.discriminator.weights.shape[1]
    torch.testing.assert_close(alone.generate(latents)[0], cohort.generate(latents)[1])
    torch.testing.assert_close(alone.logits(samples[1:2])[0], cohort.logits(samples)[1])
    assert alone.state.step == STEPS


def test_wide_players_other_networks_and_spectral_normalisation_are_not_padded():
    narrow = config_of("nsgan", generator_width=4, discriminator_width=4)

    def widths(config):
        padded = program_config(config, compiled=True)
        return padded.generator_width, padded.discriminator_width

    assert widths(narrow) == (32, 32)
    assert widths(replace(narrow, generator_width=33, discriminator_width=100)) == (33, 100)
    assert widths(replace(narrow, network="dcgan")) == (4, 4)
    assert widths(config_of("sngan", generator_width=4, discriminator_width=4)) == (4, 4)
    assert widths(replace(narrow, regularizer="my_module:mine")) == (4, 4)


def test_eager_members_of_other_widths_are_refused():
    with pytest.raises(ValueError, match="members must be equal but for seed"):
        Cohort(members("nsgan"), load("digits"))


def test_runs_that_share_a_program_share_its_key():
    keys = {cohort_key(program_config(config, compiled=True)) for config in members("nsgan")}
    assert len(keys) == 1
    assert len({cohort_key(config) for config in members("nsgan")}) == 3
