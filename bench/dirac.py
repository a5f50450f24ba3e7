"""The Dirac-GAN in the ordinary trainer beside the published radii of losses, penalties and orders.

The radii are those of the fields and settings in the notebook of Mescheder et al. 2018 (step 0.2, 500 steps,
float64, generator first, then 1 or 5 discriminator steps), to four digits. Our start is (1, -1) because our
discriminators are larger for real; the notebook drops the 2 of the gradient penalty, so its 0.7 is our 0.35.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from gans.config import RunConfig

STEP, STEPS = 0.2, 500
TOLERANCE = 1e-3
"""Largest relative difference that four published digits leave."""

ORDERS = {
    "simultaneous": ("simultaneous", 1),
    "alternating": ("generator-first", 1),
    "alternating, 5 critic steps": ("generator-first", 5),
}

# Loss, regularizer, weight, and the radius after 500 steps of the three orders.
PUBLISHED = [
    ("minimax", "none", 0.0, 3.097, 1.421, 1.845),
    ("non_saturating", "none", 0.0, 0.6402, 0.2839, 0.1389),
    ("wasserstein", "none", 0.0, 2.564e4, 1.398, 1.060),
    ("wasserstein", "clip", 1.0, 1.002, 1.024, 0.9169),
    ("wasserstein", "gradient_penalty", 0.35, 1.802, 1.221, 0.7163),
    ("minimax", "r1", 0.3, 2.643e-6, 2.301e-7, 9.250e-34),
    ("minimax", "r1", 1.0, 9.529e-22, 7.481e-17, 5.144e-12),
    ("minimax", "r1", 2.0, 1.332e-6, 1.935e-6, 3.472e-6),
    ("non_saturating", "r1", 0.3, 2.212e-6, 1.499e-7, 3.979e-34),
]


class DiracCase(NamedTuple):
    """One published radius: how far from the equilibrium the players are after 500 steps."""

    loss: str
    regularizer: str
    weight: float
    order: str
    published: float


CASES = tuple(
    DiracCase(loss, regularizer, weight, order, radius)
    for loss, regularizer, weight, *radii in PUBLISHED
    for order, radius in zip(ORDERS, radii, strict=True)
)


def dirac_config(loss: str, regularizer: str, weight: float, order: str, **changed: object) -> RunConfig:
    """Resolve one case, with the notebook's step and plain gradient descent."""
    from gans.defaults import config_of

    update_order, n_critic = ORDERS[order]
    settings = {
        "loss": loss, "regularizer": regularizer, "regularizer_weight": weight, "optimizer": "sgd",
        "update_order": update_order, "n_critic": n_critic, "generator_lr": STEP, "discriminator_lr": STEP,
        "network": "dirac", "dataset": "dirac", "data_size": 1000, "batch_size": 1, "latent_dim": 1,
    }  # fmt: skip
    return config_of("nsgan", **{**settings, **changed})


def radii() -> Iterator[tuple[DiracCase, float]]:
    """Train every published case, one after the other; yield it with the radius where ours ends."""
    from gans.cohort import Cohort
    from gans.data import load

    data = load("dirac")
    for case in CASES:
        cohort = Cohort([dirac_config(case.loss, case.regularizer, case.weight, case.order)], data)
        cohort.train(STEPS)
        ends = (cohort.state.generator, cohort.state.discriminator)
        yield case, math.hypot(*(player.weights[0].item() for player in ends))
