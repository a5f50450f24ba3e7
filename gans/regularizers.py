"""What keeps a discriminator in bounds: penalties on its slope, clipping or scaling of its weights.

Penalties come per sample and unweighted; the caller multiplies by ``scale * weight`` and takes the mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.numerics import safe_norm
from gans.registry import Registry

Discriminator = Callable[[Tensor], Tensor]
"""samples (batch, *event) to raw logits (batch,)."""

Penalty = Callable[[Discriminator, Tensor, Tensor, Tensor], Tensor]
"""(discriminator, real, fake, mix) to the unweighted penalty of each sample, (batch,)."""

Constraint = Callable[[Tensor, float], Tensor]
"""(weight tensor, bound) to the weight tensor that may stay after an optimizer step."""


@dataclass(frozen=True)
class Regularizer:
    """One way to regularize a discriminator.

    What is added to the discriminator's loss is ``scale * weight * penalty(...).mean()``.

    Shapes:
        penalty: (discriminator, real, fake, mix) to (batch,), with real and fake
            (batch, *event) and mix (batch,) in [0, 1], one coefficient per sample.
        constrain: (weight, bound) to a tensor like weight.

    Args:
        penalty: None if nothing is added to the loss.
        scale: 0.5 for weights that papers call gamma, 1 for lambda of a gradient penalty.
        constrain: applied to every parameter *after* each discriminator step, so
            that the generator never trains against an unconstrained one; None if nothing is.
        forbids_batch_norm: logits must depend on their own sample alone.
        default_weight: the paper's gamma, lambda, bound or norm.
        spectral: the discriminator computes with weights whose largest singular value is the weight
            given, by ``gans.spectral``.
    """

    name: str
    penalty: Penalty | None
    scale: float
    constrain: Constraint | None
    forbids_batch_norm: bool
    default_weight: float
    source: str
    spectral: bool = False


def slope(discriminator: Discriminator, samples: Tensor) -> Tensor:
    """Gradient of each sample's logit with respect to that sample.

    Each logit must depend on its own sample alone (no batch norm, no minibatch
    statistics), or slopes of neighbours leak in.

    Shapes:
        samples: (batch, *event), any number of event axes, floating point.
        discriminator(samples): (batch,), raw logits.
        result: like samples, differentiable.

    Units:
        logits per data unit.

    Raises:
        ValueError: the discriminator returns another shape than (batch,).

    Example:
        >>> slope(lambda x: x @ torch.tensor([3.0, 4.0]), torch.zeros(1, 2)).tolist()
        [[3.0, 4.0]]
    """

    def total(x: Tensor) -> Tensor:
        """Logits summed, so that one gradient holds every sample's slope."""
        logits = discriminator(x)
        if logits.shape != x.shape[:1]:
            raise ValueError(
                f"slope: the discriminator must return shape {tuple(x.shape[:1])}, "
                f"got {tuple(logits.shape)}; drop its trailing axis"
            )
        return logits.sum()

    gradient: Tensor = torch.func.grad(total)(samples)
    return gradient


def zero_centered(discriminator: Discriminator, samples: Tensor) -> Tensor:
    """Squared slope of the discriminator at each sample.

    Zero exactly where the discriminator is locally flat. The weight and the
    conventional half belong to the caller: R1 with weight gamma is
    ``0.5 * gamma * zero_centered(discriminator, real).mean()``. Composes with
    ``torch.func.grad`` and ``vmap``, so it serves one run or a cohort.

    Shapes:
        samples: (batch, *event). discriminator(samples): (batch,), raw logits.
        result: (batch,), same dtype as samples, differentiable.

    Units:
        logits squared per squared data unit. Rescaling the data by c divides
        the result by c**2, so a weight does not carry over between scalings.

    Raises:
        ValueError: the discriminator returns another shape than (batch,).

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", simplified gradient penalties (half and weight inside).

    Example:
        A bowl ``|x|**2 / 2`` has slope ``x``, so (3, 4) pays 25:

        >>> bowl = lambda x: 0.5 * x.square().sum(dim=1)
        >>> zero_centered(bowl, torch.tensor([[3.0, 4.0], [0.0, 0.0]])).tolist()
        [25.0, 0.0]
    """
    gradient = slope(discriminator, samples)
    return gradient.reshape(gradient.shape[0], -1).square().sum(dim=1)


def one_centered(discriminator: Discriminator, samples: Tensor) -> Tensor:
    """Squared distance of the discriminator's slope from 1 at each sample.

    The slope is the norm over *all* axes of one sample: not over the batch, not
    per pixel. Where it is 0 the penalty is 1 and its gradient is finite.

    Shapes:
        samples: (batch, *event). discriminator(samples): (batch,), raw logits.
        result: (batch,), same dtype as samples, differentiable.

    Units:
        as zero_centered; the target 1 is in logits per data unit.

    Raises:
        ValueError: the discriminator returns another shape than (batch,).

    Source:
        Gulrajani et al. 2017, "Improved training of Wasserstein GANs", equation 3.

    Example:
        >>> steep = lambda x: x @ torch.tensor([3.0, 4.0])
        >>> one_centered(steep, torch.zeros(1, 2)).tolist()
        [16.0]
    """
    return (safe_norm(slope(discriminator, samples)) - 1).square()


