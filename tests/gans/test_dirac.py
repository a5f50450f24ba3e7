"""The Dirac-GAN in the ordinary trainer: published radii, laws written out by hand, the border of stability.

Every registered loss with every registered regularizer, in the three update orders, is held beside a twin in
plain arithmetic. The published radii are those of the fields and settings in the notebook of Mescheder et al.
2018 (step 0.2, 500 steps, float64, generator first, then 1 or 5 discriminator steps), to four digits. Our
start is (1, -1) because our discriminators are larger for real; the notebook drops the 2 of the gradient
penalty, so its 0.7 is our 0.35.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._pytree import tree_flatten, tree_unflatten

import bench.dirac_laws as laws
from bench.dirac import CASES, LAW_ORDERS, LAW_STEPS, ORDERS, STEP, STEPS, WEIGHTS, dirac_config
from bench.dirac_laws import unclassified
from bench.metrics import reference_for
from gans.cohort import Cohort
from gans.data import Dataset, load
from gans.defaults import config_of
from gans.losses import LOSSES
from gans.networks import NETWORKS
from gans.recipes import UPDATE_ORDERS
from gans.regularizers import REGULARIZERS

DIRAC = load("dirac")
CHECKED = 5
"""Steps of which played-back updates must give the bits of the trainer's own."""
FIVE_CRITIC_STEPS = 15
"""Turns of five discriminator steps in which every pair is held beside its twin; there is no news in more."""


def place(cohort: Cohort) -> tuple[float, float]:
    """Where the first member stands: the generator's point and the discriminator's slope."""
    return cohort.state.generator.weights[0].item(), cohort.state.discriminator.weights[0].item()


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


# How steeply each player's loss rises with the logit of a fake; the real logit is 0 whatever the weights.
PULLS = {
    "minimax": (sigmoid, lambda logit: -sigmoid(logit)),
    "non_saturating": (sigmoid, lambda logit: -sigmoid(-logit)),
    "relativistic": (sigmoid, lambda logit: -sigmoid(-logit)),
    "wasserstein": (lambda logit: 1.0, lambda logit: -1.0),
    "hinge": (lambda logit: float(logit > -1), lambda logit: -1.0),
    "least_squares": (lambda logit: logit, lambda logit: logit - 1),
}

# How steeply each penalty, weight and half included, rises with the discriminator's slope.
BRAKES = {
    "none": lambda slope, weight: 0.0,
    "clip": lambda slope, weight: 0.0,
    "spectral": lambda slope, weight: 0.0,  # it normalises matrices, and the slope is a number
    "r1": lambda slope, weight: weight * slope,
    "r1r2": lambda slope, weight: 2 * weight * slope,
    "gradient_penalty": lambda slope, weight: 2 * weight * (abs(slope) - 1) * math.copysign(1.0, slope),
}


def by_hand(
    loss: str, regularizer: str, weight: float, order: str, steps: int
) -> Iterator[tuple[float, float]]:
    """Every place of a run, from derivatives taken on paper."""
    point, slope = 1.0, -1.0
    pull_d, pull_g = PULLS[loss]
    first, n_critic = ORDERS[order][:2]
    for _ in range(steps):
        before = slope
        seen = point - STEP * pull_g(slope * point) * slope if first == "generator-first" else point
        for _ in range(n_critic):
            slope -= STEP * (pull_d(slope * seen) * seen + BRAKES[regularizer](slope, weight))
            slope = min(max(slope, -weight), weight) if regularizer == "clip" else slope
        faced = slope if first == "discriminator-first" else before
        point -= STEP * pull_g(faced * point) * faced
        yield point, slope


@functools.cache
def recorded_updates(loss: str, regularizer: str, weight: float) -> tuple[Callable, Callable]:
    """Both players' updates, recorded at their first call and played back: the same bits in less time.

    They are the same in every order: what differs between orders is when the trainer calls them.
    """
    program = Cohort([dirac_config(loss, regularizer, weight, "simultaneous")], DIRAC).program
    return recorded(program.discriminator_step), recorded(program.generator_step)


def recorded(update: Callable) -> Callable:
    graph = None

    def call(*arguments: object) -> object:
        nonlocal graph
        leaves, spec = tree_flatten(arguments)
        graph = graph or make_fx(lambda *flat: update(*tree_unflatten(flat, spec)))(*leaves)
        return graph(*leaves)

    return call


def quick(cohort: Cohort) -> Cohort:
    """The same cohort, its updates played back from a record."""
    config = cohort.configs[0]
    moves = recorded_updates(config.loss, config.regularizer, config.regularizer_weight)
    cohort.program = replace(cohort.program, discriminator_step=moves[0], generator_step=moves[1])
    return cohort


