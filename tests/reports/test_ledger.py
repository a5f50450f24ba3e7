"""The ledger: each claim is seen where it was planted, denied where it was reversed, and never left out."""

from __future__ import annotations

import csv
import io
import itertools
import shlex

import numpy as np
import pandas as pd
import pytest

import bench.cli
from bench.pages import preset_grids
from bench.profile.search import search_of
from gans.rng import stream
from reports.frame import Frames, Results
from reports.ledger import claims
from reports.ledger import command as commands
from reports.ledger import page as pages
from reports.ledger.anchors import ANCHORS, Anchor
from reports.ledger.judgement import NO_VALUE, NOT, NOT_RUN, REPRODUCED, TREND, VERDICTS
from reports.ledger.records import COLUMNS, FOLDER, TABLES, LedgerError, keep, read

PRESETS = preset_grids()


def text(records) -> str:
    return pages.text(records, PRESETS)


def command(preset: str, table: pd.DataFrame) -> str:
    return commands.command(preset, table, PRESETS.get(preset, ()))


def runs(**columns) -> pd.DataFrame:
    """Runs that differ in what is given and agree in the rest."""
    usual = {
        "run_id": "0", "grids": "one-step", "dataset": "mnist", "recipe": "nsgan", "network": "dcgan",
        "generator_width": 16, "capacity_ratio": 1.0, "discriminator_norm": "none", "generator_lr": 1e-4,
        "discriminator_lr": 1e-4, "beta1": 0.5, "n_critic": 1, "data_size": 60_000,
        "augmentation": "none", "batch_size": 64, "steps": 500, "seed": 0, "status": "finished",
        "outcome": "converged", "state": "stable", "fid": 1.0, "fid_last": 1.0, "fid_floor": 0.1,
        "modes": 10.0, "mode_kl": 1.0,
        "high_quality": 0.5, "coverage": 0.5, "train_seconds": 1.0,
    }  # fmt: skip
    assert tuple(usual) == COLUMNS
    count = max(len(values) for values in columns.values())
    return pd.DataFrame({name: columns.get(name, [value] * count) for name, value in usual.items()})


def by_width(few: float, many: float) -> pd.DataFrame:
    spread = np.arange(4) * 0.1
    return runs(
        capacity_ratio=[0.25] * 4 + [0.5] * 4,
        seed=[*range(4)] * 2,
        modes=[*(few + spread), *(many + spread)],
        mode_kl=[*(7 - few - spread), *(7 - many - spread)],
    )


@pytest.mark.parametrize("measure", ["modes", "mode_kl"])
def test_more_modes_of_a_wider_discriminator(measure) -> None:
    judge = claims.modes_by_width(0.25, 0.5, measure)

    assert judge(by_width(2.0, 5.0)).verdict == TREND
    assert judge(by_width(5.0, 2.0)).verdict == NOT
    chance = judge(by_width(2.0, 2.05))
    assert (chance.verdict, chance.runs) == (NOT, 8)
    assert "may be chance" in chance.why
    assert judge(by_width(2.0, 5.0)[:4]).verdict == NOT_RUN


def test_numbers_of_modes_are_a_trend_at_best_below_the_full_budget() -> None:
    judge = claims.modes_within(0.25, 30, 80, full=1000)
    own = {"capacity_ratio": [0.25] * 3, "modes": [40.0, 50.0, 60.0]}

    small = judge(runs(**own))
    assert (small.verdict, small.runs) == (TREND, 3)
    assert "500 of 1,000" in small.why
    assert "50 [" in small.ours
    assert judge(runs(**own, steps=[1000] * 3)).verdict == REPRODUCED
    assert judge(runs(**{**own, "modes": [400.0, 500.0, 600.0]}, steps=[1000] * 3)).verdict == NOT


