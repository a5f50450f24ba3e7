"""What the two players minimise: functions of logits, one value per sample, no mean, no weight.

Larger logit = more real, for every loss. Penalties on the discriminator's slope are in regularizers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.numerics import log_sigmoid, softplus
from gans.registry import Registry

LogitsLoss = Callable[[Tensor, Tensor], Tensor]
"""(real_logits, fake_logits), each (batch,), to the loss of each sample, (batch,)."""


@dataclass(frozen=True)
class Loss:
    """The objectives of both players, and what their logits mean to a diagnostic.

    Shapes:
        discriminator, generator: (real_logits, fake_logits), each (batch,), to (batch,).

    Args:
        decision_point: the logit at which a sample counts as neither real nor
            fake; None where logits have no zero (only differences matter).
        has_gain: whether a fake's loss is a function of its own logit alone, so
            that ``generator_gain`` means something.
        source: the paper that the formulas are from.
        log_odds: whether the best discriminator's logit is the log ratio of the
            two densities, as under cross-entropy.
    """

    name: str
    discriminator: LogitsLoss
    generator: LogitsLoss
    decision_point: float | None
    has_gain: bool
    source: str
    log_odds: bool = False

    def generator_gain(self, fake_logits: Tensor) -> Tensor:
        """How strongly the generator's loss reacts to each fake's logit.

        The first of the three factors of the generator's gradient: where it is
        near 0 the loss, and not the discriminator, has stopped the generator.

        Shapes:
            fake_logits: any shape. result: the same; NaN where ``has_gain`` is False.

        Example:
            A discriminator sure of its fakes silences the minimax loss alone:

            >>> sure = torch.tensor([-10.0])
            >>> [round(LOSSES.get(name).generator_gain(sure).item(), 4) for name in LOSSES]
            [0.0, 1.0, 1.0, 11.0, 1.0, nan]
        """
        if not self.has_gain:
            return torch.full_like(fake_logits, torch.nan)

        def total(logits: Tensor) -> Tensor:
            """The generator's loss, summed over all logits."""
            return self.generator(torch.zeros_like(logits), logits).sum()

        slope: Tensor = torch.func.grad(total)(fake_logits)
        return slope.abs()


def logistic_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cross-entropy of telling each real from each fake; 2 log 2 for a discriminator that guesses.

    Shapes:
        real_logits, fake_logits, result: (batch,).

    Units:
        nats, summed over the real and the fake of a pair.

    Raises:
        ValueError: the two have different shapes.

    Source:
        Goodfellow et al. 2014, "Generative adversarial nets", equation 1.

    Example:
        >>> logistic_discriminator(torch.tensor([0.0, 1e4]), torch.tensor([0.0, 7.0])).tolist()
        [1.3862943649291992, 7.000911235809326]
    """
    _require_pairs("logistic_discriminator", real_logits, fake_logits)
    return softplus(-real_logits) + softplus(fake_logits)


def saturating_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """``log(1 - sigmoid(l))``: the generator minimises what the discriminator maximises.

    Its gradient ``-sigmoid(l)`` dies where fakes are told apart with certainty.

    Shapes:
        real_logits (not used), fake_logits, result: (batch,).

    Source:
        Goodfellow et al. 2014, "Generative adversarial nets", equation 1.

    Example:
        >>> saturating_generator(torch.zeros(2), torch.tensor([-1e4, 0.0])).tolist()
        [0.0, -0.6931471824645996]
    """
    return log_sigmoid(-fake_logits)


def non_saturating_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """``-log(sigmoid(l))``: the generator maximises how real its fakes look.

    Its gradient ``-sigmoid(-l)`` is largest where fakes are told apart with certainty.

    Shapes:
        real_logits (not used), fake_logits, result: (batch,).

    Source:
        Goodfellow et al. 2014, "Generative adversarial nets", section 3.

    Example:
        >>> non_saturating_generator(torch.zeros(2), torch.tensor([-1e4, 0.0])).tolist()
        [10000.0, 0.6931471824645996]
    """
    return softplus(-fake_logits)


def wasserstein_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Minus the gap between real and fake logits: the critic widens it.

    Under a Lipschitz bound of 1 its negative mean is a lower bound on the
    Wasserstein-1 distance. Needs such a bound (clip, gradient_penalty): without
    one the gap grows for ever.

    Shapes:
        real_logits, fake_logits, result: (batch,).

    Raises:
        ValueError: the two have different shapes.

    Source:
        Arjovsky et al. 2017, "Wasserstein GAN", equation 2 and algorithm 1.

    Example:
        >>> wasserstein_discriminator(torch.tensor([3.0]), torch.tensor([1.0])).tolist()
        [-2.0]
    """
    _require_pairs("wasserstein_discriminator", real_logits, fake_logits)
    return fake_logits - real_logits


