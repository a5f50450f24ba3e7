"""What the conformance kit tells of penalties that are no plain mistakes, and asks of registered ones."""

import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from conformance_subjects import (
    all_of_r1,
    by_check,
    coefficients_of_numpy,
    half_of_r1,
    textbook,
    wgan_div,
    wrong,
)

from gans.conformance import TOLD, check
from gans.regularizers import REGULARIZERS, Regularizer, gradient_penalty, one_centered


def test_the_half_of_r1_is_told_and_not_held_against_it():
    with_half, without = by_check(check(half_of_r1))["law"], by_check(check(all_of_r1))["law"]

    assert (with_half.status, with_half.measured) == (TOLD, "0.5 * slope^2")
    assert "gamma = 1 of papers" in with_half.words
    assert (without.status, without.measured) == (TOLD, "1 * slope^2")
    assert "gamma = 2 of papers" in without.words


@pytest.mark.parametrize("scale, words", [(0.5, "with the half of papers"), (1.0, "a gamma of 20 in papers")])
def test_the_half_in_the_scale_of_a_regularizer_is_told(scale, words):
    found = by_check(check(replace(REGULARIZERS.get("r1"), scale=scale)))

    assert found["scale"].status == TOLD
    assert found["scale"].measured == f"weight * {scale:g} * slope^2"
    assert words in found["scale"].words


def test_the_power_of_wgan_div_is_told_and_is_no_mistake():
    law = by_check(check(wgan_div))["law"]

    assert (law.status, law.measured) == (TOLD, "2 * slope^6")
    assert "WGAN-div takes 6" in law.words


def test_checking_leaves_the_global_generators_as_they_were():
    def states():
        return torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002

    before = states()
    check(coefficients_of_numpy)

    assert states() == before


def test_where_a_penalty_is_taken_is_told():
    places = {name: by_check(check(REGULARIZERS.get(name)))["one coefficient per sample"].words
              for name in ("r1", "r1r2")}  # fmt: skip

    assert places == {"r1": "it is evaluated at reals", "r1r2": "it is evaluated at reals and fakes"}


def test_noise_around_reals_is_no_interpolation_and_no_fault():
    def dragan(discriminator, real, fake):
        noise = torch.rand(real.shape, generator=torch.Generator().manual_seed(0), dtype=real.dtype)
        return one_centered(discriminator, real + 0.5 * real.std() * noise)

    found = by_check(check(dragan))["one coefficient per sample"]

    assert (found.status, "DRAGAN" in found.words) == (TOLD, True)


def test_what_works_in_ones_own_loop_alone_is_told_of_a_function_and_wrong_in_a_regularizer():
    assert by_check(check(textbook))["vmap and grad"].status == TOLD

    held = Regularizer("mine", textbook, 1.0, None, True, 10.0, "nowhere")
    assert set(wrong(check(held))) >= {"one value per sample", "vmap and grad"}


def test_a_regularizer_that_holds_the_critics_terms_is_wrong():
    def with_terms(discriminator, real, fake, mix):
        terms = discriminator(fake) - discriminator(real)
        return terms + gradient_penalty(discriminator, real, fake, mix)

    held = replace(REGULARIZERS.get("gradient_penalty"), penalty=with_terms)

    assert wrong(check(held)) == ["critic's own terms"]


def test_a_constraint_that_writes_into_the_weights_is_wrong_and_another_one_is_told():
    def in_place(weight, bound):
        return weight.clamp_(-bound, bound)

    def shrink(weight, bound):
        return weight * bound

    entry = REGULARIZERS.get("clip")

    assert wrong(check(replace(entry, constrain=in_place))) == ["constraint"]
    assert by_check(check(replace(entry, constrain=shrink)))["constraint"].status == TOLD
