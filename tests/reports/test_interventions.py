"""Attribution by intervention: shares by closed form, planted causes found, planted nulls left alone."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intervention_records import APART, FRESH, TWO, experiment, failing
from report_records import QUICK

from bench.attribution.remedies import treated
from reports.frame import Frames, Results, observed
from reports.interventions import section
from reports.interventions.answers import answers
from reports.interventions.estimates import SCORE, STABLE, attribute
from reports.interventions.factorials import Factorial, Key, Loss, find
from reports.interventions.shapley import FACTORS, PAIRS, SETS, interaction, shapley
from reports.stats import Interval

FULL = {name: i for i, name in enumerate(SETS)}
GAMES = st.lists(st.floats(-1, 1), min_size=8, max_size=8).map(np.array)


def game(value):
    return np.array([float(value(set(name))) for name in SETS])


def shares(values):
    return dict(zip(FACTORS, shapley() @ values, strict=True))


def by_orders(values):
    """Slow twin: the mean of what each adds over all six orders of coming."""
    found = dict.fromkeys(FACTORS, 0.0)
    for order in itertools.permutations(FACTORS):
        held = ""
        for letter in order:
            after = "".join(each for each in FACTORS if each in held + letter)
            found[letter] += (values[FULL[after]] - values[FULL[held]]) / 6
            held = after
    return found


def test_an_additive_game_gives_each_what_it_adds():
    worth = {"C": 0.1, "L": 0.5, "D": -0.2}

    found = game(lambda held: sum(worth[letter] for letter in held))

    assert shares(found) == pytest.approx(worth)
    assert interaction() @ found == pytest.approx([0, 0, 0])


@pytest.mark.parametrize("needed", ["C", "CL", "LD", "CLD"])
def test_unanimity_is_shared_evenly_by_those_who_are_needed(needed):
    found = shares(game(lambda held: held >= set(needed)))

    assert found == pytest.approx({letter: (letter in needed) / len(needed) for letter in FACTORS})


def test_any_one_of_three_is_enough_and_they_replace_each_other():
    values = game(bool)

    assert shares(values) == pytest.approx(dict.fromkeys(FACTORS, 1 / 3))
    assert interaction() @ values == pytest.approx([-0.5] * 3)


def test_two_that_only_work_together_interact_by_all_they_do():
    values = game(lambda held: held >= {"C", "D"})

    assert dict(zip(PAIRS, interaction() @ values, strict=True)) == pytest.approx({"CL": 0, "CD": 1, "LD": 0})


@given(GAMES)
def test_shares_add_up_to_the_whole_and_equal_the_mean_over_orders(values):
    found = shares(values)

    assert sum(found.values()) == pytest.approx(values[7] - values[0], abs=1e-12)
    assert found == pytest.approx(by_orders(values), abs=1e-12)


@given(GAMES)
def test_a_factor_that_changes_nothing_gets_nothing(values):
    dummy = np.array([values[FULL[name.replace("D", "")]] for name in SETS])

    assert shares(dummy)["D"] == pytest.approx(0, abs=1e-12)
    assert (interaction() @ dummy)[1:] == pytest.approx([0, 0], abs=1e-12)


@given(GAMES)
def test_two_factors_that_do_alike_get_alike(values):
    swap = str.maketrans("CL", "LC")
    alike = np.array(
        [(values[i] + values[FULL["".join(sorted(s.translate(swap), key=FACTORS.index))]]) / 2
         for i, s in enumerate(SETS)]
    )  # fmt: skip

    assert shares(alike)["C"] == pytest.approx(shares(alike)["L"], abs=1e-12)


def test_a_factorial_is_found_with_its_cell_and_seeds():
    (found,), gaps = find(experiment([failing()], lambda name: 0.0).judged)

    assert not gaps
    assert (found.base.ratio, found.base.loss.recipe, found.base.size) == (0.125, "mmgan", 64)
    assert (found.factors, found.seeds.tolist(), found.reused) == ("CLD", list(FRESH), 0)
    assert found.stable.shape == (10, 8)
    assert found.stable.all()


def test_each_set_is_in_its_own_column():
    for place, name in enumerate(SETS):
        (found,), _ = find(experiment([failing()], lambda each, name=name: float(each != name)).judged)

        assert found.stable.mean(axis=0).tolist() == [float(i == place) for i in range(8)]


def test_seeds_on_which_the_cell_ran_elsewhere_are_not_used():
    runs = experiment([failing()], lambda name: 0.5, seeds=[*range(3), *FRESH], elsewhere=range(3)).judged
    (found,), _ = find(runs)

    assert (found.seeds.tolist(), found.reused) == (list(FRESH), 3)


def test_a_cell_that_has_a_remedy_already_gives_it_no_share():
    found, _ = find(experiment([failing(ratio=1.0)], lambda name: 0.9 if "L" not in name else 0.0).judged)
    item = attribute(found, STABLE, QUICK, "x")

    assert found[0].factors == "LD"
    assert item.shares["C"] == Interval(0.0, 0.0, 0.0)
    assert sum(each.estimate for each in item.shares.values()) == pytest.approx(item.total.estimate)


def test_seeds_that_lack_a_set_are_left_out_and_counted():
    runs = experiment([failing()], lambda name: 0.5).judged
    lost = runs[(runs["seed"] == 103) & (runs["recipe"] == "mmgan")].index[0]
    (found,), _ = find(runs.drop(index=lost))

    assert (len(found.seeds), found.incomplete) == (9, 1)


@pytest.mark.parametrize(
    ("sets", "why"),
    [
        (("", "C", "L", "CL", "D", "CD", "LD"), "sets without any judged run: CLD"),
        (("", "C", "D", "CD"), "no run has the loss nsgan-r1"),
        (("", "L", "D", "LD"), "no run has a discriminator as wide as its generator"),
        (("CLD",), "its runs differ in none of the three"),
    ],
)
def test_what_is_no_whole_factorial_is_said(sets, why):
    frames = experiment([failing()], lambda name: 0.5, sets=sets)
    found, gaps = find(frames.judged)

    assert (found, [gap.why for gap in gaps]) == ([], [why])
    assert any(why in note for note in section(Results(frames), QUICK).notes)


@pytest.mark.parametrize("letter", FACTORS)
def test_a_planted_cause_is_found_and_dominates(letter):
    found = answers(experiment(APART, lambda name: 0.05 if letter in name else 0.95).judged, QUICK)
    item = found.pooled[STABLE]

    assert (item.explained, item.dominant, item.pairs, item.distinct) == (True, letter, 20, 20)
    assert item.shares[letter].low > 0.6
    assert found.pooled[SCORE].dominant == letter


def test_two_causes_of_one_size_leave_none_dominant():
    runs = experiment(APART, lambda name: 0.05 if {"C", "D"} <= set(name) else 0.95).judged
    item = answers(runs, QUICK).pooled[STABLE]

    assert (item.explained, item.dominant) == (True, "")
    assert item.interactions["CD"].low > 0.5


def test_ten_seeds_of_one_cell_claim_nothing_however_clear():
    frames = experiment([failing()], lambda name: float("C" not in name))
    item = answers(frames.judged, QUICK).by_cell[STABLE][0]

    assert (item.enough, item.explained, item.dominant) == (False, False, "")
    assert section(Results(frames), QUICK).points[0].startswith("Nothing is claimed: 10 pairs")


def test_runs_that_cells_share_count_once():
    item = answers(experiment(TWO, lambda name: float("C" not in name)).judged, QUICK).pooled[STABLE]

    assert (item.pairs, item.distinct, item.explained) == (20, 10, False)


def test_the_page_says_the_planted_cause_and_the_planted_null():
    loss = section(Results(experiment(APART, lambda name: 0.05 if "L" in name else 0.95)), QUICK)
    null = section(Results(experiment(APART, lambda name: 0.9)), QUICK)

    assert loss.points[2].startswith("Most is due to the loss")
    assert null.points[0].startswith("Not explained by these three")
    assert len(null.points) == 1


def test_undecided_runs_are_not_stable_and_are_counted():
    found, _ = find(experiment([failing()], lambda name: 0.0, undecided=0.5).judged)

    assert found[0].undecided == 80 - int(found[0].stable.sum())
    assert 20 < found[0].undecided < 60


def test_nothing_to_show_is_said_and_makes_no_rows():
    empty = section(Results(experiment([failing()], lambda name: 0.5, seeds=())), QUICK)

    assert empty.points[0].startswith("Not measured")
    assert (empty.figures, empty.tables, empty.rows) == ((), (), {"interventions.csv": []})


@pytest.mark.parametrize("seeds", [[7], [7, 8]])
def test_one_or_two_seeds_raise_nothing(seeds):
    shown = section(Results(experiment(APART, lambda name: 0.5, seeds=seeds)), QUICK)
    row = next(row for row in shown.rows["interventions.csv"] if row["quantity"] == "share")

    assert math.isnan(row["low"]) == (len(seeds) == 1)
    assert shown.points[0].startswith("Nothing is claimed")


def test_runs_without_scores_leave_the_score_out():
    frames = experiment(APART, lambda name: 0.5)
    blind = Frames(frames.runs.assign(score=math.nan), frames.evaluations)
    item = answers(blind.judged, QUICK).pooled[SCORE]

    assert (item.pairs, item.explained) == (0, False)
    assert section(Results(blind), QUICK).points


def test_every_number_is_in_the_file_and_adds_up_there():
    rows = section(Results(experiment(APART, lambda name: 0.3)), QUICK).rows["interventions.csv"]
    for measure, cell in itertools.product((STABLE, SCORE), {row["cell"] for row in rows}):
        mine = [row for row in rows if (row["measure"], row["cell"]) == (measure, cell)]
        parts = {
            kind: [row["estimate"] for row in mine if row["quantity"] == kind] for kind in ("share", "total")
        }

        assert len(mine) == 8 + 3 + 3 + 1
        assert sum(parts["share"]) == pytest.approx(parts["total"][0])


def test_same_runs_in_any_order_give_the_same_page():
    frames = experiment(APART, lambda name: 0.5)
    turned = Frames(frames.runs.iloc[::-1], frames.evaluations)

    assert section(Results(frames), QUICK).figures == section(Results(turned), QUICK).figures


def test_more_seeds_of_the_same_cell_than_eight_cells_are_drawn():
    bases = [failing(ratio=ratio, scale=scale) for ratio in (0.125, 0.5, 2.0) for scale in (1.0, 3.0, 10.0)]
    shown = section(Results(experiment(bases, lambda name: 0.5, seeds=(0, 1))), QUICK)

    assert len(shown.figures[0].data.rows) == 2 * 9 * 6
    assert any(note.startswith("1 further cells") for note in shown.notes)
    assert len({row["cell"] for row in shown.rows["interventions.csv"]}) == 10


def planted(stable, seeds=None, cell=0):
    """A factorial of given endings."""
    n = len(stable)
    loss = Loss("mmgan", "minimax", "none", 0.0)
    ids = tuple(frozenset(f"{cell} {end}{i}" for i in range(n)) for end in "ab")
    return Factorial(
        name="x", grid="g", base=Key(0.125, loss, 64), dataset="digits", lr_scale=1.0, factors="CLD",
        seeds=np.arange(n) if seeds is None else seeds, stable=stable, score=stable, undecided=0, reused=0,
        incomplete=0, ends=ids,
    )  # fmt: skip


def test_cells_chosen_for_failing_seem_cured_on_their_own_seeds_and_not_on_fresh_ones():
    rng = np.random.default_rng(5)
    cells = [(rng.random((12, 8)) < odds).astype(float) for odds in rng.uniform(0.2, 0.8, 400)]
    failed = [stable for stable in cells if stable[:6, 0].mean() < 0.5]
    own = attribute([planted(stable[:6], cell=i) for i, stable in enumerate(failed)], STABLE, QUICK, "own")
    fresh = attribute(
        [planted(stable[6:], cell=i) for i, stable in enumerate(failed)], STABLE, QUICK, "fresh"
    )

    assert own.explained
    assert own.total.estimate > 0.1
    assert not fresh.explained
    assert abs(fresh.total.estimate) < 0.04


def test_remedies_that_do_nothing_are_called_so_and_share_nothing():
    rng = np.random.default_rng(6)
    found = [
        attribute([planted((rng.random((20, 8)) < 0.4).astype(float))], STABLE, QUICK, str(i))
        for i in range(300)
    ]
    covered = np.mean(
        [item.shares[letter].low <= 0 <= item.shares[letter].high for item in found for letter in FACTORS]
    )

    assert np.mean([item.explained for item in found]) < 0.05
    assert np.mean([bool(item.dominant) for item in found]) < 0.03
    assert abs(np.mean([item.shares["C"].estimate for item in found])) < 0.02
    assert 0.93 < covered < 0.97


def test_three_equal_causes_are_seldom_told_apart():
    rng = np.random.default_rng(7)
    odds = np.array([0.05 + 0.28 * len(name) for name in SETS])
    found = [
        attribute([planted((rng.random((20, 8)) < odds).astype(float))], STABLE, QUICK, str(i))
        for i in range(200)
    ]

    assert np.mean([item.explained for item in found]) > 0.95
    assert np.mean([bool(item.dominant) for item in found]) < 0.06


def test_seeds_that_runs_of_several_cells_share_count_once():
    rng = np.random.default_rng(8)
    stable = (rng.random((10, 8)) < 0.5).astype(float)
    once = attribute([planted(stable)], SCORE, QUICK, "x")
    thrice = attribute([planted(stable)] * 3, SCORE, QUICK, "x")
    apart = attribute([planted(stable, np.arange(10) + 10 * i) for i in range(3)], SCORE, QUICK, "x")

    assert thrice.shares == once.shares
    assert apart.shares["C"].high - apart.shares["C"].low < 0.8 * (
        once.shares["C"].high - once.shares["C"].low
    )


def test_runs_that_try_remedies_take_no_part_in_anything_else():
    both = Results(experiment(APART, lambda name: 0.5, seeds=[0, *FRESH], elsewhere=[0]))

    assert set(observed(both).frames.runs["grids"]) == {"attribution-0 main", "attribution-1 main"}
    assert len(observed(both).frames.runs) == 2
    assert observed(observed(both)).frames.runs.equals(observed(both).frames.runs)


def test_another_optimizer_is_another_block():
    base = failing()
    both = [base, replace(base, optimizer="rmsprop")]
    found, _ = find(experiment(both, lambda name: 0.5).judged)

    assert len(found) == 2
    assert treated(both[1], "CLD").optimizer == "rmsprop"
