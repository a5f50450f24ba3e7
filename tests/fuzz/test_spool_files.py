"""Hand-over files from anywhere: stored, or set aside with a note, and nothing else is touched."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import pytest
from harness import cases, check_clean, ganbench, hostile_text
from hypothesis import given
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from bench_helpers import make_config, make_record

import bench.cli
from bench.engines.protocol import EngineError
from bench.records import spool
from bench.records.schema import to_json
from bench.records.store import open_store

PROFILE = """
name = "p"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = 4
steps = 20
evaluations = 4
"""
RECORD = make_record(make_config())
FIELDS = st.sampled_from(sorted(json.loads(to_json(RECORD))))
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), hostile_text()
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(hostile_text(), inner, max_size=3)),
    max_leaves=5,
)
NAMES = st.one_of(
    st.just(f"{RECORD.run_id}.run"), st.sampled_from(["x.run", "0" * 16 + ".run", "a b.run", "\n.run"])
)


@pytest.fixture
def driven(here, monkeypatch):
    """A driver without workers: it takes what waits in the spool and stops."""

    def nobody(options, on_step):
        raise EngineError("engine: nobody trains here")

    monkeypatch.setattr("bench.engines.choice.make_engine", nobody)
    monkeypatch.setattr("bench.machine.gemm_gflops", lambda: 50.0)
    monkeypatch.setattr("bench.machine.environment", lambda gflops: {"gflops": gflops})
    monkeypatch.setattr(bench.cli, "write_report", lambda folder, *_, **__: folder / "index.html")
    (here / "p.toml").write_text(PROFILE)
    return here


def left_by_a_worker(here, name, text, *, signed):
    shutil.rmtree(here / "out", ignore_errors=True)
    (here / "out" / "spool").mkdir(parents=True)
    digest = hashlib.sha256(text).hexdigest().encode() + b"\n" if signed else b""
    (here / "out" / "spool" / name).write_bytes(digest + text + (b"\n" if signed else b""))


def check_driven(here):
    check_clean(ganbench("run", "p.toml", "--out", "out", "--plain"))
    assert not spool.waiting(here / "out")
    check_clean(ganbench("status", "out"))
    check_clean(ganbench("merge", "out", "--out", "joined"))
    shutil.rmtree(here / "joined", ignore_errors=True)


@cases(20)
@given(NAMES, st.binary(max_size=100), st.booleans())
def test_any_bytes_are_set_aside(driven, name, content, signed):
    left_by_a_worker(driven, name, content, signed=signed)
    check_driven(driven)
    with open_store(driven / "out") as store:
        assert store.endings() == {}


@cases(20)
@given(st.dictionaries(FIELDS, JSON, min_size=1, max_size=2), NAMES)
def test_any_values_in_a_record_are_stored_or_set_aside(driven, changes, name):
    text = json.dumps({**json.loads(to_json(RECORD)), **changes}, ensure_ascii=False)
    left_by_a_worker(driven, name, text.encode("utf-8", "replace"), signed=True)
    check_driven(driven)


@cases(20)
@given(st.sampled_from(sorted(RECORD.config)), JSON)
def test_any_values_in_a_config_are_stored_or_set_aside(driven, field, value):
    from gans.config import from_mapping, run_id

    fields = json.loads(to_json(RECORD))
    fields["config"][field] = value
    try:
        fields["run_id"] = run_id(from_mapping(fields["config"]))
    except (TypeError, ValueError):
        fields["run_id"] = "0" * 16
    text = json.dumps(fields).encode()
    left_by_a_worker(driven, f"{fields['run_id']}.run", text, signed=True)
    check_driven(driven)


@cases(15)
@given(st.floats(0, 1), st.integers(1, 255))
def test_one_flipped_byte_is_noticed(driven, place, mask):
    left_by_a_worker(driven, f"{RECORD.run_id}.run", to_json(RECORD).encode(), signed=True)
    path = driven / "out" / "spool" / f"{RECORD.run_id}.run"
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= mask
    path.write_bytes(bytes(content))
    check_driven(driven)
    with open_store(driven / "out") as store:
        assert store.endings() == {}
