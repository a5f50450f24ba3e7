"""Error rates of the detectors: shown for the limits that judged the runs, and for no others."""

import json

import pytest
from report_records import config, record

from bench.records import detectors
from reports.error_rates import error_rates
from reports.frame import frames

RATE = {"hits": 19, "trials": 20}
FAULT = {
    "fault": "modes dropped", "dataset": "ring8", "planted": "collapsed:partial", "recall": RATE,
    "curve": [[0.5, {"hits": 1, "trials": 20}], [2.0, RATE]], "judged": {}, "threshold_severity": 1.0,
}  # fmt: skip
SCORES = {
    "schema": 1, "thresholds": "t1", "command": "python -m bench.detectors", "scoring_seeds": [200, 219],
    "faults": [FAULT], "traces": [FAULT | {"dataset": "trace"}],
    "healthy": {"copies": {"hits": 2, "trials": 250}},
    "confusion": {"collapsed:partial": {"collapsed:partial": 19, "converged": 1}},
    "requirements": [
        {"name": "false alarms", "wanted": "at most 2%", "found": "0.8 %", "met": True},
        {"name": "gate", "wanted": "0.8", "found": "<b>", "met": None},
    ],
}  # fmt: skip


@pytest.fixture
def stored(tmp_path, monkeypatch):
    path = tmp_path / "scores.json"
    path.write_text(json.dumps(SCORES), encoding="utf-8")
    monkeypatch.setattr(detectors.detector_scores, "__defaults__", (path,))


def runs(*versions):
    return frames([record(config(seed=n), thresholds=each) for n, each in enumerate(versions)]).judged


def test_the_rates_stand_with_their_trials(stored):
    found = error_rates(runs("t1"))

    assert "95 %" in found.sentence.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "of 250" in found.sentence
    required, confusion, faults, _ = found.tables
    assert [row[3].text for row in required.rows] == ["yes", "not checked"]
    assert [cell.text for cell in confusion.rows[0]] == ["collapsed:partial", "19", "1"]
    assert faults.rows[0][3].value == 20


@pytest.mark.parametrize("versions", [("t2",), ("t1", "t2"), ("",)])
def test_runs_under_other_limits_get_no_rates(stored, versions):
    assert error_rates(runs(*versions)).tables == ()


def test_a_damaged_file_is_no_measurement(tmp_path):
    (tmp_path / "scores.json").write_text("{", encoding="utf-8")

    assert detectors.detector_scores("t1", tmp_path / "scores.json") == {}
