"""Made-up run records with planted effects and planted nulls; nothing here is trained."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from bench.records.schema import EvaluationRecord, RunRecord
from gans.config import RunConfig, run_id
from gans.recipes import RECIPES
from reports.contrasts import DECIDES, Resampling, contrast, family

QUICK = Resampling(reps=100)
Odds = Callable[[RunConfig], float]
RECIPES_OF_THE_MAIN_GRID = ("mmgan", "nsgan", "wgan", "wgan-gp")
DISTANCE_START, DISTANCE_FLOOR = 200.0, 1.7


def config(
    recipe: str = "nsgan", *, ratio: float = 1.0, scale: float = 1.0, seed: int = 0, **changes: Any
) -> RunConfig:
    own = RECIPES.get(recipe)
    width = changes.get("generator_width", 32)
    values = {
        "recipe": recipe, "loss": own.loss, "regularizer": own.regularizer,
        "regularizer_weight": own.regularizer_weight, "optimizer": own.optimizer, "beta1": own.beta1,
        "beta2": own.beta2, "n_critic": own.n_critic, "update_order": own.update_order, "network": "mlp",
        "generator_width": width, "discriminator_width": max(1, round(width * ratio)), "generator_depth": 2,
        "discriminator_depth": 2, "latent_dim": 16, "generator_lr": own.generator_lr * scale,
        "discriminator_lr": own.discriminator_lr * scale, "batch_size": 64, "dataset": "digits",
        "data_size": 1100, "defect": "none", "augmentation": "none", "steps": 2500, "evaluations": 40,
        "ema_half_life": 1000.0, "seed": seed,
    }  # fmt: skip
    return RunConfig(**{**values, **changes})


def record(
    given: RunConfig, outcome: str = "converged", score: float = 0.8, *, probes: int = 0, **changes: Any
) -> RunRecord:
    from bench.records.schema import OUTCOMES

    distance = _distance(score)
    values: dict[str, Any] = {
        "run_id": run_id(given),
        "config": asdict(given),
        "status": "diverged" if outcome == "diverged:nonfinite" else "finished",
        "outcome": outcome,
        "state": OUTCOMES[outcome],
        "mechanisms": ("D-dominated",) if outcome == "no-progress" else (),
        "onset_step": None if outcome == "converged" else 500,
        "evidence": {"fid_extractor": "fid-digits32@697"},
        "thresholds": "1",
        "metrics": {
            "score": score, "q": 1 - score, "q_best": 1 - score, "fid": distance, "distance": distance,
            "distance_floor": DISTANCE_FLOOR, "distance_start": DISTANCE_START,
            "distance_copy": DISTANCE_FLOOR * (1 + 200 / given.data_size), "fid_floor": DISTANCE_FLOOR,
            "coverage": score, "coverage_copy": min(0.96, 0.3 + given.data_size / 2000), "modes": 10 * score,
            "modes_total": 10.0, "auc_train_holdout": 0.5 + 20 / given.data_size, "auc_real_fake": 0.9,
            "data_copying": -100 / given.data_size, "authenticity": 0.7,
            **_of_a_mixture(given, score),
        },
        "speed": {
            "steps_done": given.steps, "train_seconds": 2.0, "steps_per_second": given.steps / 2.0,
            "samples_per_second": given.steps * 64 / 2.0, "discriminator_seconds": 1.1,
            "generator_seconds": 0.7, "data_seconds": 0.2, "eval_seconds": 0.3,
            "compile_seconds": 0.1, "peak_rss_mb": 700.0,
        },
        "cohort": "c0", "cohort_members": 48, "mode": "compiled", "machine": "m0",
        "finished_at": "2026-11-23T10:00:00Z",
        "evaluations": tuple(_probe(given, step, score) for step in range(1, probes + 1)),
    }  # fmt: skip
    return RunRecord(**{**values, **changes})


def draws(
    configs: Iterable[RunConfig], fails: Odds, *, seed: int = 0, undecided: float = 0.0, probes: int = 0
) -> list[RunRecord]:
    """Give each run an ending drawn with the odds of its config; failed runs score low."""
    rng, records = np.random.default_rng(seed), []
    for given in configs:
        failed, waits = rng.random() < fails(given), rng.random() < undecided
        outcome = "converged"
        if failed:
            outcome = ("collapsed:partial", "diverged:nonfinite", "no-progress")[int(rng.integers(3))]
        elif waits:
            outcome = "still-improving"
        score = (
            0.0 if outcome == "diverged:nonfinite" else float(rng.beta(2, 8) if failed else rng.beta(12, 4))
        )
        records.append(record(given, outcome, score, probes=probes))
    return records


def grid(
    recipes: Iterable[str] = RECIPES_OF_THE_MAIN_GRID,
    ratios: Iterable[float] = (0.125, 0.5, 1.0, 2.0, 4.0),
    scales: Iterable[float] = (0.3, 1.0),
    sizes: Iterable[int] = (64, 256, 1100),
    seeds: int = 5,
    **changes: Any,
) -> list[RunConfig]:
    return [
        config(recipe, ratio=ratio, scale=scale, data_size=size, seed=seed, **changes)
        for recipe, ratio, scale, size, seed in itertools.product(
            recipes, ratios, scales, sizes, range(seeds)
        )
    ]


def controls(seeds: int = 5, ratios: Iterable[float] = (0.125, 0.5, 1.0, 2.0, 4.0)) -> list[RunConfig]:
    """The three controls of the standard profile: second width, critic steps, common optimizer."""
    ratios = tuple(ratios)
    configs = grid(ratios=ratios, scales=(1.0,), sizes=(1100,), seeds=seeds, generator_width=16)
    for recipe, steps in (("nsgan", 5), ("wgan-gp", 1)):
        configs += grid((recipe,), ratios, (1.0,), (1100,), seeds, n_critic=steps)
    common: Mapping[str, Any] = {
        "optimizer": "adam", "beta1": 0.5, "beta2": 0.999, "generator_lr": 2e-4, "discriminator_lr": 2e-4,
    }  # fmt: skip
    configs += grid(ratios=ratios, scales=(1.0,), sizes=(1100,), seeds=seeds, **common)
    unique = {run_id(item): item for item in configs}
    return list(unique.values())


def mixtures(seeds: int = 5) -> list[RunConfig]:
    return [
        config(recipe, seed=seed, dataset=dataset, data_size=5000, latent_dim=2)
        for recipe in RECIPES_OF_THE_MAIN_GRID
        for dataset in ("ring8", "grid25")
        for seed in range(seeds)
    ]


MODES = {"ring8": 8, "grid25": 25}


def histograms(runs: pd.DataFrame) -> dict[str, tuple[float, ...]]:
    """Shares of samples per mode of runs on mixtures: failed ones keep every second mode, diverged none."""
    found = {}
    for run in runs[runs["dataset"].isin(MODES) & (runs["status"] != "diverged")].to_dict("records"):
        modes, step = MODES[run["dataset"]], 2 if run["failure"] == 1 else 1
        found[run["run_id"]] = tuple(step / modes if at % step == 0 else 0.0 for at in range(modes))
    return found


def _of_a_mixture(given: RunConfig, score: float) -> dict[str, float]:
    modes = MODES.get(given.dataset)
    return {"high_quality": score, "modes": modes * score, "modes_total": float(modes)} if modes else {}


def _distance(score: float) -> float:
    return DISTANCE_FLOOR * math.exp((1 - score) * math.log(DISTANCE_START / DISTANCE_FLOOR))


def _probe(given: RunConfig, step: int, score: float) -> EvaluationRecord:
    values = {"distance": _distance(score), "fid": _distance(score), "q": 1 - score, "coverage": score}
    return EvaluationRecord(step=step * given.steps // 40, values=values, histogram=(0.1,) * 10)


def planted(given: RunConfig) -> float:
    """Odds of failure: weak discriminators and minimax raise them, learning rate and data size do not."""
    odds = 0.1
    if given.discriminator_width / given.generator_width < 0.5:
        odds += 0.5
    return odds + (0.4 if given.recipe == "mmgan" else 0.0)


def never(given: RunConfig) -> float:
    return 0.0


def evenly(odds: float) -> Odds:
    return lambda given: odds


def paired(
    odds: tuple[float, float], *, cells: int = 12, seeds: int = 5, undecided: int = 0, source: int = 0
):
    """Pairs of runs that fail with two odds and score accordingly."""
    rng, n = np.random.default_rng(source), cells * seeds
    failed = [(rng.random(n) < share).astype(float) for share in odds]
    table = {"seed": np.tile(np.arange(seeds), cells), "cell": np.repeat(np.arange(cells), seeds)}
    for side, fails in zip(("treated", "baseline"), failed, strict=True):
        table[f"score_{side}"] = np.where(fails > 0, rng.beta(2, 8, n), rng.beta(12, 4, n))
        table[f"failure_{side}"] = fails
    table["failure_treated"][:undecided] = math.nan
    return pd.DataFrame(table)


def judged(table, claimed=1, role=DECIDES):
    found = contrast(
        table,
        name="change",
        group="all",
        sides=("with", "without"),
        claimed=claimed,
        resampling=QUICK,
        role=role,
    )
    return family([found])[0]
