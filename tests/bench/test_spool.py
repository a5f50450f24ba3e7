"""Hand-over files: whole or not there, and never believed when damaged."""

from __future__ import annotations

import math
import os
from dataclasses import replace

import pytest
from bench_helpers import make_config, make_record

from bench.records import spool
from bench.records.encoding import dumps, loads, pack_traces, unpack_traces
from bench.records.schema import to_json


def test_what_is_written_is_read_back(tmp_path):
    record = make_record()
    path = spool.write(tmp_path, record)

    assert path == tmp_path / "spool" / f"{record.run_id}.run"
    assert to_json(spool.read(path)) == to_json(record)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_record_under_another_name_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="run_id must be"):
        spool.write(tmp_path, replace(make_record(), run_id="0" * 16))
    assert not (tmp_path / "spool").exists()


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [flip, lambda data: data[:-40], lambda data: b"", lambda data: b"\xff" + data, lambda data: data + data],
    ids=["one bit", "truncated", "empty", "not text", "twice"],
)
def test_a_damaged_file_is_set_aside_and_the_others_are_read(tmp_path, damage):
    good = spool.write(tmp_path, make_record(make_config(seed=1)))
    bad = spool.write(tmp_path, make_record(make_config(seed=2)))
    content = damage(bad.read_bytes())
    bad.write_bytes(content)
    items = list(spool.read_all(tmp_path))

    read = [item for item in items if not isinstance(item, spool.Damaged)]
    aside = [item for item in items if isinstance(item, spool.Damaged)]
    assert [path for path, _ in read] == [good]
    assert [item.path.name for item in aside] == [f"{bad.name}.damaged"]
    assert "damaged" in aside[0].reason
    assert aside[0].path.read_bytes() == content
    assert next(iter(spool.read_all(tmp_path)))[0] == good


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_set_aside_and_never_waited_for(tmp_path, kind):
    fine = spool.write(tmp_path, make_record())
    odd = fine.with_name(f"{'0' * 16}.run")
    for _ in range(2):
        make = {"folder": odd.mkdir, "link": lambda: odd.symlink_to(fine), "pipe": lambda: os.mkfifo(odd)}
        make[kind]()
        damaged, (path, _) = spool.read_all(tmp_path)

        assert "must be a file, got a link, a folder or a pipe" in damaged.reason
        assert path == fine
        assert spool.waiting(tmp_path) == [fine]


def test_a_file_named_after_another_run_is_not_believed(tmp_path):
    path = spool.write(tmp_path, make_record())
    other = path.rename(path.with_name("0123456789abcdef.run"))
    with pytest.raises(ValueError, match="named after"):
        spool.read(other)


@pytest.mark.parametrize("name", ["x.run", "0123456789ABCDEF.run", "0123456789abcdef.run.bak", "..run"])
def test_only_run_ids_are_names(tmp_path, name):
    path = tmp_path / name
    path.write_text("")
    with pytest.raises(ValueError, match="must be named"):
        spool.read(path)


def test_unfinished_files_are_not_seen(tmp_path):
    folder = spool.write(tmp_path, make_record()).parent
    (folder / ".0123456789abcdef.1.tmp").write_text("half")

    assert len(list(spool.read_all(tmp_path))) == 1


def test_values_survive_their_spelling():
    value = {"a": [1.5, math.inf, -math.inf], "b": {"c": None, "d": "text"}, "e": 3}

    assert loads(dumps(value)) == value
    assert math.isnan(loads(dumps({"x": math.nan}))["x"])
    assert loads(dumps("plain")) == "plain"


def test_traces_of_unequal_length_survive_as_float32():
    traces = {"loss": [1.0, math.inf, 1e300], "empty": [], "norm": [0.1]}
    back = unpack_traces(pack_traces(traces))

    assert back["loss"] == [1.0, math.inf, math.inf]
    assert back["empty"] == []
    assert back["norm"] == pytest.approx([0.1], rel=1e-7)
    assert unpack_traces(pack_traces({})) == {}
