"""Optimizers as pure functions on stacked weights, with a learning rate per member.

All members of a cohort are at the same step, so what depends on the step alone
(Adam's bias corrections) is computed once, in double precision, outside the compiled update.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gans.registry import Registry

EPSILON = 1e-8
"""Added to the root of the second moment, as in ``torch.optim``."""

Moments = tuple[Tensor, ...]

Update = Callable[[Tensor, Tensor, Moments, Tensor, Tensor, tuple[float, float]], tuple[Tensor, Moments]]
"""(weights, gradients, moments, rates, corrections, betas) to (new weights, new moments)."""


@dataclass(frozen=True)
class Optimizer:
    """How one player moves along its gradient.

    Shapes:
        weights, gradients, each moment: (members, parameters).
        rates: (members, 1), the learning rates. corrections: (2,), see ``bias_corrections``.

    Args:
        moments: how many running averages it keeps, all of them zero at the start.
        source: where the update rule was published.
    """

    name: str
    moments: int
    update: Update
    source: str

    def start(self, weights: Tensor) -> Moments:
        """The moments before the first update."""
        return tuple(torch.zeros_like(weights) for _ in range(self.moments))


def bias_corrections(step: int, betas: tuple[float, float]) -> Tensor:
    """Factors that undo the zero start of Adam's two averages at its ``step``-th update (from 1).

    Shapes:
        result: (2,), the factor of the first moment and of the root of the second.

    Example:
        >>> bias_corrections(1, (0.5, 0.75)).tolist()
        [2.0, 2.0]
    """
    first, second = betas
    factors = [1.0 / (1.0 - first**step), (1.0 - second**step) ** -0.5]
    return torch.tensor(factors, dtype=torch.float64)


def _adam(
    weights: Tensor,
    gradients: Tensor,
    moments: Moments,
    rates: Tensor,
    corrections: Tensor,
    betas: tuple[float, float],
) -> tuple[Tensor, Moments]:
    first, second = betas
    mean = torch.lerp(gradients, moments[0], first)
    square = second * moments[1] + (1.0 - second) * gradients.square()
    scale = square.sqrt() * corrections[1] + EPSILON
    return weights - rates * corrections[0] * mean / scale, (mean, square)


def _rmsprop(
    weights: Tensor,
    gradients: Tensor,
    moments: Moments,
    rates: Tensor,
    corrections: Tensor,
    betas: tuple[float, float],
) -> tuple[Tensor, Moments]:
    decay = betas[1]
    square = decay * moments[0] + (1.0 - decay) * gradients.square()
    return weights - rates * gradients / (square.sqrt() + EPSILON), (square,)


def _sgd(
    weights: Tensor,
    gradients: Tensor,
    moments: Moments,
    rates: Tensor,
    corrections: Tensor,
    betas: tuple[float, float],
) -> tuple[Tensor, Moments]:
    return weights - rates * gradients, moments


OPTIMIZERS: Registry[Optimizer] = Registry(
    "optimizer", accepts=lambda entry: isinstance(entry, Optimizer), wanted="a gans.optim.Optimizer"
)
OPTIMIZERS.add("adam", Optimizer("adam", 2, _adam, "Kingma and Ba 2015, Algorithm 1"))
OPTIMIZERS.add("rmsprop", Optimizer("rmsprop", 1, _rmsprop, "Tieleman and Hinton 2012; decay is beta2"))
OPTIMIZERS.add("sgd", Optimizer("sgd", 0, _sgd, "Robbins and Monro 1951; no momentum"))
