"""What the ledger says of budgets, commands and disagreements follows the records."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from ledger_records import PRESETS, command, kept, known, runs, text

from bench.profile.search import search_of
from reports.ledger.records import FOLDER, read


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
