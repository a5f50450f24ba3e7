"""Two results folders side by side: planted differences and sameness are told, what cannot be is refused."""

import csv
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from report_records import QUICK, config, draws, evenly, grid, record

import bench.cli
from bench.records.store import open_store
from gans.config import run_id
from reports import schema
from reports.comparison.alone import alone
from reports.comparison.change import change, contrasts, flips
from reports.comparison.matched import Side, disjoint, matched
from reports.comparison.page import content, render, write_comparison
from reports.comparison.rows import COLUMNS, rows
from reports.comparison.setting import setting, warnings
from reports.comparison.speed import obstacles, speed
from reports.frame import Results, frames

CONFIGS = grid(("nsgan", "wgan"), (0.5, 1.0, 2.0), (1.0,), (64, 1100), seeds=5)


def side(letter, records, **more):
    return Side(letter, f"folder {letter}", Results(frames(records), **more))


def two(first, second):
    return matched(side("A", first), side("B", second))


def changed(records, **changes):
    return [replace(item, **changes) for item in records]


def retuned(records, **changes):
    """The same runs with config fields changed, and the ids that go with them."""
    made = []
    for item in records:
        settings = {**item.config, **changes}
        made.append(replace(item, config=settings, run_id=run_id(config(**{"recipe": "nsgan", **settings}))))
    return made


def stored(folder, records):
    with open_store(folder, create=True) as store:
        store.ingest(records, {item.run_id: ("main",) for item in records})
        store.set_meta("profile", "small")
    return folder


def test_the_same_runs_twice_are_alike_and_nothing_is_drawn():
    records = draws(CONFIGS, evenly(0.4))

    found = two(records, records)
    part = change(found, contrasts(found, QUICK))

    assert part.points == ("60 runs in both, all ended alike: same outcome, same score to the last digit.",)
    assert not part.figures
    assert setting(found).points == ("Versions, machine, settings and grids are the same in both.",)
    assert not warnings(found)


def test_every_run_is_beside_its_own_counterpart():
    records = draws(CONFIGS, evenly(0.4))

    found = two(records, draws(CONFIGS, evenly(0.4), seed=1)[::-1])

    assert list(found.both_a["run_id"]) == list(found.both_b["run_id"])
    np.testing.assert_array_equal(found.both_a["score"], found.pairs["score_baseline"])
    np.testing.assert_array_equal(found.both_b["score"], found.pairs["score_treated"])
    assert not len(found.only_a)
    assert not len(found.only_b)


@pytest.mark.parametrize(("odds", "sign"), [((0.1, 0.7), 1), ((0.7, 0.1), -1)])
def test_a_planted_difference_is_found_with_its_sign(odds, sign):
    first, second = (draws(CONFIGS, evenly(share), seed=place) for place, share in enumerate(odds))

    found = two(first, second)
    overall = contrasts(found, QUICK)[0]

    assert overall.failure.sign == sign
    assert overall.score.sign == -sign
    assert overall.failure.difference.low < sign * 0.6 < overall.failure.difference.high
    assert len(change(found, contrasts(found, QUICK)).figures) == 1


def test_equal_odds_seldom_pass_for_a_difference():
    shown = []
    for source in range(12):
        found = two(
            draws(CONFIGS, evenly(0.4), seed=2 * source), draws(CONFIGS, evenly(0.4), seed=2 * source + 1)
        )
        shown.append(contrasts(found, QUICK)[0].failure.sign != 0)

    assert sum(shown) <= 2


def test_a_difference_of_one_recipe_is_found_in_that_recipe_alone():
    first = draws(CONFIGS, evenly(0.1))
    second = draws(CONFIGS, lambda item: 0.9 if item.recipe == "wgan" else 0.1, seed=0)

    by_group = {item.group: item for item in contrasts(two(first, second), QUICK)}

    assert by_group["digits, wgan"].failure.sign == 1
    assert by_group["digits, nsgan"].failure.sign == 0


