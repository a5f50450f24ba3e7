"""The three remedies: capacity to 1, loss to nsgan-r1, all data; each changes one thing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

from gans.config import RunConfig
from gans.recipes import RECIPES

LOSS = "nsgan-r1"
"""The recipe whose loss and regularizer are the remedy."""


def equal_capacity(config: RunConfig) -> RunConfig:
    """A discriminator as wide as its generator.

    Example:
        >>> from gans.defaults import config_of
        >>> equal_capacity(config_of("mmgan", generator_width=32, discriminator_width=4)).capacity_ratio
        1.0
    """
    return replace(config, discriminator_width=config.generator_width)


def pinned_loss(config: RunConfig) -> RunConfig:
    """Non-saturating loss with R1 in place of the cell's own loss and regularizer, and nothing else.

    Optimizer, rates, critic steps and order stay the cell's own; a cell with this loss keeps its weight too.

    Example:
        >>> from gans.defaults import config_of
        >>> cured = pinned_loss(config_of("wgan"))
        >>> cured.recipe, cured.regularizer, cured.optimizer, cured.n_critic, cured.generator_lr
        ('nsgan-r1', 'r1', 'rmsprop', 5, 5e-05)
    """
    cure = RECIPES.get(LOSS)
    if (config.loss, config.regularizer) == (cure.loss, cure.regularizer):
        return config
    weight = cure.regularizer_weight
    return replace(
        config, recipe=LOSS, loss=cure.loss, regularizer=cure.regularizer, regularizer_weight=weight
    )


def full_data(config: RunConfig) -> RunConfig:
    """Every training sample that the data set has; what is wrong with them stays.

    Raises:
        ValueError: the data set cannot be loaded.
    """
    from gans.data import load

    return replace(config, data_size=load(config.dataset).size)


REMEDIES: Mapping[str, Callable[[RunConfig], RunConfig]] = {
    "C": equal_capacity,
    "L": pinned_loss,
    "D": full_data,
}
"""Letter of a factor to what takes it away."""


def factors(config: RunConfig) -> str:
    """Letters of the remedies that change a config; the others it has already."""
    return "".join(letter for letter, remedy in REMEDIES.items() if remedy(config) != config)


def treated(config: RunConfig, remedies: str) -> RunConfig:
    """A config with a set of remedies."""
    for letter in remedies:
        config = REMEDIES[letter](config)
    return config


def factorial(config: RunConfig) -> dict[str, RunConfig]:
    """Every set of the remedies that change a config, by its letters: eight cells, or four, or two."""
    letters = factors(config)
    sets = ["".join(chosen) for size in range(len(letters) + 1) for chosen in combinations(letters, size)]
    return {letters_in: treated(config, letters_in) for letters_in in sets}
