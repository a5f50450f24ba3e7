"""Results folders from anywhere: bytes flipped, cut off, or rows that no driver of ours wrote."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from harness import HOSTILE, cases, check_clean, ganbench, hostile_text
from hypothesis import given
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from bench_helpers import make_config, make_record

import bench.cli
from bench.records.schema import FAILED
from bench.records.store import Failure, open_store

CONFIGS = [make_config(seed=seed, generator_width=width) for seed in range(3) for width in (4, 8)]
COLUMNS = {
    "runs": ("run_id", "status", "outcome", "state", "mechanisms", "onset_step", "thresholds", "cohort",
             "cohort_members", "mode", "machine", "finished_at", "error", "evidence", "metrics", "speed",
             "artifacts", "traces"),
    "configs": ("run_id", "config"), "grids": ("grid", "run_id"), "meta": ("key", "value"),
    "failures": ("cohort", "run_id", "attempt", "reason", "at"),
    "evaluations": ("step", "histogram", "statuses", "extra", "q", "distance"),
}  # fmt: skip
PLACES = [(table, column) for table, columns in COLUMNS.items() for column in columns]
JSON = ('{"q": "x"}', '{"q": null}', "[1]", "[[]]", '"x"', "1", "{", "[" * 5_000, '{"fid": 1e999}',
        '{"../../evil.png": "00"}', '{"context": {}}', '{"context": null}',
        '{"dataset": "evil:thing"}')  # fmt: skip
VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.binary(max_size=20), st.sampled_from(JSON),
    hostile_text(),
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    with open_store(folder, create=True) as store:
        store.plan({"g": CONFIGS})
        store.set_meta("profile", "p")
        store.set_meta("driver", {"left_seconds": 3, "at": "now", "seen": {"stable": 1}})
        store.ingest(make_record(config) for config in CONFIGS[:4])
        store.ingest([make_record(CONFIGS[4], status=FAILED, error="no luck", evaluations=())])
        store.add_failures([Failure("c", make_record(CONFIGS[4]).run_id, 1, "no luck", "now")])
    return folder / "results.sqlite"


@pytest.fixture
def read_only(here, monkeypatch):
    """Reports read the folder whole, and draw nothing."""
    from reports.frame import load

    def read(folder, *_, **__):
        load(folder)
        return folder / "report" / "index.html"

    (here / "evil.py").write_text("open('evil.txt', 'w').close()")
    monkeypatch.setattr(bench.cli, "write_report", read)
    return here


COMMANDS = st.sampled_from(
    [("status", "r"), ("report", "r"), ("verdict", "r"), ("verdict", "r", "--early"), ("merge", "r",
    "--out", "m"),
     ("attribute", "r", "--plan"), ("sample", "r", "0"), ("plan", "smoke", "--out", "r")]
)  # fmt: skip


def fresh(here, template):
    for name in ("r", "m"):
        shutil.rmtree(here / name, ignore_errors=True)
    (here / "r").mkdir()
    return Path(shutil.copy(template, here / "r" / "results.sqlite"))


@cases(40)
@given(COMMANDS, st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=12), st.floats(0, 2))
def test_any_damage_to_the_file_is_read_over_or_told(read_only, template, command, flips, cut):
    path = fresh(read_only, template)
    content = bytearray(path.read_bytes())
    for place, mask in flips:
        content[int(place * (len(content) - 1))] ^= mask
    path.write_bytes(bytes(content[: int(cut * len(content))]))
    ending = ganbench(*command)

    check_clean(ending)
    assert not (read_only / "evil.txt").exists()


@cases(40)
@given(COMMANDS, st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=2))
def test_any_values_in_the_rows_are_read_over_or_told(read_only, template, command, changes):
    path = fresh(read_only, template)
    with sqlite3.connect(path) as database:
        for (table, column), value in changes:
            with suppress(sqlite3.IntegrityError, UnicodeEncodeError):
                database.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
    database.close()

    check_clean(ganbench(*command))
    assert not (read_only / "evil.txt").exists()


@cases(20)
@given(COMMANDS, st.sampled_from(["dataset", "recipe", "network", "defect", "augmentation", "loss"]),
       st.one_of(st.sampled_from([*HOSTILE, "evil:thing"]), st.integers()))  # fmt: skip
def test_any_names_in_a_config_are_read_over_or_told(read_only, template, command, field, value):
    import json

    path = fresh(read_only, template)
    with sqlite3.connect(path) as database:
        for run, text in database.execute("SELECT run_id, config FROM configs").fetchall():
            changed = json.dumps({**json.loads(text), field: value})
            database.execute("UPDATE configs SET config = ? WHERE run_id = ?", (changed, run))
    database.close()

    check_clean(ganbench(*command))
    assert not (read_only / "evil.txt").exists()
