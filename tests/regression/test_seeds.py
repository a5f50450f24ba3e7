"""What looks worse is trained again with fresh seeds: chance is told from a regression."""

import numpy as np
import pytest

from bench.regression.cells import PinnedCell
from bench.regression.outcome import NO_WORSE, WARNING, WORSE
from bench.regression.proof.redrawn import on_kept_seeds
from bench.regression.seeds import compare_quality, judged_twice, part
from bench.regression.trees import Tree

SEEDS = 20
BASE, HEAD = Tree("base", None, ""), Tree("head", None, "")


def outcomes(seeds, scale=1.0, state="stable"):
    rows = {
        str(seed): {
            "distance": scale * (10 + np.random.default_rng(seed).normal(0, 0.5)),
            "coverage": 0.8,
            "state": state,
        }
        for seed in seeds
    }
    return {"seeds": rows, "measured_by": "fid"}


def answers(scales):
    """A cell whose head's distances are scaled, by one factor per set of seeds."""
    left = iter(scales)
    rows = judged_twice("ring8", lambda seeds: (outcomes(seeds), outcomes(seeds, next(left))), SEEDS)
    return {row.name.rpartition("/")[2]: row for row in rows}


def test_what_is_worse_with_both_sets_is_worse():
    found = answers([1.5, 1.5])

    assert found["distance"].answer == WORSE
    assert found["distance"].reason.endswith("worse with two sets of seeds")
    assert found["coverage"].answer == NO_WORSE


def test_what_is_worse_with_the_first_set_alone_is_a_warning():
    found = answers([1.5, 1.0])

    assert found["distance"].answer == WARNING
    assert "with the first seeds, no worse with as many others" in found["distance"].reason


def test_nothing_is_trained_again_where_nothing_looks_worse():
    assert {row.answer for row in answers([1.0]).values()} == {NO_WORSE}


@pytest.mark.parametrize(
    "second, reason",
    [({}, "0 seeds have a result"), ({"error": "it broke", "seeds": {}}, "it broke")],
    ids=["no seeds kept", "cannot be trained"],
)
def test_what_cannot_be_tested_again_stays_worse_and_says_so(second, reason):
    def sides(seeds):
        head = outcomes(seeds, 1.5)
        return (outcomes(seeds), head) if seeds.start == 0 else ({**part(head, range(0)), **second}, head)

    rows = {row.name: row for row in judged_twice("ring8", sides, SEEDS)}

    assert rows["quality/ring8/distance"].answer == WORSE
    assert "not tested again" in rows["quality/ring8/distance"].reason
    assert reason in rows["quality/ring8/distance"].reason


def test_both_trees_are_trained_with_the_same_seeds_and_then_with_fresh_ones():
    asked = []

    def trained(tree, cell, seeds):
        asked.append((tree.name, seeds))
        return outcomes(seeds, state="failed" if tree is HEAD else "stable")

    rows = compare_quality(BASE, HEAD, seeds=6, cells={"a": PinnedCell(recipe="nsgan")}, trained=trained)

    assert [row.answer for row in rows] == [NO_WORSE, NO_WORSE, WORSE]
    assert asked == [("base", range(6)), ("head", range(6)), ("base", range(6, 12)), ("head", range(6, 12))]


def test_equal_trees_seldom_fail_and_larger_distances_are_found():
    random = np.random.default_rng(0)
    runs = {
        str(seed): {
            "distance": float(random.lognormal(2, 0.15)),
            "coverage": float(random.normal(0.5, 0.03)),
            "state": "stable" if random.random() < 0.8 else "undecided",
        }
        for seed in range(40)
    }

    equal, *_, larger = on_kept_seeds({"digits": {"seeds": runs, "measured_by": "fid"}}, trials=60)

    assert equal.hits <= 2
    assert larger.hits >= 57
