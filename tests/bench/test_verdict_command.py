"""ganbench verdict: stored runs judged again, shown, and stored whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bench_helpers import make_config, make_record

import bench.cli
from bench.lock import driver_lock
from bench.records.schema import FAILED, EvaluationRecord
from bench.records.store import open_store
from bench.verdict import DEFAULT, Context, judge, with_verdict
from bench.verdict.thresholds import override

CONTEXT = Context(
    kind="images", steps=400, evaluations=40, samples=697, reference_samples=697, data_size=1100,
    modes_total=10, data_range=2.0, distance_floor=1.7, distance_start=264.0, precision_floor=0.97,
    coverage_floor=0.97, decision_point=0.0,
)  # fmt: skip
OLD = override(DEFAULT, {"stalled_q": 0.1})


def run(seed, distance, limits=OLD):
    """A run whose distance is there from the start, judged under limits that are out of use."""
    values = {
        "finite_fraction": 1.0, "max_abs": 1.0, "distance": distance, "precision": 0.9, "recall": 0.9,
        "density": 1.0, "coverage": 0.9, "modes_strict": 10.0, "mode_kl": 0.01, "pairwise_ratio": 1.0,
    }  # fmt: skip
    evaluations = tuple(EvaluationRecord(step=10 * (place + 1), values=values) for place in range(40))
    record = make_record(make_config(seed=seed), evaluations=evaluations, metrics={"fid": distance})
    return with_verdict(record, judge(evaluations, CONTEXT, thresholds=limits))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Three runs: good by any limits, good by those of today only, and one that our own fault ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    failed = make_record(
        make_config(seed=9), status=FAILED, outcome="invalid", state="undecided", evidence={}
    )
    with open_store(tmp_path / "results", create=True) as store:
        store.ingest([run(0, 1.8), run(1, 5.0), failed])
    return tmp_path / "results"


def stored(folder):
    with open_store(folder) as store:
        return {record.config["seed"]: record for record in store.load_runs(evaluations=True, traces=True)}


def test_what_changes_is_counted_and_nothing_is_written(folder, capsys):
    before = stored(folder)
    code = bench.cli.main(["verdict", "results"])
    lines = capsys.readouterr().out.splitlines()

    assert code == 0
    assert lines[0] == (
        f"results: 2 runs judged again under {DEFAULT.version} (stored: 2 under {OLD.version})"
    )
    assert lines[1] == "limits are calibrated on digits, not on ring8"
    assert lines[2] == "1 runs were never judged: they failed through our own fault"
    assert [line.split() for line in lines[3:6]] == [
        ["outcome", "before", "after"],
        ["converged", "1", "2"],
        ["stalled-low-quality", "1", "0"],
    ]
    assert lines[-3:] == [
        "1 outcomes change, mechanisms of 0 runs",
        "  1 from stalled-low-quality to converged",
        "nothing was written; store these verdicts with --write",
    ]
    assert stored(folder) == before


def test_what_stopping_early_would_have_done_is_told_where_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with open_store(tmp_path / "results", create=True) as store:
        store.ingest([run(0, 1.8, DEFAULT), run(1, 400.0, DEFAULT)])  # good, and worse than at its start

    assert bench.cli.main(["verdict", "results", "--early"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "--stop-early" in line]
    assert told == [
        "--stop-early would have ended 1 of 2 whole runs and spared 25.0% of their steps; "
        "0 of those it ended did not fail in the end"
    ]


def test_write_stores_the_new_verdicts_and_touches_nothing_else(folder, capsys):
    before = stored(folder)
    code = bench.cli.main(["verdict", "results", "--write"])
    after = stored(folder)

    assert code == 0
    assert "2 verdicts are stored" in capsys.readouterr().out
    assert {seed: (run.outcome, run.thresholds) for seed, run in after.items()} == {
        0: ("converged", DEFAULT.version),
        1: ("converged", DEFAULT.version),
        9: ("invalid", "1"),
    }
    assert after[1].evidence["limits"]["q"] == DEFAULT.stalled_q
    for seed, run in after.items():
        given = {
            name: getattr(before[seed], name)
            for name in ("outcome", "state", "mechanisms", "onset_step", "thresholds", "evidence", "metrics")
        }
        assert replace(run, **given) == before[seed]
        assert run.metrics.get("fid") == before[seed].metrics.get("fid")


def test_a_second_look_after_writing_finds_no_change(folder, capsys):
    bench.cli.main(["verdict", "results", "--write"])
    capsys.readouterr()
    bench.cli.main(["verdict", "results"])
    out = capsys.readouterr().out

    assert "0 outcomes change, mechanisms of 0 runs" in out
    assert "nothing was written" not in out


def test_other_limits_can_be_tried_and_show_in_the_version(folder, capsys):
    code = bench.cli.main(["verdict", "results", "--set", "stalled_q=0.05", "--set", "amplitude=3,hop=0.3"])
    out = capsys.readouterr().out

    assert code == 0
    assert f"under {DEFAULT.version}+amplitude=3,hop=0.3,stalled_q=0.05" in out


@pytest.mark.parametrize(("line", "told"), [
    ("verdict results --set hopp=1", "--set: must be a known limit, got 'hopp'; did you mean 'hop'?"),
    ("verdict results --set stalled_q", "--set: must be LIMIT=VALUE with a number, got 'stalled_q'"),
    ("verdict results --set hop=much", "--set: must be LIMIT=VALUE with a number, got 'hop=much'"),
    ("verdict results --set hop=nan", "--set: hop must be a finite number, got nan"),
    ("verdict results --set hop=1 --set hop=2", "--set: must name each limit once, got 'hop' again"),
    ("verdict nowhere", "nowhere: must be a results folder, found no results.sqlite"),
    ("verdict nowhere --write", "nowhere: must be a results folder, found no results.sqlite"),
])  # fmt: skip
def test_bad_input_is_one_line_and_two(folder, capsys, line, told):
    code = bench.cli.main(line.split())
    printed = capsys.readouterr()

    assert (code, printed.out) == (2, "")
    assert len(printed.err.splitlines()) == 1
    assert printed.err.startswith(f"ganbench: {told}")
    assert [path.name for path in folder.parent.iterdir()] == ["results"]


def test_a_record_of_another_schema_is_named_and_nothing_is_written(folder, capsys):
    strange = run(5, 2.0)
    strange = replace(strange, evidence={**strange.evidence, "context": {"kind": "sounds"}})
    with open_store(folder, create=True) as store:
        store.ingest([strange])
    before = stored(folder)
    code = bench.cli.main(["verdict", "results", "--write"])
    err = capsys.readouterr().err

    assert code == 2
    assert err.startswith(f"ganbench: run {strange.run_id}: context: must hold every required field")
    assert stored(folder) == before


def test_a_folder_in_which_somebody_trains_may_be_looked_at_but_not_written_to(folder, capsys):
    with driver_lock(folder):
        looked = bench.cli.main(["verdict", "results"])
        written = bench.cli.main(["verdict", "results", "--write"])

    assert (looked, written) == (0, 2)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_empty_store_has_nothing_to_judge(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    open_store(tmp_path / "empty", create=True).close()

    assert bench.cli.main(["verdict", str(tmp_path / "empty"), "--write"]) == 0
    assert "0 runs judged again" in capsys.readouterr().out


def test_a_fault_half_way_keeps_all_old_verdicts(folder):
    before = stored(folder)

    def records():
        yield run(1, 5.0, DEFAULT)
        raise RuntimeError("no such luck")

    with open_store(folder, create=True) as store, pytest.raises(RuntimeError, match="no such luck"):
        store.replace_verdicts(records())

    assert stored(folder) == before


def test_judging_a_folder_again_needs_no_torch(folder):
    code = (
        "import sys, bench.cli\n"
        f"assert bench.cli.main(['verdict', {str(folder)!r}, '--write']) == 0\n"
        "assert 'torch' not in sys.modules"
    )

    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root).returncode == 0
