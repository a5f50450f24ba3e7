"""Supports that are known, found again by the birthday paradox."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from bench.floors.floor import Floor, within
from bench.metrics import measure, reference_for
from bench.metrics.reference import Reference
from gans.data import load
from gans.rng import stream

FACTOR = 1.5
"""How far an estimate of a known support may be off, either way."""
DRAWS = 9
"""Of each known support; the median is compared."""


def supports() -> Iterator[Floor]:
    """Yield supports by the birthday paradox: of 100 and 1,000 digits, of 10,000 points, of real data."""
    digits, grid = reference_for(load("digits")), reference_for(load("grid25"))
    for reference, size, n, noise in (
        (digits, 100, digits.n, 1e-3), (digits, 1000, digits.n, 1e-3), (grid, 10_000, grid.n, 1e-7),
    ):  # fmt: skip
        source = stream(size, "floors: known support")
        found = [
            measure(_resampled(reference, size, n, noise, source), reference, "support_size").values[
                "support_size"
            ]
            for _ in range(DRAWS)
        ]
        yield Floor(
            "support", f"{size:,} known samples of {reference.dataset.name}", "exact", size, size / FACTOR,
            size * FACTOR, *within(float(np.median(found)), size / FACTOR, size * FACTOR),
        )  # fmt: skip
    for reference in (digits, grid):
        pool = reference.dataset.train
        fresh = pool[torch.randperm(len(pool), generator=stream(0, "floors: real"))[: reference.n]]
        taken = measure(fresh, reference, "support_size")
        least = 10_000.0
        ours, bound = taken.values["support_size"], taken.statuses["support_size"] == "too_few"
        yield Floor(
            "support of real data", reference.dataset.name, "at least a bound", least, least, math.inf, ours,
            bool(bound and ours >= least), "a lower bound: no more duplicates than real data have",
        )  # fmt: skip


def _resampled(reference: Reference, size: int, n: int, noise: float, source: torch.Generator) -> Tensor:
    pool = reference.dataset.train
    known = pool[torch.randperm(len(pool), generator=source)[:size]]
    drawn = known[torch.randint(size, (n,), generator=source)]
    return drawn + noise * torch.randn(drawn.shape, generator=source).to(drawn)
