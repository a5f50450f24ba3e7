"""Packed discriminators: they train as a plain loop would."""

from __future__ import annotations

import pytest
import torch
from plain_loop import PlainLoop, flat
from synthetic_pictures import pictures

from gans.cohort import Cohort
from gans.config import RunConfig, cohort_key
from gans.data import load
from gans.defaults import config_of
from gans.game import build_modules
from gans.recipes import RECIPES

RING = load("ring8")


def small(recipe: str = "nsgan", **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "latent_dim": 4, "batch_size": 8, "packing": 2}
    return config_of(recipe, **{**shape, **overrides})


@pytest.mark.parametrize("packing", [2, 3])
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("dataset", ["ring8", "digits"])
def test_a_packed_member_trains_as_a_plain_loop_would(dataset: str, recipe: str, packing: int) -> None:
    data = load(dataset)
    configs = [
        small(recipe, seed=seed, dataset=dataset, data_size=size, packing=packing)
        for seed, size in enumerate((64, 128))
    ]
    cohort = Cohort(configs, data)

    cohort.train(6)

    for member, config in enumerate(configs):
        loop = PlainLoop(config, data)
        loop.train(6)
        for expected, actual in (
            (flat(loop.generator), cohort.state.generator.weights[member]),
            (flat(loop.discriminator), cohort.state.discriminator.weights[member]),
            (flat(loop.average), cohort.state.average[member]),
        ):
            torch.testing.assert_close(actual, expected, rtol=1e-4, atol=2e-5)


def test_only_the_first_layer_of_the_discriminator_grows() -> None:
    """Width 8 on points of 2 numbers: 2 * 8 more weights with each further sample of a pack."""
    sizes = [
        [sum(w.numel() for w in player.parameters()) for player in build_modules(small(packing=m), RING)]
        for m in (1, 2, 3)
    ]

    assert [generator for generator, _ in sizes] == [sizes[0][0]] * 3
    assert [discriminator - sizes[0][1] for _, discriminator in sizes] == [0, 16, 32]


def test_packs_of_another_size_are_another_program() -> None:
    assert cohort_key(small(packing=1)) != cohort_key(small(packing=2))


def test_a_batch_counts_packs_and_each_sample_is_drawn_on_its_own() -> None:
    cohort = Cohort([small("wgan-gp", packing=3)], RING)
    draws = cohort._block.at(0)

    assert draws.indices.shape == (1, 5, 24)
    assert draws.latents.shape == (1, 6, 24, 4)
    assert draws.mix.shape == (1, 5, 8)
    assert len(draws.indices.unique()) > 24


def test_logits_and_slopes_are_those_of_packs() -> None:
    cohort = Cohort([small(seed=seed, packing=3) for seed in range(2)], RING)
    samples = RING.train[:10].expand(2, 10, 2)
    _, discriminator = build_modules(small(seed=1, packing=3), RING)

    logits, slopes = cohort.logits(samples), cohort.slopes(samples)

    assert slopes.shape == (2, 3)
    torch.testing.assert_close(logits[1], discriminator(RING.train[:9].reshape(3, 6)))


def test_convolutional_players_take_packs_as_channels() -> None:
    data = pictures(1, 28)
    config = small(network="dcgan", packing=2, data_size=4, generator_width=4, discriminator_width=4)
    cohort = Cohort([config], data)

    trace = cohort.train(2)

    assert build_modules(config, data)[1](torch.zeros(3, 2, 28, 28)).shape == (3,)
    assert trace["generator_loss"].isfinite().all()
