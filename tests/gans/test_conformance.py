"""The conformance kit: silent on everything right, and loud, with the right number, on each known mistake."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from gans.conformance import KINDS, RIGHT, SKIPPED, TOLD, WRONG, Finding, check, kind_of
from gans.losses import LOSSES, relativistic_generator
from gans.regularizers import REGULARIZERS, Regularizer, gradient_penalty, one_centered

BUILT_IN = [LOSSES.get(name) for name in LOSSES] + [REGULARIZERS.get(name) for name in REGULARIZERS]


def by_check(found: tuple[Finding, ...]) -> dict[str, Finding]:
    assert len({each.check for each in found}) == len(found)
    return {each.check: each for each in found}


def wrong(found: tuple[Finding, ...]) -> list[str]:
    return [each.check for each in found if each.status == WRONG]


def slopes_at(discriminator, points, *, graph=True):
    points = points.detach().requires_grad_()
    logits = discriminator(points)
    return torch.autograd.grad(logits, points, torch.ones_like(logits), create_graph=graph)[0]


def between(real, fake, coefficient):
    return coefficient * real + (1 - coefficient) * fake


def per_sample(real):
    return torch.rand(len(real), 1, 1, 1, dtype=real.dtype, generator=torch.Generator().manual_seed(3))


# Right ones, as they are written elsewhere.


def textbook(discriminator, real, fake):
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)))
    return ((slopes.flatten(1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def column_in_single_precision(discriminator, real, fake, lambda_gp=10.0):
    points = between(real, fake, per_sample(real)).float().requires_grad_()
    ones = torch.ones(len(real), 1)
    (slopes,) = torch.autograd.grad(discriminator(points), points, ones, create_graph=True)
    norms = (slopes.view(len(real), -1).square().sum(1) + 1e-12).sqrt()
    return lambda_gp * ((norms - 1) ** 2).mean()


def one_sided(discriminator, real, fake, mix):
    coefficient = mix.reshape(-1, 1, 1, 1)
    slopes = slopes_at(discriminator, between(real, fake, coefficient)).flatten(1)
    return torch.relu((slopes.square().sum(1) + 1e-12).sqrt() - 1).square()


def half_of_r1(discriminator, real):
    return 0.5 * slopes_at(discriminator, real).flatten(1).square().sum(1).mean()


def all_of_r1(discriminator, real):
    return slopes_at(discriminator, real).flatten(1).square().sum(1).mean()


def wgan_gp_critic(discriminator, real, fake):
    return (discriminator(fake) - discriminator(real)).mean() + 10 * textbook(discriminator, real, fake)


def bce_discriminator(real_logits, fake_logits):
    ones, zeros = torch.ones_like(real_logits), torch.zeros_like(fake_logits)
    both = F.binary_cross_entropy_with_logits, real_logits, fake_logits
    return both[0](both[1], ones) + both[0](both[2], zeros)


def bce_generator(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


def relativistic_average(real_logits, fake_logits):
    return F.softplus(fake_logits.mean() - real_logits) + F.softplus(fake_logits - real_logits.mean())


CORRECT = [
    textbook, column_in_single_precision, one_sided, half_of_r1, all_of_r1, wgan_gp_critic, gradient_penalty,
    bce_discriminator, bce_generator, relativistic_average, relativistic_generator,
]  # fmt: skip


@pytest.mark.parametrize("subject", BUILT_IN, ids=lambda entry: entry.name)
def test_nothing_is_wrong_with_what_is_built_in(subject):
    found = check(subject)

    assert wrong(found) == []
    assert all(each.status in (RIGHT, TOLD, SKIPPED) for each in found)


@pytest.mark.parametrize("subject", CORRECT, ids=lambda function: function.__name__)
def test_nothing_is_wrong_with_right_ones_however_they_are_written(subject):
    assert wrong(check(subject)) == []


# The mistakes of known code bases.


def norm_of_the_batch(discriminator, real, fake):
    """torchgan: the norm of the whole batch, one coefficient for all of it."""
    coefficient = torch.rand(1, generator=torch.Generator().manual_seed(0), dtype=real.dtype)
    return (slopes_at(discriminator, between(real, fake, coefficient)).norm(2) - 1) ** 2


def norm_of_a_pixel(discriminator, real, fake):
    """mmgeneration by default: the norm over channels, pixel by pixel."""
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)))
    return ((slopes.square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def norm_without_flattening(discriminator, real, fake):
    """caogang/wgan-gp for digits: ``norm(2, dim=1)`` of a batch of images."""
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)))
    return ((slopes.norm(2, dim=1) - 1) ** 2).mean()


def coefficient_of_an_element(discriminator, real, fake):
    """hwalsuklee/tensorflow-generative-model-collections: alpha drawn for every pixel."""
    coefficient = torch.rand(real.shape, generator=torch.Generator().manual_seed(0), dtype=real.dtype)
    return one_centered(discriminator, between(real, fake, coefficient)).mean()


def coefficient_of_the_batch(discriminator, real, fake):
    return one_centered(discriminator, between(real, fake, 0.3)).mean()


def coefficients_beyond_one(discriminator, real, fake):
    return one_centered(discriminator, between(real, fake, 2 * per_sample(real))).mean()


def coefficients_of_its_own(discriminator, real, fake, mix):
    return one_centered(discriminator, between(real, fake, per_sample(real)))


def half_the_critic(discriminator, real, fake):
    """vegans: half of the critic's terms beside ten of the penalty."""
    gap = discriminator(fake).mean() - discriminator(real).mean()
    return 0.5 * gap + 10 * textbook(discriminator, real, fake)


