"""The baseline: written and read whole, damaged ones refused, what was kept compared with what is."""

import copy
import json

import pytest

from bench.commands.regress import RegressOptions, regress
from bench.regression import against, stored
from bench.regression.cells import CELLS, PinnedCell, cells_of
from bench.regression.outcome import NO_BASELINE, NO_WORSE, REFUSED, WORSE
from bench.regression.seeds import SETS
from bench.regression.trees import Tree

TRACES = {
    "recipes": {"nsgan": {"digest": "a", "values": {"loss": [1.0, float("nan")]}}},
    "metrics": {"digest": "xy", "values": {"modes": [8.0]}},
}
COUNTS = {"flops/nsgan": 100, "memory/peak": 900.0}
ROWS = {str(seed): {"distance": 1.0 + seed / 100, "coverage": 0.9, "state": "stable"} for seed in range(10)}
OUTCOMES = {"seeds": ROWS, "measured_by": "fid", "cell": CELLS["ring8"].spelled()}
HEAD = Tree("this tree", None, "abc")


@pytest.fixture
def kept():
    return stored.made("abc", TRACES, COUNTS, {"ring8": OUTCOMES})


@pytest.fixture
def asked(monkeypatch):
    """A comparison whose trees answer from here: a traced head, counts and trained cells."""
    answers = {"traces": TRACES, "counts": COUNTS, "train": OUTCOMES}
    for name in answers:
        monkeypatch.setattr(against, name, lambda *_, name=name: answers[name])
    return answers, against.Asked(cells={"ring8": CELLS["ring8"]})


def test_a_baseline_is_read_as_it_was_written(tmp_path, kept):
    stored.write(kept, tmp_path / "new")

    assert stored.read(tmp_path / "new") == kept
    assert stored.read(tmp_path) is None
    assert kept.scatter["ring8"] == pytest.approx(0.029, abs=0.001)


DAMAGES = {
    "truncated": lambda text: text[:100],
    "empty": lambda text: "",
    "newer": lambda text: text.replace('"format": 1', '"format": 2'),
    "renamed": lambda text: text.replace('"revision"', '"rev"'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_baseline_is_refused_in_one_line_and_exit_2(tmp_path, kept, damage):
    path = stored.write(kept, tmp_path)
    path.write_text(damage(path.read_text()))
    with pytest.raises(stored.BaselineError, match="restore the file") as told:
        stored.read(tmp_path)

    assert "\n" not in str(told.value)


def test_no_baseline_is_a_note_and_no_failure(tmp_path, capsys):
    assert regress("trace", RegressOptions(baseline=tmp_path)) == 0
    assert "nothing was compared" in capsys.readouterr().err


def test_an_equal_tree_trains_nothing_more(kept, asked):
    answers, how = asked
    answers["train"] = None

    assert {row.answer for row in against.with_baseline("quality", kept, HEAD, how)} == {NO_WORSE}


def test_a_changed_trace_has_its_cells_trained_and_judged(kept, asked):
    answers, how = asked
    answers["traces"] = copy.deepcopy(TRACES)
    answers["traces"]["recipes"]["nsgan"]["values"]["loss"][0] = 2.0
    worse = {seed: {**row, "distance": 2 * row["distance"]} for seed, row in ROWS.items()}
    answers["train"] = {**OUTCOMES, "seeds": worse}
    found = {row.name: row.answer for row in against.with_baseline("quality", kept, HEAD, how)}

    assert found["quality/ring8/distance"] == WORSE
    assert found["quality/ring8/coverage"] == NO_WORSE


def test_a_cell_with_other_settings_is_another_cell(kept, asked):
    answers, how = asked
    answers["traces"] = {**TRACES, "recipes": {"nsgan": {"error": "broken"}}}
    answers["train"] = {**OUTCOMES, "cell": {"recipe": "wgan"}}
    rows = against.with_baseline("quality", kept, HEAD, how)

    assert any(row.answer == REFUSED and "the cell itself" in row.reason for row in rows)


def test_with_other_libraries_only_arithmetic_is_counted(kept, asked):
    _, how = asked
    other = kept.model_copy(update={"machine": {"versions": {"torch": "0"}}})

    assert [row.name for row in against.with_baseline("counts", other, HEAD, how)] == ["count/flops/nsgan"]
    assert len(against.with_baseline("counts", kept, HEAD, how)) == 2


def test_times_are_never_held_against_kept_ones(kept, asked):
    (row,) = against.with_baseline("speed", kept, HEAD, asked[1])

    assert row.answer == NO_BASELINE
    assert "--base" in row.reason


def test_the_repository_has_a_baseline_of_every_recipe_and_cell():
    from gans.recipes import RECIPES

    baseline = stored.read()

    assert set(baseline.traces["recipes"]) == set(RECIPES.names())
    assert set(baseline.quality) == set(CELLS)
    assert all(0 < baseline.scatter[name] < 1 for name in CELLS)
    assert all(len(baseline.quality[name]["seeds"]) == SETS * cell.seeds for name, cell in CELLS.items())
    assert {name: each["cell"] for name, each in baseline.quality.items()} == {
        name: json.loads(json.dumps(cell.spelled())) for name, cell in CELLS.items()
    }


def test_cells_may_come_from_a_profile(tmp_path):
    from bench.profile import read_profile

    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\n[[grid]]\nname = "a"\ndataset = "digits"\nrecipe = ["nsgan", "wgan"]\n'
        "steps = 20\nseeds = 5\n"
    )
    cells = cells_of(read_profile(str(path)))

    assert {(cell.recipe, cell.seeds, cell.settings["steps"]) for cell in cells.values()} == {
        ("nsgan", 5, 20),
        ("wgan", 5, 20),
    }
    assert isinstance(next(iter(cells.values())), PinnedCell)
    path.write_text(path.read_text().replace("seeds = 5", "seeds = 2"))
    with pytest.raises(ValueError, match="at least 5"):
        cells_of(read_profile(str(path)))