@pytest.mark.parametrize("loss, regularizer, weight, order, radius", CASES)
def test_the_trainer_reproduces_the_published_radii(loss, regularizer, weight, order, radius):
    config = dirac_config(loss, regularizer, weight, order)
    cohort, plain = quick(Cohort([config], DIRAC)), Cohort([config], DIRAC)

    plain.train(CHECKED)
    cohort.train(CHECKED)
    alike = place(cohort) == place(plain)
    cohort.train(STEPS - CHECKED)

    assert alike, "a record must play back the trainer's own updates"
    found = math.hypot(*place(cohort))
    assert found == pytest.approx(radius, rel=1e-3)
    *_, expected = by_hand(loss, regularizer, weight, order, STEPS)
    assert found == pytest.approx(math.hypot(*expected), rel=1e-9)


PAIRS = [(loss, regularizer) for loss in LOSSES for regularizer in REGULARIZERS]


@pytest.mark.parametrize("loss, regularizer", PAIRS)
def test_every_pair_follows_its_law_in_the_three_update_orders(loss, regularizer):
    weight = WEIGHTS[regularizer]
    for order in LAW_ORDERS:
        cohort = quick(Cohort([dirac_config(loss, regularizer, weight, order)], DIRAC))

        cohort.train(LAW_STEPS)

        *_, expected = by_hand(loss, regularizer, weight, order, LAW_STEPS)
        assert place(cohort) == pytest.approx(expected, rel=1e-8, abs=1e-12), order


@pytest.mark.parametrize("order", [order for order in ORDERS if ORDERS[order].n_critic == 5])
@pytest.mark.parametrize("loss, regularizer", PAIRS)
def test_every_pair_follows_its_law_with_five_discriminator_steps(loss, regularizer, order):
    weight = WEIGHTS[regularizer]
    cohort = quick(Cohort([dirac_config(loss, regularizer, weight, order)], DIRAC))

    cohort.train(FIVE_CRITIC_STEPS)

    *_, expected = by_hand(loss, regularizer, weight, order, FIVE_CRITIC_STEPS)
    assert place(cohort) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_the_orders_that_are_compared_are_all_that_the_trainer_knows():
    assert {ORDERS[order].order for order in LAW_ORDERS} == set(UPDATE_ORDERS)


# One turn as a matrix on (point, slope), of a loss that is linear and a penalty of damping g.
LINEAR = {
    "simultaneous": lambda h, g: [[1, h], [-h, 1 - h * g]],
    "alternating": lambda h, g: [[1, h], [-h, 1 - h * g - h * h]],
    "discriminator first": lambda h, g: [[1 - h * h, h * (1 - h * g)], [-h, 1 - h * g]],
}


@pytest.mark.parametrize("order", LINEAR)
@pytest.mark.parametrize("regularizer, damping", [("none", 0.0), ("r1", 0.3), ("r1r2", 0.6)])
def test_the_trainer_raises_a_matrix_to_a_power_where_everything_is_linear(regularizer, damping, order):
    cohort = quick(Cohort([dirac_config("wasserstein", regularizer, WEIGHTS[regularizer], order)], DIRAC))

    cohort.train(LAW_STEPS)

    expected = np.linalg.matrix_power(LINEAR[order](STEP, damping), LAW_STEPS) @ [1.0, -1.0]
    assert place(cohort) == pytest.approx(expected, rel=1e-10)


def test_every_registered_member_is_classified():
    assert unclassified(LOSSES, REGULARIZERS) == []
    assert set(WEIGHTS) == set(BRAKES) == set(laws.BRAKES)
    assert set(PULLS) == set(laws.PULLS)
    assert {name for name, brake in laws.BRAKES.items() if brake.idle} == {"spectral"}


def test_a_new_member_without_a_law_is_named():
    assert unclassified([*LOSSES, "margin"], [*REGULARIZERS, "orthogonal"]) == [
        "loss 'margin'",
        "regularizer 'orthogonal'",
    ]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("loss, regularizer", PAIRS)
