"""A Monitor that is told what our trainer knows says what our trainer's records say."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from monitored_cohort import watch

from bench.jobs import CohortJob
from bench.records import spool
from bench.records.schema import RunRecord
from bench.worker import run_cohort
from gans.defaults import config_of

SIZES = {"generator_width": 16, "discriminator_width": 16, "batch_size": 16, "evaluations": 16}
SHARED = (
    "distance", "distance_ema", "precision", "recall", "density", "coverage", "pairwise_ratio", "mode_kl",
    "modes_strict", "data_copying", "auc_real_fake", "auc_train_holdout", "overfit_ratio", "accuracy_real",
    "accuracy_fake", "saturation", "logit_real", "logit_fake", "generator_gain", "generator_gradient",
    "discriminator_gradient", "generator_loss", "discriminator_loss",
)  # fmt: skip
"""What both measure, each in its own way."""

RUNS = {
    "digits": [
        config_of("mmgan", **{**SIZES, "steps": 60, "data_size": 64, "seed": 0}),
        config_of("mmgan", **{**SIZES, "steps": 60, "data_size": 64, "seed": 1, "generator_lr": 0.02}),
        config_of("mmgan", **{**SIZES, "steps": 60, "data_size": 64, "seed": 2, "generator_lr": 1e38}),
    ],
    "wgan": [
        config_of("wgan", **{**SIZES, "steps": 60, "data_size": 1100, "seed": 0}),
        config_of("wgan", **{**SIZES, "steps": 60, "data_size": 1100, "seed": 1, "discriminator_lr": 0.01}),
    ],
    "ring8": [
        config_of("nsgan", **{**SIZES, "dataset": "ring8", "steps": 120, "data_size": 2000, "seed": 0}),
        config_of("nsgan", **{**SIZES, "dataset": "ring8", "steps": 120, "data_size": 2000, "seed": 1,
                              "generator_lr": 0.01}),
    ],
}  # fmt: skip


def worker_records(out: Path, configs) -> list[RunRecord]:
    ids = run_cohort(CohortJob("cohort", tuple(configs), compiled=False, out=str(out)))
    found = {record.run_id: record for _, record in spool.read_all(out)}
    return [found[name] for name in ids]


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> dict[str, list[RunRecord]]:
    return {group: worker_records(tmp_path_factory.mktemp(group), configs) for group, configs in RUNS.items()}


@pytest.mark.parametrize("group", RUNS)
def test_a_monitor_fed_by_our_trainer_gives_the_verdict_of_its_record(group, trained):
    records = trained[group]

    for record, monitor in zip(records, watch(RUNS[group], records), strict=True):
        verdict = monitor.verdict()

        assert (verdict.outcome, verdict.state, verdict.onset_step) == (
            record.outcome, record.state, record.onset_step,
        )  # fmt: skip
        assert verdict.mechanisms == record.mechanisms
        assert verdict.q == pytest.approx(record.metrics["q"], rel=1e-6)
        assert [found.step for found in monitor.records()] == [each.step for each in record.evaluations]
        last = record.evaluations[-1].values
        shared = [name for name in SHARED if math.isfinite(last.get(name, math.nan))]
        found = monitor.records()[-1].values
        assert {name: found[name] for name in shared} == pytest.approx(
            {name: last[name] for name in shared}, rel=1e-4, abs=1e-6
        )


def test_the_runs_that_are_compared_end_in_different_ways(trained):
    outcomes = {record.outcome for records in trained.values() for record in records}

    assert len(outcomes) >= 3
    assert "diverged:nonfinite" in outcomes
