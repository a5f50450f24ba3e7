"""The results store: each run once, nothing lost on the way, foreign and newer files refused."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from bench_helpers import make_config, make_record

from bench.folder import make_usable
from bench.records.schema import FAILED, EvaluationRecord
from bench.records.sqlite import FILE_NAME
from bench.records.store import Failure, StoreError, open_store
from gans.config import run_id


def same(left, right):
    """Equality of records in which NaN equals NaN."""
    return repr(left) == repr(right)


def test_a_run_comes_back_as_it_went_in_with_nan_infinity_and_traces(tmp_path):
    record = make_record()
    record = replace(
        record,
        evaluations=tuple(
            replace(e, values={"user_metric": 4.0, "distance": 1.5, "max_abs": math.inf})
            for e in record.evaluations
        ),
    )
    with open_store(tmp_path, create=True) as store:
        store.ingest([record])
        loaded = store.load_run(record.run_id)

    assert same(replace(loaded, evaluations=()), replace(record, evaluations=()))
    probe = loaded.evaluations[1]
    measured = {name: value for name, value in probe.values.items() if not math.isnan(value)}
    assert measured == {"distance": 1.5, "max_abs": math.inf, "user_metric": 4.0}
    assert (probe.step, probe.histogram, probe.statuses) == (10, (0.25, 0.75), {"q": "degenerate"})


def test_evaluations_that_fill_different_columns_each_come_back_in_order_of_step(tmp_path):
    measured = (
        {"distance": 1.0, "max_abs": 2.0},
        {"max_abs": 3.0, "distance": 4.0},
        {},
        {"step": 5.0, "run": 6.0, "distance) VALUES (7); --": 8.0, "distance": 9.0},
        {"distance": 10.0, "max_abs": 11.0},
    )
    first = make_record().evaluations[0]
    probes = tuple(replace(first, step=step, values=values) for step, values in enumerate(measured))
    record = replace(make_record(), evaluations=probes)
    with open_store(tmp_path, create=True) as store:
        store.ingest([record])
        loaded = store.load_run(record.run_id).evaluations

    assert [probe.step for probe in loaded] == list(range(len(measured)))
    found = [{n: v for n, v in probe.values.items() if not math.isnan(v)} for probe in loaded]
    assert found == list(measured)


def test_a_run_is_stored_once_and_the_first_record_stays(tmp_path):
    record = make_record()
    with open_store(tmp_path, create=True) as store:
        first = store.ingest([record, record])
        second = store.ingest([replace(record, outcome="degrading")])
        outcomes = [ending.outcome for ending in store.endings().values()]
        steps = store.evaluation_columns(["distance"])["step"].tolist()

    assert (first, second) == (1, 0)
    assert outcomes == ["converged"]
    assert steps == [0, 10, 20]


def test_a_failed_run_gives_way_to_a_good_one_but_never_the_reverse(tmp_path):
    good = make_record()
    failed = replace(
        good, status=FAILED, outcome="invalid", state="undecided", evaluations=(), error="killed"
    )
    with open_store(tmp_path, create=True) as store:
        store.plan({"grid": [make_config()]})
        store.ingest([failed])
        wanted_again = set(store.missing())
        store.ingest([good])
        store.ingest([failed])
        loaded = store.load_run(good.run_id)
        missing = store.missing()

    assert wanted_again == {good.run_id}
    assert (loaded.status, len(loaded.evaluations), missing) == ("finished", 3, {})


def test_a_transaction_that_breaks_leaves_nothing(tmp_path):
    broken = replace(
        make_record(make_config(seed=1)), evaluations=(EvaluationRecord(step=0, values={"q": object()}),)
    )
    with open_store(tmp_path, create=True) as store:
        with pytest.raises((sqlite3.Error, TypeError)):
            store.ingest([make_record(), broken])
        runs = store.load_runs()

    assert runs == []


def test_what_is_missing_is_the_plan_less_what_is_stored(tmp_path):
    first, second, third = (make_config(seed=seed) for seed in range(3))
    with open_store(tmp_path, create=True) as store:
        store.plan({"a": [first, second], "b": [second, third]})
        store.ingest([make_record(second)])
        missing = store.missing()
        grids = store.grids()

    assert {run: config["seed"] for run, config in missing.items()} == {run_id(first): 0, run_id(third): 2}
    assert grids[run_id(second)] == ("a", "b")


def test_a_smaller_plan_forgets_what_was_never_run_and_keeps_what_was(tmp_path):
    first, second = make_config(seed=0), make_config(seed=1)
    with open_store(tmp_path, create=True) as store:
        store.plan({"a": [first, second]})
        store.ingest([make_record(first)])
        store.plan({"b": []})
        planned, missing = store.grids(), store.missing()

    assert planned == {run_id(first): ("a",)}
    assert missing == {}


def test_columns_are_in_order_of_run_and_step_and_absent_values_are_nan(tmp_path):
    records = [make_record(make_config(seed=seed)) for seed in range(4)]
    with open_store(tmp_path, create=True) as store:
        store.ingest(records)
        columns = store.evaluation_columns(["distance", "kid", "max_abs"])

    order = list(zip(columns["run_id"].tolist(), columns["step"].tolist(), strict=True))
    assert order == sorted(order)
    assert len(order) == 12
    by_run = {record.run_id: 1.5 + record.config["seed"] for record in records}
    assert columns["distance"].tolist() == [by_run[run] for run, _ in order]
    assert np.isnan(columns["kid"]).all()
    assert np.isinf(columns["max_abs"]).all()


def test_an_unknown_column_is_named(tmp_path):
    with open_store(tmp_path, create=True) as store, pytest.raises(ValueError, match="no column 'fidd'"):
        store.evaluation_columns(["fidd"])


def test_a_prefix_names_a_run_only_if_it_is_unique(tmp_path):
    records = [make_record(make_config(seed=seed)) for seed in range(40)]
    with open_store(tmp_path, create=True) as store:
        store.ingest(records)
        found = store.load_run(records[0].run_id[:10]).run_id
        for prefix in ("", "zz", records[0].run_id[:0]):
            with pytest.raises(StoreError, match="unique start"):
                store.load_run(prefix)

    assert found == records[0].run_id


def test_readers_see_what_a_live_writer_has_committed(tmp_path):
    with open_store(tmp_path, create=True) as writer:
        writer.ingest([make_record()])
        with open_store(tmp_path) as reader:
            seen = len(reader.load_runs())
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.set_meta("key", 1)

    assert seen == 1


def test_meta_and_failures_are_kept(tmp_path):
    failure = Failure(cohort="c", run_id="0" * 16, attempt=1, reason="killed", at="2026-01-01")
    with open_store(tmp_path, create=True) as store:
        store.set_meta("machine:m", {"threads": 2, "peak": float("nan")})
        store.add_failures([failure])
    with open_store(tmp_path) as store:
        assert store.meta("machine:m")["threads"] == 2
        assert store.meta("nothing") is None
        assert store.failures() == [failure]


def test_a_newer_schema_is_refused_and_not_touched(tmp_path):
    with open_store(tmp_path, create=True) as store:
        store._connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    before = (tmp_path / "results.sqlite").read_bytes()
    for create in (False, True):
        with pytest.raises(StoreError, match="must be of schema 1 or older, got schema 99"):
            open_store(tmp_path, create=create)

    assert (tmp_path / "results.sqlite").read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\0" * 84, b"\0" * 4096])
def test_another_file_under_our_name_is_refused_and_not_touched(tmp_path, content):
    path = tmp_path / "results.sqlite"
    path.write_bytes(content)
    for create in (False, True):
        with pytest.raises(StoreError, match="must be a store made by ganbench"):
            open_store(tmp_path, create=create)

    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "harm", [b"CREATE \xc4ABLE configs", b"CREATE TABLE con\xc4igs", b"CREATE TABLE \xf0\x9f\0"]
)
def test_a_damaged_schema_is_told_in_one_line_also_where_sqlite_quotes_its_bytes(tmp_path, harm, create):
    open_store(tmp_path, create=True).close()
    file = tmp_path / FILE_NAME
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE configs", harm.ljust(20, b"x")))

    with pytest.raises(StoreError, match=r"must be a readable results store, got .+; use a copy of it"):
        open_store(tmp_path, create=create)


def test_a_folder_without_a_store_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match=r"found no results\.sqlite; make one with ganbench run"):
        open_store(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_lacks_a_column_gets_it_when_it_is_written_and_reads_without_it(tmp_path):
    with open_store(tmp_path, create=True) as store:
        store.ingest([make_record()])
        store._connection.execute("ALTER TABLE evaluations DROP COLUMN kid")
    with open_store(tmp_path) as store:
        read_only = store.evaluation_columns(["kid", "distance"])
    with open_store(tmp_path, create=True) as store:
        writable = store.evaluation_columns()

    assert np.isnan(read_only["kid"]).all()
    assert read_only["distance"].tolist() == [1.5] * 3
    assert "kid" in writable


def test_a_half_made_store_of_a_killed_driver_is_made_again(tmp_path):
    (tmp_path / "results.sqlite.new").write_bytes(b"half")
    (tmp_path / "results.sqlite.new-journal").write_bytes(b"half")
    make_usable(tmp_path)
    with open_store(tmp_path, create=True) as store:
        assert store.ingest([make_record()]) == 1


def test_a_driver_that_dies_while_it_makes_the_store_leaves_only_its_draft(tmp_path, monkeypatch):
    seen = []

    class Dying(sqlite3.Connection):
        def executescript(self, script):
            super().executescript(f"{script}BEGIN;CREATE TABLE t (a);")
            seen.extend(path.name for path in tmp_path.iterdir())
            raise KeyboardInterrupt

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, factory=Dying, **options))
    with pytest.raises(KeyboardInterrupt):
        open_store(tmp_path, create=True)

    assert seen == ["results.sqlite.new"]


def test_what_a_record_is_worth_decides_whether_it_is_stored(tmp_path):
    run = make_record()
    with open_store(tmp_path, create=True) as store:
        for status, stored in ((FAILED, True), (FAILED, False), ("stopped", True), (FAILED, False),
                               ("finished", True), ("stopped", False), ("finished", False)):  # fmt: skip
            assert store.lacks(run.run_id, status) is stored, status
            assert store.ingest([replace(run, status=status)]) == stored
        assert [record.status for record in store.load_runs()] == ["finished"]


def test_whole_runs_come_one_by_one_with_evaluations_and_traces(tmp_path):
    with open_store(tmp_path, create=True) as store:
        store.ingest(make_record(make_config(seed=seed)) for seed in range(3))
        assert [repr(run) for run in store.each_whole_run()] == [
            repr(run) for run in store.load_runs(evaluations=True, traces=True)
        ]