def test_another_loss_keeps_more_modes() -> None:
    judge = claims.recipe_keeps_more_modes("wgan-gp", "nsgan", 0.25)
    table = runs(recipe=["wgan-gp"] * 4 + ["nsgan"] * 4, capacity_ratio=[0.25] * 8, modes=[*range(10, 18)])

    assert judge(table).verdict == NOT
    assert judge(table.assign(modes=table.modes.to_numpy()[::-1])).verdict == TREND


def lattice(ratio: float, *, diverged: bool = False) -> pd.DataFrame:
    """Two losses over six rates, the first worse by some factor."""
    rates = [10.0**-k for k in range(6)]
    better = np.linspace(1, 2, 6)
    return runs(
        recipe=["mmgan"] * 6 + ["nsgan"] * 6,
        generator_lr=rates * 2,
        fid=[*(ratio * better), *better],
        status=["diverged" if diverged else "finished"] * 6 + ["finished"] * 6,
    )


def test_a_loss_that_is_worse_in_every_pair() -> None:
    judge = claims.loses_to("mnist", "mmgan", "nsgan")

    assert judge(lattice(1.5)).verdict == TREND
    assert judge(lattice(0.7)).verdict == NOT
    assert judge(lattice(1.5).assign(dataset="fashion-mnist")).verdict == NOT_RUN
    assert judge(lattice(1.5).assign(grids="five-steps-equal-generator")).verdict == NOT_RUN


def test_a_diverged_run_counts_as_the_worst() -> None:
    best_on_paper = claims.loses_to("mnist", "mmgan", "nsgan")(lattice(0.01, diverged=True))

    assert best_on_paper.verdict == TREND


PUBLISHED = {"mmgan": 4.0, "nsgan": 3.0, "lsgan": 2.0, "wgan": 1.0}


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [((4.0, 3.0, 2.0, 1.0), TREND), ((1.0, 2.0, 3.0, 4.0), NOT), ((4.0, 3.0, 1.0, 2.0), TREND)],
)
def test_the_order_of_best_cells(scores, verdict) -> None:
    table = pd.concat(
        [
            runs(recipe=list(PUBLISHED), fid=list(scores)),
            runs(recipe=list(PUBLISHED), fid=[9.0] * 4, generator_lr=[1e-3] * 4),
        ]
    )

    assert claims.ranks_alike("mnist", PUBLISHED)(table).verdict == verdict
    assert claims.ranks_alike("mnist", PUBLISHED)(table[table.recipe != "wgan"]).verdict == NOT_RUN


def test_shares_of_failure_are_told_and_compared_with_nothing() -> None:
    table = runs(recipe=["mmgan", "mmgan", "wgan"], state=["failed", "stable", "undecided"])
    found = claims.failures_per_loss(table)

    assert (found.verdict, found.ours) == (NO_VALUE, "mmgan 1/2, wgan 0/1")


def test_the_rank_of_wgan_gp_by_either_way_of_counting_has_no_published_value() -> None:
    grids = ["five-steps-equal-discriminator"] * 3 + ["five-steps-equal-generator"] * 3
    recipes = ["wgan-gp", "nsgan", "wgan"] * 2
    table = runs(grids=grids, recipe=recipes, n_critic=[5] * 6, fid=[3.0, 2.0, 1.0, 1.0, 2.0, 3.0])

    found = claims.rank_by_either_count(table)
    assert found.ours == "rank 3 of 3 at equal discriminator steps, 1 of 3 at equal generator steps"
    assert found.verdict == NO_VALUE
    assert claims.rank_by_either_count(table.assign(fid=table.fid.to_numpy()[::-1])).verdict == NO_VALUE
    assert claims.rank_by_either_count(table[:3]).verdict == NOT_RUN


def test_nothing_disagrees_with_what_nobody_printed() -> None:
    silent = [
        each for each in ANCHORS if "nobody printed" in each.published or "not printed" in each.published
    ]
    grids = ["a-equal-discriminator", "b-equal-generator"]
    table = runs(grids=grids, recipe=["wgan-gp"] * 2, n_critic=[5] * 2)

    assert {each.judge({each.preset: table}).verdict for each in silent} == {NO_VALUE}
    assert not any(each.discussion for each in silent)


