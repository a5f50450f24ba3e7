"""Records of augmented runs: the leak at the end, ADA's strength at every evaluation, neither elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.jobs import CohortJob
from bench.records import spool
from bench.records.columns import DYNAMICS_COLUMNS, EVALUATION_COLUMNS
from bench.records.schema import RunRecord
from bench.worker import run_cohort
from gans.defaults import config_of

ADAPTING = {"ada_p", "ada_rt"}


def record_of(out: Path, augmentation: str, **overrides: object) -> RunRecord:
    shape = {"generator_width": 8, "discriminator_width": 8, "batch_size": 8, "steps": 12, "evaluations": 3}
    config = config_of("nsgan", data_size=64, augmentation=augmentation, **{**shape, **overrides})
    run_cohort(CohortJob("cohort", (config,), compiled=False, out=str(out)))
    return next(record for _, record in spool.read_all(out))


def test_a_run_without_augmentation_has_none_of_its_numbers(tmp_path: Path) -> None:
    record = record_of(tmp_path, "none")

    assert "augmentation_leak" not in record.metrics
    assert all(ADAPTING.isdisjoint(evaluation.values) for evaluation in record.evaluations)


def test_a_run_that_is_far_from_the_data_is_not_said_to_leak(tmp_path: Path) -> None:
    """The probe takes its poor samples for augmented ones, as it would without any augmentation."""
    record = record_of(tmp_path, "diffaugment:translation,cutout")

    assert "augmentation_leak" not in record.metrics
    assert all(ADAPTING.isdisjoint(evaluation.values) for evaluation in record.evaluations)


def test_ada_says_at_every_evaluation_how_strong_it_is_and_what_it_saw(tmp_path: Path) -> None:
    record = record_of(tmp_path, "ada")

    for evaluation in record.evaluations:
        assert 0 <= evaluation.values["ada_p"] <= 12 * 8 / 20_000
        assert -1 <= evaluation.values["ada_rt"] <= 1
    assert record.metrics["ada_p"] == pytest.approx(record.evaluations[-1].values["ada_p"], abs=1e-3)
    assert "augmentation_leak" not in record.metrics


def test_a_diverged_run_has_no_leak(tmp_path: Path) -> None:
    record = record_of(tmp_path, "ada", generator_lr=1e38)

    assert record.status == "diverged"
    assert "augmentation_leak" not in record.metrics


def test_its_columns_are_documented_where_they_are_stored() -> None:
    assert {*ADAPTING, "augmentation_leak"} <= set(DYNAMICS_COLUMNS)
    assert set(EVALUATION_COLUMNS) >= ADAPTING
    assert "augmentation_leak" not in EVALUATION_COLUMNS
