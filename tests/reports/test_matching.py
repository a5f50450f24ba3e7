from report_records import config, record

from reports.frame import frames
from reports.matching import CAPACITY, DATA, RATES, RECIPE, complete, pairs, rectangles


def runs_of(*configs):
    return frames([record(item, score=item.seed / 10) for item in configs]).runs


def test_a_pair_differs_in_nothing_else():
    runs = runs_of(
        config(ratio=0.5, seed=1),
        config(ratio=1.0, seed=1),
        config(ratio=1.0, seed=2),
        config(ratio=0.5, seed=2, data_size=64),
    )
    weak, equal = (runs[runs["capacity_ratio"] == ratio] for ratio in (0.5, 1.0))

    found = pairs(weak, equal, CAPACITY)

    assert found["seed"].tolist() == [1.0]
    assert len(pairs(weak, equal, CAPACITY | DATA)) == 2


def test_values_stay_with_their_side():
    runs = frames([record(config(ratio=0.5), score=0.2), record(config(ratio=1.0), score=0.7)]).runs

    found = pairs(runs[runs["capacity_ratio"] == 0.5], runs[runs["capacity_ratio"] == 1.0], CAPACITY).iloc[0]

    assert (found["score_treated"], found["score_baseline"]) == (0.2, 0.7)


def test_a_cell_holds_the_seeds_of_one_context():
    configs = [
        config(ratio=ratio, seed=seed, data_size=size)
        for ratio in (0.5, 1.0)
        for seed in range(3)
        for size in (64, 256)
    ]
    runs = runs_of(*configs)

    found = pairs(runs[runs["capacity_ratio"] == 0.5], runs[runs["capacity_ratio"] == 1.0], CAPACITY)

    assert found.groupby("cell")["seed"].nunique().tolist() == [3, 3]


def test_recipes_meet_at_the_same_multiple_of_their_own_rates():
    runs = runs_of(*(config(recipe, scale=scale) for recipe in ("mmgan", "wgan") for scale in (1.0, 5.0)))
    sides = (runs[runs["recipe"] == recipe] for recipe in ("mmgan", "wgan"))

    found = pairs(*sides, RECIPE | RATES, also=("lr_scale",))

    assert len(found) == 2


def test_a_run_with_two_counterparts_is_left_out():
    runs = runs_of(config(ratio=0.5), config(ratio=1.0), config(ratio=2.0))
    weak, others = runs[runs["capacity_ratio"] == 0.5], runs[runs["capacity_ratio"] > 0.5]

    assert len(pairs(weak, others, CAPACITY)) == 0


def test_incomplete_blocks_are_dropped():
    whole = [config(ratio=ratio, seed=0) for ratio in (0.5, 1.0, 2.0)]
    cut = [config(ratio=ratio, seed=1) for ratio in (0.5, 1.0)]

    found = complete(runs_of(*whole, *cut), CAPACITY, "capacity_ratio")

    assert found["seed"].unique().tolist() == [0.0]


def test_no_runs_make_no_pairs():
    runs = runs_of(config())

    assert len(pairs(runs.iloc[:0], runs, CAPACITY)) == 0
    assert len(complete(runs.iloc[:0], CAPACITY, "capacity_ratio")) == 0


def rates_of(recipe, scales, **changes):
    return [config(recipe, scale=scale, seed=seed, **changes) for scale in scales for seed in range(2)]


def test_few_rates_run_widely_and_many_narrowly_give_two_full_sub_grids():
    wide = [
        item
        for recipe in ("mmgan", "wgan")
        for ratio in (0.25, 0.5, 1.0, 2.0)
        for item in rates_of(recipe, (1.0, 30.0), ratio=ratio)
    ]
    fine = [item for recipe in ("mmgan", "wgan", "hinge") for item in rates_of(recipe, (3.0, 10.0))]
    fine += rates_of("hinge", (1.0, 30.0))

    (first, cells), (second, further) = rectangles(
        runs_of(*wide, *fine), RECIPE | RATES, "lr_scale", "variant"
    )

    assert (sorted(first["variant"].unique()), first["lr_scale"].nunique(), cells) == (
        ["hinge", "mmgan", "wgan"],
        4,
        1,
    )
    assert (sorted(second["variant"].unique()), second["lr_scale"].nunique(), further) == (
        ["mmgan", "wgan"],
        2,
        4,
    )


def test_every_name_of_a_sub_grid_ran_in_the_same_contexts():
    runs = runs_of(
        *rates_of("mmgan", (1.0, 3.0)),
        *rates_of("wgan", (1.0, 3.0)),
        *rates_of("wgan", (1.0, 3.0), ratio=2.0),
    )

    for block, _ in rectangles(runs, RECIPE | RATES, "lr_scale", "variant"):
        sizes = block.groupby(["variant", "lr_scale"])["seed"].size()
        assert sizes.nunique() == 1


def test_one_rate_makes_no_plane():
    assert rectangles(runs_of(*rates_of("mmgan", (1.0,))), RECIPE | RATES, "lr_scale", "variant") == []