def critic_upside_down(discriminator, real, fake):
    """GAN_stability: smaller logits mean real."""
    gap = discriminator(real).mean() - discriminator(fake).mean()
    return gap + 10 * textbook(discriminator, real, fake)


def plain_root(discriminator, real, fake):
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)))
    return (slopes.flatten(1).square().sum(1).sqrt() - 1).square().mean()


def without_graph(discriminator, real, fake):
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)), graph=False)
    return (slopes.flatten(1).norm(dim=1) - 1).square().mean()


def half_detached(discriminator, real, fake):
    norms = (slopes_at(discriminator, real).flatten(1).square().sum(1) + 1e-12).sqrt()
    return ((norms - 1) * (norms.detach() - 1)).mean()


def sum_over_the_batch(discriminator, real, fake):
    return one_centered(discriminator, between(real, fake, per_sample(real))).sum()


def mean_before_square(discriminator, real, fake):
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real))).flatten(1)
    return ((slopes.square().sum(1) + 1e-12).sqrt().mean() - 1).square()


def slopes_of_the_mean(discriminator, real, fake):
    def mean_logit(x):
        return discriminator(x).mean()

    slopes = torch.func.grad(mean_logit)(between(real, fake, per_sample(real)))
    return ((slopes.flatten(1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def without_square(discriminator, real, fake):
    norms = slopes_at(discriminator, between(real, fake, per_sample(real))).flatten(1).norm(dim=1)
    return (norms - 1).mean()


def of_another_shape(discriminator, real, fake):
    return slopes_at(discriminator, real).square()


PENALTY_MISTAKES = [
    (norm_of_the_batch, "linear critic of norm 1", "49", "0", "over the whole batch"),
    (norm_of_the_batch, "one coefficient per sample", "1 coefficient", "16", "serves the whole batch"),
    (norm_of_a_pixel, "linear critic of norm 1", "0.9298", "0", "flatten each sample"),
    (norm_without_flattening, "linear critic of norm 1", "0.9298", "0", "flatten each sample"),
    (coefficient_of_an_element, "one coefficient per sample", "apart within a sample", "0", "per element"),
    (coefficient_of_the_batch, "one coefficient per sample", "1 coefficient", "16", "draw one per sample"),
    (coefficients_beyond_one, "one coefficient per sample", " to 1.", "0 to 1", "beyond real or fake"),
    (coefficients_of_its_own, "one coefficient per sample", "", "", "are not the ones that it uses"),
    (half_the_critic, "critic's own terms", "effective lambda of 20", "lambda of 10", "do not weigh 1"),
    (critic_upside_down, "critic's own terms", "-1 * (D(fake)", "1 * (D(fake)", "larger = more real"),
    (plain_root, "flat critic", "nan", "finite", "use a safe norm"),
    (without_graph, "finite differences", "no gradient", "a gradient", "create_graph=True"),
    (half_detached, "finite differences", "off by 0.5", "below 1e-06", "a detach is in between"),
    (sum_over_the_batch, "linear critic of norm 2", "64", "1", "grows with the batch size"),
    (mean_before_square, "slopes that differ", "", "", "mean or norm comes before the square"),
    (slopes_of_the_mean, "linear critic of norm 2", "0.9385", "1", "differentiate the sum"),
    (without_square, "law", "-1, 0, 1, 2", "1, 0, 1, 4", "a square, a root or an absolute value"),
    (of_another_shape, "one value per sample", "(5, 1, 2, 2)", "(5,) or ()", "of shape (batch,)"),
]


@pytest.mark.parametrize("penalty, name, measured, expected, words", PENALTY_MISTAKES,
                         ids=[f"{case[0].__name__}-{case[1]}" for case in PENALTY_MISTAKES])  # fmt: skip
def test_each_mistake_in_a_penalty_is_told_with_its_number(penalty, name, measured, expected, words):
    found = by_check(check(penalty))[name]

    assert found.status == WRONG
    assert measured in found.measured
    assert expected in found.expected
    assert words in found.words


@pytest.mark.parametrize("penalty", [coefficient_of_an_element, coefficient_of_the_batch, half_the_critic,
                                     mean_before_square, coefficients_beyond_one])  # fmt: skip
def test_a_single_mistake_is_one_finding(penalty):
    assert len(wrong(check(penalty))) == 1


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


# Losses.


def upside_down_discriminator(real_logits, fake_logits):
    return real_logits - fake_logits


def upside_down_generator(fake_logits):
    return fake_logits


def blind_discriminator(real_logits, fake_logits):
    return F.softplus(-real_logits) + F.softplus(-fake_logits)


def minimax_generator(real_logits, fake_logits):
    """torch-mimicry calls this minimax, StudioGAN vanilla."""
    return F.softplus(-fake_logits)


def vanilla_g(fake_logits):
    return F.softplus(-fake_logits)


def non_saturating_g(fake_logits):
    return -F.softplus(fake_logits)


def log_of_sigmoid_generator(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits))


def epsilon_generator(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits) + 1e-8)


def probabilities_discriminator(real_logits, fake_logits):
    ones, zeros = torch.ones_like(real_logits), torch.zeros_like(fake_logits)
    return F.binary_cross_entropy(real_logits, ones) + F.binary_cross_entropy(fake_logits, zeros)


def summed_discriminator(real_logits, fake_logits):
    return (fake_logits - real_logits).sum()


def rounded_discriminator(real_logits, fake_logits):
    return (fake_logits - real_logits).float().double() + (real_logits * fake_logits).detach()


def pairs_of_all_discriminator(real_logits, fake_logits):
    return fake_logits.unsqueeze(1) - real_logits


LOSS_MISTAKES = [
    (upside_down_discriminator, "sign", "1 per real, -1 per fake", "< 0 per real", "counts as more fake"),
    (upside_down_generator, "sign", "1 per fake logit", "< 0 per fake logit", "negate the logits"),
    (blind_discriminator, "sign", "-0.3208 per fake", "> 0 per fake", "does not teach"),
    (minimax_generator, "saturation", "pull 1 at", "4.54e-05", "it is non-saturating"),
    (vanilla_g, "saturation", "pull 1 at", "4.54e-05", "'vanilla_g', which is saturating"),
    (
        non_saturating_g,
        "saturation",
        "pull 4.54e-05",
        "about 1",
        "which is non-saturating, but it is saturating",
    ),
    (log_of_sigmoid_generator, "large logits", "inf at", "finite", "use logsigmoid"),
    (epsilon_generator, "pull beyond -10", "pull 0 at fake logit -100", "about 0.99", "dies further out"),
    (probabilities_discriminator, "sign", "", "", "fails with RuntimeError: all elements of input should be"),
    (summed_discriminator, "one value per sample", "2 times", "1 times", "take the mean"),
    (rounded_discriminator, "finite differences", "off by", "below 1e-06", "a detach, a rounding or a cast"),
    (pairs_of_all_discriminator, "one value per sample", "(6, 6)", "(6,) or ()", "one loss per sample"),
]


@pytest.mark.parametrize("function, name, measured, expected, words", LOSS_MISTAKES,
                         ids=[f"{case[0].__name__}-{case[1]}" for case in LOSS_MISTAKES])  # fmt: skip
def test_each_mistake_in_a_loss_is_told_with_its_number(function, name, measured, expected, words):
    found = by_check(check(function))[name]

    assert found.status == WRONG
    assert measured in found.measured
    assert expected in found.expected
    assert words in found.words


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


# What is what.


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


def test_every_kind_says_how_it_is_called():
    assert set(KINDS) == {"loss", "regularizer", "penalty", "discriminator-loss", "generator-loss"}
