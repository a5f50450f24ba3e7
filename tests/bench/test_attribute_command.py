"""ganbench attribute: which cells it takes, what it trains, and that the folder stays what it was."""

import signal
from dataclasses import replace

import pytest
from bench_helpers import make_config, make_record

import bench.cli
from bench.attribution.choice import Cell, choose
from bench.attribution.experiment import fresh_seeds
from bench.attribution.remedies import factorial, factors, treated
from bench.grid import expand
from bench.profile import read_profile
from bench.records.schema import ATTRIBUTION
from bench.records.store import open_store
from gans.config import cell_id, run_id
from gans.data import load

TINY = """
name = "tiny"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "mmgan"
generator_width = 4
capacity_ratio = [0.5, 1.0]
data_size = [50, 5000]
batch_size = 16
steps = 4
evaluations = 2
seeds = 2
"""
FAILING = make_config(recipe="mmgan", loss="minimax", discriminator_width=4, data_size=50)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a tiny grid of which a cell failed, and a report that costs nothing."""

    def write_report(folder):
        return folder / "report" / "index.html"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli, "write_report", write_report)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    (tmp_path / "tiny.toml").write_text(TINY)
    runs = expand(read_profile("tiny.toml")).runs()
    with open_store(tmp_path / "out", create=True) as store:
        store.plan({"g": tuple(runs.values())})
        store.set_meta("profile", "tiny")
        store.ingest(make_record(item, outcome="no-progress", state="failed") for item in runs.values())
    return tmp_path / "out"


def attribute(*words):
    return bench.cli.main(["attribute", "out", "--engine", "serial", "--plain", *words])


def configs(folder):
    with open_store(folder) as store:
        grids = store.grids()
        return [(grids[each.run_id], each.config) for each in store.load_runs()]


def test_a_cell_trains_under_every_set_of_remedies_on_fresh_seeds(folder, capsys):
    code = attribute("--cells", "1", "--seeds", "2")
    printed = capsys.readouterr().out
    trained = [(grids, config) for grids, config in configs(folder) if config["seed"] >= 100]

    assert code == 0
    assert printed.splitlines()[0] == "fresh seeds 100 to 101; remedies one by one and together:"
    assert printed.splitlines()[-2] == "16 of 16 runs are in out, 16 of them new"
    assert len(trained) == 16
    assert {len(grids) for grids, _ in trained} == {1}
    assert {grids[0][: len(ATTRIBUTION)] for grids, _ in trained} == {ATTRIBUTION}
    assert len({(c["recipe"], c["discriminator_width"], c["data_size"]) for _, c in trained}) == 8
    assert {(c["optimizer"], c["n_critic"], c["generator_lr"]) for _, c in trained} == {("adam", 1, 2e-4)}


def test_again_trains_what_lacks_and_more_seeds_reuse_what_is_there(folder, capsys):
    attribute("--cells", "1", "--seeds", "1")
    attribute("--cells", "1", "--seeds", "1")
    assert "8 of 8 runs are in out, 0 of them new" in capsys.readouterr().out

    attribute("--cells", "1", "--seeds", "2")
    assert "16 of 16 runs are in out, 8 of them new" in capsys.readouterr().out


def test_an_interrupted_experiment_says_how_to_go_on(folder, capsys, monkeypatch):
    from bench.engines.serial import SerialEngine

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SerialEngine, "submit", interrupted)
        code = attribute("--cells", "1", "--seeds", "1")
    told = capsys.readouterr().out

    assert code == 130
    assert told.splitlines()[-1] == (
        "interrupted: 0 of 8 runs are kept; go on with: "
        "ganbench attribute out --cells 1 --seeds 1 --engine serial"
    )
    assert attribute("--cells", "1", "--seeds", "1") == 0


def test_the_folder_keeps_its_profile_and_can_be_run_on(folder, capsys):
    before = bench.cli.main(["run", "tiny.toml", "--out", "out", "--engine", "serial"])
    profile = (folder / "profile.toml").read_text()
    attribute("--cells", "1", "--seeds", "1")
    with open_store(folder) as store:
        kept = (store.meta("profile"), len(store.planned_ids()), len(store.missing()))
    after = bench.cli.main(["run", "tiny.toml", "--out", "out", "--engine", "serial", "--seeds", "3"])
    told = capsys.readouterr().out
    status = bench.cli.main(["status", "out"])

    assert (before, after, status) == (0, 0, 0)
    assert kept == ("tiny", 16, 0)
    assert (folder / "profile.toml").read_text().replace("seeds = 3", "seeds = 2") == profile
    assert "12 of 12 runs are in out, 4 of them new" in told
    assert "20 of 20 runs are stored, 0 are missing" in capsys.readouterr().out


def test_a_plan_trains_nothing_and_other_folders_take_the_runs(folder, capsys):
    before = configs(folder)
    assert attribute("--plan", "--cells", "1") == 0
    assert "estimated with 1 workers" in capsys.readouterr().out
    assert attribute("--out", "other", "--cells", "1", "--seeds", "1") == 0

    assert configs(folder) == before
    assert len(configs(folder.parent / "other")) == 8


def test_planned_runs_of_the_folder_are_not_forgotten(folder):
    with open_store(folder, create=True) as store:
        wanted = make_config(seed=7)
        store.plan({"h": (wanted,)}, keep=True)
    attribute("--cells", "1", "--seeds", "1")

    with open_store(folder) as store:
        assert set(store.missing()) == {run_id(wanted)}


def test_a_cell_can_be_named_by_its_id_and_by_a_run(folder, capsys):
    run, config = next((run, c) for run, c in _runs(folder).items() if c.factors == "CLD")
    attribute("--plan", "--cell", config.id)
    by_cell = capsys.readouterr().out
    attribute("--plan", "--cell", run)

    assert config.id in by_cell
    assert capsys.readouterr().out.splitlines()[:2] == by_cell.splitlines()[:2]


def _runs(folder):
    from bench.attribution.choice import examined
    from bench.attribution.folder import contents

    found = contents(folder)
    return {run: examined(found.cells[cell]) for run, cell in found.cell_of.items()}


BAD = [
    ("attribute", 'Command "attribute" parameter FOLDER requires an argument.'),
    ("attribute nowhere", "nowhere: must be a results folder, found no results.sqlite"),
    ("attribute out --cells 0", "--cells: must be an integer >= 1, got 0; leave it out for 2"),
    ("attribute out --seeds 0", "--seeds: must be an integer from 1 to 10000, got 0; leave it out for 10"),
    ("attribute out --seeds two", 'Invalid value for --seeds: unable to convert "two" into int.'),
    ("attribute out --workers 0", "--workers: must be an integer from 1 to 1024, got 0"),
    ("attribute out --cell zz", "--cell: must be the id of a cell or of a run of it, or a unique start, "
     "got 'zz', which names none; did you mean '"),
    ("attribute out --out tiny.toml", "tiny.toml: must be a folder, got a file"),
    ("attribute out --cel x", "Unknown option: --cel. Did you mean --cell?"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), BAD, ids=[line for line, _ in BAD])
def test_bad_input_is_one_line_and_two(folder, capsys, line, told):
    before = sorted(folder.parent.rglob("*"))
    code = bench.cli.main(line.split())
    lines = capsys.readouterr().err.splitlines()

    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith(f"ganbench: {told}")
    assert sorted(folder.parent.rglob("*")) == before


def _stored(folder, *given):
    with open_store(folder, create=True) as store:
        store.ingest(make_record(config, state=state) for config, state in given)


def test_a_folder_without_failing_cells_is_refused_in_one_line(folder, capsys):
    fine = folder.parent / "fine"
    _stored(fine, (FAILING, "stable"))
    code = bench.cli.main(["attribute", "fine"])
    named = bench.cli.main(["attribute", "fine", "--cell", cell_id(FAILING)])
    lines = capsys.readouterr().err.splitlines()

    assert (code, named, len(lines)) == (2, 2, 2)
    assert lines[0].endswith("got 1 cells and none that fails; run more of the grid first")
    assert "that failed on most seeds" in lines[1]


def test_a_cell_with_all_remedies_cannot_be_attributed(folder, capsys):
    cured = treated(FAILING, "CLD")
    _stored(folder.parent / "cured", (cured, "failed"))
    code = bench.cli.main(["attribute", "cured", "--cell", cell_id(cured)])

    assert code == 2
    assert "which has all three" in capsys.readouterr().err


def test_a_remedy_changes_one_thing():
    size = load("ring8").size
    changed = {
        letter: {name for name in ("recipe", "loss", "regularizer", "discriminator_width", "data_size")
                 if getattr(treated(FAILING, letter), name) != getattr(FAILING, name)}
        for letter in "CLD"
    }  # fmt: skip

    assert changed == {
        "C": {"discriminator_width"},
        "L": {"recipe", "loss", "regularizer"},
        "D": {"data_size"},
    }
    assert treated(FAILING, "CLD").data_size == size
    assert treated(treated(FAILING, "CLD"), "CLD") == treated(FAILING, "CLD")


def test_factors_at_their_remedy_make_cells_coincide():
    even = replace(FAILING, discriminator_width=FAILING.generator_width)

    assert factors(even) == "LD"
    assert sorted(factorial(even)) == ["", "D", "L", "LD"]
    assert len(set(factorial(FAILING).values())) == 8


def _cell(name, factors="CLD", failed=6, **changes):
    return Cell(name, replace(FAILING, **changes), failed, 6, factors)


def test_cells_are_spread_over_data_sets_and_recipes():
    cells = [
        _cell(f"{dataset} {recipe} {size}", dataset=dataset, recipe=recipe, data_size=size)
        for dataset in ("ring8", "grid25") for recipe in ("mmgan", "nsgan") for size in (50, 60)
    ]  # fmt: skip
    chosen = choose(cells, 4)

    assert len({(cell.config.dataset, cell.config.recipe) for cell in chosen}) == 4
    assert {cell.config.data_size for cell in chosen} == {50, 60}
    assert choose(cells, 2) == chosen[:2]
    assert choose(cells[::-1], 4) == chosen


def test_cells_far_from_their_remedies_and_begun_ones_go_first():
    near, far, begun = _cell("a", "CL"), _cell("b"), _cell("c", "CL", failed=4)

    assert [cell.id for cell in choose([near, far, begun], 3)] == ["b", "a", "c"]
    assert choose([near, far, begun], 1, {"c"}) == [begun]
    assert choose([_cell("d", failed=3), _cell("e", "L")], 2) == []


def test_a_cell_that_the_profile_attributes_is_left_out(folder):
    from bench.attribution.folder import contents

    (cell,) = contents(folder).chosen(1)
    runs = [replace(config, seed=100) for config in factorial(cell.config).values()]
    with open_store(folder, create=True) as store:
        store.plan({f"{ATTRIBUTION}mine": runs}, keep=True)

    assert cell.id not in {other.id for other in contents(folder).chosen(9)}


def test_seeds_are_above_all_that_were_used_but_those_of_experiments():
    assert fresh_seeds([], 2) == range(100, 102)
    assert fresh_seeds([0, 99], 1) == range(100, 101)
    assert fresh_seeds([100], 1) == range(200, 201)


def test_the_standard_profile_attributes_two_cells_on_seeds_of_no_other_grid():
    grids = expand(read_profile("standard")).grids
    ours = {name: runs for name, runs in grids.items() if name.startswith(ATTRIBUTION)}
    others = {config.seed for name, runs in grids.items() if name not in ours for config in runs}
    pilots = {config.seed for runs in expand(read_profile("pilot")).grids.values() for config in runs}

    assert len(ours) == 2
    for runs in ours.values():
        cells = {replace(config, seed=0) for config in runs}
        base = next(config for config in cells if factors(config) == "CLD")

        assert cells == set(factorial(base).values())
        assert not {config.seed for config in runs} & (others | pilots)
