"""A worker trains a cohort and hands over one honest record per member, whatever became of it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from bench.jobs import CohortJob
from bench.records import spool
from bench.records.columns import (
    DYNAMICS_COLUMNS,
    EVALUATION_COLUMNS,
    METRIC_COLUMNS,
    SPEED_COLUMNS,
    VERDICT_COLUMNS,
)
from bench.records.schema import DIVERGED, FINISHED, RunRecord
from bench.verdict import rejudge
from bench.worker import run_cohort, schedule
from gans.config import RunConfig, run_id
from gans.data import load
from gans.defaults import config_of
from gans.game import build_modules

STEPS, EVALUATIONS = 24, 6


def tiny(recipe: str = "nsgan", **overrides: object) -> RunConfig:
    shape = {"generator_width": 8, "discriminator_width": 8, "batch_size": 8, "steps": STEPS}
    return config_of(recipe, **{**shape, "evaluations": EVALUATIONS, "data_size": 64, **overrides})


def train(out: Path, *configs: RunConfig) -> list[RunRecord]:
    ids = run_cohort(CohortJob("cohort", configs, compiled=False, out=str(out)))
    found = {record.run_id: record for _, record in spool.read_all(out)}
    assert ids == [run_id(config) for config in configs]
    return [found[name] for name in ids]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def records(folder: Path) -> list[RunRecord]:
    calm = tiny(seed=0)
    wild = dataclasses.replace(calm, seed=1, generator_lr=1e38)
    return train(folder, calm, wild, dataclasses.replace(calm, seed=2))


def test_a_finished_run_and_a_diverged_one_are_both_records(records: list[RunRecord]) -> None:
    calm, wild, _ = records

    assert (calm.status, wild.status) == (FINISHED, DIVERGED)
    assert wild.outcome == "diverged:nonfinite"
    assert wild.onset_step == 2
    assert wild.metrics["score"] == 0.0
    assert wild.speed["steps_done"] == 2.0
    assert len(wild.evaluations) == 1


def test_a_diverged_member_leaves_the_records_of_the_others_as_they_were(
    records: list[RunRecord], tmp_path: Path
) -> None:
    alone = train(tmp_path, tiny(seed=0), tiny(seed=1), tiny(seed=2))

    for index in (0, 2):
        assert dict(records[index].evaluations[-1].values) == pytest.approx(
            dict(alone[index].evaluations[-1].values), nan_ok=True, rel=0, abs=0
        )


def test_every_value_has_a_documented_column(records: list[RunRecord]) -> None:
    runs = {*METRIC_COLUMNS, *DYNAMICS_COLUMNS, *SPEED_COLUMNS}
    known = {*runs, *VERDICT_COLUMNS, "q_best", "score", "lr_scale", "distance_ema", "generator_params"}
    known |= {"discriminator_params", "generator_flops", "discriminator_flops"}

    for record in records:
        assert {*record.metrics, *record.speed} <= known
        for evaluation in record.evaluations:
            assert set(evaluation.values) <= set(EVALUATION_COLUMNS)


def test_evaluations_are_on_schedule_and_the_last_has_every_tier(records: list[RunRecord]) -> None:
    calm = records[0]

    assert [record.step for record in calm.evaluations] == [4, 8, 12, 16, 20, 24]
    assert math.isnan(calm.evaluations[0].values.get("coverage", math.nan))
    last = calm.evaluations[-1].values
    for name in ("fid", "coverage", "precision", "recall", "kid", "inception_score", "data_copying"):
        assert math.isfinite(last[name]), name


def test_the_stored_evidence_gives_the_verdict_again(records: list[RunRecord]) -> None:
    for record in records:
        again = rejudge(record)

        assert (again.outcome, again.mechanisms) == (record.outcome, record.mechanisms)


def test_shares_of_time_add_up_to_the_cohorts(records: list[RunRecord]) -> None:
    for record in records:
        speed = record.speed
        parts = sum(speed[f"{part}_seconds"] for part in ("discriminator", "generator", "data"))

        assert parts == pytest.approx(speed["train_seconds"])
        assert speed["steps_per_second"] == pytest.approx(STEPS / speed["train_seconds"])
        assert speed["samples_per_second"] == pytest.approx(8 * speed["steps_per_second"])


def test_artifacts_are_what_their_hashes_say(records: list[RunRecord], folder: Path) -> None:
    for record in records:
        for name, digest in record.artifacts.items():
            content = (folder / "artifacts" / record.run_id / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
    assert (folder / "artifacts" / "real-digits.png").stat().st_size > 0


def test_the_picture_shows_the_generators_samples(records: list[RunRecord], folder: Path) -> None:
    pixels = np.asarray(Image.open(folder / "artifacts" / records[0].run_id / "samples.png"))

    assert pixels.shape == (210, 210)
    assert pixels.std() > 1.0


def test_the_stored_generator_loads_into_the_ordinary_module(records: list[RunRecord], folder: Path) -> None:
    record = records[0]
    tensors = load_file(folder / "artifacts" / record.run_id / "generator.safetensors")
    config = RunConfig(**record.config)
    generator, _ = build_modules(config, load("digits"))

    generator.load_state_dict(
        {name[5:]: value for name, value in tensors.items() if name.startswith("live.")}
    )

    assert generator(torch.zeros(1, config.latent_dim)).shape == (1, 1, 8, 8)
    assert {name.split(".")[0] for name in tensors} == {"live", "average"}


@pytest.mark.parametrize("recipe, column", [("wgan", "clip_saturation"), ("wgan-gp", "penalty_deviation")])
def test_a_critic_reports_how_its_constraint_holds(recipe: str, column: str, tmp_path: Path) -> None:
    (record,) = train(tmp_path, tiny(recipe))

    assert record.metrics[column] >= 0.0
    assert math.isnan(record.evaluations[-1].values["accuracy_real"])
    assert record.evaluations[-1].statuses["accuracy_real"] == "not_applicable"


def test_a_mixture_is_measured_by_its_modes(tmp_path: Path) -> None:
    (record,) = train(tmp_path, tiny(dataset="ring8", latent_dim=2, data_size=1000))

    last = record.evaluations[-1].values
    assert record.metrics["modes_total"] == 8
    assert 0.0 <= last["high_quality"] <= 1.0
    assert math.isfinite(last["distance"])
    assert "fid" not in record.metrics
    assert json.loads(json.dumps(record.evidence))["context"]["kind"] == "mixture"


def test_a_schedule_never_asks_for_more_probes_than_steps() -> None:
    assert schedule(5, 40) == (1, 2, 3, 4, 5)
    assert schedule(2500, 40)[-1] == 2500
    assert len(schedule(2500, 40)) == 40


def test_spectra_are_taken_where_they_are_asked_for(tmp_path: Path, records: list[RunRecord]) -> None:
    calm, wild = tiny(seed=0), tiny(seed=1, generator_lr=1e38)
    run_cohort(CohortJob("cohort", (calm, wild), compiled=False, out=str(tmp_path), spectra=True))
    found = {record.run_id: record.metrics for _, record in spool.read_all(tmp_path)}

    asked, names = found[run_id(calm)], ("spectrum_radius", "spectrum_real", "spectrum_rotation")
    assert asked["spectrum_radius"] > 0
    assert 0 <= asked["spectrum_rotation"] <= 1
    assert {asked[f"{name}_ok"] for name in names} <= {0.0, 1.0}
    assert not set(names) & set(found[run_id(wild)])
    assert not set(names) & set(records[0].metrics)
    without = {
        name: value for name, value in asked.items() if not name.startswith(("spectrum_", "stationarity"))
    }
    assert without == {name: records[0].metrics[name] for name in without}
