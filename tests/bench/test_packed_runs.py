"""Packing as a factor of a profile: what it costs, what probes say of packed players, and bad input."""

from __future__ import annotations

import numpy as np
import pytest

from bench.cost import CostModel
from bench.diagnostics.spectrum import spectrum_of_run
from bench.dynamics import dynamics
from bench.grid import expand
from bench.metrics import reference_for
from bench.probe_samples import probes_for
from bench.profile import ProfileError, check_profile, read_profile
from bench.sizes import sizes_of
from gans.cohort import Cohort
from gans.config import run_id
from gans.data import load
from gans.defaults import config_of

RING = load("ring8")
GRID = {"name": "g", "dataset": "ring8", "recipe": "nsgan", "steps": 40, "seeds": 1}
SMALL = {"generator_width": 8, "discriminator_width": 8, "batch_size": 16, "dataset": "ring8"}


def expanded(**changes):
    return expand(check_profile({"name": "p", "grid": [GRID | changes]}, "p.toml")).grids["g"]


def cohort_of(packing: int, recipe: str = "nsgan", **overrides: object) -> Cohort:
    configs = [
        config_of(recipe, seed=seed, packing=packing, **{**SMALL, "data_size": 64, **overrides})
        for seed in range(2)
    ]
    return Cohort(configs, RING)


def test_packing_is_an_axis_and_one_sample_at_a_time_is_the_run_it_was():
    packed, usual = expanded(packing=[1, 2, 3]), expanded()

    assert [config.packing for config in packed] == [1, 2, 3]
    assert run_id(packed[0]) == run_id(usual[0])
    assert len({run_id(config) for config in packed}) == 3


@pytest.mark.parametrize("value", [0, 65, 1.5, "two"])
def test_an_impossible_packing_is_one_line(value):
    with pytest.raises(ProfileError) as caught:
        check_profile({"name": "p", "grid": [GRID | {"packing": value}]}, "p.toml")

    (line,) = caught.value.lines
    assert line.startswith("p.toml: grid[0].packing must be an integer from 1 to 64, got ")


def test_a_network_for_single_numbers_skips_packs_with_its_reason():
    grid = GRID | {"dataset": "dirac", "network": "dirac", "packing": 2}
    skipped = expand(check_profile({"name": "p", "grid": [grid]}, "p.toml")).skipped

    assert len(skipped) == 1


def test_larger_packs_are_planned_to_take_longer_and_more_memory():
    model = CostModel()
    one, three = (config_of("nsgan", **SMALL, packing=packing) for packing in (1, 3))

    assert model.member_seconds(three, sizes_of(three)) > 1.5 * model.member_seconds(one, sizes_of(one))
    assert model.member_bytes(three, sizes_of(three)) > model.member_bytes(one, sizes_of(one))
    assert sizes_of(three).sample == sizes_of(one).sample == 2


@pytest.mark.parametrize("recipe", ["nsgan", "wgan", "wgan-gp", "rpgan-r1r2"])
def test_every_look_at_packed_players_is_finite_and_no_other_column_is_missing(recipe):
    found = []
    for packing in (1, 3):
        cohort = cohort_of(packing, recipe)
        probes = probes_for(cohort, RING, reference_for(RING))
        cohort.train(2)
        for tier in (frozenset({"every"}), frozenset({"every", "end"})):
            columns, statuses = dynamics(cohort, probes, cohort.generate(probes.latents[:300]), tier)
        # Whether members overfit, so that the ratio applies, is chance after two steps.
        columns.pop("overfit_ratio")
        found.append((columns, [{**told, "overfit_ratio": ""} for told in statuses]))
    (alone, told_alone), (packed, told_packed) = found

    assert told_packed == told_alone
    assert {name for name, values in packed.items() if np.isfinite(values).all()} == {
        name for name, values in alone.items() if np.isfinite(values).all()
    }
    assert ((packed["auc_real_fake"] >= 0) & (packed["auc_real_fake"] <= 1)).all()


def test_members_with_fewer_samples_than_a_pack_show_them_again():
    cohort = cohort_of(3, data_size=2)
    probes = probes_for(cohort, RING, reference_for(RING))

    columns, _ = dynamics(cohort, probes, cohort.generate(probes.latents[:30]), frozenset({"every"}))

    assert np.isfinite(columns["auc_real_fake"]).all()


def test_spectra_are_those_of_a_batch_of_packs():
    spectra = spectrum_of_run(cohort_of(3, "wgan-gp", generator_width=4, discriminator_width=4), 0)

    assert all(np.isfinite(found.eigenvalues).all() for found in spectra.values() if found.status == "ok")
    assert any(found.status == "ok" for found in spectra.values())


@pytest.mark.parametrize("name", ["pacgan-ring", "pacgan-grid"])
def test_the_presets_of_the_paper_pack_one_to_three(name):
    (grid,) = (grid for grid in read_profile(name).grid if grid.packing != (1,))

    assert grid.packing == (1, 2, 3)
    assert grid.recipe == ("nsgan",)
