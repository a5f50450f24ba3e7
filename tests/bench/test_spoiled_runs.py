"""Runs on spoiled data: scored against the clean holdout, beside what a copy of their own data scores."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bench.jobs import CohortJob
from bench.metrics import reference_for
from bench.records import spool
from bench.records.schema import RunRecord
from bench.worker import run_cohort
from gans.config import run_id
from gans.data import load
from gans.defaults import config_of
from reports.rows import run_row

SHAPE = {"generator_width": 8, "discriminator_width": 8, "batch_size": 8, "steps": 12, "evaluations": 4}
SPOILED = "missing:0.5+noise:0.5"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[RunRecord]:
    out = tmp_path_factory.mktemp("spoiled")
    configs = tuple(
        config_of("nsgan", data_size=data_size, defect=defect, **SHAPE)
        for data_size, defect in ((1100, "none"), (1100, SPOILED), (32, "duplicates:0.5"))
    )
    run_cohort(CohortJob("cohort", configs, compiled=False, out=str(out)))
    found = {record.run_id: record for _, record in spool.read_all(Path(out))}
    return [found[run_id(config)] for config in configs]


def test_runs_with_and_without_defects_share_a_cohort(records: list[RunRecord]) -> None:
    assert [record.config["defect"] for record in records] == ["none", SPOILED, "duplicates:0.5"]
    assert {record.cohort for record in records} == {"cohort"}


def test_both_anchors_are_stored_with_the_run(records: list[RunRecord]) -> None:
    reference = reference_for(load("digits"))
    _, spoiled, _ = records

    assert spoiled.metrics["fid_copy"] == reference.copy(1100, SPOILED)["fid"]
    assert spoiled.metrics["fid_clean"] == reference.copy(1100)["fid"]
    assert spoiled.metrics["fid_copy"] > 5 * spoiled.metrics["fid_clean"]
    assert spoiled.metrics["distance_excess"] == pytest.approx(
        spoiled.metrics["distance"] - spoiled.metrics["distance_copy"]
    )


def test_a_clean_run_has_one_anchor_twice(records: list[RunRecord]) -> None:
    clean = records[0].metrics

    assert (clean["distance_copy"], clean["coverage_copy"]) == (
        clean["distance_clean"], clean["coverage_clean"],
    )  # fmt: skip
    assert clean["q_defect"] == 0


def test_the_parts_add_up_to_q_and_say_that_nothing_was_trained(records: list[RunRecord]) -> None:
    for record in records:
        parts = [record.metrics[name] for name in ("q_size", "q_defect", "q_training")]
        assert math.fsum(parts) == pytest.approx(record.metrics["q"])
        assert "training" in record.evidence["blamed"].split()
    assert "defect" in records[1].evidence["blamed"].split()


def test_verdicts_ask_of_a_run_what_its_data_allow(records: list[RunRecord]) -> None:
    clean, spoiled, _ = (record.evidence["context"] for record in records)

    assert spoiled["modes_strict_copy"] < 7 < clean["modes_strict_copy"]
    assert spoiled["distance_floor"] == clean["distance_floor"]


def test_the_report_shows_what_is_blamed_and_strict_json_holds_it(records: list[RunRecord]) -> None:
    row = run_row(records[1], ["grid"])

    assert row["blamed"] == records[1].evidence["blamed"]
    assert row["q_defect"] > 0.1
    json.dumps(dict(records[1].metrics), allow_nan=False)
