"""The conformance kit: silent on everything right, and loud, with the right number, on each known mistake."""

import pytest
import torch
import torch.nn.functional as F
from conformance_subjects import CORRECT, between, by_check, textbook, wrong
from planted_mistakes import (
    MISTAKES,
    coefficient_of_an_element,
    coefficient_of_the_batch,
    coefficients_beyond_one,
    coefficients_both_alike,
    double_sigmoid_discriminator,
    half_the_critic,
    mean_before_square,
    norm_of_a_channel,
    upside_down_discriminator,
)

from gans.conformance import RIGHT, SKIPPED, TOLD, WRONG, check
from gans.losses import LOSSES
from gans.regularizers import REGULARIZERS, one_centered

BUILT_IN = [LOSSES.get(name) for name in LOSSES] + [REGULARIZERS.get(name) for name in REGULARIZERS]


@pytest.mark.parametrize("subject", BUILT_IN, ids=lambda entry: entry.name)
def test_nothing_is_wrong_with_what_is_built_in(subject):
    found = check(subject)

    assert wrong(found) == []
    assert all(each.status in (RIGHT, TOLD, SKIPPED) for each in found)


@pytest.mark.parametrize("subject", CORRECT, ids=lambda function: function.__name__)
def test_nothing_is_wrong_with_right_ones_however_they_are_written(subject):
    assert wrong(check(subject)) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_each_mistake_is_told_with_its_number(mistake):
    found = by_check(check(mistake.subject))[mistake.check]

    assert found.status == WRONG
    assert mistake.measured in found.measured
    assert mistake.expected in found.expected
    assert mistake.words in found.words


@pytest.mark.parametrize("subject", [coefficient_of_an_element, coefficient_of_the_batch, half_the_critic,
                                     mean_before_square, coefficients_beyond_one, coefficients_both_alike,
                                     norm_of_a_channel, double_sigmoid_discriminator,
                                     upside_down_discriminator])  # fmt: skip
def test_a_single_mistake_is_one_finding(subject):
    assert len(wrong(check(subject))) == 1


def test_what_cannot_be_called_is_one_finding():
    def broken(discriminator, real, fake):
        raise OSError("no disk\nreally")

    (found,) = check(broken)

    assert (found.status, found.words) == (WRONG, "cannot be asked at all: OSError: no disk")


def test_what_returns_no_tensor_is_told_so():
    def number_penalty(discriminator, real, fake):
        return textbook(discriminator, real, fake).item()

    def number_generator(fake_logits):
        return F.softplus(-fake_logits).mean().item()

    words = [check(number_penalty)[0].words, by_check(check(number_generator))["sign"].words]

    assert all("it must return a torch.Tensor, got float; drop .item()" in each for each in words)


def test_checking_leaves_random_numbers_and_gradient_mode_alone():
    def global_draws(discriminator, real, fake):
        coefficient = torch.rand(len(real), 1, 1, 1, dtype=real.dtype)
        return one_centered(discriminator, between(real, fake, coefficient)).mean()

    state = torch.random.get_rng_state()
    with torch.no_grad():
        found = [wrong(check(subject)) for subject in (global_draws, LOSSES.get("minimax"))]
        again = check(global_draws)
        mode = torch.is_grad_enabled()

    assert (found, mode) == ([[], []], False)
    assert again == check(global_draws)
    assert torch.equal(state, torch.random.get_rng_state())
