"""What the conformance kit asks of a registered loss: that its name and its declarations are true."""

from dataclasses import replace

import pytest
from conformance_subjects import bce_generator, by_check, wrong
from planted_mistakes import upside_down_discriminator

from gans.conformance import check
from gans.losses import LOSSES, relativistic_generator


@pytest.mark.parametrize("name", ["minimax", "vanilla", "my-mmgan"])
def test_a_loss_that_is_called_minimax_must_saturate(name):
    misnamed = replace(LOSSES.get("non_saturating"), name=name)

    found = by_check(check(misnamed))

    assert wrong(check(misnamed)) == ["G: saturation"]
    assert (found["G: saturation"].measured, found["G: saturation"].expected) == (
        "pull 1 at fake logit -10",
        "4.54e-05 = sigmoid(-10)",
    )


@pytest.mark.parametrize(
    "changed, told",
    [
        ({"has_gain": False}, "has_gain"),
        ({"decision_point": 2.0}, "decision_point"),
        ({"generator": relativistic_generator}, "has_gain"),
        ({"generator": bce_generator}, "G: one value per sample"),
    ],
)
def test_what_a_loss_declares_must_be_true(changed, told):
    declared = replace(LOSSES.get("hinge"), **changed)

    assert told in wrong(check(declared))


def test_a_sign_that_is_turned_for_both_players_is_told_of_both():
    turned = replace(
        LOSSES.get("wasserstein"),
        discriminator=upside_down_discriminator,
        generator=lambda real, fake: fake,
    )

    assert wrong(check(turned)) == ["D: sign", "G: sign"]
