"""Shards and merges: every run in one share, the shares even, and joined folders as good as one run."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from bench_helpers import make_config, make_record
from hypothesis import given, settings
from hypothesis import strategies as st

import bench.cli
from bench.folder import FolderError
from bench.merge import merge
from bench.plan import make_plan
from bench.profile import check_profile
from bench.records import spool
from bench.records.schema import FAILED, STOPPED
from bench.records.store import Failure, StoreError, open_store
from bench.sharding import Shard, read_shard, shard_of
from gans.config import run_id

GRID = {"name": "g", "dataset": "ring8", "recipe": ["nsgan", "wgan-gp"], "lr": [1e-3, 1e-4], "seeds": 5}
MICRO = """
name = "micro"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = [4, 5, 6, 7]
batch_size = 16
steps = 20
evaluations = 4
seeds = 2
"""


@pytest.fixture(scope="module")
def plan():
    grids = [GRID | {"generator_width": [4, 64, 128], "capacity_ratio": [0.5, 1.0]}]
    return make_plan(check_profile({"name": "p", "compile": "never", "grid": grids}, "p.toml"))


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 30))
def test_shares_hold_every_run_once_and_cohorts_whole(plan, count):
    shares = [shard_of(plan, Shard(number, count)) for number in range(1, count + 1)]
    cohorts = [cohort for share in shares for cohort in share.cohorts]

    assert sorted(each.cohort for each in cohorts) == sorted(each.cohort for each in plan.cohorts)
    assert sum(share.runs for share in shares) == plan.runs
    for share in shares:
        assert {run_id(c) for configs in share.grids.values() for c in configs} == set(share.ids)


def test_shares_are_even_as_far_as_cohorts_allow(plan):
    loads = [sum(each.seconds for each in shard_of(plan, Shard(at, 3)).cohorts) for at in (1, 2, 3)]

    assert max(loads) - min(loads) <= max(each.seconds for each in plan.cohorts)


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3", "1/9999999"])
def test_what_is_no_share_is_refused_in_one_line(text):
    with pytest.raises(ValueError, match="--shard: must be I/N"):
        read_shard(text)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command line in an empty folder, with a report that costs nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli, "write_report", lambda folder: folder / "report")
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "micro.toml").write_text(MICRO)
    return lambda *words: bench.cli.main(words)


def results(folder):
    with open_store(folder) as store:
        runs = store.load_runs(evaluations=True, traces=True)
        return {run.run_id: repr((run.outcome, run.metrics, run.evaluations, run.traces)) for run in runs}


def test_merged_shards_are_what_one_machine_would_have_made(command, tmp_path, capsys):
    run = ("run", "micro.toml", "--engine", "serial", "--plain")
    assert command(*run, "--out", "whole") == 0
    for number in "12":
        assert command(*run, "--shard", f"{number}/2") == 0
    shards = [f"results/micro-shard-{number}-of-2" for number in "12"]
    assert command("merge", *shards[:1], "--out", "joined") == 0
    assert command("merge", *shards, "--out", "joined") == 0

    assert "8 runs are in joined, 4 of them new" in capsys.readouterr().out
    assert results(tmp_path / "joined") == results(tmp_path / "whole")
    names = {path.name for path in (tmp_path / "whole" / "artifacts").iterdir()}
    assert {path.name for path in (tmp_path / "joined" / "artifacts").iterdir()} == names
    assert command("verdict", "joined") == 0
    with open_store(tmp_path / "joined") as store:
        assert store.meta("profile") == "micro"


def folder(tmp_path, name, records, planned=(), failures=()):
    place = tmp_path / name
    place.mkdir()
    with open_store(place, create=True) as store:
        store.plan({"g": [*planned]})
        store.ingest(records, {record.run_id: ["g"] for record in records})
        store.add_failures(failures)
    return place


def test_a_finished_run_takes_the_place_of_one_that_failed_and_what_is_missing_is_counted(tmp_path):
    one, two, three = (make_config(seed=seed) for seed in range(3))
    failure = Failure("c", run_id(one), 1, "it died", "2026-01-01T00:00:00+00:00")
    failed = make_record(one, status=FAILED, state="undecided", evaluations=(), error="it died")
    first = folder(tmp_path, "first", [failed], [one, three], [failure])
    second = folder(tmp_path, "second", [make_record(one), make_record(two)], [one, two])
    merged = merge([first, second], tmp_path / "out")

    assert (merged.stored, merged.missing) == (2, 1)
    with open_store(tmp_path / "out") as store:
        assert store.finished_ids() == {run_id(one), run_id(two)}
        assert list(store.missing()) == [run_id(three)]
        assert store.failures() == [failure]
        assert store.grids()[run_id(one)] == ("g",)


def test_what_a_dead_driver_had_not_stored_is_taken_and_damaged_files_are_left(tmp_path):
    place = folder(tmp_path, "first", [])
    spool.write(place, make_record(make_config(seed=5)))
    (place / "spool" / f"{'0' * 16}.run").write_text("damaged")

    assert merge([place], tmp_path / "out").new == 1
    assert len(spool.waiting(place)) == 2


def with_artifact(place, run, text):
    artifact = place / "artifacts" / run / "samples.png"
    artifact.parent.mkdir(parents=True)
    artifact.write_text(text)
    return artifact


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_whole_run_brings_its_own_artifacts_where_only_its_start_was(tmp_path, order):
    whole = make_record()
    places = [folder(tmp_path, "start", [replace(whole, status=STOPPED)]), folder(tmp_path, "whole", [whole])]
    for place in places:
        with_artifact(place, whole.run_id, place.name)
    merged = merge([places[number] for number in order], tmp_path / "out")

    assert merged.new == merged.stored == 1
    assert (tmp_path / "out" / "artifacts" / whole.run_id / "samples.png").read_text() == "whole"


@pytest.mark.parametrize("kind", ["link", "dangling link", "link to a folder", "pipe"])
def test_what_is_no_file_among_artifacts_is_left_where_it_is(tmp_path, kind):
    """A folder from elsewhere may hold a link to a file that is nobody's business."""
    run, secret = make_record(), tmp_path / "secret"
    secret.write_text("SECRET")
    place = folder(tmp_path, "first", [run])
    odd = with_artifact(place, run.run_id, "fine").with_name("odd.png")
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to({"link": secret, "link to a folder": tmp_path}.get(kind, tmp_path / "nowhere"))
    (place / "profile.toml").symlink_to(secret)
    merge([place], tmp_path / "out")

    assert [path.name for path in (tmp_path / "out" / "artifacts" / run.run_id).iterdir()] == ["samples.png"]
    assert not (tmp_path / "out" / "profile.toml").exists()


