"""Eigenvalues of the Dirac-GAN at its equilibrium, by the ordinary spectrum diagnostic, against closed forms.

With the pulls a and -b of the two players at logit 0 and a penalty that brakes the discriminator's slope by
g, the Jacobian is ((0, b), (-a, -g)): its eigenvalues are -g/2 +- sqrt(g^2/4 - ab). Logistic losses have
a = b = 1/2, those that are linear near 0 have 1; of least squares a is 0, so it has an eigenvalue 0 always.
"""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
import torch

from bench.diagnostics.spectrum import game_spectrum, turn_spectrum
from bench.diagnostics.turns import Turn, place_of
from bench.dirac import Pair, dirac_config
from bench.dirac_borders import borders, eigenvalues, no_border
from bench.dirac_laws import Turn as DiracTurn
from bench.dirac_spectrum import Attraction, at_equilibrium, batch_for, spectrum
from gans.cohort import Cohort
from gans.data import load
from gans.losses import LOSSES
from gans.regularizers import REGULARIZERS

DIRAC = load("dirac")
STEP = 0.2


def in_order(values: np.ndarray) -> list[complex]:
    return sorted(values.tolist(), key=lambda value: (round(value.real, 9), value.imag))


# The product of both players' pulls at logit 0, and what a penalty of weight 1 brakes the slope by.
TORSION = {
    "minimax": 1 / 4,
    "non_saturating": 1 / 4,
    "relativistic": 1 / 4,
    "wasserstein": 1.0,
    "hinge": 1.0,
    "least_squares": 0.0,
}
DAMPING = {"none": 0.0, "clip": 0.0, "spectral": 0.0, "r1": 1.0, "r1r2": 2.0}
KINKED = {"gradient_penalty"}


def law(damping: float, torsion: float) -> list[complex]:
    root = cmath.sqrt(damping**2 / 4 - torsion)
    return [-damping / 2 + root, -damping / 2 - root]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("regularizer", sorted(set(REGULARIZERS) - KINKED))
@pytest.mark.parametrize("weight", [0.3, 2.0])
def test_the_eigenvalues_are_those_of_the_closed_form(loss, regularizer, weight):
    found = spectrum(Pair(loss, regularizer, weight))

    expected = np.array(law(DAMPING[regularizer] * weight, TORSION[loss]))
    assert found.status == "ok"
    assert in_order(found.eigenvalues) == pytest.approx(in_order(expected), abs=1e-6, rel=0)
    assert in_order(np.array(eigenvalues(loss, regularizer, weight))) == pytest.approx(in_order(expected))


