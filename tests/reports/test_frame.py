import json
import math

import pytest
from report_records import config, draws, evenly, grid, record

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS
from bench.records.store import StoreError, open_store
from gans.config import run_id
from reports.frame import Results, frames, load
from reports.missing import missing


def test_every_column_of_the_files_is_there_in_order():
    found = frames([record(config(), probes=2)])

    assert list(found.runs.columns)[: len(RUN_COLUMNS)] == list(RUN_COLUMNS)
    assert list(found.evaluations.columns) == list(EVALUATION_COLUMNS)


def test_identity_is_derived_from_the_config():
    run = frames([record(config("wgan", ratio=0.5, scale=3.0))]).runs.iloc[0]

    assert (run["capacity_ratio"], run["lr_scale"], run["lr"]) == (0.5, 3.0, pytest.approx(1.5e-4))
    assert (run["variant"], run["own"]) == ("wgan", True)


def test_a_recorded_rate_scale_wins_over_the_derived_one():
    given = record(config("wgan", scale=3.0), metrics={"lr_scale": 2.0})

    assert frames([given]).runs["lr_scale"].item() == 2.0


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"n_critic": 5}, "nsgan (5 critic steps)"),
        ({"beta1": 0.0}, "nsgan (adam 0/0.999)"),
        ({"n_critic": 2, "optimizer": "sgd"}, "nsgan (2 critic steps, sgd 0.5/0.999)"),
    ],
)
def test_a_departure_from_the_recipe_is_named_and_not_its_own(changes, name):
    run = frames([record(config("nsgan", **changes))]).runs.iloc[0]

    assert (run["variant"], run["own"]) == (name, False)


def test_a_diverged_run_scores_worst_instead_of_missing():
    found = frames([record(config(), "diverged:nonfinite", math.nan)]).runs

    assert found["score"].item() == 0.0


def test_failure_is_one_zero_or_unknown():
    outcomes = {"collapsed:total": 1.0, "converged": 0.0, "still-improving": math.nan}
    records = [record(config(seed=i), outcome) for i, outcome in enumerate(outcomes)]

    found = frames(records).runs.sort_values("seed")["failure"]

    assert found.tolist() == pytest.approx(list(outcomes.values()), nan_ok=True)


def test_a_run_that_failed_through_our_fault_is_neither_judged_nor_hidden():
    broken = record(config(), "invalid", math.nan, status="failed", error="worker died")

    found = frames([broken, record(config(seed=1))])

    assert len(found.judged) == 1
    assert "1 of 2 runs failed through the benchmark's own fault" in " ".join(missing(Results(found)))
    assert "worker died" in " ".join(missing(Results(found)))


def test_samples_seen_counts_every_critic_step():
    found = frames([record(config("wgan"), probes=1)]).evaluations.iloc[0]

    assert found["samples_seen"] == found["step"] * 5 * 64


def test_no_records_give_empty_frames_with_all_columns():
    found = frames([])

    assert (len(found.runs), len(found.evaluations), len(found.judged)) == (0, 0, 0)
    assert set(RUN_COLUMNS) <= set(found.runs.columns)


def test_a_folder_reads_as_its_records_do(tmp_path):
    configs = grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), (64,), 2)
    records = draws(configs, evenly(0.5), probes=3)
    with open_store(tmp_path, create=True) as store:
        store.plan({"main": configs, "extra": configs[:2]})
        store.ingest(records[:-1])
        store.set_meta("profile", {"name": "mine"})
    (tmp_path / "environment.json").write_text(json.dumps({"cores": 2}))

    results = load(tmp_path)
    expected = frames(records[:-1], {run_id(item): ("main",) for item in configs})

    assert (results.profile, results.environment) == ("mine", {"cores": 2})
    assert (results.planned, results.absent["main"]) == ({"extra": 2, "main": 8}, 1)
    assert "Grid main: 1 of 8 planned runs" in missing(results)[0]
    same = [name for name in RUN_COLUMNS if name != "grids"]
    assert results.frames.runs[same].equals(expected.runs[same])
    assert results.frames.evaluations.equals(expected.evaluations)


def test_an_unreadable_environment_is_no_environment(tmp_path):
    open_store(tmp_path, create=True).close()
    (tmp_path / "environment.json").write_text("[1,")

    assert load(tmp_path).environment == {}


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(StoreError):
        load(tmp_path)


def test_runs_that_were_stopped_early_are_named_as_such():
    ended = record(config(seed=1), "no-progress", 0.1, status="stopped")

    assert missing(Results(frames([ended, record(config(seed=2))]))) == [
        "1 run past hope ended early (--stop-early): outcome and score are of the part that was trained."
    ]