def test_a_run_that_is_named_as_a_path_copies_nothing(tmp_path):
    place = folder(tmp_path, "first", [make_record()])
    with open_store(place, create=True) as store:
        store._connection.execute("PRAGMA foreign_keys=OFF")
        for table in ("runs", "configs", "grids"):
            store._connection.execute(f"UPDATE {table} SET run_id = '../../evil'")
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "x").write_text("x")
    merge([place], tmp_path / "deep" / "out")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "evil", "first"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_target_whose_artifacts_are_no_folder_is_refused(tmp_path):
    place, out = folder(tmp_path, "first", [make_record()]), tmp_path / "out"
    out.mkdir()
    (out / "artifacts").write_text("x")
    with pytest.raises(FolderError, match="artifacts: must be a folder, got something else"):
        merge([place], out)


def test_wrong_folders_are_refused_before_anything_is_written(tmp_path):
    place = folder(tmp_path, "first", [make_record()])
    out = tmp_path / "out"

    with pytest.raises(FolderError, match="different folders"):
        merge([place, tmp_path / "." / "first"], out)
    with pytest.raises(FolderError, match="another folder"):
        merge([place], place)
    with pytest.raises(StoreError, match=r"no results\.sqlite"):
        merge([place, tmp_path / "nowhere"], out)
    assert not out.exists()


def test_wrong_words_end_with_two(command, capsys):
    assert command("run", "micro.toml", "--shard", "3/2") == 2
    assert command("merge", "nowhere", "--out", "out") == 2
    assert command("merge", "--out", "out") == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3