def linear_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Minus the logit of each fake: the same pull at every logit.

    Shapes:
        real_logits (not used), fake_logits, result: (batch,).

    Source:
        Arjovsky et al. 2017, "Wasserstein GAN", algorithm 1; Lim and Ye 2017,
        "Geometric GAN", for the hinge.

    Example:
        >>> linear_generator(torch.zeros(2), torch.tensor([-3.0, 2.0])).tolist()
        [3.0, -2.0]
    """
    return -fake_logits


def least_squares_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Half the squared distance of real logits from 1 and of fake logits from 0.

    Shapes:
        real_logits, fake_logits, result: (batch,).

    Raises:
        ValueError: the two have different shapes.

    Source:
        Mao et al. 2017, "Least squares generative adversarial networks",
        equation 9 (its half kept, targets 0 and 1).

    Example:
        >>> least_squares_discriminator(torch.tensor([3.0]), torch.tensor([1.0])).tolist()
        [2.5]
    """
    _require_pairs("least_squares_discriminator", real_logits, fake_logits)
    return 0.5 * ((real_logits - 1).square() + fake_logits.square())


def least_squares_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Half the squared distance of fake logits from 1, the target of real samples.

    Not monotone: a fake that looks more real than the target is pulled back.

    Shapes:
        real_logits (not used), fake_logits, result: (batch,).

    Source:
        Mao et al. 2017, "Least squares generative adversarial networks",
        equation 9 (its half kept, target 1).

    Example:
        >>> least_squares_generator(torch.zeros(3), torch.tensor([-1.0, 1.0, 3.0])).tolist()
        [2.0, 0.0, 2.0]
    """
    return 0.5 * (fake_logits - 1).square()


def hinge_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """How far real logits fall short of 1 and fake logits exceed -1; nothing beyond the margin.

    Shapes:
        real_logits, fake_logits, result: (batch,).

    Raises:
        ValueError: the two have different shapes.

    Source:
        Lim and Ye 2017, "Geometric GAN"; Miyato et al. 2018, "Spectral
        normalization for generative adversarial networks", equation 16.

    Example:
        >>> hinge_discriminator(torch.tensor([0.5, 2.0]), torch.tensor([-0.5, -2.0])).tolist()
        [1.0, 0.0]
    """
    _require_pairs("hinge_discriminator", real_logits, fake_logits)
    return torch.relu(1 - real_logits) + torch.relu(1 + fake_logits)


def relativistic_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cross-entropy of telling, of each pair of a real and a fake, which is the real one.

    Shapes:
        real_logits, fake_logits, result: (batch,); the pair i is (real i, fake i).

    Units:
        nats per pair; log 2 for a discriminator that guesses.

    Raises:
        ValueError: the two have different shapes.

    Source:
        Jolicoeur-Martineau 2019, "The relativistic discriminator"; Huang et al.
        2024, "The GAN is dead; long live the GAN!" (RpGAN).

    Example:
        >>> relativistic_discriminator(torch.tensor([5.0, -1e4]), torch.tensor([5.0, 0.0])).tolist()
        [0.6931471824645996, 10000.0]
    """
    _require_pairs("relativistic_discriminator", real_logits, fake_logits)
    return softplus(fake_logits - real_logits)


def relativistic_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cost of each fake that looks less real than the real sample it is paired with.

    Shapes:
        real_logits, fake_logits, result: (batch,); the pair i is (real i, fake i).

    Raises:
        ValueError: the two have different shapes.

    Source:
        Jolicoeur-Martineau 2019, "The relativistic discriminator"; Huang et al.
        2024, "The GAN is dead; long live the GAN!" (RpGAN).

    Example:
        >>> relativistic_generator(torch.tensor([1e4]), torch.tensor([0.0])).tolist()
        [10000.0]
    """
    _require_pairs("relativistic_generator", real_logits, fake_logits)
    return softplus(real_logits - fake_logits)


def _require_pairs(where: str, real_logits: Tensor, fake_logits: Tensor) -> None:
    # (batch, 1) against (batch,) would broadcast to (batch, batch) and train on nonsense without a word.
    if real_logits.shape != fake_logits.shape:
        raise ValueError(
            f"{where}: real and fake logits must have one shape, got {tuple(real_logits.shape)} "
            f"and {tuple(fake_logits.shape)}; give one logit per sample, shape (batch,)"
        )


LOSSES: Registry[Loss] = Registry(
    "loss", accepts=lambda entry: isinstance(entry, Loss), wanted="a gans.losses.Loss"
)

_GOODFELLOW = "Goodfellow et al. 2014, Generative adversarial nets"
_ARJOVSKY = "Arjovsky et al. 2017, Wasserstein GAN"
_MAO = "Mao et al. 2017, Least squares generative adversarial networks"
_LIM = "Lim and Ye 2017, Geometric GAN"
_HUANG = "Huang et al. 2024, The GAN is dead; long live the GAN! A modern GAN baseline"

for _loss in (
    Loss("minimax", logistic_discriminator, saturating_generator, 0.0, True, _GOODFELLOW, log_odds=True),
    Loss(
        "non_saturating",
        logistic_discriminator,
        non_saturating_generator,
        0.0,
        True,
        _GOODFELLOW,
        log_odds=True,
    ),
    Loss("wasserstein", wasserstein_discriminator, linear_generator, None, True, _ARJOVSKY),
    Loss("least_squares", least_squares_discriminator, least_squares_generator, 0.5, True, _MAO),
    Loss("hinge", hinge_discriminator, linear_generator, 0.0, True, _LIM),
    Loss("relativistic", relativistic_discriminator, relativistic_generator, None, False, _HUANG),
):
    LOSSES.add(_loss.name, _loss)