def test_the_laws_of_the_command_are_those_of_the_twin(loss, regularizer, order):
    weight = WEIGHTS[regularizer]

    found = list(itertools.islice(laws.places(loss, regularizer, weight, ORDERS[order]), LAW_STEPS))

    expected = by_hand(loss, regularizer, weight, order, LAW_STEPS)
    for ours, twins in zip(found, expected, strict=True):
        assert ours == pytest.approx(twins, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_spectral_normalisation_changes_nothing_where_there_is_no_matrix(loss):
    bare = Cohort([dirac_config(loss, "none", 0.0, "simultaneous")], DIRAC)
    named = Cohort([dirac_config(loss, "spectral", 1.0, "simultaneous")], DIRAC)

    assert "it normalises matrices" in laws.BRAKES["spectral"].idle
    assert named.game.discriminator.spectral == ()
    bare.train(3)
    named.train(3)
    assert place(named) == place(bare)


def test_an_unconstrained_critic_grows_by_the_same_factor_each_simultaneous_step():
    cohort = Cohort([dirac_config("wasserstein", "none", 0.0, "simultaneous")], DIRAC)

    cohort.train(100)

    assert math.hypot(*place(cohort)) == pytest.approx(math.sqrt(2) * (1 + STEP**2) ** 50, rel=1e-12)


def test_batch_size_and_seed_change_nothing_where_all_samples_are_equal():
    alone = Cohort([dirac_config("minimax", "r1", 0.3, "alternating")], DIRAC)
    batches = Cohort([dirac_config("minimax", "r1", 0.3, "alternating", batch_size=8, seed=5)], DIRAC)

    alone.train(20)
    batches.train(20)

    assert place(batches) == pytest.approx(place(alone), rel=1e-13)


def comes_nearer(gamma: float, step: float) -> bool:
    """Whether a simultaneous run that starts near the equilibrium is nearer to it a round later."""
    rates = {"generator_lr": step, "discriminator_lr": step}
    cohort = Cohort([dirac_config("minimax", "r1", gamma, "simultaneous", **rates)], DIRAC)
    near = {player: getattr(cohort.state, player) for player in ("generator", "discriminator")}
    cohort.state = cohort.state._replace(
        **{name: player._replace(weights=1e-4 * player.weights) for name, player in near.items()}
    )
    once_around = round(4 * math.pi / step)
    radii = []
    for _ in range(2 * once_around):
        cohort.train(1)
        radii.append(math.hypot(*place(cohort)))
    return max(radii[once_around:]) < max(radii[:once_around])


@pytest.mark.parametrize("step", [0.4])
def test_bisection_finds_the_r1_weight_below_which_simultaneous_steps_spiral_out(step):
    unstable, stable = 0.0, 0.25
    for _ in range(9):
        gamma = (unstable + stable) / 2
        unstable, stable = (unstable, gamma) if comes_nearer(gamma, step) else (gamma, stable)

    # |mu|^2 = 1 - h gamma + h^2 f'(0)^2 is 1 at gamma = h f'(0)^2, and f'(0) = 1/2.
    assert (unstable + stable) / 2 == pytest.approx(step * 0.25, abs=1e-3)


def test_everything_is_computed_in_the_precision_of_the_data():
    generator = torch.Generator().manual_seed(0)
    train, holdout = torch.randn(2, 64, 2, generator=generator, dtype=torch.float64)
    double = Dataset("double", train, holdout, None, None, classes=0, bounded=False)
    for data, dtype in ((double, torch.float64), (load("ring8"), torch.float32)):
        cohort = Cohort([config_of("wgan-gp", batch_size=4, data_size=64, generator_width=4)], data)
        trace = cohort.train(2)
        draws, state = cohort._block, cohort.state
        samples = cohort.generate(torch.zeros(3, 16))
        held = [state.average, draws.latents, draws.mix, samples, cohort.logits(samples.float()),
                cohort.slopes(samples.float()), *trace.values()]  # fmt: skip
        for player in (state.generator, state.discriminator):
            held += [player.weights, *player.moments]

        assert {tensor.dtype for tensor in held} == {dtype}


def test_a_seed_means_the_same_initial_weights_in_either_precision():
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(64, 2, generator=generator)
    start = [
        Cohort(
            [config_of("nsgan", batch_size=4, data_size=64)],
            Dataset("points", data, data, None, None, classes=0, bounded=False),
        ).state.generator.weights
        for data in (points, points.double())
    ]

    assert torch.equal(start[0].double(), start[1])


def test_a_dirac_gan_cannot_be_measured_and_says_so():
    with pytest.raises(ValueError, match="dataset 'dirac': holdout samples must differ to be measured"):
        reference_for(DIRAC)


@pytest.mark.parametrize(
    "build, told",
    [
        (lambda dirac: dirac.generator(4, 8, 2, (2,), False), "must be single numbers, shape (1,), got (2,)"),
        (
            lambda dirac: dirac.discriminator(8, 2, (1, 8, 8)),
            "shape (1,), got (1, 8, 8); use dataset 'dirac'",
        ),
        (lambda dirac: dirac.generator(4, 8, 2, (1,), True), "data must be unbounded, got bounded data"),
    ],
)
def test_other_data_are_refused(build, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        build(NETWORKS.get("dirac"))