def interpolate(real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """A point on the straight line between each real sample and its fake.

    Shapes:
        real, fake, result: (batch, *event). mix: (batch,), one coefficient per
            sample: 1 gives the real sample, 0 the fake.

    Raises:
        ValueError: real and fake differ in shape, or mix is not (batch,).

    Source:
        Gulrajani et al. 2017, "Improved training of Wasserstein GANs", algorithm 1.

    Example:
        >>> interpolate(torch.ones(2, 1), torch.zeros(2, 1), torch.tensor([0.25, 1.0])).tolist()
        [[0.25], [1.0]]
    """
    if real.shape != fake.shape or mix.shape != real.shape[:1]:
        raise ValueError(
            f"interpolate: real and fake must have one shape and mix one entry per sample, "
            f"got {tuple(real.shape)}, {tuple(fake.shape)} and {tuple(mix.shape)}; draw mix of shape (batch,)"
        )
    coefficient = mix.reshape(-1, *(1,) * (real.ndim - 1))
    return coefficient * real + (1 - coefficient) * fake


def gradient_penalty(discriminator: Discriminator, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """One-centred penalty at a point between each real sample and its fake (WGAN-GP).

    Shapes:
        real, fake: (batch, *event). mix: (batch,), uniform on [0, 1]. result: (batch,).

    Raises:
        ValueError: shapes do not match, or the discriminator does not return (batch,).

    Source:
        Gulrajani et al. 2017, "Improved training of Wasserstein GANs", algorithm 1.

    Example:
        >>> steep = lambda x: x @ torch.tensor([3.0, 4.0])
        >>> gradient_penalty(steep, torch.ones(1, 2), torch.zeros(1, 2), torch.tensor([0.5])).tolist()
        [16.0]
    """
    return one_centered(discriminator, interpolate(real, fake, mix))


def r1(discriminator: Discriminator, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """Squared slope at each real sample; no half, no weight.

    Shapes:
        real: (batch, *event). fake, mix: not used. result: (batch,).

    Raises:
        ValueError: the discriminator does not return (batch,).

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", equation 9.

    Example:
        >>> bowl = lambda x: 0.5 * x.square().sum(dim=1)
        >>> r1(bowl, torch.tensor([[3.0, 4.0]]), torch.tensor([[0.0, 1.0]]), torch.zeros(1)).tolist()
        [25.0]
    """
    return zero_centered(discriminator, real)


def r1r2(discriminator: Discriminator, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """Squared slope at each real sample plus that at each fake; no half, no weight.

    Shapes:
        real, fake: (batch, *event). mix: not used. result: (batch,).

    Raises:
        ValueError: real and fake differ in shape, or the discriminator does not return (batch,).

    Source:
        Mescheder et al. 2018, "Which training methods for GANs do actually
        converge?", equations 9 and 10; both at once in Huang et al. 2024,
        "The GAN is dead; long live the GAN!".

    Example:
        >>> bowl = lambda x: 0.5 * x.square().sum(dim=1)
        >>> r1r2(bowl, torch.tensor([[3.0, 4.0]]), torch.tensor([[0.0, 1.0]]), torch.zeros(1)).tolist()
        [26.0]
    """
    if real.shape != fake.shape:
        raise ValueError(
            f"r1r2: real and fake must have one shape, got {tuple(real.shape)} and {tuple(fake.shape)}; "
            "draw as many fakes as reals"
        )
    # One call on both halves: small networks on a CPU spend their time on the number of calls.
    both = zero_centered(discriminator, torch.cat((real, fake)))
    on_real, on_fake = both[: len(real)], both[len(real) :]
    return on_real + on_fake


def clip(weight: Tensor, bound: float) -> Tensor:
    """The weight moved to the nearest value within [-bound, bound].

    Shapes:
        weight, result: any shape, the same.

    Source:
        Arjovsky et al. 2017, "Wasserstein GAN", algorithm 1, after the update.

    Example:
        >>> clip(torch.tensor([-3.0, 0.25, 3.0]), 0.5).tolist()
        [-0.5, 0.25, 0.5]
    """
    return weight.clamp(-bound, bound)


REGULARIZERS: Registry[Regularizer] = Registry(
    "regularizer",
    accepts=lambda entry: isinstance(entry, Regularizer),
    wanted="a gans.regularizers.Regularizer",
)

_GULRAJANI = "Gulrajani et al. 2017, Improved training of Wasserstein GANs"
_MESCHEDER = "Mescheder et al. 2018, Which training methods for GANs do actually converge?"
_HUANG = "Huang et al. 2024, The GAN is dead; long live the GAN! A modern GAN baseline"
_ARJOVSKY = "Arjovsky et al. 2017, Wasserstein GAN"
_MIYATO = "Miyato et al. 2018, Spectral normalization for generative adversarial networks"

for _regularizer in (
    Regularizer("none", None, 1.0, None, False, 0.0, "no regularization"),
    Regularizer("gradient_penalty", gradient_penalty, 1.0, None, True, 10.0, _GULRAJANI),
    Regularizer("r1", r1, 0.5, None, True, 10.0, _MESCHEDER),
    Regularizer("r1r2", r1r2, 0.5, None, True, 1.0, _HUANG),
    Regularizer("clip", None, 1.0, clip, False, 0.01, _ARJOVSKY),
    Regularizer("spectral", None, 1.0, None, False, 1.0, _MIYATO, spectral=True),
):
    REGULARIZERS.add(_regularizer.name, _regularizer)
