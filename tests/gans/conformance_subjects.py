"""Losses and penalties that are right, as they are written elsewhere, and what they are made of."""

import numpy as np
import torch
import torch.nn.functional as F

from gans.conformance import WRONG, Finding
from gans.losses import relativistic_generator
from gans.regularizers import gradient_penalty


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


def coefficients_of_numpy(discriminator, real, fake):
    """PyTorch-GAN, the most copied of all: coefficients in float32 from NumPy's global generator."""
    coefficient = torch.Tensor(np.random.random((len(real), 1, 1, 1)))  # noqa: NPY002 - as it is there
    slopes = slopes_at(discriminator, coefficient * real + (1 - coefficient) * fake)
    return ((slopes.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def dragan(discriminator, real):
    """Kodali et al. 2017: slopes of one at points round the reals."""
    slopes = slopes_at(discriminator, real + 0.5 * real.std(correction=0) * torch.rand_like(real))
    return ((slopes.flatten(1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def wgan_div(discriminator, real, fake):
    """Wu et al. 2018: twice the sixth power of slopes, at reals and fakes."""
    sixth = [slopes_at(discriminator, each).flatten(1).square().sum(1) ** 3 for each in (real, fake)]
    return (sixth[0] + sixth[1]).mean()


def dual_contrastive(real_logits, fake_logits):
    """Yu et al. 2021: every real against all fakes, every fake against all reals."""
    reals = F.softplus(torch.logsumexp(fake_logits, 0) - real_logits)
    return reals.mean() + F.softplus(fake_logits + torch.logsumexp(-real_logits, 0)).mean()


def smoothed_discriminator(real_logits, fake_logits):
    target = torch.full_like(real_logits, 0.9)
    return F.binary_cross_entropy_with_logits(real_logits, target) + F.softplus(fake_logits).mean()


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
    coefficients_of_numpy, dragan, wgan_div, dual_contrastive, smoothed_discriminator,
]  # fmt: skip
