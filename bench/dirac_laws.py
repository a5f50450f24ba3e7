"""What is known on paper of the Dirac-GAN under each loss and regularizer: how its updates move it.

Reals stand at 0, so their logit is 0 whatever the weights, and fakes at ``point`` have the logit
``slope * point``. A member that is registered and not written down here is named by ``unclassified``.
Nothing of trainer or spectrum is called: a law that shared their update orders could not judge them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

START = (1.0, -1.0)
"""The generator's point and the discriminator's slope before training."""


class Pulls(NamedTuple):
    """How steeply the loss of each player rises with the logit of a fake."""

    discriminator: Callable[[float], float]
    generator: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Brake:
    """What a regularizer does to the discriminator's slope.

    Args:
        force: derivative of the penalty by the slope, weight and half included.
        clips: whether the slope is cut to [-weight, weight] after each step.
        damping: the force's derivative at slope 0, per unit of weight; None where it has none.
        idle: why it changes nothing on a Dirac-GAN; empty where it does.
        border: why no weight of it separates stable from unstable; empty where some does.
    """

    force: Callable[[float, float], float]
    clips: bool = False
    damping: float | None = 0.0
    idle: str = ""
    border: str = ""


class Turn(NamedTuple):
    """Who moves first, how often the discriminator moves, and how far."""

    order: str
    n_critic: int
    step: float


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > 0 else math.exp(logit) / (1 + math.exp(logit))


_LOGISTIC = Pulls(_sigmoid, lambda logit: -_sigmoid(-logit))

PULLS: Mapping[str, Pulls] = {
    "minimax": Pulls(_sigmoid, lambda logit: -_sigmoid(logit)),
    "non_saturating": _LOGISTIC,
    "relativistic": _LOGISTIC,  # the pair's other logit, that of the real, is 0
    "wasserstein": Pulls(lambda logit: 1.0, lambda logit: -1.0),
    "hinge": Pulls(lambda logit: float(logit > -1), lambda logit: -1.0),
    "least_squares": Pulls(lambda logit: logit, lambda logit: logit - 1),
}

BRAKES: Mapping[str, Brake] = {
    "none": Brake(lambda slope, weight: 0.0, border="it has no weight"),
    "gradient_penalty": Brake(
        lambda slope, weight: 2 * weight * (abs(slope) - 1) * _sign(slope),
        damping=None,
        border="its kink at slope 0 leaves no Jacobian",
    ),
    "r1": Brake(lambda slope, weight: weight * slope, damping=1.0),
    "r1r2": Brake(lambda slope, weight: 2 * weight * slope, damping=2.0),
    "clip": Brake(lambda slope, weight: 0.0, clips=True, border="the bound is not felt near slope 0"),
    "spectral": Brake(
        lambda slope, weight: 0.0,
        idle="it normalises matrices, and the one weight here is a number",
        border="it changes nothing here",
    ),
}


def _sign(value: float) -> float:
    return math.copysign(1.0, value) if value else 0.0


def unclassified(losses: Iterable[str], regularizers: Iterable[str]) -> list[str]:
    """Members of which nothing is written down here.

    Example:
        >>> unclassified(["hinge", "boundary_seeking"], ["r1"])
        ["loss 'boundary_seeking'"]
    """
    return [f"loss {name!r}" for name in losses if name not in PULLS] + [
        f"regularizer {name!r}" for name in regularizers if name not in BRAKES
    ]


def places(loss: str, regularizer: str, weight: float, turn: Turn) -> Iterator[tuple[float, float]]:
    """Yield the point and the slope after each turn of gradient descent, without end.

    Example:
        Wasserstein, both at once with step 0.5: from (1, -1), both move by half the other's place.

        >>> next(places("wasserstein", "none", 0.0, Turn("simultaneous", 1, 0.5)))
        (0.5, -1.5)
    """
    point, slope = START
    pulls, brake = PULLS[loss], BRAKES[regularizer]

    def judged(slope: float, point: float) -> float:
        """The slope after the discriminator's steps against a point that stands still."""
        for _ in range(turn.n_critic):
            slope -= turn.step * (pulls.discriminator(slope * point) * point + brake.force(slope, weight))
            slope = min(max(slope, -weight), weight) if brake.clips else slope
        return slope

    def drawn(point: float, slope: float) -> float:
        """The point after the generator's step against a slope that stands still."""
        return point - turn.step * pulls.generator(slope * point) * slope

    while True:
        point, slope = _ORDERS[turn.order](drawn, judged, point, slope)
        yield point, slope


_Move = Callable[[float, float], float]


def _simultaneous(drawn: _Move, judged: _Move, point: float, slope: float) -> tuple[float, float]:
    return drawn(point, slope), judged(slope, point)


def _generator_first(drawn: _Move, judged: _Move, point: float, slope: float) -> tuple[float, float]:
    point = drawn(point, slope)
    return point, judged(slope, point)


def _discriminator_first(drawn: _Move, judged: _Move, point: float, slope: float) -> tuple[float, float]:
    slope = judged(slope, point)
    return drawn(point, slope), slope


_ORDERS: Mapping[str, Callable[[_Move, _Move, float, float], tuple[float, float]]] = {
    "simultaneous": _simultaneous,
    "generator-first": _generator_first,
    "discriminator-first": _discriminator_first,
}
