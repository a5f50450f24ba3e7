"""Random search: what is drawn, what is refused, and that a plan counts it."""

from __future__ import annotations

import math

import pytest

from bench.grid import expand
from bench.profile import ProfileError, check_profile, read_profile, to_toml
from bench.profile.read import count_unchecked
from bench.profile.search import Choices, Search, Span

LOG = {"low": 1e-5, "high": 1e-2, "scale": "log"}
GRID = {"name": "g", "dataset": "digits", "recipe": ["nsgan", "lsgan"], "optimizer": "adam", "steps": 40}


def profile(search, **changes):
    return check_profile({"name": "p", "grid": [GRID | {"seeds": 2, "search": search} | changes]}, "p.toml")


def faults(search, **changes):
    with pytest.raises(ProfileError) as caught:
        profile(search, **changes)
    return caught.value.lines


def test_every_cell_gets_the_same_trials():
    wanted = profile({"trials": 3, "lr": LOG, "n_critic": [1, 5]})
    configs = expand(wanted).grids["g"]
    drawn = {
        recipe: [(c.generator_lr, c.n_critic) for c in configs if c.recipe == recipe and c.seed == 0]
        for recipe in ("nsgan", "lsgan")
    }

    assert wanted.runs == len(configs) == 2 * 3 * 2
    assert drawn["nsgan"] == drawn["lsgan"]
    assert len({rate for rate, _ in drawn["nsgan"]}) == 3


def test_more_trials_leave_the_first_as_they_are_and_another_seed_does_not():
    few, many, other = (
        expand(profile({"trials": trials, "lr": LOG, "seed": seed})).runs()
        for trials, seed in ((3, 0), (5, 0), (3, 1))
    )

    assert few.keys() < many.keys()
    assert not few.keys() & other.keys()


def test_a_logarithmic_range_is_even_in_the_logarithm_and_a_choice_in_its_values():
    """The mean of 2,000 uniform draws on (-5, -2) is -3.5, its standard error 0.0194."""
    points = list(Search(2000, 0, {"lr": Span(**LOG), "n_critic": Choices((1, 5))}).points())
    exponents = [math.log10(point["lr"]) for point in points]
    ones = sum(point["n_critic"] == 1 for point in points)

    assert min(exponents) >= -5
    assert max(exponents) <= -2
    assert abs(sum(exponents) / 2000 + 3.5) < 5 * 0.0194
    assert abs(ones - 1000) < 5 * math.sqrt(500)


def test_whole_numbers_stay_whole_and_reach_both_ends():
    configs = expand(profile({"trials": 60, "batch_size": {"low": 8, "high": 10}})).grids["g"]

    assert {config.batch_size for config in configs} == {8, 9, 10}
    assert all(isinstance(config.batch_size, int) for config in configs)


def test_no_draw_is_rounded_out_of_its_range():
    assert Span(0.0, 0.99996).at(0.99999) == 0.99996
    assert Span(0.12344, 1.0).at(0.0) == 0.12344


def test_equal_discriminator_steps_give_a_critic_of_five_a_fifth_of_the_generator_steps():
    grid = {key: value for key, value in GRID.items() if key != "steps"} | {"discriminator_steps": 50}
    raw = {"name": "p", "grid": [grid | {"seeds": 1, "n_critic": [1, 3, 5]}]}
    expansion = expand(check_profile(raw, "p.toml"))

    assert {(c.n_critic, c.steps, c.evaluations) for c in expansion.grids["g"]} == {(1, 50, 40), (5, 10, 10)}
    assert [(skip.reason.split(";")[0], skip.cells) for skip in expansion.skipped] == [
        ("discriminator_steps 50 must be a multiple of n_critic 3", 2)
    ]


