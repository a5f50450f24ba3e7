"""Where the seconds of training go, phase by phase."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch

PHASES = ("warm_up", "data", "discriminator", "generator")
"""warm_up is compilation and first calls; the other three add up to training."""


def _nothing_to_wait_for() -> None:
    return


@dataclass
class Clock:
    """Seconds by phase.

    Args:
        synchronize: waits until the device has done what was asked of it.
    """

    synchronize: Callable[[], None] = _nothing_to_wait_for
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time of a block of code to one phase."""
        self.synchronize()
        start = time.perf_counter()
        yield
        self.synchronize()
        self.seconds[name] += time.perf_counter() - start

    @property
    def training(self) -> float:
        """Seconds of training alone, without compilation and warm-up."""
        return sum(seconds for phase, seconds in self.seconds.items() if phase != "warm_up")


def clock_for(device: torch.device) -> Clock:
    """A clock that waits for an accelerator before it reads the time."""
    if device.type == "cpu":
        return Clock()
    return Clock(synchronize=lambda: torch.accelerator.synchronize(device))