def test_flips_are_counted_by_hand():
    outcomes = [
        ("converged", "converged"), ("converged", "no-progress"), ("no-progress", "converged"),
        ("no-progress", "collapsed:partial"), ("converged", "still-improving"),
    ]  # fmt: skip
    configs = [config(seed=seed) for seed in range(5)]
    first, second = (
        [record(item, pair[place]) for item, pair in zip(configs, outcomes, strict=True)] for place in (0, 1)
    )

    counted = flips(two(first, second))

    assert (counted.pairs, counted.same_outcome, counted.identical) == (5, 1, 1)
    assert (counted.now_fail, counted.now_stable) == (1, 1)


def test_few_pairs_make_no_rate():
    few = [config(seed=seed) for seed in range(5)]
    found = two([record(item) for item in few], [record(item, "no-progress", 0.1) for item in few])

    part = change(found, contrasts(found, QUICK))

    assert "at least 20 are needed" in part.points[1]
    assert not part.figures


def test_one_setting_of_its_own_in_each_folder_is_told_and_does_not_stop_pairing():
    records = draws(CONFIGS, evenly(0.4))

    found = two(records, retuned(records, steps=1000))

    assert found.changed == ("steps",)
    assert len(found.pairs) == len(records)
    assert "differ in steps: 2,500 in A, 1,000 in B" in warnings(found)[0]


WITHOUT = {
    "seeds": ([config(seed=0)], [config(seed=7)], "no seed in common"),
    "datasets": ([config()], [config(dataset="ring8")], "no dataset in common"),
    "nothing in A": ([], [config()], "A has no run with a verdict"),
    "nothing at all": ([], [], "A has no run with a verdict"),
    "crossed settings": (
        [config(ratio=0.5), config(ratio=1.0, data_size=64)],
        [config(ratio=1.0), config(ratio=0.5, data_size=64)],
        "more than one setting",
    ),
}


@pytest.mark.parametrize("case", WITHOUT)
def test_folders_without_common_runs_say_why_and_still_make_a_page(case):
    first, second, why = WITHOUT[case]

    found = two([record(item) for item in first], [record(item) for item in second])

    assert why in change(found, contrasts(found, QUICK)).points[0]
    page = render(content(found, QUICK))
    assert why in page
    assert len(rows(found)) == len(first) + len(second)


def test_runs_and_cells_without_counterpart_are_counted():
    first = draws(CONFIGS, evenly(0.4))
    second = [item for item in first if item.config["seed"] < 3 and item.config["data_size"] == 64]

    found = two(first, second)
    told = alone(found).points

    assert told[0] == (
        "Of A 42 runs without counterpart: 30 runs of 6 cells that only A has, 12 runs of cells that are in "
        "both."
    )
    assert told[1] == "Every run of B has a counterpart."


def test_other_thresholds_extractors_machines_and_early_ends_are_warned_of():
    records = draws(CONFIGS, evenly(0.4))
    other = changed(records, thresholds="2", evidence={"fid_extractor": "other"}, machine="m1")
    other[0] = replace(other[0], status="stopped")

    found = two(records, other)
    told = " ".join(warnings(found))

    assert "different thresholds" in told
    assert "different extractors" in told
    assert "1 run ended early" in told
    assert any("machines differ" in point for point in speed(found).points)


def test_our_own_faults_are_left_out_and_said():
    records = draws(CONFIGS, evenly(0.4))
    broken = replace(records[0], status="failed", outcome="invalid", state="undecided", error="no memory")

    found = two(records, [broken, *records[1:]])

    assert len(found.pairs) == len(records) - 1
    assert any("1 run of B failed through the benchmark's own fault" in text for text in warnings(found))


def test_runs_of_two_algorithm_versions_in_one_folder_are_not_paired_at_will():
    records = draws(CONFIGS, evenly(0.4))
    again = replace(records[0], run_id="0" * 16)

    found = two([*records, again], records)

    assert len(found.pairs) == len(records) - 1
    assert any("2 runs of A share their config" in text for text in warnings(found))


def test_the_speed_ratio_is_that_of_the_runs_and_plain_on_one_machine():
    records = draws(CONFIGS, evenly(0.4))
    faster = [
        replace(item, speed={**item.speed, "steps_per_second": 2 * item.speed["steps_per_second"]})
        for item in records
    ]

    found = two(records, faster)

    assert speed(found).points == ("Generator updates per second, B over A: 2.00 (median of 60 runs).",)
    assert not obstacles(found)


