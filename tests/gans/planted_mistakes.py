"""The mistakes of known code bases, each with the check that tells of it and the number that it gives."""

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from conformance_subjects import between, per_sample, slopes_at, textbook

from gans.regularizers import one_centered


class Mistake(NamedTuple):
    """A wrong function, the check that finds it, and parts of what that says."""

    subject: Any
    check: str
    measured: str
    expected: str
    words: str

    def __str__(self) -> str:
        return f"{self.subject.__name__}-{self.check}"


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


def norm_of_a_channel(discriminator, real, fake):
    """``norm(2, dim=(2, 3))``: right in grey images, and in no others."""
    slopes = slopes_at(discriminator, between(real, fake, per_sample(real)))
    return ((slopes.norm(2, dim=(2, 3)) - 1) ** 2).mean()


def coefficients_both_alike(discriminator, real, fake):
    coefficient = per_sample(real)
    return one_centered(discriminator, coefficient * real + coefficient * fake).mean()


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


def double_sigmoid_discriminator(real_logits, fake_logits):
    """Cross-entropy with logits, of what a last layer has squashed already."""
    return F.softplus(-real_logits.sigmoid()) + F.softplus(fake_logits.sigmoid())


def double_sigmoid_generator(fake_logits):
    return F.softplus(-fake_logits.sigmoid())


def epsilon_discriminator(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -torch.log(real + 1e-8) - torch.log(1 - fake + 1e-8)


def summed_discriminator(real_logits, fake_logits):
    return (fake_logits - real_logits).sum()


def rounded_discriminator(real_logits, fake_logits):
    return (fake_logits - real_logits).float().double() + (real_logits * fake_logits).detach()


def pairs_of_all_discriminator(real_logits, fake_logits):
    return fake_logits.unsqueeze(1) - real_logits


MISTAKES = [
    Mistake(norm_of_the_batch, "linear critic of norm 1", "49", "0", "over the whole batch"),
    Mistake(norm_of_the_batch, "one coefficient per sample", "1 coefficient", "16", "serves the whole batch"),
    Mistake(norm_of_a_pixel, "linear critic of norm 1", "0.9298", "0", "flatten each sample"),
    Mistake(norm_without_flattening, "linear critic of norm 1", "0.9298", "0", "flatten each sample"),
    Mistake(norm_of_a_channel, "three channels", "0.02393", "1", "of each channel by itself"),
    Mistake(coefficients_both_alike, "one coefficient per sample", "sums of", "1", "do not add up to one"),
    Mistake(
        coefficient_of_an_element, "one coefficient per sample", "apart within a sample", "0", "per element"
    ),
    Mistake(
        coefficient_of_the_batch, "one coefficient per sample", "1 coefficient", "16", "draw one per sample"
    ),
    Mistake(coefficients_beyond_one, "one coefficient per sample", " to 1.", "0 to 1", "beyond real or fake"),
    Mistake(coefficients_of_its_own, "one coefficient per sample", "", "", "are not the ones that it uses"),
    Mistake(
        half_the_critic, "critic's own terms", "effective lambda of 20", "lambda of 10", "do not weigh 1"
    ),
    Mistake(critic_upside_down, "critic's own terms", "-1 * (D(fake)", "1 * (D(fake)", "larger = more real"),
    Mistake(plain_root, "flat critic", "nan", "finite", "use a safe norm"),
    Mistake(without_graph, "finite differences", "no gradient", "a gradient", "create_graph=True"),
    Mistake(half_detached, "finite differences", "off by 0.5", "below 1e-06", "a detach is in between"),
    Mistake(sum_over_the_batch, "linear critic of norm 2", "64", "1", "grows with the batch size"),
    Mistake(mean_before_square, "slopes that differ", "", "", "mean or norm comes before the square"),
    Mistake(slopes_of_the_mean, "linear critic of norm 2", "0.9385", "1", "differentiate the sum"),
    Mistake(without_square, "law", "-1, 0, 1, 2", "1, 0, 1, 4", "a square, a root or an absolute value"),
    Mistake(of_another_shape, "one value per sample", "(5, 1, 2, 2)", "(5,) or ()", "of shape (batch,)"),
    Mistake(
        upside_down_discriminator, "sign", "1 per real, -1 per fake", "< 0 per real", "counts as more fake"
    ),
    Mistake(upside_down_generator, "sign", "1 per fake logit", "< 0 per fake logit", "negate the logits"),
    Mistake(blind_discriminator, "sign", "-0.3208 per fake", "> 0 per fake", "does not teach"),
    Mistake(minimax_generator, "saturation", "pull 1 at", "4.54e-05", "it is non-saturating"),
    Mistake(vanilla_g, "saturation", "pull 1 at", "4.54e-05", "'vanilla_g', which is saturating"),
    Mistake(
        non_saturating_g,
        "saturation",
        "pull 4.54e-05",
        "about 1",
        "which is non-saturating, but it is saturating",
    ),
    Mistake(log_of_sigmoid_generator, "large logits", "inf at", "finite", "use logsigmoid"),
    Mistake(
        epsilon_generator, "pull beyond -10", "pull 0 at fake logit -100", "about 0.99", "dies further out"
    ),
    Mistake(
        probabilities_discriminator,
        "sign",
        "",
        "",
        "fails with RuntimeError: all elements of input should be",
    ),
    Mistake(
        double_sigmoid_discriminator,
        "pull when mistaken",
        "0 per real at -100",
        "beyond -0.09",
        "a sigmoid or",
    ),
    Mistake(epsilon_discriminator, "pull when mistaken", "0 per real at -100", "beyond -0.5", "an epsilon"),
    Mistake(
        double_sigmoid_generator,
        "pull beyond -10",
        "at fake logit 10",
        "about 1 at one",
        "neither at -10 nor at 10",
    ),
    Mistake(summed_discriminator, "one value per sample", "2 times", "1 times", "take the mean"),
    Mistake(
        rounded_discriminator, "finite differences", "off by", "below 1e-06", "a detach, a rounding or a cast"
    ),
    Mistake(
        pairs_of_all_discriminator, "one value per sample", "(6, 6)", "(6,) or ()", "one loss per sample"
    ),
]
