"""One evaluation of a monitored run, and what its discriminator's outputs say once the whole run is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from bench.diagnostics.arrays import Floats
from bench.diagnostics.discriminator import discriminator_state
from bench.monitor.stand_ins import are_probabilities

SETS = ("train", "holdout", "fake")
PROBES = 512
"""Outputs of each kind that are kept, at most: an AUC to 2 %."""

_EDGE = 1e-7
_SPREAD = (0.25, 0.75)


@dataclass
class Look:
    """What one call of ``evaluate`` was given and has measured.

    Args:
        values, statuses, histogram: as those of an EvaluationRecord. outputs: of the discriminator, by kind.
        ended: whether it has the metrics that are taken once, at the end.
    """

    step: int
    values: dict[str, float] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    histogram: tuple[float, ...] = ()
    outputs: dict[str, Floats] = field(default_factory=dict)
    samples: Tensor | None = None
    ended: bool = False


def outputs_of(values: Any) -> Floats:
    """The discriminator's outputs on some samples as an array of at most ``PROBES``.

    Shapes:
        values: (n,) or (n, 1), a tensor on any device or an array.
    """
    if isinstance(values, Tensor):
        values = values.detach().double().cpu().numpy()
    flat: Floats = np.asarray(values, dtype=np.float64).reshape(-1)
    return flat[:PROBES]


def shown(discriminator: nn.Module | Any, samples: Tensor) -> Floats:
    """Outputs on some samples, in evaluation mode; the module is left in the mode it was in."""
    with _evaluating(discriminator), torch.no_grad():
        return outputs_of(discriminator(_like(discriminator, samples[:PROBES])))


def slope_of(discriminator: nn.Module | Any, samples: Tensor, rows: int = 256) -> float:
    """Mean norm of the discriminator's gradient at samples; no gradient of a weight is touched."""
    points = _like(discriminator, samples[:rows].detach()).clone().requires_grad_()
    with _evaluating(discriminator), torch.enable_grad():
        total = discriminator(points).sum()
        (slope,) = torch.autograd.grad(total, points)
    return float(slope.flatten(1).norm(dim=1).mean())


def to_logits(outputs: Floats) -> Floats:
    """Logits of probabilities; a probability of 0 or 1 is taken as 1e-7 from it.

    Example:
        >>> to_logits(np.array([0.5, 1.0])).round(2).tolist()
        [0.0, 16.12]
    """
    clipped = np.clip(outputs, _EDGE, 1 - _EDGE)
    logits: Floats = np.log(clipped) - np.log1p(-clipped)
    return np.where(np.isfinite(outputs), logits, outputs)


def all_probabilities(looks: Sequence[Look], batches: Sequence[Floats]) -> bool:
    """Whether all that the discriminator ever returned lies from 0 to 1, and spreads over it.

    The logits of a discriminator that has hardly learned may lie there too, but close together.
    """
    kept = [values for look in looks for values in look.outputs.values()] + [*batches]
    if not kept or not are_probabilities(*kept):
        return False
    seen = np.concatenate(kept)
    return bool(np.nanmin(seen) < _SPREAD[0] and np.nanmax(seen) > _SPREAD[1])


def state_of(
    outputs: Mapping[str, Floats], decision_point: float | None, *, log_odds: bool = False
) -> dict[str, float]:
    """What the discriminator knows, as far as its outputs were given; what needs others is left out."""
    if not any(name in outputs and outputs[name].size for name in SETS):
        return {}
    absent = np.array([math.nan])
    given = {name: outputs[name] if name in outputs and outputs[name].size else absent for name in SETS}
    point = SimpleNamespace(decision_point=decision_point, log_odds=log_odds)
    state = discriminator_state(given["train"], given["holdout"], given["fake"], point)
    return {name: value for name, value in state.items() if not math.isnan(value)}


@contextmanager
def _evaluating(player: Any) -> Iterator[None]:
    if not isinstance(player, nn.Module):
        yield
        return
    modes = [(module, module.training) for module in player.modules()]
    player.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def _like(player: Any, samples: Tensor) -> Tensor:
    """Samples on the device and in the precision of a module's weights."""
    weight = next(player.parameters(), None) if isinstance(player, nn.Module) else None
    return samples if weight is None else samples.to(weight)
