"""The Dirac-GAN in the ordinary trainer, to be held beside published radii and laws written on paper.

The published radii are those of the fields and settings in the notebook of Mescheder et al. 2018 (step 0.2,
500 steps, float64, generator first, then 1 or 5 discriminator steps), to four digits. Our start is (1, -1)
because our discriminators are larger for real; the notebook drops the 2 of the gradient penalty, so its 0.7
is our 0.35. ``bench.dirac_laws`` holds the laws.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from bench.dirac_laws import Turn, places, unclassified
from gans.config import RunConfig

STEP, STEPS = 0.2, 500
TOLERANCE = 1e-3
"""Largest relative difference that four published digits leave."""

LAW_STEPS = 50
"""Turns after which every pair is held beside its law: after 500, a change of 1e-12 in the start moves least
squares with a gradient penalty by up to a tenth."""

ORDERS = {
    "simultaneous": Turn("simultaneous", 1, STEP),
    "alternating": Turn("generator-first", 1, STEP),
    "alternating, 5 critic steps": Turn("generator-first", 5, STEP),
    "discriminator first": Turn("discriminator-first", 1, STEP),
    "discriminator first, 5 critic steps": Turn("discriminator-first", 5, STEP),
}
PUBLISHED_ORDERS = tuple(ORDERS)[:3]
LAW_ORDERS = ("simultaneous", "alternating", "discriminator first")
"""The three update orders of the trainer, one discriminator step each."""

WEIGHTS = {"none": 0.0, "gradient_penalty": 0.35, "r1": 0.3, "r1r2": 0.3, "clip": 1.0, "spectral": 1.0}
"""Of the regularizer, where all pairs are compared: those of the notebook, as far as it has them."""

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
    """One radius that is known: how far from the equilibrium the players are after some steps."""

    loss: str
    regularizer: str
    weight: float
    order: str
    published: float


CASES = tuple(
    DiracCase(loss, regularizer, weight, order, radius)
    for loss, regularizer, weight, *radii in PUBLISHED
    for order, radius in zip(PUBLISHED_ORDERS, radii, strict=True)
)


class Pair(NamedTuple):
    """One loss with one regularizer."""

    loss: str
    regularizer: str
    weight: float


def pairs() -> tuple[tuple[Pair, ...], list[str]]:
    """All registered losses with all registered regularizers, and the members without a law."""
    from gans.losses import LOSSES
    from gans.regularizers import REGULARIZERS

    unknown = unclassified(LOSSES, REGULARIZERS)
    known = (
        Pair(loss, regularizer, WEIGHTS[regularizer])
        for loss in LOSSES
        for regularizer in REGULARIZERS
        if not unclassified([loss], [regularizer])
    )
    return tuple(known), unknown


def dirac_config(loss: str, regularizer: str, weight: float, order: str, **changed: object) -> RunConfig:
    """Resolve one case, with the notebook's step and plain gradient descent."""
    from gans.defaults import config_of

    turn = ORDERS[order]
    settings = {
        "loss": loss, "regularizer": regularizer, "regularizer_weight": weight, "optimizer": "sgd",
        "update_order": turn.order, "n_critic": turn.n_critic, "generator_lr": STEP,
        "discriminator_lr": STEP, "network": "dirac", "dataset": "dirac", "data_size": 1000,
        "batch_size": 1, "latent_dim": 1,
    }  # fmt: skip
    return config_of("nsgan", **{**settings, **changed})


def trained_radius(pair: Pair, order: str, steps: int) -> float:
    """Where one run of the ordinary trainer ends: its distance from the equilibrium."""
    from gans.cohort import Cohort
    from gans.data import load

    cohort = Cohort([dirac_config(*pair, order)], load("dirac"))
    cohort.train(steps)
    ends = (cohort.state.generator, cohort.state.discriminator)
    return math.hypot(*(player.weights[0].item() for player in ends))


def law_radius(pair: Pair, order: str, steps: int) -> float:
    """The same by the law of the pair, in plain arithmetic."""
    walk = places(*pair, ORDERS[order])
    for _ in range(steps - 1):
        next(walk)
    return math.hypot(*next(walk))


def radii() -> Iterator[tuple[DiracCase, float]]:
    """Train every published case, one after the other; yield it with the radius where ours ends."""
    for case in CASES:
        yield case, trained_radius(Pair(*case[:3]), case.order, STEPS)
