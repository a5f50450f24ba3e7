"""Stable runs alone, and permutations of the levels: a factor that does nothing seldom looks as if it did."""

import math

import numpy as np
import pytest
from report_records import QUICK, draws, grid, record
from variance_records import judged, planted_scores, results, scored

from reports.variance import build
from reports.variance.blocks import block
from reports.variance.effects import SCORE, STABLE, explained
from reports.variance.permuted import permutation_p
from reports.variance.shares import FACTOR, SEED
from reports.variance.steady import FEWEST, STEADY, steady


def test_the_permutation_p_is_the_share_of_orders_that_differ_as_much():
    """Levels 0, 1, 2 in each of two strata: 3! squared orders, of which 6 keep both strata alike."""
    values = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])

    p = permutation_p(values, 0, 20_000, np.random.default_rng(0))

    assert p == pytest.approx(6 / 36, abs=0.01)


def test_a_factor_that_does_nothing_is_seldom_found_by_permutation():
    rng = np.random.default_rng(3)
    odds = np.array([0.2, 0.8])[:, None, None]  # the other factor acts

    found = [
        permutation_p((rng.random((2, 3, 4)) < odds).astype(float), 1, 199, rng) <= 0.05 for _ in range(600)
    ]

    assert 0.01 <= np.mean(found) <= 0.07


def test_only_a_factor_that_acts_on_stability_has_a_small_p():
    found = block(
        judged(draws(grid(("nsgan", "wgan"), (0.125, 1.0), (1.0, 5.0), (1100,), 6), only_ratio)), "digits"
    )

    shares = explained(found, STABLE, QUICK).of(FACTOR)
    by_name = {found.factors[share.term.axes[0]].column: share for share in shares}

    assert by_name["capacity_ratio"].p_holm < 0.05
    assert by_name["recipe"].p_holm > 0.05
    assert all(math.isnan(share.p) for share in explained(found, SCORE, QUICK).shares)


def only_ratio(item):
    return 0.9 if item.discriminator_width < 32 else 0.05


def test_stable_runs_alone_have_the_same_split_where_all_runs_are_stable():
    found = block(
        judged(scored(grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), (64, 1100), 4), planted_scores)), "digits"
    )

    whole, alone = explained(found, SCORE, QUICK), steady(found, QUICK)

    assert alone.runs == whole.runs
    for term, other in zip(alone.of(FACTOR, SEED), whole.of(FACTOR, SEED), strict=True):
        assert term.squares == pytest.approx(other.squares, rel=1e-9, abs=1e-12)
    assert sum(share.omega.estimate for share in alone.shares) == pytest.approx(1)


def test_a_factor_that_only_makes_runs_fail_explains_nothing_among_stable_ones():
    rng = np.random.default_rng(5)
    configs = grid(("nsgan", "wgan"), (0.125, 1.0), (1.0,), (64, 1100), 8)
    records = [
        record(item, "collapsed:partial", 0.1)
        if item.discriminator_width < 32 and item.seed % 2
        else record(item, "converged", 0.6 + 0.2 * (item.data_size > 64) + 0.02 * rng.normal())
        for item in configs
    ]
    found = block(judged(records), "digits")

    alone = steady(found, QUICK)
    by_name = {found.factors[s.term.axes[0]].column: s.omega.estimate for s in alone.of(FACTOR)}

    assert alone.runs == 48
    assert by_name["data_size"] > 0.9
    assert abs(by_name["capacity_ratio"]) < 0.02
    assert alone.lead.certain


def test_too_few_stable_runs_are_not_split():
    configs = grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), (64,), 3)
    records = [record(item, "converged" if item.seed == 0 else "no-progress", 0.5) for item in configs]
    rows = build(results(records), QUICK).rows["variance.csv"]

    (row,) = [row for row in rows if row["measure"] == STEADY]

    assert (row["runs"], row["obstacle"]) == (4, f"fewer than {FEWEST} stable runs")


def test_stable_runs_that_differ_by_chance_alone_name_no_factor():
    rng = np.random.default_rng(8)
    configs = grid(("nsgan", "wgan"), (0.5, 1.0), (1.0,), (64, 1100), 6)
    records = [record(item, "converged", 0.6 + 0.05 * rng.normal()) for item in configs]

    notes = build(results(records), QUICK).notes

    assert any("48 stable runs alone: no factor explains a share of the score" in note for note in notes)
