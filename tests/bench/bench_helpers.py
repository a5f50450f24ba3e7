"""Configs and records for the tests of bench: small, valid, and different wherever a seed differs."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from bench.records.schema import EvaluationRecord, RunRecord
from gans.config import RunConfig, run_id

CONFIG = RunConfig(
    recipe="nsgan", loss="non_saturating", regularizer="none", regularizer_weight=0.0, optimizer="adam",
    beta1=0.5, beta2=0.999, n_critic=1, update_order="discriminator-first", network="mlp", generator_width=8,
    discriminator_width=8, generator_depth=2, discriminator_depth=2, latent_dim=4, generator_lr=2e-4,
    discriminator_lr=2e-4, batch_size=16, dataset="ring8", data_size=64, defect="none", augmentation="none",
    steps=20, evaluations=2, ema_half_life=1000.0, seed=0,
)  # fmt: skip


def make_config(**changes: Any) -> RunConfig:
    return replace(CONFIG, **changes)


def make_record(config: RunConfig = CONFIG, **changes: Any) -> RunRecord:
    evaluations = tuple(
        EvaluationRecord(
            step=step,
            values={"distance": 1.5 + config.seed, "q": float("nan"), "max_abs": float("inf")},
            histogram=(0.25, 0.75),
            statuses={"q": "degenerate"},
        )
        for step in range(0, config.steps + 1, config.steps // config.evaluations)
    )
    record = RunRecord(
        run_id=run_id(config), config=asdict(config), status="finished", outcome="converged", state="stable",
        mechanisms=("D-overfit",), onset_step=10, evidence={"q": 0.2}, thresholds="1",
        metrics={"fid": 3.25, "kid": float("nan")}, speed={"train_seconds": 0.5}, cohort="c",
        cohort_members=2, mode="eager", machine="m", finished_at="2026-01-01T00:00:00+00:00",
        traces={"generator_loss": [1.0, 0.5, 0.25]}, artifacts={"grid.png": "00ff"}, evaluations=evaluations,
    )  # fmt: skip
    return replace(record, **changes)