def test_losses_of_one_trial_are_a_pair_though_their_searches_are_grids_of_their_own() -> None:
    table = lattice(1.5)
    own = ["unregularized unregularized-equal-generator"] * 6 + ["clipping"] * 6

    assert claims.loses_to("mnist", "mmgan", "nsgan")(table.assign(grids=own)).verdict == TREND


def limited(cost: float, cost_augmented: float) -> pd.DataFrame:
    """Five seeds; a tenth of the data costs a factor, with augmentation another."""
    draws = stream(4, "ledger")
    rows = []
    for seed in range(5):
        noise = float(np.exp(0.01 * np.random.default_rng(draws.initial_seed() % 2**32 + seed).normal()))
        for name, factor in (("none", cost), ("diffaugment", cost_augmented)):
            for size, score in ((60_000, 1.0), (12_000, factor**0.5), (6_000, factor)):
                rows.append((seed, name, size, score * noise * (1 + 0.01 * seed * (size == 6_000))))
    seeds, names, sizes, scores = map(list, zip(*rows, strict=True))
    return runs(seed=seeds, augmentation=names, data_size=sizes, fid=scores)


def test_fewer_data_are_worse() -> None:
    assert claims.worsens_with_fewer_data(limited(4.0, 2.0)).verdict == TREND
    assert claims.worsens_with_fewer_data(limited(0.5, 2.0)).verdict == NOT
    assert claims.worsens_with_fewer_data(limited(4.0, 2.0)[:6]).verdict == NOT_RUN


def test_augmentation_makes_few_data_cost_less() -> None:
    judge = claims.augmentation_helps_where_data_are_few

    assert judge(limited(4.0, 2.0)).verdict == TREND
    assert judge(limited(2.0, 4.0)).verdict == NOT
    assert judge(limited(4.0, 2.0).query("augmentation == 'none'")).verdict == NOT_RUN


def test_the_order_that_a_verdict_names_is_that_of_the_medians_it_prints() -> None:
    table = limited(1.0, 1.0)
    few = table.data_size == 6_000
    cost = [
        1.2,
        1.2,
        1.2,
        1.0,
        1.0,
        1.1,
        1.1,
        1.1,
        1.6,
        1.6,
    ]  # the median seed gains 0.1, the mean loses 0.18
    table.loc[few, "fid"] = [cost[seed + 5 * (aug != "none")] for seed, aug in zip(
        table.seed[few], table.augmentation[few], strict=True)]  # fmt: skip
    table.loc[~few, "fid"] = 1.0
    few_data = claims.augmentation_helps_where_data_are_few(table)
    widths = claims.modes_by_width(0.25, 0.5, "modes")(
        runs(capacity_ratio=[0.25] * 3 + [0.5] * 3, modes=[1.0, 2.0, 60.0, 3.0, 4.0, 5.0])
    )

    assert few_data.ours.endswith("median difference of the factors, seed by seed: 0.1")
    assert few_data.why.startswith("in the published order, but")
    assert [part.rpartition(", ")[2] for part in widths.ours.split("; ")] == ["median 4", "median 2"]
    assert widths.why.startswith("in the published order, but")
    assert "median ratio of distances 1.50, median difference 0.7" in (
        claims.loses_to("mnist", "mmgan", "nsgan")(lattice(1.5)).ours
    )


def known(**columns) -> pd.DataFrame:
    """A table of closed forms: two published radii, unless it is told otherwise."""
    usual = {
        "quantity": ["radius after 500 steps"] * 2, "source": ["published"] * 2, "expected": [1.0, 2.0],
        "ours": [1.0005, 2.0], "difference": [5e-4, 0.0], "agrees": [True, True],
    }  # fmt: skip
    return pd.DataFrame({**usual, **columns})


