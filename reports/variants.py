"""Which runs use a recipe as its paper does, and what to call those that do not."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import Any

from gans.recipes import RECIPES, Recipe

SETTINGS = ("n_critic", "optimizer", "beta1", "beta2", "regularizer", "regularizer_weight", "loss")
"""Config fields that belong to the recipe; another value makes a variant of it."""


@functools.cache
def _registered() -> Mapping[str, Recipe]:
    return {name: RECIPES.get(name) for name in RECIPES.names()}


def departures(config: Mapping[str, Any]) -> dict[str, str]:
    """Say where a config leaves its recipe's own settings, by kind; a user's own recipe has none to leave.

    Example:
        >>> own = _registered()["nsgan"]
        >>> config = {name: getattr(own, name) for name in SETTINGS} | {"recipe": "nsgan", "n_critic": 5}
        >>> departures(config)
        {'steps': '5 critic steps'}
    """
    own = _registered().get(config["recipe"])
    if own is None:
        return {}
    differs = {name for name in SETTINGS if config[name] != getattr(own, name)}
    steps = f"{config['n_critic']} critic step{'' if config['n_critic'] == 1 else 's'}"
    kinds = (
        ("loss", {"loss"}, f"loss {config['loss']}"),
        (
            "penalty",
            {"regularizer", "regularizer_weight"},
            f"{config['regularizer']} {config['regularizer_weight']:g}",
        ),
        ("steps", {"n_critic"}, steps),
        (
            "optimizer",
            {"optimizer", "beta1", "beta2"},
            f"{config['optimizer']} {config['beta1']:g}/{config['beta2']:g}",
        ),
    )
    return {kind: said for kind, fields, said in kinds if differs & fields}


def variant(config: Mapping[str, Any]) -> str:
    """Name a recipe with its departures: ``nsgan (5 critic steps)``."""
    left = departures(config)
    return f"{config['recipe']} ({', '.join(left.values())})" if left else str(config["recipe"])


def lr_scale(config: Mapping[str, Any]) -> float:
    """Generator learning rate over the recipe's own; NaN for a recipe that is not registered."""
    own = _registered().get(config["recipe"])
    return math.nan if own is None else config["generator_lr"] / own.generator_lr


def rank(recipe: str) -> int:
    """Place of a recipe in the order of registration; a user's own comes after, always at the same place.

    Figures take colour and marker from it, so a recipe looks the same on all of them. What is no recipe,
    such as "all recipes", has no place: -1.

    Example:
        >>> rank("mmgan"), rank("wgan"), rank("my.module:recipe") >= len(_registered()), rank("all recipes")
        (0, 2, True, -1)
    """
    names = list(_registered())
    if recipe in names:
        return names.index(recipe)
    return len(names) + sum(recipe.encode()) % len(names) if ":" in recipe else -1
