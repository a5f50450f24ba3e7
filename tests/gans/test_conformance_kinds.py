"""What the conformance kit takes an object for, and what it refuses."""

import re

import pytest
import torch
from conformance_subjects import bce_discriminator, bce_generator, half_of_r1, textbook, wrong
from planted_mistakes import minimax_generator

from gans.conformance import KINDS, check, kind_of
from gans.losses import LOSSES
from gans.regularizers import REGULARIZERS, gradient_penalty


class PenaltyModule(torch.nn.Module):
    def forward(self, discriminator, real, fake):
        return textbook(discriminator, real, fake)


@pytest.mark.parametrize(
    "subject, kind",
    [
        (LOSSES.get("hinge"), "loss"),
        (REGULARIZERS.get("clip"), "regularizer"),
        (textbook, "penalty"),
        (half_of_r1, "penalty"),
        (gradient_penalty, "penalty"),
        (bce_discriminator, "discriminator-loss"),
        (bce_generator, "generator-loss"),
        (minimax_generator, "generator-loss"),
        (lambda real, fake: fake - real, "discriminator-loss"),
        (lambda real, fake: -fake, "generator-loss"),
        (PenaltyModule(), "penalty"),
    ],
)
def test_the_kind_is_guessed(subject, kind):
    assert kind_of(subject) == kind


def test_a_guess_can_be_overruled():
    def ambiguous(a, b):
        return -b

    assert kind_of(ambiguous) == "generator-loss"
    assert "sign" in wrong(check(ambiguous, "discriminator-loss"))


@pytest.mark.parametrize(
    "subject, kind, told",
    [
        (3, None, "must be a Loss, a Regularizer or a function, got int"),
        (torch.nn.BCELoss, None, "got the class BCELoss; name an instance or a function"),
        (lambda: None, None, "got 0 parameters, 0 of them required"),
        (lambda a, b, c, d, e: None, None, "got 5 parameters, 5 of them required"),
        (textbook, "penalties", "kind: must be a known kind, got 'penalties'; choose one of loss"),
        (textbook, "loss", "kind: must fit the object, got 'loss' for a function"),
        (LOSSES.get("hinge"), "penalty", "kind: must fit the object, got 'penalty' for a loss"),
        (3, "penalty", "must be a Loss, a Regularizer or a function, got int"),
    ],
)
def test_what_is_none_of_these_is_refused(subject, kind, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        check(subject, kind)


def test_every_kind_says_how_it_is_called():
    assert set(KINDS) == {"loss", "regularizer", "penalty", "discriminator-loss", "generator-loss"}