def test_numbers_that_are_known_have_to_agree_all() -> None:
    judge = claims.closed_forms("radius", "published", "radii", "0.001 relative")

    assert judge(known()).verdict == REPRODUCED
    off = judge(known(agrees=[True, False], difference=[5e-4, 0.01]))
    assert (off.verdict, off.runs) == (NOT, 2)
    assert off.ours == "1 of 2 radii within 0.001 relative; largest difference 1.0e-02"


def test_only_numbers_of_the_kind_and_source_asked_for_are_counted() -> None:
    judge = claims.closed_forms("eigenvalue", "closed form", "parts", "1e-6")
    mixed = known(
        quantity=["eigenvalue 1, real part", "eigenvalue"],
        source=["closed form"] * 2,
        agrees=[True, None],
    )

    assert judge(mixed).runs == 1
    assert judge(known()).verdict == NOT_RUN


def answers(*agrees: bool | None) -> pd.DataFrame:
    """Known answers of one kind, each taken and right, taken and wrong, or not taken."""
    return pd.DataFrame(
        {"quantity": "modes", "data": "ring8", "ours": [8.0] * len(agrees), "agrees": [*agrees]}, dtype=object
    )


def test_known_answers_have_to_be_given_all() -> None:
    judge = claims.known_answers(("modes",))

    assert judge(answers(True, True)).verdict == REPRODUCED
    off = judge(answers(True, False, None))
    assert (off.verdict, off.runs, off.ours) == (NOT, 2, "modes, ring8: 8; modes, ring8: 8 (off)")
    assert judge(answers(None)).verdict == NOT_RUN
    assert claims.known_answers(("support",))(answers(True)).verdict == NOT_RUN


def test_every_anchor_has_a_row_whatever_is_missing() -> None:
    page = text({})

    for anchor in ANCHORS:
        assert f"| {anchor.name} |" in page
        assert f"### {anchor.name}: {NOT_RUN}" in page
    assert f"{len(ANCHORS)} not run" in page


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: anchor.name)
def test_every_anchor_takes_records_of_other_shapes(anchor: Anchor) -> None:
    one = runs(seed=[0])
    table = known() if anchor.preset in TABLES else one

    assert anchor.judge({anchor.preset: table}).verdict in VERDICTS


def test_a_name_with_markup_stays_in_its_cell() -> None:
    found = claims.failures_per_loss(runs(recipe=["a|b", "nsgan"]))
    assert "a|b" in found.ours
    assert "a\\|b" in text({"lucic-lattice": runs(recipe=["a|b", "nsgan"])})


def test_the_projects_own_ledger_is_what_its_records_say(request) -> None:
    page = request.config.rootpath / "REPRODUCTION.md"

    assert page.read_text("utf-8") == text(read(FOLDER))


def test_a_table_of_closed_forms_is_kept_and_written(tmp_path, capsys) -> None:
    results = tmp_path / "results" / "dirac"
    results.mkdir(parents=True)
    (results / "dirac.csv").write_text(known().to_csv(index=False))
    line = ["ledger", str(results), "--records", str(tmp_path / "kept"), "--out", str(tmp_path / "R.md")]

    assert bench.cli.main(line) == 0
    assert "2 of 2 radii" in (tmp_path / "R.md").read_text()
    check = ["ledger", "--records", str(tmp_path / "kept"), "--out", str(tmp_path / "R.md"), "--check"]
    assert bench.cli.main(check) == 0
    (tmp_path / "R.md").write_text("typed by hand")
    assert bench.cli.main(check) == 1
    assert "not what the records say" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", '"', "\x00"])
