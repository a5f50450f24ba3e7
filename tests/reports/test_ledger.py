"""The ledger: each claim is seen where it was planted, denied where it was reversed, and never left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ledger_records import known, lattice, runs, text

from gans.rng import stream
from reports.ledger import claims
from reports.ledger.anchors import ANCHORS, Anchor
from reports.ledger.judgement import NO_VALUE, NOT, NOT_RUN, REPRODUCED, TREND, VERDICTS
from reports.ledger.records import FOLDER, TABLES, read


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
