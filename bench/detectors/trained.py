"""Planted real runs: small GANs set up so that one mechanism must show, trained and judged as any other."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.jobs import CohortJob
from bench.records import spool
from bench.records.schema import RunRecord
from bench.worker import run_cohort
from gans.config import RunConfig
from gans.defaults import config_of

EVALUATIONS = 24


@dataclass(frozen=True)
class TrainedFault:
    """A set-up with a known cause.

    Args:
        cause: what was done. expected: flags or outcomes of which one must be seen.
        recipe, changes: the runs.
    """

    cause: str
    expected: tuple[str, ...]
    recipe: str
    changes: dict[str, Any]

    def config(self, seed: int) -> RunConfig:
        """One run of it."""
        return config_of(self.recipe, **{"evaluations": EVALUATIONS, **self.changes, "seed": seed})

    def found(self, record: RunRecord) -> bool:
        """Whether the verdict names what was planted."""
        return record.outcome in self.expected or any(flag in self.expected for flag in record.mechanisms)


def _rates(rate: float) -> dict[str, float]:
    return {"generator_lr": rate, "discriminator_lr": rate}


RING = {"dataset": "ring8", "data_size": 100_000, "latent_dim": 2}

TRAINED: tuple[TrainedFault, ...] = (
    TrainedFault(
        "minimax loss, 20 discriminator steps per generator step", ("vanishing-gradient",), "mmgan",
        {"n_critic": 20, "steps": 120, "discriminator_width": 64, **_rates(1e-3)},
    ),
    TrainedFault(
        "discriminator of width 2", ("G-dominated",), "nsgan",
        {"discriminator_width": 2, "steps": 800, "generator_lr": 1e-3, "discriminator_lr": 1e-4},
    ),
    TrainedFault(
        "50 images, discriminator of width 64", ("D-overfit",), "nsgan",
        {"data_size": 50, "discriminator_width": 64, "steps": 1500, **_rates(6e-3)},
    ),
    TrainedFault(
        "learning rates times 100 (SGD, 10 for 0.1)", ("diverged:nonfinite",), "nsgan",
        {**RING, "optimizer": "sgd", "steps": 300, **_rates(10.0)},
    ),
    TrainedFault(
        "ring8, generator of width 2", ("collapsed:partial", "collapsed:total"), "nsgan",
        {**RING, "generator_width": 2, "discriminator_width": 64, "steps": 1500, **_rates(2e-3)},
    ),
)  # fmt: skip
"""The set-ups of metrics.md D5.4."""


def train(fault: TrainedFault, seeds: Sequence[int]) -> list[RunRecord]:
    """Train one set-up as a cohort, eager, in a folder of its own that is removed, and return its records."""
    configs = tuple(fault.config(seed) for seed in seeds)
    with tempfile.TemporaryDirectory(prefix="detectors-") as out:
        run_cohort(CohortJob("detectors", configs, compiled=False, out=out))
        found = [item for item in spool.read_all(out) if isinstance(item, tuple)]
    return sorted((record for _, record in found), key=lambda record: record.config["seed"])