def test_a_damaged_record_is_one_line(tmp_path, content: str, capsys) -> None:
    (tmp_path / "lucic.csv").write_text(content)

    with pytest.raises(LedgerError, match=r"lucic\.csv: must be a table that ganbench ledger kept"):
        read(tmp_path)
    assert bench.cli.main(["ledger", "--records", str(tmp_path), "--out", str(tmp_path / "R.md")]) == 2
    assert "lucic.csv: must be a table" in capsys.readouterr().err
    assert not (tmp_path / "R.md").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["nowhere"], "must be given results folders, got 'nowhere'"),
        (["--records", "nowhere"], "--records: must be a folder, got 'nowhere'"),
        ([".", "--check"], "--check: must stand without results folders"),
        (["."], "ganbench"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys, line, told) -> None:
    monkeypatch.chdir(tmp_path)

    assert bench.cli.main(["ledger", *line]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_records_are_read_as_they_were_kept(tmp_path) -> None:
    from reports.files import frame_csv

    table = runs(seed=[0, 1], fid=[1.5, float("nan")], outcome=["stable", None])
    (tmp_path / "lucic.csv").write_text(frame_csv(table, COLUMNS))

    found = read(tmp_path)["lucic"]
    assert found.fid.isna().tolist() == [False, True]
    assert next(csv.reader(io.StringIO((tmp_path / "lucic.csv").read_text()))) == list(COLUMNS)
    assert keep([], tmp_path) == []


def results_of(tmp_path, preset: str, table: pd.DataFrame, name: str = "results"):
    """A results folder that holds a table of known numbers."""
    folder = tmp_path / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{preset}.csv").write_text(table.to_csv(index=False))
    return folder


DAMAGED = [
    "",
    "a,b\n1,2\n",
    "\x00",
    known()[:0].to_csv(index=False),
    known(ours=["?"] * 2).to_csv(index=False),
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_table_leaves_the_kept_one_as_it_was(tmp_path, content: str, capsys) -> None:
    kept = results_of(tmp_path, "dirac", known(), "kept") / "dirac.csv"
    before = kept.read_bytes()
    given = results_of(tmp_path, "dirac", known())
    (given / "dirac.csv").write_text(content)
    line = ["ledger", str(given), "--records", str(kept.parent), "--out", str(tmp_path / "R.md")]

    assert bench.cli.main(line) == 2
    assert "dirac.csv: must be the table of ganbench run dirac, got another" in capsys.readouterr().err
    assert (kept.read_bytes(), [*kept.parent.iterdir()]) == (before, [kept])


def test_one_bad_folder_keeps_the_others_from_being_written(tmp_path) -> None:
    good, bad = results_of(tmp_path, "dirac", known()), results_of(tmp_path, "floors", known(), "bad")

    with pytest.raises(LedgerError, match=r"floors\.csv: must be the table of ganbench run floors"):
        keep([good, bad], tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_damaged_neighbour_keeps_records_from_being_written(tmp_path) -> None:
    kept = results_of(tmp_path, "lucic", known(), "kept")

    with pytest.raises(LedgerError, match=r"lucic\.csv: must be a table that ganbench ledger kept"):
        keep([results_of(tmp_path, "dirac", known())], kept)
    assert [path.name for path in kept.iterdir()] == ["lucic.csv"]


def test_two_folders_of_one_preset_are_refused(tmp_path, monkeypatch) -> None:
    first, second = results_of(tmp_path, "dirac", known(), "a"), results_of(tmp_path, "dirac", known(), "b")

    with pytest.raises(
        LedgerError, match=r"one results folder of a preset, got .*a and .*b of dirac; give one"
    ):
        keep([first, second], tmp_path / "kept")
    monkeypatch.setattr("reports.ledger.records.load", lambda _: stored("lucic", runs(seed=[0])))
    with pytest.raises(LedgerError, match="of lucic; merge them first with ganbench merge"):
        keep([tmp_path / "shard-1", tmp_path / "shard-2"], tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def stored(profile: str, table: pd.DataFrame) -> Results:
    """What a results store holds."""
    return Results(Frames(table, pd.DataFrame()), profile=profile)


def test_a_profile_with_the_name_of_a_table_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("reports.ledger.records.load", lambda _: stored("dirac", runs(seed=[0])))

    with pytest.raises(LedgerError, match="got others, of the profile 'dirac'"):
        keep([tmp_path], tmp_path / "kept")


def test_a_folder_of_two_tables_gives_both(tmp_path) -> None:
    floors = known().assign(data="ring8")
    results_of(tmp_path, "dirac", known())
    given = results_of(tmp_path, "floors", floors)

    assert [path.name for path in keep([given], tmp_path / "kept")] == ["dirac.csv", "floors.csv"]
    assert set(read(tmp_path / "kept")) == {"dirac", "floors"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--out", "folder"], "--out: must be a file, got the folder 'folder'; as in folder/REPRODUCTION.md"),
        (["--out", "folder", "--check"], "--out: must be a file, got the folder 'folder'; as in"),
        (["--out", "file/x.md"], "--out: must be a file in a folder, got 'file/x.md', but 'file' is none"),
        (["--out", "file/x/y.md", "--check"], "got 'file/x/y.md', but 'file' is none; name another"),
        (["folder", "--records", "file"], "--records: must be a folder, got 'file', but 'file' is none"),
        (
            ["folder", "--records", "file/x"],
            "--records: must be a folder, got 'file/x', but 'file' is none",
        ),
        (["--out", "x" * 300], "must be a name that a file can have; shorten it"),
        (
            ["--check", "--out", "picture.png"],
            "--out: must be a page that ganbench ledger wrote, got 'picture",
        ),
    ],
)
def test_what_is_no_place_for_a_page_or_records_is_one_line(
    tmp_path, monkeypatch, capsys, line, told
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")

    assert bench.cli.main(["ledger", *line]) == 2
    assert told in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "picture.png"]


def test_what_a_check_advises_makes_the_next_one_pass(tmp_path, capsys) -> None:
    kept, page = results_of(tmp_path, "dirac", known(), "kept records"), tmp_path / "R.md"
    check = ["ledger", "--records", str(kept), "--out", str(page), "--check"]

    assert bench.cli.main(check) == 1
    advised = shlex.split(capsys.readouterr().out.partition("write it again: ")[2])
    assert bench.cli.main(advised[1:]) == 0
    assert bench.cli.main(check) == 0
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert bench.cli.main(check) == 1


def kept(preset: str) -> pd.DataFrame:
    """The project's own records of a preset."""
    return read(FOLDER)[preset]


def test_the_command_has_the_options_that_the_records_were_made_with() -> None:
    metz = kept("metz-stacked")
    longer = metz.assign(steps=metz.steps.where(metz.recipe != "nsgan", 25_000))
    wide = kept("lucic-lattice").assign(generator_width=64)

    assert command("metz-stacked", metz) == (
        "ganbench run metz-stacked --set capacity.capacity_ratio=0.25,0.5 --seeds 5"
    )
    assert command("metz-stacked", longer[longer.seed < 3]) == (
        "ganbench run metz-stacked --set capacity.capacity_ratio=0.25,0.5 --set capacity.steps=25000"
    )
    assert command("diffaugment", kept("diffaugment")) == (
        "ganbench run diffaugment --set data_size=6000,12000,60000"
    )
    assert command("lucic-lattice", wide) == "ganbench run lucic-lattice --set generator_width=64 --seeds 1"
    assert command("lucic", runs(seed=[])) == "ganbench run lucic"
    assert command("dirac", known()) == "ganbench run dirac"


def searched(trials: int, discriminator_steps: int = 500) -> pd.DataFrame:
    """Records of the preset lucic as a run of it leaves them."""
    rows = {}
    for grid in PRESETS["lucic"]:
        data, recipes = (
            value if isinstance(value, list) else [value] for value in (grid["dataset"], grid["recipe"])
        )
        for point in search_of({**grid["search"], "trials": trials}).points():
            for dataset, recipe in itertools.product(data, recipes):
                norm = point.get("discriminator_norm", "none")
                steps = grid["steps"] if "steps" in grid else discriminator_steps // point["n_critic"]
                key = (dataset, recipe, norm, point["lr"], point["beta1"], point["n_critic"], steps)
                rows.setdefault(key, []).append(grid["name"])
    names = ["dataset", "recipe", "discriminator_norm", "generator_lr", "beta1", "n_critic", "steps"]
    columns = {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    scores = [float(place) for place in range(100, 100 + len(rows))]
    return runs(
        **columns,
        grids=[" ".join(each) for each in rows.values()],
        network=["infogan"] * len(rows),
        fid=scores,
    )


def test_a_random_search_is_told_by_its_records() -> None:
    page = text({"lucic": searched(10)})

    assert page.count("runs, `ganbench run lucic`.") == 7
    assert "500 of 15,625 discriminator steps (3.2 %), networks infogan of width 16" in page
    assert "random trials: 10 of 100, seeds: 1" in page
    assert "; up to 2,500 discriminator steps where generator steps are equal." in page
    assert not [line for line in page.splitlines() if "random search): not run" in line]
    assert command("lucic", searched(4)) == "ganbench run lucic --set trials=4"
    assert command("lucic", searched(10, 1000)).count(".discriminator_steps=1000") == 3


def test_a_search_that_was_stopped_midway_is_not_taken_for_one_of_fewer_trials() -> None:
    table = searched(10)
    stopped = table[(table.recipe != "lsgan") | table.generator_lr.isin(table.generator_lr.unique()[3:])]

    first = table[table.grids.str.endswith("equal-generator") & (table.n_critic == 5)]
    assert "trials" not in command("lucic", stopped[stopped.dataset == "mnist"])
    assert command("lucic", first) == "ganbench run lucic"


def discussions(preset: str, table: pd.DataFrame) -> list[str]:
    """What the page says of disagreements with one preset's records."""
    return [line for line in text({preset: table}).splitlines() if line.startswith("* Of the disagreement")]


@pytest.mark.parametrize(
    ("preset", "said", "changed"),
    [
        ("metz-stacked", "a handful", {"steps": 2_400}),
        ("metz-stacked", "a handful", {"generator_width": 64}),
        ("diffaugment", "6,000 images 21 times", {"steps": 20_000}),
        ("lucic-lattice", "the order in which losses get started", {"steps": 15_625}),
        ("lucic-lattice", "the order in which losses get started", {"state": "stable"}),
    ],
)
def test_a_discussion_is_said_only_of_the_records_it_was_written_for(preset, said, changed) -> None:
    assert {said in line for line in discussions(preset, kept(preset))} == {True}
    assert not [line for line in discussions(preset, kept(preset).assign(**changed)) if said in line]


def test_the_count_of_bins_is_discussed_where_the_test_digits_disagree_and_nothing_else() -> None:
    floors = kept("floors")
    bins = floors.quantity == "bins that differ"
    all_off = floors.assign(agrees=floors.agrees.where(~bins, False))

    assert ["three seeds of k-means" in line for line in discussions("floors", floors)] == [True]
    assert not any("three seeds of k-means" in line for line in discussions("floors", all_off))


def test_budgets_follow_the_records() -> None:
    metz = kept("metz-stacked")
    page = text({"metz-stacked": metz.assign(steps=10 * metz.steps)})

    assert "2.4 % of 500,000 iterations (nsgan 12,000, wgan-gp 2,400 of 5 discriminator steps each)" in page
    assert "`ganbench run metz-stacked --seeds 10`" in page
    many = pd.concat([metz.assign(seed=metz.seed + 5 * turn) for turn in range(3)])
    assert "`ganbench run metz-stacked --seeds 30`" in text({"metz-stacked": many})


def test_what_was_not_run_has_no_budget_yet_a_command() -> None:
    for page in (text({}), text({"lucic-lattice": runs(seed=[0])[:0]})):
        assert "* To be run: `ganbench run lucic-lattice`." in page
        assert "Budget beside the paper's" not in page


def test_no_text_names_a_slowest_loss_that_the_order_contradicts() -> None:
    page = text(read(FOLDER))

    assert "Spearman 0.30 over 5 losses: lsgan < nsgan < mmgan < wgan < wgan-gp" in page
    assert "starts slowest" not in page