def test_least_squares_never_moves_a_flat_discriminator_so_the_generator_may_stop_anywhere():
    for gamma in (0.0, 0.3, 2.0):
        regularizer = "r1" if gamma else "none"
        cohort = at_equilibrium(Pair("least_squares", regularizer, gamma))
        elsewhere = cohort.state.generator._replace(weights=torch.full((1, 1), 0.7, dtype=torch.float64))
        state = cohort.state._replace(generator=elsewhere)

        found = game_spectrum(cohort.game, state, 0, batch_for(cohort))

        # A line of rest: nothing along it, and across it the slope decays by point^2 + gamma.
        assert found.size == 0.0
        assert in_order(found.eigenvalues) == pytest.approx([-(0.7**2) - gamma, 0.0], abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_one_centred_penalty_has_a_kink_at_the_equilibrium_and_no_eigenvalues(loss):
    assert eigenvalues(loss, "gradient_penalty", 0.35) is None

    cohort = at_equilibrium(Pair(loss, "gradient_penalty", 0.35))
    pushes = []
    for slope in (-1e-9, 1e-9):
        moved = cohort.state.discriminator._replace(weights=torch.full((1, 1), slope, dtype=torch.float64))
        place = place_of(cohort.game, cohort.state._replace(discriminator=moved), 0, batch_for(cohort))
        pushes.append(place.field(place.weights)[1].item())

    # The slope is pushed away from 0 on both sides, by 2 lambda.
    assert pushes == pytest.approx([-0.7, 0.7], abs=1e-6)


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
    cohort = at_equilibrium(Pair("minimax", "r1", gamma))

    turn = turn_spectrum(
        cohort.game, cohort.state, 0, batch_for(cohort), Turn(STEP, STEP, order), field="plain"
    )

    assert turn.radius == pytest.approx(radius, abs=1e-6)


@pytest.mark.parametrize("order, critic_steps", [("generator-first", 1), ("generator-first", 5)])
def test_without_a_constraint_alternating_turns_preserve_areas_and_r1_shrinks_them(order, critic_steps):
    for gamma in (0.0, 0.01, 0.3):
        cohort = at_equilibrium(Pair("minimax", "r1", gamma))

        turn = turn_spectrum(
            cohort.game,
            cohort.state,
            0,
            batch_for(cohort),
            Turn(STEP, STEP, order, critic_steps),
            field="plain",
        )

        area = np.prod(turn.eigenvalues)
        assert area == pytest.approx((1 - STEP * gamma) ** critic_steps, abs=1e-6)


def border(loss: str, regularizer: str, order: str, *, upper: bool) -> float:
    """Where a root of the turn's characteristic polynomial passes 1 in size (below) or -1 (above)."""
    p = STEP**2 * TORSION[loss]
    below, above = {
        "simultaneous": (p, 2 + p / 2),
        "generator-first": (0.0, 2 - p / 2),
        "discriminator-first": (0.0, 2 - p / 2),
    }[order]
    return (above if upper else below) / (STEP * DAMPING[regularizer])


@pytest.mark.parametrize("order", ["simultaneous", "generator-first", "discriminator-first"])
@pytest.mark.parametrize("loss, regularizer", [
    *((loss, "r1") for loss in LOSSES if TORSION[loss]), ("minimax", "r1r2"), ("hinge", "r1r2"),
])  # fmt: skip
def test_bisection_finds_the_weights_between_which_the_equilibrium_attracts(loss, regularizer, order):
    turn = DiracTurn(order, 1, STEP)
    attraction = Attraction(Pair(loss, regularizer, 1.0), turn)

    found = [attraction.border(outside, 2.0) for outside in (-1.0, 15.0)]

    expected = [border(loss, regularizer, order, upper=upper) for upper in (False, True)]
    assert found == pytest.approx(expected, abs=1e-6)
    assert borders(loss, regularizer, turn) == pytest.approx(expected)


@pytest.mark.parametrize("order", ["simultaneous", "generator-first", "discriminator-first"])
@pytest.mark.parametrize("loss", [loss for loss in LOSSES if TORSION[loss]])
def test_the_trainer_itself_turns_stable_at_the_border(loss, order):
    lower, upper = (border(loss, "r1", order, upper=upper) for upper in (False, True))
    for gamma, attracts in ((lower - 1e-4, False), (lower + 1e-4, True), (upper - 1e-4, True),
                            (upper + 1e-4, False)):  # fmt: skip
        assert (trained_turn_radius(loss, gamma, order) < 1) == attracts


def trained_turn_radius(loss: str, gamma: float, order: str, tiny: float = 1e-7) -> float:
    """Size of the largest eigenvalue of one turn of the ordinary trainer, from two runs of one turn."""
    columns = []
    for start in ((tiny, 0.0), (0.0, tiny)):
        cohort = Cohort([dirac_config(loss, "r1", gamma, "simultaneous", update_order=order)], DIRAC)
        players = (cohort.state.generator, cohort.state.discriminator)
        moved = [
            player._replace(weights=torch.full((1, 1), value, dtype=torch.float64))
            for player, value in zip(players, start, strict=True)
        ]
        cohort.state = cohort.state._replace(generator=moved[0], discriminator=moved[1])
        cohort.train(1)
        columns.append([cohort.state.generator.weights.item(), cohort.state.discriminator.weights.item()])
    return float(np.abs(np.linalg.eigvals(np.array(columns).T / tiny)).max())


@pytest.mark.parametrize("loss, regularizer, told", [
    ("least_squares", "r1", "one eigenvalue is 0"),
    ("minimax", "gradient_penalty", "its kink at slope 0"),
    ("minimax", "clip", "the bound is not felt"),
    ("minimax", "spectral", "it changes nothing here"),
    ("minimax", "none", "it has no weight"),
])  # fmt: skip
def test_where_no_weight_is_a_border_the_reason_is_told(loss, regularizer, told):
    assert borders(loss, regularizer, DiracTurn("simultaneous", 1, STEP)) is None
    assert told in no_border(loss, regularizer)


@pytest.mark.parametrize("regularizer", ["r1", "r1r2"])
def test_no_weight_makes_least_squares_attract(regularizer):
    attraction = Attraction(Pair("least_squares", regularizer, 1.0), DiracTurn("simultaneous", 1, STEP))

    assert [attraction.radius(weight) for weight in (0.0, 0.1, 1.0, 4.0)] == pytest.approx([1.0] * 4)
    with pytest.raises(ValueError, match="border: the weights must repel and attract, got 0 and 1"):
        attraction.border(0.0, 1.0)


def test_every_registered_member_has_its_eigenvalues_or_a_reason():
    assert set(TORSION) == set(LOSSES)
    assert set(DAMPING) | KINKED == set(REGULARIZERS)
