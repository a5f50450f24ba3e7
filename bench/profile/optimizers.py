"""The rates that all recipes share when a grid names one optimizer for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommonOptimizer:
    """Rate of both players, decay of both moments, and where the numbers are from."""

    lr: float
    beta1: float
    beta2: float
    source: str


COMMON_OPTIMIZERS: Mapping[str, CommonOptimizer] = {
    "adam": CommonOptimizer(2e-4, 0.5, 0.999, "Radford et al. 2016, DCGAN"),
    "rmsprop": CommonOptimizer(5e-5, 0.0, 0.99, "Arjovsky et al. 2017, Wasserstein GAN"),
}
"""An optimizer that is not here has no usual rate for GANs, so the profile must give one."""
