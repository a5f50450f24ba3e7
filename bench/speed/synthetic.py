"""Records of as many runs as wanted, made of a few real ones: whole in every part, numbers drawn."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.jobs import CohortJob
from bench.records import spool
from bench.records.schema import OUTCOMES, RunRecord
from bench.worker import run_cohort
from gans.config import RunConfig, from_mapping, run_id
from gans.defaults import config_of

RECIPES = ("mmgan", "nsgan", "wgan", "wgan-gp")
RATIOS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0)
SCALES = (0.1, 0.3, 1.0, 3.0, 10.0)
SIZES = (64, 128, 256, 512, 1100)
SEEDS = 5
_ENDINGS = ("converged", "collapsed:partial", "no-progress", "oscillating:quality", "still-improving")


def models(out: Path) -> list[RunRecord]:
    """Train one small run of each recipe: forty evaluations, evidence and all."""
    for recipe in RECIPES:
        config = config_of(recipe, steps=40, generator_width=8, discriminator_width=8)
        run_cohort(CohortJob(recipe, (config,), compiled=False, out=str(out)))
    return [item[1] for item in spool.read_all(out) if isinstance(item, tuple)]


def records(known: Sequence[RunRecord], runs: int) -> list[RunRecord]:
    """Make runs of a grid of recipes, ratios, rates, data sizes and seeds; then further widths."""
    rng, made = np.random.default_rng(0), []
    levels = itertools.product((8, 16, 32, 64), SIZES, SCALES, RATIOS, known, range(SEEDS))
    for width, size, scale, ratio, model, seed in itertools.islice(levels, runs):
        config = from_mapping(model.config)
        changes = {
            "generator_width": width, "discriminator_width": max(1, round(width * ratio)), "data_size": size,
            "generator_lr": config.generator_lr * scale, "seed": seed,
            "discriminator_lr": config.discriminator_lr * scale,
        }  # fmt: skip
        drawn = _drawn(model, dataclasses.replace(config, **changes), rng)
        # A factor of the grid and no measurement: of as many rates as runs no report is asked to tell.
        made.append(dataclasses.replace(drawn, metrics={**drawn.metrics, "lr_scale": scale}))
    return made


def _drawn(model: RunRecord, config: RunConfig, rng: np.random.Generator) -> RunRecord:
    outcome = _ENDINGS[int(rng.integers(len(_ENDINGS)))]
    score = float(rng.beta(8, 4) if outcome in ("converged", "still-improving") else rng.beta(2, 6))
    metrics = {name: value * float(rng.uniform(0.8, 1.25)) for name, value in model.metrics.items()}
    return dataclasses.replace(
        model, run_id=run_id(config), config=dataclasses.asdict(config), outcome=outcome,
        state=OUTCOMES[outcome], metrics={**metrics, "score": score, "q": 1 - score},
    )  # fmt: skip