TWO = {"trials": 2}
FAULTS = [
    (3, " must be a table of trials and of what to draw each key from, got 3; begin it with [grid.search]"),
    ({"lr": LOG}, ".trials must be an integer >= 1, got nothing; it counts points drawn"),
    ({"trials": 0, "lr": LOG}, ".trials must be an integer >= 1, got 0; it counts points drawn"),
    ({"trials": True, "lr": LOG}, ".trials must be an integer >= 1, got true; it counts points drawn"),
    (TWO | {"seed": -1, "lr": LOG}, ".seed must be an integer >= 0, got -1; it starts the draws"),
    (TWO | {"lrr": LOG, "beta1": [0.5]}, " must have only known keys, got 'lrr'; did you mean 'lr'?"),
    (TWO | {"seeds": [1, 2], "lr": LOG}, " must have only known keys, got 'seeds'; did you mean"),
    (TWO, " must draw at least one key, got none; as in lr = "),
    (TWO | {"lr": 1e-3}, ".lr must be a list of values or a range, got 0.001; as in "),
    (TWO | {"lr": []}, ".lr must hold at least one value, got an empty list"),
    (TWO | {"lr": [1e-3, -1.0]}, ".lr[1] must be a learning rate > 0, got -1.0; 2e-4 is usual"),
    (TWO | {"lr": {"low": 1e-3}}, ".lr.high must be a finite number, got nothing; as in "),
    (TWO | {"lr": {"low": 1e-2, "high": 1e-3}}, ".lr.high must be more than low, got 0.001 and low"),
    (TWO | {"lr": {"low": 0.0, "high": 1.0, "scale": "log"}}, ".lr.low must be > 0 on a logarithmic"),
    (TWO | {"lr": {"low": 0.0, "high": 1.0}}, ".lr.low must be a learning rate > 0, got 0.0"),
    (TWO | {"beta1": {"low": 0.0, "high": 1.0}}, ".beta1.high must be a number in [0, 1), got 1.0"),
    (TWO | {"n_critic": {"low": 1, "high": 5.5}}, ".n_critic.high must be an integer >= 1, got 5.5"),
    (TWO | {"lr": LOG | {"scale": "lgo"}}, ".lr.scale must be a known scale, got 'lgo'; did you mean"),
    (TWO | {"lr": LOG | {"hihg": 1}}, ".lr must have only known keys, got 'hihg'; did you mean"),
    (TWO | {"network": {"low": 1, "high": 2}}, ".network must be a list of values, got {"),
    (TWO | {"network": ["mlp", "mlpp"]}, ".network[1] must be a known network, got 'mlpp'"),
    (TWO | {"recipe": ["nsgan", "wgan"]}, ".recipe must be searched or given, got both; drop one"),
]  # fmt: skip


@pytest.mark.parametrize(("search", "rest"), FAULTS)
def test_one_fault_of_a_search_is_one_line(search, rest):
    (line,) = faults(search)

    assert line.startswith(f"p.toml: grid[0].search{rest}")


def test_a_searched_key_has_the_rivals_of_a_given_one():
    (line,) = faults(TWO | {"lr": LOG}, lr_scale=1.0)

    assert line == "p.toml: grid[0] must have lr or lr_scale, got both; drop one of them"


def test_a_searched_rate_is_a_rate_for_an_optimizer_without_a_usual_one():
    assert profile(TWO | {"lr": LOG}, optimizer="sgd").runs == 8


def test_the_command_line_sets_trials_and_takes_a_key_out_of_the_search(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(to_toml(profile({"trials": 3, "lr": LOG, "n_critic": [5]})))

    more, fixed = read_profile(str(path), ["trials=7"]), read_profile(str(path), ["lr=1e-3", "n_critic=1,2"])

    assert more.runs == 2 * 7 * 2
    assert count_unchecked(str(path), ["trials=7"]) == {"g": 28}
    assert (fixed.grid[0].search, fixed.grid[0].lr, fixed.runs) == (None, (1e-3,), 2 * 2 * 2)
    with pytest.raises(ProfileError, match=r"\.search\.trials must be an integer >= 1, got 0; it counts"):
        read_profile(str(path), ["trials=0"])


def test_lucic_searches_the_published_ranges_alike_for_every_loss():
    grids = {grid.name: grid for grid in read_profile("lucic").grid}
    free, clipped, penalised = (grids[name].drawn for name in ("unregularized", "clipping", "penalty"))

    assert free.keys["lr"] == clipped.keys["lr"] == penalised.keys["lr"] == Span(1e-5, 1e-2, "log")
    assert free.keys["n_critic"] == penalised.keys["n_critic"] == Choices((1, 5))
    assert clipped.keys["regularizer_weight"] == Span(1e-3, 1.0, "log")
    assert penalised.keys["regularizer_weight"] == Span(0.1, 100.0, "log")
    assert "discriminator_norm" not in penalised.keys
    assert {grid.network for grid in grids.values()} == {("infogan",)}
