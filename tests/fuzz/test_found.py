"""What fuzzing has found, each as its smallest case: none of these may come back."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from harness import check_clean, ganbench

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from bench_helpers import make_record
from PIL import Image

from bench.records import spool
from bench.records.schema import FAILED, to_json
from bench.records.store import open_store


@pytest.fixture
def results(here):
    with open_store(here / "r", create=True) as store:
        store.ingest([make_record()], {make_record().run_id: ["g"]})
    return here / "r"


@pytest.mark.parametrize(
    "change",
    [{"artifacts": None}, {"metrics": {"fid": "x"}}, {"status": "well"}, {"onset_step": 2**70},
     {"error": "\ud800"}, {"mechanisms": ["a b"]}, {"evaluations": [{"step": "1", "values": {}}]},
     {"traces": {"loss": [None]}}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_signed_record_of_wrong_kinds_is_no_record(tmp_path, change):
    path = spool.write(tmp_path, make_record())
    fields = json.loads(to_json(make_record())) | change
    path.write_text("")
    text = json.dumps(fields)
    path.write_text(f"{spool._digest(text)}\n{text}\n")

    with pytest.raises(ValueError, match=r"record: |must be the JSON"):
        spool.read(path)


@pytest.mark.parametrize(
    "change",
    ["runs SET metrics = '[1]'", "runs SET state = x'00ff'", "evaluations SET q = x'00'",
     "configs SET config = '{'", "configs SET config = '{\"q\": 1}'", "grids SET grid = x'00'",
     "evaluations SET histogram = '3'"],
)  # fmt: skip
def test_a_damaged_row_is_told_in_one_line(here, results, change):
    with sqlite3.connect(results / "results.sqlite") as database:
        database.execute(f"UPDATE {change}")
    database.close()
    ending = ganbench("report", "r")

    check_clean(ending)
    assert ending.code == 2
    assert "must hold whole records" in ending.err


def test_a_plan_of_a_config_that_is_not_whole_is_told_by_merge(here, results):
    with sqlite3.connect(results / "results.sqlite") as database:
        database.execute("INSERT INTO configs VALUES ('0123', '{\"q\": 1}')")
        database.execute("INSERT INTO grids VALUES ('g', '0123')")
    database.close()
    ending = ganbench("merge", "r", "--out", "m")

    check_clean(ending)
    assert ending.code == 2


def test_a_failed_run_without_its_reason_and_a_word_that_is_none_are_told_by_status(here, results):
    with open_store(results, create=True) as store:
        store.ingest([make_record(make_record_config(7), status=FAILED, evaluations=())])
        store.set_meta("driver", ["left_seconds"])
    ending = ganbench("status", "r")

    check_clean(ending)
    assert "no reason was kept" in ending.out


def make_record_config(seed):
    from bench_helpers import make_config

    return make_config(seed=seed)


def test_an_image_of_one_pixel_has_no_noise_to_measure(here):
    (here / "images").mkdir()
    Image.new("L", (2, 1)).save(here / "images" / "a.png")
    ending = ganbench("audit", "images")

    check_clean(ending)
    assert "at least 4 x 4 pixels" in ending.err


def test_a_name_that_a_terminal_would_obey_is_spelled_by_audit(here):
    (here / "images").mkdir()
    Image.new("L", (9, 9), 30).save(here / "images" / "a.png")
    (here / "images" / "\x1b[31mred.png").write_bytes(b"")
    ending = ganbench("audit", "images")

    check_clean(ending)
    assert ending.code == 0


@pytest.mark.parametrize("word", ["", ".", ".."])
def test_a_log_without_a_name_is_refused(here, word):
    ending = ganbench("diagnose", word)

    check_clean(ending)
    assert ending.code == 2


def test_a_name_that_no_encoding_has_is_printed(here, results):
    results.rename(os.fsdecode(b"r\xff"))

    check_clean(ganbench("status", os.fsdecode(b"r\xff")))


@pytest.mark.parametrize("words", [("plan", "smoke", "--out"), ("score", "digits")], ids=["plan", "score"])
def test_a_name_that_no_file_can_have_is_told_in_one_line(here, words):
    ending = ganbench(*words, "x" * 10_000)

    check_clean(ending)
    assert ending.code == 2
