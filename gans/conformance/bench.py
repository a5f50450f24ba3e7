"""The bench that gradient penalties are tried on: critics of known slopes, and the law that they follow.

A penalty is asked in the way it wants to be asked: double or single precision, logits (batch,) or (batch, 1).
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gans.conformance.findings import tensors_only

AnyPenalty = Callable[..., Tensor]
"""(discriminator, real[, fake[, mix]]) to one penalty per sample, or their mean."""

MIX_NAMES = ("mix", "alpha", "eps", "epsilon", "coefficient", "coefficients", "t", "u")


class Critic(nn.Module):
    """A discriminator of one weight vector; ``shape`` maps (weight, flat samples) to (batch,) logits.

    It notes the samples that it is asked about, out of reach of autograd.
    """

    def __init__(self, weight: Tensor, shape: Callable[[Tensor, Tensor], Tensor], *, column: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.shape, self.column = shape, column
        self.asked: list[Tensor] = []

    def forward(self, samples: Tensor) -> Tensor:
        """Judge each sample by itself."""
        self.asked.append(torch.func.debug_unwrap(samples).detach().clone())
        logits = self.shape(self.weight, samples.reshape(len(samples), -1))
        return logits.unsqueeze(1) if self.column else logits


def linear(weight: Tensor, flat: Tensor) -> Tensor:
    """Slope ``weight`` at every sample."""
    return flat @ weight


def bowl(weight: Tensor, flat: Tensor) -> Tensor:
    """Slope ``weight * x`` at sample x, so that every sample has another."""
    return 0.5 * (weight * flat.square()).sum(dim=1)


def curved(weight: Tensor, flat: Tensor) -> Tensor:
    """Slopes that depend on sample and weight, smoothly."""
    return torch.tanh(flat * weight).sum(dim=1) + (flat * weight).square().sum(dim=1)


@dataclass(frozen=True)
class Bench:
    """A penalty, and how it wants to be asked.

    Args:
        arguments: how many of (discriminator, real, fake, mix) it takes.
    """

    penalty: AnyPenalty
    arguments: int
    dtype: torch.dtype = torch.float64
    column: bool = False

    def ask(self, critic: Critic, real: Tensor, fake: Tensor, mix: Tensor | None = None) -> Tensor:
        """What the penalty says, as it says it; its inputs are copies."""
        given = torch.full((len(real),), 0.5) if mix is None else mix
        arguments = (real.clone(), fake.clone(), given.to(self.dtype))
        return tensors_only(self.penalty)(critic, *arguments[: self.arguments - 1])

    def critic(self, weight: Tensor, shape: Callable[[Tensor, Tensor], Tensor] = linear) -> Critic:
        """A critic that speaks as this penalty wants it."""
        return Critic(weight.to(self.dtype), shape, column=self.column)

    def at_slope(self, slope: float, event: tuple[int, ...], batch: int, samples: float = 0.0) -> float:
        """Penalty of a linear critic of this norm, spread evenly; real and fake are the same samples."""
        size = math.prod(event)
        points = torch.full((batch, *event), samples, dtype=self.dtype)
        weight = torch.full((size,), slope / math.sqrt(size), dtype=self.dtype)
        return self.ask(self.critic(weight), points, points).mean().item()


def bench_for(penalty: AnyPenalty) -> Bench:
    """The first way of asking that works.

    Raises:
        ValueError: none does; the message is that of the plainest way.
    """
    faults = []
    for dtype, column in itertools.product((torch.float64, torch.float32), (False, True)):
        bench = Bench(penalty, arguments_of(penalty), dtype, column)
        try:
            bench.at_slope(2.0, (1, 2, 2), batch=3)
            return bench
        except Exception as error:
            faults.append(error)
    raise faults[0]


def arguments_of(penalty: AnyPenalty) -> int:
    """How many of (discriminator, real, fake, mix) a penalty takes.

    Example:
        >>> arguments_of(lambda critic, real, fake, weight=10.0: None)
        3
    """
    parameters = positional(penalty)
    required = [name for name, needed in parameters.items() if needed]
    fourth = list(parameters)[3:4]
    wants_mix = len(required) >= 4 or (fourth and fourth[0].lower() in MIX_NAMES)
    return 4 if wants_mix else max(2, min(3, len(parameters)))


def positional(function: Callable[..., Any]) -> dict[str, bool]:
    """Positional parameters of a function, and whether each must be given."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    # A module's own signature takes anything.
    called = function.forward if isinstance(function, nn.Module) else function
    parameters = inspect.signature(called).parameters.values()
    return {each.name: each.default is each.empty for each in parameters if each.kind in kinds}


@dataclass(frozen=True)
class Law:
    """What a penalty charges for a slope: ``weight * (slope - target)**power``.

    Args:
        one_sided: slopes below the target are free. power: 2, or what is round the target 0 (WGAN-div: 6).
    """

    weight: float
    target: float
    one_sided: bool = False
    power: float = 2.0

    def at(self, slope: float) -> float:
        """The charge for one slope."""
        distance = slope - self.target
        charged: float = self.weight * (max(distance, 0.0) if self.one_sided else distance) ** self.power
        return charged

    def __str__(self) -> str:
        """The law as a formula."""
        if self.target == 0:
            return f"{self.weight:.4g} * slope^{self.power:g}"
        above = "max(0, slope - {0:.4g})" if self.one_sided else "(slope - {0:.4g})"
        return f"{self.weight:.4g} * {above.format(self.target)}^2"


def law_of(bench: Bench) -> Law | None:
    """The law of a penalty, from single numbers, where batch, pixels and channels cannot be confused.

    Returns:
        None if it charges no such square, and no higher power of the slope.

    Example:
        >>> str(law_of(Bench(lambda critic, real, fake: 7 * (critic.weight.abs() - 1) ** 2, 3)))
        '7 * (slope - 1)^2'
    """
    values = tuple(bench.at_slope(float(slope), (1, 1, 1), batch=1) for slope in range(6))
    weight = (values[5] - 2 * values[4] + values[3]) / 2
    if not math.isfinite(weight) or weight <= 1e-9:
        return None
    power = math.log2(values[2] / values[1]) if min(values[1:3]) > 0 else 0.0
    higher = Law(values[1], 0.0, power=round(power, 2))
    if power > 2.5 and all(
        math.isclose(higher.at(slope), value, rel_tol=2e-3, abs_tol=1e-9)
        for slope, value in enumerate(values)
    ):
        return higher
    target = 4.5 - (values[5] - values[4]) / (2 * weight)
    target = float(round(target)) if abs(target - round(target)) < 1e-3 else target
    for one_sided in (False, True):
        law = Law(weight, target, one_sided)
        if all(abs(law.at(slope) - value) < 2e-3 * weight for slope, value in enumerate(values)):
            return law
    return None
