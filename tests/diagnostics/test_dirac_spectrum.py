"""Eigenvalues of the Dirac-GAN at its equilibrium, by the ordinary spectrum diagnostic, against closed forms.

f'(0) is 1/2 for the logistic losses and 1 for those that are linear near 0; R1 of weight gamma gives
-gamma/2 +- sqrt(gamma^2/4 - f'(0)^2).
"""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
import torch

from bench.diagnostics.spectrum import game_spectrum, turn_spectrum
from bench.diagnostics.turns import Turn
from gans.cohort import Cohort
from gans.data import load
from gans.defaults import config_of
from gans.field import Batch

DIRAC = load("dirac")
STEP = 0.2
BATCH = Batch(DIRAC.train[:4], torch.zeros(4, 16))


def at_equilibrium(loss: str, regularizer: str = "none", weight: float = 0.0) -> Cohort:
    config = config_of(
        "nsgan", loss=loss, regularizer=regularizer, regularizer_weight=weight, optimizer="sgd",
        network="dirac", dataset="dirac", data_size=1000, batch_size=1,
    )  # fmt: skip
    cohort = Cohort([config], DIRAC)
    state = cohort.state
    still = {
        player: getattr(state, player)._replace(weights=torch.zeros(1, 1, dtype=torch.float64))
        for player in ("generator", "discriminator")
    }
    cohort.state = state._replace(**still)
    return cohort


def in_order(values: np.ndarray) -> list[complex]:
    return sorted(values.tolist(), key=lambda value: (round(value.real, 9), value.imag))


def law(gamma: float, pull: float) -> list[complex]:
    root = cmath.sqrt(gamma**2 / 4 - pull**2)
    return [-gamma / 2 + root, -gamma / 2 - root]


@pytest.mark.parametrize("loss, pull", [("minimax", 0.5), ("non_saturating", 0.5), ("relativistic", 0.5),
                                        ("wasserstein", 1.0), ("hinge", 1.0)])  # fmt: skip
@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0])
def test_the_eigenvalues_are_those_of_the_closed_form(loss, pull, gamma):
    cohort = at_equilibrium(loss, "r1" if gamma else "none", gamma)

    found = game_spectrum(cohort.game, cohort.state, 0, BATCH, field="plain")

    expected = np.array(law(gamma, pull))
    assert found.status == "ok"
    assert in_order(found.eigenvalues) == pytest.approx(in_order(expected), abs=1e-6, rel=0)


def test_r1_on_both_sides_counts_twice():
    once, twice = at_equilibrium("minimax", "r1", 0.6), at_equilibrium("minimax", "r1r2", 0.3)

    found = game_spectrum(twice.game, twice.state, 0, BATCH, field="plain")

    solved = np.array(law(0.6, 0.5))
    assert found.status == "ok"
    assert in_order(found.eigenvalues) == pytest.approx(in_order(solved), abs=1e-6, rel=0)
    expected = game_spectrum(once.game, once.state, 0, BATCH, field="plain")
    assert in_order(found.eigenvalues) == pytest.approx(in_order(expected.eigenvalues))


# |mu| of one turn. Complex pairs: |mu|^2 = 1 - h gamma + h^2 f'(0)^2 simultaneous, 1 - h gamma alternating.
@pytest.mark.parametrize("gamma, order, radius", [
    (0.0, "simultaneous", math.sqrt(1 + 0.2**2 / 4)),
    (0.0, "generator-first", 1.0),
    (0.05, "simultaneous", 1.0),
    (0.3, "simultaneous", math.sqrt(1 - 0.2 * 0.3 + 0.2**2 / 4)),
    (0.3, "generator-first", math.sqrt(1 - 0.2 * 0.3)),
    (0.3, "discriminator-first", math.sqrt(1 - 0.2 * 0.3)),
    (2.0, "simultaneous", 1 - 0.2 * (1 - math.sqrt(0.75))),
])  # fmt: skip
def test_one_turn_of_training_multiplies_by_the_radius_of_the_closed_form(gamma, order, radius):
    cohort = at_equilibrium("minimax", "r1", gamma)

    turn = turn_spectrum(cohort.game, cohort.state, 0, BATCH, Turn(STEP, STEP, order), field="plain")

    assert turn.radius == pytest.approx(radius, abs=1e-6)


@pytest.mark.parametrize("order, critic_steps", [("generator-first", 1), ("generator-first", 5)])
def test_without_a_constraint_alternating_turns_preserve_areas_and_r1_shrinks_them(order, critic_steps):
    for gamma in (0.0, 0.01, 0.3):
        cohort = at_equilibrium("minimax", "r1", gamma)

        turn = turn_spectrum(
            cohort.game, cohort.state, 0, BATCH, Turn(STEP, STEP, order, critic_steps), field="plain"
        )

        area = np.prod(turn.eigenvalues)
        assert area == pytest.approx((1 - STEP * gamma) ** critic_steps, abs=1e-6)


def test_the_border_of_stability_lies_where_the_radius_of_a_turn_is_one():
    below, above = 0.0, 0.25
    for _ in range(30):
        gamma = (below + above) / 2
        cohort = at_equilibrium("minimax", "r1", gamma)
        turn = turn_spectrum(
            cohort.game, cohort.state, 0, BATCH, Turn(STEP, STEP, "simultaneous"), field="plain"
        )
        below, above = (below, gamma) if turn.radius < 1 else (gamma, above)

    assert above == pytest.approx(STEP * 0.25, abs=1e-6)
