"""The tracker on trial: rates with their limits, kept real times, planted edits, its ratio turned round."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from bench.regression.decision import PAIRS
from bench.regression.pairs import Paired
from bench.regression.proof import copies, timings, tracker
from bench.regression.proof.__main__ import flipped_sign, table
from bench.regression.proof.rates import Rate
from bench.regression.trees import Tree

ROOT = Path(__file__).parents[2]


def test_a_rate_has_wilsons_limits_and_knows_its_requirement():
    rate = Rate("found", 95, 100, least=0.95)

    assert rate.interval == pytest.approx((0.888, 0.978), abs=0.001)
    assert rate.met
    assert not Rate("found", 94, 100, least=0.95).met
    assert not Rate("nothing tried", 0, 0).met
    assert "95 of 100" in table([rate])
    assert "**missed**" in table([Rate("alarms", 3, 100, most=0.02)])


def test_bad_numbers_are_refused_and_slow_is_told_from_fast():
    (refused,) = tracker.on_bad_numbers()

    assert refused.met
    assert tracker.self_check() == []


def test_kept_times_are_read_as_they_were_saved(tmp_path):
    pairs = Paired({"a": [1.0, 2.0]}, {"a": [1.5, float("nan")]}, {})
    timings.save([pairs, pairs], tmp_path / "t.csv")
    with (tmp_path / "t.csv").open() as file:
        assert [row["sitting"] for row in csv.DictReader(file)] == ["0", "0", "1", "1"]

    assert timings.read(tmp_path / "t.csv").pairs["a"].tolist() == [[1.0, 1.5], [1.0, 1.5]]


def test_the_kept_real_times_hold_twenty_null_comparisons():
    known = timings.read()
    (nulls,) = tracker.real_nulls(known)

    assert nulls.trials >= 20
    assert nulls.met
    assert all(len(pairs) >= 2 * PAIRS for pairs in known.pairs.values())


def test_slowdowns_planted_in_kept_times_are_found_and_equal_trees_left_alone():
    found = {rate.what.partition(": ")[2]: rate for rate in tracker.on_real_times(timings.read(), 25)}

    assert found["20% slower"].rate == 1.0
    assert found["10% slower"].rate >= 0.8
    assert found["equal trees"].hits <= 1


def test_what_a_replay_draws_is_slower_by_what_was_planted():
    rng = np.random.default_rng(0)
    known = timings.Recorded({"a": np.exp(rng.normal(0, 0.05, (60, 2)))})
    base, head = Tree("b", Path("b")), Tree("h", Path("h"))
    measured = timings.replay(known, {"a": 1.1}, base, rng)
    logs = [
        np.log(measured(head, ["a"]).seconds["a"] / measured(base, ["a"]).seconds["a"]) for _ in range(400)
    ]

    assert np.mean(logs) == pytest.approx(np.log(1.1), abs=0.02)


@pytest.mark.parametrize(
    "edits",
    [*copies.FAULTS.values(), copies.FLIPPED, copies.slowdown(0.1)],
    ids=[*copies.FAULTS, "flip", "slow"],
)
def test_every_fault_can_still_be_planted(tmp_path, edits):
    for edit in edits:
        place = tmp_path / "source" / edit.file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / edit.file, place)
    for package in copies.PACKAGES:
        (tmp_path / "source" / package).mkdir(exist_ok=True)
    tree = copies.planted(tmp_path / "source", tmp_path / "copy", edits)

    assert all(compile((tree.folder / edit.file).read_text(), edit.file, "exec") for edit in edits)


def test_an_edit_that_finds_nothing_is_told(tmp_path):
    for package in copies.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "gans" / "a.py").write_text("x = 1\n")
    with pytest.raises(copies.EditError, match="got 0 times"):
        copies.planted(tmp_path, tmp_path / "copy", (copies.Edit("gans/a.py", "y = 1", "y = 2"),))


def test_a_ratio_turned_round_is_noticed():
    assert flipped_sign(Tree("this tree", ROOT)).met