def test_environments_are_compared_line_by_line():
    records = draws(CONFIGS[:4], evenly(0.4))
    a = side("A", records, environment={"cores": 2, "versions": {"torch": "2.15.0", "numpy": "2.4"}})
    b = side("B", records, environment={"cores": 2, "versions": {"torch": "2.16.0", "numpy": "2.4"}})

    tables = {table.caption: table for table in setting(matched(a, b)).tables}

    lines = [[cell.text for cell in row] for row in tables["Machine and versions, where they differ"].rows]
    assert lines == [["versions › torch", "2.15.0", "2.16.0"]]


def test_disjoint_fields_are_those_without_a_common_value():
    first, second = (
        frames([record(item) for item in items]).runs
        for items in ([config(data_size=64), config(data_size=256)], [config(data_size=256, steps=10)])
    )

    assert disjoint(first, second) == ("steps",)


def test_the_numbers_are_written_as_documented(tmp_path):
    first, second = draws(CONFIGS, evenly(0.2)), draws(CONFIGS[:40], evenly(0.6), seed=1)
    a, b = stored(tmp_path / "a", first), stored(tmp_path / "b", second)

    page = write_comparison(a, b, None, QUICK)
    with (page.parent / "comparison.csv").open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))

    assert page == b / "report" / "comparison.html"
    assert list(lines[0]) == list(COLUMNS)
    assert [line["found"] for line in lines].count("both") == 40
    assert [line["found"] for line in lines].count("only A") == 20
    for line in lines[:40]:
        assert line["run_id_a"] == line["run_id_b"]
        expected = float(line["score_b"]) - float(line["score_a"])
        assert math.isclose(float(line["score_difference"]), expected, abs_tol=1e-12)
    text = schema.markdown()
    assert "## comparison.csv" in text
    assert all(f"| `{name}` |" in text for name in COLUMNS)


def test_the_page_is_the_same_twice_needs_no_network_and_escapes_names(tmp_path):
    hostile = tmp_path / "<script>alert(1)<"
    a, b = (
        stored(folder, draws(CONFIGS, evenly(odds), seed=place))
        for place, (folder, odds) in enumerate(((hostile, 0.2), (tmp_path / "b", 0.6)))
    )

    first = write_comparison(a, b, tmp_path / "out", QUICK).read_text(encoding="utf-8")
    again = write_comparison(a, b, tmp_path / "out", QUICK).read_text(encoding="utf-8")

    assert first == again
    assert "<script" not in first
    assert "default-src &#39;none&#39;" in first
    assert not re.search(r"(?:src|href)=\"https?:", first)
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids))
    assert all(f'id="{anchor}"' in first for anchor in re.findall(r'href="#([^"]+)"', first))


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli.signal, "signal", lambda *_: None)
    records = [record(item) for item in CONFIGS[:6]]
    return stored(tmp_path / "a", records), stored(tmp_path / "b", records)


def test_the_command_says_where_the_page_is(folders, capsys, tmp_path):
    codes = bench.cli.main(["report", "a", "b"]), bench.cli.main(["report", "a", "b", "--out", "kept"])

    assert codes == (0, 0)
    assert capsys.readouterr().out.splitlines() == [
        "comparison: b/report/comparison.html", "comparison: kept/comparison.html",
    ]  # fmt: skip
    assert (tmp_path / "kept" / "comparison.csv").exists()


REFUSED = {
    "report a b a": "report: must be given one results folder, or two to compare, got 3",
    "report a a": "report: must compare two different folders, got a twice",
    "report a ./b/../a": "report: must compare two different folders, got b/../a twice",
    "report a --out c": "--out: is for a comparison, got one results folder; a report goes into its own",
    "report a b --lang zg": "--lang: must be a known language, got 'zg'; choose one of (en, zh)",
    "report a nowhere": "nowhere: must be a results folder, found no results.sqlite; make one with ganbench "
    "run",
    "report a b --out a/results.sqlite": "--out: must be a folder, got the file a/results.sqlite",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_compared_is_one_line_and_two(folders, capsys, line):
    code = bench.cli.main(line.split())

    assert code == 2
    assert capsys.readouterr().err.splitlines() == [f"ganbench: {REFUSED[line]}"]
    assert not (folders[1] / "report").exists()
