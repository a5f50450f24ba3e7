"""What a training loop reports turn by turn: a few numbers each, taken without waiting for the device."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from bench.diagnostics.arrays import Floats

PENDING = 256
"""Turns whose numbers may wait on the device: fetching each at once would stop it every time."""

BATCH = 256
"""Outputs of one batch that are kept at most."""

SNAPSHOTS = 512
"""Batches of outputs that are kept at most; beyond, every second one goes."""

Value = Tensor | float


def mean_of(values: Tensor | float) -> Value | None:
    """Mean of a tensor on any device, detached, None where it is empty; a number as it is."""
    if not isinstance(values, Tensor):
        return values
    if not values.numel():
        return None
    plain = values.detach()
    return (plain if plain.dtype == torch.float64 else plain.float()).mean()


def gradient_of(player: nn.Module | Tensor | float) -> Value | None:
    """Root mean square of a module's gradients, None where it has none yet; a number as it is.

    Example:
        >>> layer = nn.Linear(1, 1)
        >>> gradient_of(layer) is None
        True
        >>> (3 * layer.weight + 4 * layer.bias).sum().backward()
        >>> round(float(gradient_of(layer)) ** 2, 4)
        12.5
    """
    if not isinstance(player, nn.Module):
        return mean_of(player)
    gradients = [p.grad.detach() for p in player.parameters() if p.grad is not None]
    if not gradients:
        return None
    count = sum(each.numel() for each in gradients)
    norms = torch._foreach_norm(gradients)
    total: Tensor = torch.linalg.vector_norm(torch.stack([norm.float() for norm in norms]))
    return total / math.sqrt(count)


class Turns:
    """Numbers by step. What was not given is NaN, what was not finite is infinite.

    Several reports of one step are one turn. A monitor watches one run: steps that begin again at the first
    one count within epochs, and are counted on.

    Args:
        went_back: how often a step was smaller than the one before. began_again: how often it was the first.
        offset: what counting on adds to the steps that are reported now.
    """

    def __init__(self) -> None:
        self.went_back = 0
        self.began_again = 0
        self.offset = 0
        self._own = 0
        self._steps = array("q")
        self._columns: dict[str, array[float]] = {}
        self._pending: list[tuple[int, str, Value]] = []
        self._snapshots: list[tuple[int, Floats, Floats]] = []
        self._batch: tuple[int, Tensor, Tensor] | None = None
        self._waiting = 0

    @property
    def last(self) -> int:
        """The step of the last report, counted on; 0 before any."""
        return self._steps[-1] if self._steps else 0

    @property
    def following(self) -> int:
        """The number of a report that comes without one."""
        return self._own + 1

    def add(self, step: int, values: Mapping[str, Value | None]) -> None:
        """Take a report of one step, under the number that the loop gives it."""
        if self._steps and self._own > step == self._steps[0]:
            self.began_again += 1
            self.offset = max(self._steps) + max(1, self._steps[1] - self._steps[0]) - step
        self._own = step
        step += self.offset
        if not self._steps or step != self._steps[-1]:
            self.went_back += bool(self._steps) and step < self._steps[-1]
            self._steps.append(step)
            self._waiting += 1
        place = len(self._steps) - 1
        self._pending.extend((place, name, value) for name, value in values.items() if value is not None)
        if self._waiting >= PENDING:
            self._fetch()

    def keep(self, step: int, real: Tensor, fake: Tensor) -> None:
        """Keep one batch of outputs of both kinds; it is fetched with the rest."""
        self._batch = (step, real.detach().flatten()[:BATCH], fake.detach().flatten()[:BATCH])

    def columns(self) -> tuple[npt.NDArray[np.int_], dict[str, Floats]]:
        """All steps in the order in which they were reported, and what was reported of each."""
        self._fetch()
        return np.array(self._steps, dtype=np.int_), {
            name: np.array(column) for name, column in self._columns.items()
        }

    def snapshots(self) -> list[tuple[int, Floats, Floats]]:
        """Batches of outputs that were kept: step, on real and on generated samples."""
        self._fetch()
        return self._snapshots

    def _fetch(self) -> None:
        by_device: defaultdict[torch.device, list[tuple[int, str, Tensor]]] = defaultdict(list)
        for place, name, value in self._pending:
            if isinstance(value, Tensor):
                by_device[value.device].append((place, name, value))
            else:
                self._put(place, name, value)
        for waiting in by_device.values():
            numbers = torch.stack([value.double() for _, _, value in waiting]).tolist()
            for (place, name, _), number in zip(waiting, numbers, strict=True):
                self._put(place, name, number)
        self._pending.clear()
        self._waiting = 0
        for column in self._columns.values():
            column.extend([math.nan] * (len(self._steps) - len(column)))
        if self._batch is not None:
            step, real, fake = self._batch
            self._snapshots.append((step, _array(real), _array(fake)))
            self._batch = None
            if len(self._snapshots) > SNAPSHOTS:
                del self._snapshots[::2]

    def _put(self, place: int, name: str, number: float) -> None:
        column = self._columns.setdefault(name, array("d"))
        column.extend([math.nan] * (place + 1 - len(column)))
        column[place] = number if math.isfinite(number) else math.inf


def _array(values: Tensor) -> Floats:
    return values.double().cpu().numpy()
