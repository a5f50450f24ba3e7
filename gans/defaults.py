"""A full RunConfig from a recipe's name and what should differ from its defaults."""

from __future__ import annotations

from typing import Any

from gans.config import RunConfig
from gans.recipes import RECIPES

SMALL_RUN: dict[str, Any] = {
    "network": "mlp",
    "generator_width": 32,
    "discriminator_width": 32,
    "generator_depth": 2,
    "discriminator_depth": 2,
    "latent_dim": 16,
    "batch_size": 64,
    "dataset": "digits",
    "data_size": 1100,
    "defect": "none",
    "augmentation": "none",
    "steps": 2500,
    "evaluations": 40,
    "ema_half_life": 10_000.0,
    "seed": 0,
}
"""What a run is when nobody says otherwise: digits, both players two layers of 32."""


def config_of(recipe: str, **overrides: Any) -> RunConfig:
    """One run of a recipe, with any field of RunConfig overridden.

    Example:
        >>> config_of("wgan", seed=3).n_critic, config_of("wgan", n_critic=1).n_critic
        (5, 1)
    """
    known = RECIPES.resolve(recipe)
    own = {
        "recipe": recipe,
        "loss": known.loss,
        "regularizer": known.regularizer,
        "regularizer_weight": known.regularizer_weight,
        "optimizer": known.optimizer,
        "beta1": known.beta1,
        "beta2": known.beta2,
        "n_critic": known.n_critic,
        "update_order": known.update_order,
        "generator_lr": known.generator_lr,
        "discriminator_lr": known.discriminator_lr,
    }
    return RunConfig(**{**SMALL_RUN, **own, **overrides})
