"""The whole benchmark in small: what it requires, its determinism, its stored form, its command."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import pytest

from bench.detectors import __main__ as command
from bench.detectors.benchmark import run_benchmark
from bench.detectors.requirements import requirements
from bench.detectors.scores import REFERENCE, Flip, Scores, load, to_json
from bench.detectors.sizes import QUICK
from bench.detectors.table import text_of
from bench.detectors.tally import Rate, total
from bench.detectors.trained import TRAINED
from bench.records.schema import MECHANISMS, OUTCOMES
from bench.verdict import DEFAULT
from gans.config import cohort_key

TINY = replace(
    QUICK,
    scoring=1,
    curve=0,
    gross=0,
    healthy=0,
    healthy_traces=6,
    traces=1,
    faults=("ring8: narrow modes", "ring8: hopping"),
)


@pytest.fixture(scope="module")
def quick():
    return run_benchmark(QUICK, command="tests", workers=1)


def test_planted_failures_are_found_at_twice_their_threshold_severity(quick):
    missed = [(row.dataset, row.fault, row.judged) for row in quick.faults if row.recall.share < 1]

    assert missed == []


def test_healthy_runs_raise_no_alarm(quick):
    assert total(quick.healthy.values()).hits == 0
    assert total(quick.false_flags.values()).hits == 0


def test_a_quick_result_meets_what_is_required(quick):
    assert quick.met
    assert quick.unchecked == ("label flips, grid runs", "calibration gate")


def test_a_full_result_without_a_grid_is_incomplete_and_not_met(quick):
    healthy = {"digits": Rate(0, 200)}
    alone = requirements(replace(quick, quick=False, healthy=healthy))
    flips = (*quick.flips, Flip(runs="held-out", limit="hop", value=0.25, moved=0.2, flips=Rate(1, 100)))
    whole = requirements(replace(alone, flips=flips, gate={"hinge": Rate(9, 10)}))

    assert (alone.met, alone.unchecked) == (False, ("label flips, grid runs", "calibration gate"))
    assert (whole.met, whole.unchecked) == (True, ())


def test_recall_grows_with_severity(quick):
    curves = [[rate for _, rate in row.curve] for row in (*quick.faults, *quick.traces) if row.curve]
    lowest = total(curve[0] for curve in curves if len(curve) > 3)
    highest = total(curve[-1] for curve in curves if len(curve) > 3)

    assert lowest.share < 0.2
    assert highest.share > 0.8


def test_a_result_comes_back_as_it_was_stored(quick, tmp_path):
    (tmp_path / "scores.json").write_text(to_json(quick), encoding="utf-8")
    found = load(tmp_path / "scores.json")

    assert to_json(found) == to_json(quick)
    assert found.met == quick.met


def test_the_tables_name_every_fault_and_requirement(quick):
    text = text_of(quick)

    assert all(row.fault in text for row in (*quick.faults, *quick.traces))
    assert all(each.name in text for each in quick.requirements)


def test_the_same_command_gives_the_same_result():
    first, again = (run_benchmark(TINY, workers=1) for _ in range(2))

    assert to_json(first) == to_json(again)


def test_worker_processes_change_nothing():
    few = replace(TINY, faults=("ring8: hopping",))

    assert to_json(run_benchmark(few, workers=2)) == to_json(run_benchmark(few, workers=1))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"healthy": {"digits": Rate(5, 200)}}, "false alarms"),
        ({"healthy": {"digits": Rate(0, 199)}, "quick": False}, "false alarms"),
        ({"false_flags": {"D-overfit": Rate(3, 100)}}, "false flags"),
        ({"gate": {"hinge": Rate(7, 10)}}, "calibration gate"),
        (
            {"flips": (Flip(runs="pilot", limit="hop", value=0.25, moved=0.2, flips=Rate(10, 100)),)},
            "label flips, pilot",
        ),
    ],
)
def test_what_misses_a_requirement_is_told(quick, change, name):
    judged = requirements(replace(quick, **change))

    assert not judged.met
    assert [each.name.startswith(name) for each in judged.requirements if each.met is False] == [True]


def test_the_gate_allows_a_recipe_what_chance_allows_and_no_more(quick):
    def met(*hits):
        judged = requirements(replace(quick, gate={str(at): Rate(hit, 10) for at, hit in enumerate(hits)}))
        return {each.name: each.met for each in judged.requirements}["calibration gate"]

    assert met(10, 9, 8, 7)
    assert not met(10, 10, 10, 4)  # 4 of 10 lie below 80 % beyond chance
    assert not met(8, 8, 8, 7)


def test_a_missed_recall_names_the_fault(quick):
    first = replace(quick.faults[0], recall=Rate(18, 20))
    judged = requirements(replace(quick, faults=(first, *quick.faults[1:])))

    assert not judged.met
    assert first.fault in judged.requirements[0].found


def test_planted_real_runs_that_hide_their_mechanism_fail_nothing(quick):
    judged = requirements(replace(quick, trained={"weak discriminator": Rate(5, 10)}))

    assert judged.met
    assert "weak discriminator 5 of 10" in judged.requirements[-1].found


def test_results_for_other_limits_are_not_read(quick, tmp_path):
    (tmp_path / "scores.json").write_text(to_json(replace(quick, thresholds="2020-01-a")), encoding="utf-8")

    assert load(tmp_path / "scores.json") is None
    assert load(tmp_path / "absent.json") is None
    assert load(tmp_path / "scores.json", thresholds="2020-01-a") is not None


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 99}', '{"schema": 1, "thresholds": "x"}'])
def test_a_file_that_is_no_result_is_refused(text, tmp_path):
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match="must"):
        load(tmp_path / "scores.json", thresholds="x")


def test_reading_the_reference_result_needs_no_torch():
    lines = "import sys; from bench.detectors.scores import load; load(); sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", lines], check=False).returncode == 0


def test_the_reference_result_is_a_full_one_for_the_current_limits_and_meets_what_is_required():
    found = load(REFERENCE)

    assert isinstance(found, Scores), "run python -m bench.detectors --out bench/detectors/scores.json"
    assert found.thresholds == DEFAULT.version
    assert not found.quick
    assert found.met
    assert set(found.confusion) == set(OUTCOMES) - {"invalid"}
    assert {row.planted for row in found.traces} == set(MECHANISMS)
    assert set(found.false_flags) == {*MECHANISMS, "memorising, new samples"}
    assert not any(math.isnan(row.recall.share) for row in found.faults)


def test_planted_real_runs_train_as_one_cohort_each():
    for fault in TRAINED:
        assert len({cohort_key(fault.config(seed)) for seed in range(3)}) == 1
        assert set(fault.expected) <= {*MECHANISMS, *OUTCOMES}


def test_the_command_ends_with_one_line_for_a_folder_without_results(tmp_path, capsys):
    code = command.main(["--quick", "--grid", str(tmp_path / "absent")])

    assert code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("met", [True, False])
def test_the_command_stores_its_result_and_says_by_its_code_whether_all_is_met(
    met, quick, tmp_path, monkeypatch, capsys
):
    result = quick if met else requirements(replace(quick, healthy={"digits": Rate(200, 200)}))
    monkeypatch.setattr(command, "run_benchmark", lambda *arguments, **options: result)

    code = command.main(["--quick", "--out", str(tmp_path / "new" / "scores.json")])

    assert code == (0 if met else 1)
    assert json.loads((tmp_path / "new" / "scores.json").read_text())["schema"] == 1
    assert "Required under limits" in capsys.readouterr().out
