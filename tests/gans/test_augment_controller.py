"""ADA's controller: it raises strength against an overfit discriminator and lets it go for a healthy one."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from gans.augment.controller import INTERVAL, RAMP_IMAGES, TARGET, Adaptation, adapted, mean_sign, starting

BATCH = 100
STEPS = RAMP_IMAGES // BATCH
"""In so many steps strength may go from 0 to 1."""


def driven(state: Adaptation, logits: Tensor, steps: int, start: int = 0) -> Adaptation:
    """Show the controller the same real logits in every step."""
    signs = mean_sign(logits, -logits, 0.0).expand(len(state.strength))
    for step in range(start, start + steps):
        state = adapted(state, signs, step, BATCH)
    return state


def test_strength_reaches_1_on_an_overfit_discriminator_in_the_stated_images_and_returns_to_0() -> None:
    overfit, healthy = torch.full((64,), 3.0), torch.tensor([1.0, -1.0] * 32)
    start = starting(1, torch.zeros(1, dtype=torch.float64))

    almost = driven(start, overfit, STEPS - INTERVAL)
    full = driven(start, overfit, STEPS)
    back = driven(driven(full, overfit, STEPS), healthy, STEPS)

    assert almost.strength.item() == pytest.approx(1 - INTERVAL * BATCH / RAMP_IMAGES)
    assert full.strength.item() == pytest.approx(1.0)
    assert back.strength.item() == pytest.approx(0.0, abs=1e-12)
    assert (full.r_t.item(), back.r_t.item()) == (1.0, 0.0)


def test_strength_stays_within_0_and_1() -> None:
    overfit, start = torch.ones(8), starting(1, torch.zeros(1))

    assert driven(start, overfit, 3 * STEPS).strength.item() == 1.0
    assert driven(start, -overfit, 3 * STEPS).strength.item() == 0.0


def test_strength_moves_every_fourth_step_only() -> None:
    states = [driven(starting(1, torch.zeros(1)), torch.ones(8), steps) for steps in range(9)]

    moved = [state.strength.item() / (INTERVAL * BATCH / RAMP_IMAGES) for state in states]
    assert moved == pytest.approx([0, 0, 0, 0, 1, 1, 1, 1, 2])
    assert math.isnan(states[3].r_t.item())


def test_strength_settles_where_the_discriminator_meets_the_target() -> None:
    """A discriminator whose r_t falls with strength, 1 - 0.8 p, meets 0.6 at p = 0.5."""
    state = starting(1, torch.zeros(1, dtype=torch.float64))
    for step in range(2 * STEPS):
        state = adapted(state, 1 - 0.8 * state.strength, step, BATCH)

    assert state.strength.item() == pytest.approx(
        (1 - TARGET) / 0.8, abs=1.1 * INTERVAL * BATCH / RAMP_IMAGES
    )


def test_members_are_controlled_apart_and_a_lost_one_stays_alone() -> None:
    state = starting(3, torch.zeros(1))
    for step in range(INTERVAL):
        signs = [mean_sign(torch.tensor([logit]), torch.zeros(1), 0.0) for logit in (9.0, torch.nan, -9.0)]
        state = adapted(state, torch.stack(signs), step, BATCH)

    assert state.strength.tolist() == pytest.approx([0.02, 0.0, 0.0])
    assert state.r_t.tolist() == pytest.approx([1.0, math.nan, -1.0], nan_ok=True)


@pytest.mark.parametrize("point", [0.0, 0.5, -3.0])
def test_r_t_is_read_about_the_decision_point(point: float) -> None:
    real = point + torch.tensor([1.0, 2.0, -0.25, 0.0])

    assert mean_sign(real, torch.zeros(4), point).item() == 0.25


def test_without_a_decision_point_only_differences_count() -> None:
    real, fake = torch.tensor([1.0, 2.0, 6.0]), torch.tensor([0.0, 0.0, 0.0])

    seen = [mean_sign(real + shift, fake + shift, None).item() for shift in (-10.0, 0.0, 10.0)]

    assert seen == pytest.approx([1 / 3] * 3)
    assert mean_sign(real, real, None).item() == pytest.approx(-1 / 3)
