"""Every registered network keeps its promises, on every shape of data that it takes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from synthetic_pictures import pictures
from torch import Tensor, nn

from gans.config import RunConfig
from gans.data import Dataset, load
from gans.defaults import config_of
from gans.game import build_game, build_modules, norms_of
from gans.networks import NETWORKS
from gans.recipes import RECIPES
from gans.regularizers import REGULARIZERS

SHAPES = {"grey28": (1, 28), "grey32": (1, 32), "colour28": (3, 28), "colour32": (3, 32), "digits": (1, 8)}
CONVOLUTIONAL = [name for name in NETWORKS if NETWORKS.get(name).convolutional]
DEPTHS = {"metz": 3}
NORMS = ("none", "batch", "layer")


def data_of(network: str, shape: str) -> Dataset:
    return load("dirac") if network == "dirac" else pictures(*SHAPES[shape])


def config(network: str, recipe: str = "nsgan", **overrides: Any) -> RunConfig:
    depth = DEPTHS.get(network, 2)
    small = {"generator_width": 4, "discriminator_width": 4, "latent_dim": 4, "batch_size": 8}
    return config_of(
        recipe, **{**small, "network": network, "generator_depth": depth, "discriminator_depth": depth,
                   "data_size": 4, **overrides}
    )  # fmt: skip


def norm_layers(module: nn.Module) -> set[str]:
    kinds = {nn.BatchNorm2d: "batch", nn.GroupNorm: "layer"}
    return {kinds[type(layer)] for layer in module.modules() if type(layer) in kinds}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("network", NETWORKS)
def test_players_take_latents_to_samples_and_samples_to_one_logit_each(network: str, shape: str) -> None:
    data = data_of(network, shape)
    generator, discriminator = build_modules(config(network), data)

    fake = generator(torch.randn(6, 4).to(data.train))
    logits = discriminator(fake)

    assert fake.shape == (6, *data.sample_shape)
    assert logits.shape == (6,)
    assert not data.bounded or fake.abs().max() <= 1
    logits.sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in generator.parameters())


@pytest.mark.parametrize("network", NETWORKS)
def test_in_evaluation_every_sample_is_judged_by_itself(network: str) -> None:
    data = data_of(network, "grey28")
    for player, inputs in zip(
        build_modules(config(network), data), (torch.randn(6, 4).to(data.train), data.train[:6]), strict=True
    ):
        player.eval()
        torch.testing.assert_close(player(inputs)[2:3], player(inputs[2:3]))


@pytest.mark.parametrize("network", NETWORKS)
def test_a_seed_is_a_start_and_another_seed_another_start(network: str) -> None:
    data = data_of(network, "grey28")

    def start(seed: int) -> list[Tensor]:
        return [w for player in build_modules(config(network, seed=seed), data) for w in player.parameters()]

    assert all(torch.equal(one, two) for one, two in zip(start(1), start(1), strict=True))
    if network != "dirac":
        assert not all(torch.equal(one, two) for one, two in zip(start(1), start(2), strict=True))


@pytest.mark.parametrize("network", [name for name in NETWORKS if name != "dirac"])
def test_each_width_changes_its_own_player_alone(network: str) -> None:
    data = pictures()

    def sizes(**widths: int) -> list[int]:
        players = build_modules(config(network, **widths), data)
        return [sum(weight.numel() for weight in player.parameters()) for player in players]

    both, wider, judged = sizes(), sizes(generator_width=8), sizes(discriminator_width=8)

    assert wider[0] > both[0]
    assert judged[1] > both[1]
    assert (wider[1], judged[0]) == (both[1], both[0])


@pytest.mark.parametrize("discriminator_norm", NORMS)
@pytest.mark.parametrize("generator_norm", NORMS)
@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_a_norm_that_is_asked_for_is_the_only_one_there(
    network: str, generator_norm: str, discriminator_norm: str
) -> None:
    wanted = config(network, generator_norm=generator_norm, discriminator_norm=discriminator_norm)

    players = build_modules(wanted, pictures())

    for player, norm in zip(players, (generator_norm, discriminator_norm), strict=True):
        assert norm_layers(player) == ({norm} - {"none"})


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_own_is_a_norm_that_the_recipe_allows(network: str, recipe: str) -> None:
    game = build_game(config(network, recipe), pictures())
    regularizer = game.regularizer

    assert norm_layers(game.generator.module) == {"batch"}
    if regularizer.forbids_batch_norm or regularizer.spectral:
        assert norm_layers(game.discriminator.module) == set()
    else:
        own = NETWORKS.get(network).own_norms
        assert own is not None
        assert norm_layers(game.discriminator.module) == ({own[1]} - {"none"})


@pytest.mark.parametrize("regularizer", [n for n in REGULARIZERS if REGULARIZERS.get(n).forbids_batch_norm])
@pytest.mark.parametrize("network", CONVOLUTIONAL)
def test_batch_norm_in_a_penalised_discriminator_is_refused_in_one_line(
    network: str, regularizer: str
) -> None:
    wanted = config(network, regularizer=regularizer, discriminator_norm="batch")

    with pytest.raises(
        ValueError, match="logits that depend on their own sample alone, got batch norm"
    ) as told:
        build_game(wanted, pictures())
    assert "\n" not in str(told.value)
    build_game(dataclasses.replace(wanted, discriminator_norm="layer"), pictures())


@pytest.mark.parametrize("network", [name for name in NETWORKS if NETWORKS.get(name).own_norms is None])
def test_a_norm_for_players_that_take_none_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match=r"^generator_norm: must be 'own' or 'none' with network"):
        norms_of(config(network, generator_norm="layer"))
    assert norms_of(config(network, generator_norm="none")) == ({}, {})


REFUSED = [
    ("dcgan", (2,), 2, "samples must be square pictures, shape (channels, side, side), got (2,)"),
    ("resnet", (3, 28, 32), 2, "samples must be square pictures"),
    ("dcgan", (1, 28, 28), 6, "depth must be from 1 to 5 for 28 pixels, got 6"),
    ("resnet", (1, 28, 28), 3, "depth must halve 28 pixels evenly, got 3"),
    ("metz", (3, 28, 28), 2, "depth must be 3, that of the published players, got 2"),
    ("infogan", (1, 28, 28), 3, "depth must be 2, that of the published players, got 3"),
]


@pytest.mark.parametrize("network, shape, depth, reason", REFUSED)
def test_data_or_depths_that_do_not_fit_are_refused_in_one_line(
    network: str, shape: tuple[int, ...], depth: int, reason: str
) -> None:
    known = NETWORKS.get(network)
    for build in (
        lambda: known.generator(4, 4, depth, shape, True),
        lambda: known.discriminator(4, depth, shape),
    ):
        with pytest.raises(ValueError) as told:  # noqa: PT011 - the whole line is looked at below
            build()
        assert reason in str(told.value)
        assert str(told.value).startswith(f"network '{network}': ")
        assert "\n" not in str(told.value)


def test_dcgan_starts_as_published() -> None:
    generator, discriminator = build_modules(
        config("dcgan", generator_width=64, discriminator_width=64), pictures()
    )

    for player in (generator, discriminator):
        for name, weight in player.named_parameters():
            if weight.ndim > 1:
                assert abs(weight.std().item() - 0.02) < 2e-3, name
                assert abs(weight.mean().item()) < 2e-3, name
        for layer in player.modules():
            if isinstance(layer, nn.BatchNorm2d):
                assert abs(layer.weight.mean().item() - 1) < 0.02
                assert not layer.bias.any()


def test_metz_has_the_published_layers() -> None:
    """Kernel, channels and side of every convolution, as in the code of Lin et al. 2018."""
    wanted = config("metz", generator_width=8, discriminator_width=2, latent_dim=256)
    generator, discriminator = build_modules(wanted, pictures(3, 28))
    seen: list[tuple[int, ...]] = []

    def note(layer: nn.Module, inputs: object, output: Tensor) -> None:
        kernel = layer.kernel_size
        assert isinstance(kernel, tuple)
        seen.append((kernel[0], *output.shape[1:3]))

    for player, inputs in ((generator, torch.zeros(2, 256)), (discriminator, torch.zeros(2, 3, 28, 28))):
        for layer in player.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                layer.register_forward_hook(note)
        player(inputs)

    assert seen == [(3, 32, 7), (3, 16, 14), (3, 8, 28), (3, 3, 28), (3, 2, 14), (3, 4, 7), (3, 8, 4)]
    counts = [sum(weight.numel() for weight in player.parameters()) for player in (generator, discriminator)]
    assert counts == [287_875, 585]


def test_infogan_has_the_published_layers() -> None:
    """Units of linear layers, then kernel, channels and side of convolutions, as in compare_gan."""
    wanted = config("infogan", generator_width=64, discriminator_width=64, latent_dim=64)
    generator, discriminator = build_modules(wanted, pictures(1, 28))
    seen: list[tuple[int, ...]] = []

    def note(layer: nn.Module, inputs: object, output: Tensor) -> None:
        kernel = getattr(layer, "kernel_size", ())
        seen.append((*kernel[:1], *output.shape[1:3]))

    for layer in [*generator.modules(), *discriminator.modules()]:
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            layer.register_forward_hook(note)
    discriminator(generator(torch.zeros(2, 64)))

    made = [(1024,), (6272,), (4, 64, 14), (4, 1, 28)]
    judged = [(4, 64, 14), (4, 128, 7), (1024,), (1,)]
    assert seen == made + judged


def test_infogan_hears_uniform_latents() -> None:
    """Normal latents become uniform on (-1, 1): mean 0, variance 1/3, nothing outside."""
    generator, _ = build_modules(config("infogan", latent_dim=16), pictures(1, 28))
    heard: list[Tensor] = []
    first = next(layer for layer in generator.modules() if isinstance(layer, nn.Linear))
    first.register_forward_hook(lambda layer, inputs, output: heard.append(inputs[0]))

    generator(torch.randn(4096, 16, generator=torch.Generator().manual_seed(0)))

    assert heard[0].abs().max() < 1
    assert abs(heard[0].mean().item()) < 0.01
    assert abs(heard[0].var().item() - 1 / 3) < 0.01
