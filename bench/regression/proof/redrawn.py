"""Comparisons of quality drawn again from the seeds that the baseline keeps: no process is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from bench.regression.outcome import Row
from bench.regression.proof.rates import Rate, failed
from bench.regression.quality import Outcomes
from bench.regression.seeds import judged_twice

SHARES = (0.0, 0.15, 0.20, 0.30)
"""Shares by which head's distances are made larger."""
CAUGHT = 0.30
"""Of which at least LEAST must be found."""
LEAST, MOST = 0.95, 0.02
SEEDS = 20


def on_kept_seeds(quality: Mapping[str, Outcomes], trials: int) -> list[Rate]:
    """The whole procedure on runs drawn from those of equal trees, as if every seed had come out otherwise.

    Args:
        quality: of every cell what its seeds came to, as the baseline keeps them.
    """
    rates = []
    for share in SHARES:
        rows = [_compared(quality, share, np.random.default_rng([70, trial])) for trial in range(trials)]
        what = f"{share:.0%} larger distances" if share else "equal quality"
        least, most = LEAST if share >= CAUGHT else 0.0, 1.0 if share else MOST
        rates.append(Rate(f"kept runs, drawn again: {what}", failed(rows), trials, least=least, most=most))
    return rates


def _compared(quality: Mapping[str, Outcomes], share: float, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for name, outcomes in quality.items():
        rows += judged_twice(name, partial(_drawn, outcomes, share, rng), SEEDS)
    return rows


def _drawn(
    outcomes: Outcomes, share: float, rng: np.random.Generator, seeds: range
) -> tuple[Outcomes, Outcomes]:
    runs = list(outcomes["seeds"].values())
    base, head = ([runs[place] for place in rng.integers(0, len(runs), len(seeds))] for _ in range(2))
    worsened = [_worsened(run, share) for run in head]
    return _named(outcomes, seeds, base), _named(outcomes, seeds, worsened)


def _named(outcomes: Outcomes, seeds: range, runs: Sequence[Mapping[str, Any]]) -> Outcomes:
    return {**outcomes, "seeds": {str(seed): run for seed, run in zip(seeds, runs, strict=True)}}


def _worsened(run: Mapping[str, Any], share: float) -> dict[str, Any]:
    return {name: value * (1 + share) if name == "distance" else value for name, value in run.items()}
