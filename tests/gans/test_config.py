"""Configs: an id never moves, also when RunConfig learns a new field."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from gans.config import LATER_FIELDS, RunConfig, canonical_json, cell_id, cohort_key, from_mapping, run_id
from gans.defaults import config_of

BEFORE = {"run": "c00684dcf6d2455c", "cell": "0ebeb055fe2b4b93", "cohort": "62f12b5e4a8e73af"}
"""Names of ``config_of("wgan-gp", seed=3)`` by commit 6aa433d, which knew none of LATER_FIELDS."""


def named(config: RunConfig) -> dict[str, str]:
    return {"run": run_id(config), "cell": cell_id(config), "cohort": cohort_key(config)}


def test_fields_that_came_later_move_no_name_of_a_run_that_leaves_them_alone() -> None:
    assert named(config_of("wgan-gp", seed=3)) == BEFORE


@pytest.mark.parametrize("field", LATER_FIELDS)
def test_a_later_field_that_is_used_names_another_run_cell_and_cohort(field: str) -> None:
    changed = replace(config_of("wgan-gp", seed=3), **{field: "layer"})

    assert not set(named(changed).items()) & set(BEFORE.items())
    assert field in canonical_json(changed)


def test_a_stored_config_may_lack_what_came_later() -> None:
    config = config_of("wgan-gp", seed=3)
    old = {name: value for name, value in asdict(config).items() if name not in LATER_FIELDS}

    assert from_mapping(old) == from_mapping(asdict(config)) == config


def test_a_stored_config_may_lack_nothing_else_and_hold_nothing_more() -> None:
    values = asdict(config_of("nsgan"))

    with pytest.raises(ValueError, match=r"got missing \['seed'\] and unknown \[\]"):
        from_mapping({name: value for name, value in values.items() if name != "seed"})
    with pytest.raises(ValueError, match=r"got missing \[\] and unknown \['colour'\]"):
        from_mapping({**values, "colour": 1})
