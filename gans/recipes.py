"""Recipes: a loss, a regularizer and the optimizer defaults of the paper they come from, all by name.

Deliberately free of torch, so that profiles are checked and listed without importing it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gans.registry import Registry

UPDATE_ORDERS = ("discriminator-first", "generator-first", "simultaneous")
"""Who moves first in a step; simultaneous: both from the same state."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one kind of GAN is trained, with the numbers its authors used.

    Units:
        generator_lr, discriminator_lr: step size of the optimizer; profiles scale both.
        regularizer_weight: lambda of a gradient penalty, gamma of R1 and R2
            (their half is not part of it), or the bound of weight clipping.
        beta1, beta2: decay of the running mean and of the running square; for
            RMSprop beta2 is its alpha and beta1 is not used.
        n_critic: discriminator updates per generator update.

    Args:
        source: where the loss and the numbers are from.
        note: what a reader must know before comparing with that source.

    Raises:
        ValueError: a number is outside its range or the update order unknown.

    Example:
        >>> wgan = RECIPES.get("wgan")
        >>> wgan.optimizer, wgan.discriminator_lr, wgan.n_critic, wgan.regularizer_weight
        ('rmsprop', 5e-05, 5, 0.01)
    """

    name: str
    loss: str
    regularizer: str = "none"
    regularizer_weight: float = 0.0
    optimizer: str
    beta1: float
    beta2: float
    generator_lr: float
    discriminator_lr: float
    n_critic: int = 1
    update_order: str = "discriminator-first"
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        for field in ("generator_lr", "discriminator_lr"):
            self._require(field, 0 < getattr(self, field) < math.inf, "a finite rate > 0")
        for field in ("beta1", "beta2"):
            self._require(field, 0 <= getattr(self, field) < 1, "in [0, 1)")
        self._require("regularizer_weight", 0 <= self.regularizer_weight < math.inf, "finite and >= 0")
        self._require("n_critic", isinstance(self.n_critic, int) and self.n_critic >= 1, "an integer >= 1")
        self._require(
            "update_order", self.update_order in UPDATE_ORDERS, f"one of {', '.join(UPDATE_ORDERS)}"
        )

    def _require(self, field: str, holds: bool, wanted: str) -> None:
        if not holds:
            raise ValueError(
                f"recipe {self.name!r}: {field} must be {wanted}, got {getattr(self, field)!r}; correct it"
            )


RECIPES: Registry[Recipe] = Registry(
    "recipe", accepts=lambda entry: isinstance(entry, Recipe), wanted="a gans.recipes.Recipe"
)

_RADFORD = "Radford et al. 2016, Unsupervised representation learning with DCGANs (optimizer)"

for _recipe in (
    Recipe(
        name="mmgan",
        loss="minimax",
        optimizer="adam",
        beta1=0.5,
        beta2=0.999,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        source=f"Goodfellow et al. 2014, Generative adversarial nets, equation 1; {_RADFORD}",
        note="The saturating loss of the theory. Some code bases give this name to the non-saturating one.",
    ),
    Recipe(
        name="nsgan",
        loss="non_saturating",
        optimizer="adam",
        beta1=0.5,
        beta2=0.999,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        source=f"Goodfellow et al. 2014, Generative adversarial nets, section 3; {_RADFORD}",
    ),
    Recipe(
        name="wgan",
        loss="wasserstein",
        regularizer="clip",
        regularizer_weight=0.01,
        optimizer="rmsprop",
        beta1=0.0,
        beta2=0.99,
        generator_lr=5e-5,
        discriminator_lr=5e-5,
        n_critic=5,
        source="Arjovsky et al. 2017, Wasserstein GAN, algorithm 1 and its code",
        note="The code's bursts of 100 critic steps at the start and every 500 updates are left out.",
    ),
    Recipe(
        name="wgan-gp",
        loss="wasserstein",
        regularizer="gradient_penalty",
        regularizer_weight=10.0,
        optimizer="adam",
        beta1=0.0,
        beta2=0.9,
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        n_critic=5,
        source="Gulrajani et al. 2017, Improved training of Wasserstein GANs, algorithm 1",
    ),
    Recipe(
        name="lsgan",
        loss="least_squares",
        optimizer="adam",
        beta1=0.5,
        beta2=0.999,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        source="Mao et al. 2017, Least squares generative adversarial networks, equation 9 and its code",
        note="The authors' rate for 28-pixel handwritten characters; they use 1e-3 for scenes.",
    ),
    Recipe(
        name="hinge",
        loss="hinge",
        optimizer="adam",
        beta1=0.0,
        beta2=0.9,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        n_critic=5,
        source="Lim and Ye 2017, Geometric GAN (loss); Miyato et al. 2018, Spectral normalization for GANs "
        "(optimizer and five steps: its published CIFAR-10 configuration)",
        note="Without the spectral normalization (see sngan) and the decaying rate of Miyato et al.",
    ),
    Recipe(
        name="sngan",
        loss="hinge",
        regularizer="spectral",
        regularizer_weight=1.0,
        optimizer="adam",
        beta1=0.0,
        beta2=0.9,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        n_critic=5,
        source="Miyato et al. 2018, Spectral normalization for generative adversarial networks, and its code",
        note="hinge plus spectral normalization and nothing else. Constant where the code lets the rate fall "
        "to 0. The published CIFAR-10 players are network resnet, widths 256 and 128, depths 3 and 2.",
    ),
    Recipe(
        name="nsgan-r1",
        loss="non_saturating",
        regularizer="r1",
        regularizer_weight=10.0,
        optimizer="adam",
        beta1=0.5,
        beta2=0.999,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        source="Mescheder et al. 2018, Which training methods for GANs do actually converge? (R1, gamma 10)",
        note="nsgan plus R1 and nothing else, so that a difference to nsgan is due to R1: nsgan's Adam "
        "stands in place of the paper's RMSprop at 1e-4 (alpha 0.99). gamma counts with the half of the "
        "paper's equation 9; its code leaves the half out.",
    ),
    Recipe(
        name="rpgan-r1r2",
        loss="relativistic",
        regularizer="r1r2",
        regularizer_weight=1.0,
        optimizer="adam",
        beta1=0.0,
        beta2=0.99,
        generator_lr=2e-4,
        discriminator_lr=2e-4,
        source="Huang et al. 2024, The GAN is dead; long live the GAN! A modern GAN baseline, and its code",
        note="Constant where the code anneals: rate at its start 2e-4, beta2 at its end 0.99. The published "
        "gammas start between 0.05 (CIFAR-10) and 150 (FFHQ-256); 1 is that of ImageNet-64.",
    ),
):
    RECIPES.add(_recipe.name, _recipe)
