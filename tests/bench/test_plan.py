"""Plans: who trains together, in which mode, in which order; resuming changes none of it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bench.cost import CostModel
from bench.plan import longest_first, make_plan, makespan, pieces
from bench.profile import check_profile
from gans.config import cohort_key, run_id
from gans.padding import program_config

GRID = {"name": "g", "dataset": "ring8", "recipe": ["nsgan", "wgan-gp"], "lr": [1e-3, 1e-4], "seeds": 5}


def plan_of(*grids, compile="auto", model=None):  # noqa: A002
    grids = [GRID | grid for grid in grids] or [GRID]
    return make_plan(check_profile({"name": "p", "compile": compile, "grid": grids}, "p.toml"), model)


def ids(cohorts):
    return sorted(run_id(config) for cohort in cohorts for config in cohort.configs)


def test_members_of_a_cohort_share_their_key_and_every_run_is_in_one_cohort():
    plan = plan_of({"generator_width": [8, 16]})

    for cohort in plan.cohorts:
        shapes = {program_config(config, compiled=cohort.compiled) for config in cohort.configs}
        assert {cohort_key(config) for config in shapes} == {cohort.key}
    assert len(ids(plan.cohorts)) == len(set(ids(plan.cohorts))) == plan.runs == 2 * 2 * 2 * 5


@pytest.mark.parametrize(("compile", "cohorts"), [("always", 1), ("never", 3)])
def test_narrow_runs_of_several_widths_are_one_cohort_where_it_is_compiled(compile, cohorts):  # noqa: A002
    grid = {"recipe": "nsgan", "generator_width": 32, "capacity_ratio": [0.25, 0.5, 1.0], "lr": 1e-3}
    plan = plan_of(grid, compile=compile)

    assert [cohort.compiled for cohort in plan.cohorts] == [compile == "always"] * cohorts
    assert plan.runs == 15


def test_grids_that_share_a_shape_share_their_cohorts():
    plan = plan_of({"name": "a", "recipe": "nsgan"}, {"name": "b", "recipe": "nsgan", "lr": 1e-2})

    assert [len(cohort.configs) for cohort in plan.cohorts] == [15]


def test_cohorts_are_cut_by_number_and_by_memory():
    grid = {"recipe": "nsgan", "seeds": 70, "lr": 1e-3}
    small_memory = replace(CostModel(), cohort_bytes=30e6)
    by_number = [len(cohort.configs) for cohort in plan_of(grid).cohorts]
    by_memory = [len(cohort.configs) for cohort in plan_of(grid, model=small_memory).cohorts]

    assert by_number == [35, 35]
    assert sum(by_memory) == 70
    assert len(by_memory) > 2


def test_one_heavy_group_is_cut_so_that_two_workers_share_it():
    plan = plan_of({"recipe": "wgan-gp", "generator_width": 256, "seeds": 30})

    assert len(plan.cohorts) >= 2
    assert max(cohort.seconds for cohort in plan.cohorts) < 0.7 * sum(
        cohort.seconds for cohort in plan.cohorts
    )


@pytest.mark.parametrize("count", [1, 2, 16, 45, 64, 65, 97, 300])
def test_pieces_hold_everybody_and_are_even(count):
    lengths = pieces(count, 64)

    assert sum(lengths) == count
    assert max(lengths) <= 64
    assert max(lengths) - min(lengths) <= 1


def test_the_longest_cohort_goes_first():
    plan = plan_of({"generator_width": [8, 16, 64]})
    seconds = [cohort.seconds for cohort in plan.cohorts]

    assert seconds == sorted(seconds, reverse=True)
    assert longest_first(reversed(plan.cohorts)) == plan.cohorts


def test_data_sets_of_one_shape_count_as_one_program():
    grid = {"dataset": ["ring8", "grid25"], "recipe": ["nsgan", "wgan"], "lr": 1e-3}
    recipes = [cohort.configs[0].recipe for cohort in plan_of(grid, compile="always").cohorts]

    assert sorted(recipes) == ["nsgan", "nsgan", "wgan", "wgan"]
    assert recipes[0] != recipes[1]


def test_neighbours_are_of_different_programs_so_that_workers_do_not_compile_one_twice():
    plan = plan_of({"recipe": ["nsgan", "wgan"], "seeds": 90, "lr": 1e-3}, compile="always")
    keys = [cohort.key for cohort in plan.cohorts]

    assert sorted(keys) != keys or len(set(keys)) == 2 < len(keys)
    assert all(left != right for left, right in itertools.pairwise(keys))


def test_makespan_fills_the_worker_that_is_free_first():
    assert makespan([5, 4, 3, 3], 2) == 8
    assert makespan([], 2) == 0
    assert makespan([4], 2, busy=[10, 1]) == 10
    assert makespan([4], 2, busy=[10, 8]) == 12


def test_what_remains_is_the_plan_less_what_is_finished():
    plan = plan_of()
    done = set(ids(plan.cohorts)[::3])
    left = plan.remaining(done)

    assert set(ids(left)) == set(ids(plan.cohorts)) - done
    assert plan.remaining(()) == plan.cohorts
    assert plan.remaining(set(ids(plan.cohorts))) == ()


def test_an_untouched_cohort_keeps_its_name_when_others_are_broken():
    plan = plan_of()
    first, second = plan.cohorts
    left = plan.remaining({run_id(first.configs[0])})

    assert second in left
    assert first.cohort not in {cohort.cohort for cohort in left}


def test_rests_of_one_kind_are_joined():
    plan = plan_of({"recipe": "nsgan", "seeds": 100, "lr": 1e-3})
    done = {run_id(config) for cohort in plan.cohorts for config in cohort.configs[5:]}
    left = plan.remaining(done)

    assert len(plan.cohorts) == 2
    assert [len(cohort.configs) for cohort in left] == [10]


def test_the_mode_is_the_profiles_also_for_the_last_run_left():
    plan = plan_of({"generator_width": 64, "recipe": "nsgan", "seeds": 30})
    everybody = ids(plan.cohorts)
    left = plan.remaining(everybody[1:])

    assert all(cohort.compiled for cohort in plan.cohorts)
    assert [(len(cohort.configs), cohort.compiled) for cohort in left] == [(1, True)]


@pytest.mark.parametrize("word, compiled", [("always", {True}), ("never", {False})])
def test_a_profile_may_insist_on_a_mode(word, compiled):
    plan = plan_of({"generator_width": [8, 64]}, compile=word)

    assert {cohort.compiled for cohort in plan.cohorts} == compiled


def test_adding_seeds_keeps_every_run_that_was_there():
    few, many = plan_of({"seeds": 2}), plan_of({"seeds": 4})

    assert set(ids(few.cohorts)) < set(ids(many.cohorts))
    assert len(ids(many.remaining(set(ids(few.cohorts))))) == many.runs - few.runs


def test_a_job_carries_the_cohort_and_its_mode():
    cohort = plan_of(compile="never").cohorts[0]
    job = cohort.job("out", "cpu")

    assert (job.cohort, job.configs, job.mode, job.out) == (cohort.cohort, cohort.configs, "eager", "out")
