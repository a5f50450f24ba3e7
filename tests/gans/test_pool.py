"""Members of one cohort on differently spoiled data: each sees its own, and none sees another's."""

from __future__ import annotations

import pytest
import torch

from gans.cohort import Cohort
from gans.config import run_id
from gans.data import load, subset_indices
from gans.data.defective import apply_defect
from gans.data.pool import pool_for
from gans.defaults import config_of

DIGITS = load("digits")


def config(**overrides: object):
    return config_of("nsgan", **{"batch_size": 8, "steps": 4, "evaluations": 2, **overrides})


def test_without_defects_the_pool_is_the_training_part_itself() -> None:
    pool = pool_for([config(seed=1), config(seed=2, data_size=32)], DIGITS)

    assert pool.samples is DIGITS.train
    assert torch.equal(pool.subsets[1], subset_indices(DIGITS.size, 32, 2))


def test_each_member_sees_its_own_defect() -> None:
    members = [
        config(seed=1, data_size=64),
        config(seed=1, data_size=64, defect="scaling:1"),
        config(seed=2, data_size=32, defect="noise:0.2+missing:0.5"),
    ]

    pool = pool_for(members, DIGITS)

    for member, rows in zip(members, pool.subsets, strict=True):
        own = apply_defect(DIGITS, member.defect, member.seed, member.data_size).train
        assert torch.equal(pool.samples[rows], own)


def test_members_that_agree_share_their_samples() -> None:
    spoiled = [config(seed=1, defect="noise:0.2", generator_lr=rate) for rate in (1e-4, 2e-4)]

    pool = pool_for(spoiled, DIGITS)

    assert len(pool.samples) == DIGITS.size
    assert torch.equal(pool.subsets[0], pool.subsets[1])


def test_a_run_does_not_depend_on_the_defects_beside_it() -> None:
    noisy = config(seed=3, defect="noise:0.5", data_size=64)
    alone = Cohort([noisy, noisy], DIGITS)
    among = Cohort([config(seed=0), noisy, config(seed=5, defect="missing:0.5")], DIGITS)

    first, second = alone.train(4), among.train(4)

    for name, trace in first.items():
        assert trace[0].tolist() == pytest.approx(second[name][1].tolist(), rel=1e-4)


def test_a_clean_member_trains_the_same_beside_spoiled_ones() -> None:
    alone = Cohort([config(seed=0), config(seed=1)], DIGITS)
    beside = Cohort([config(seed=0), config(seed=1, defect="blur:1")], DIGITS)

    first, second = alone.train(4), beside.train(4)

    assert torch.equal(first["discriminator_loss"][0], second["discriminator_loss"][0])
    assert not torch.equal(first["discriminator_loss"][1], second["discriminator_loss"][1])


def test_training_samples_bear_the_defect() -> None:
    cohort = Cohort([config(seed=0), config(seed=0, defect="scaling:1")], DIGITS)

    clean, scaled = (cohort.training_samples(cohort.training_indices(member)[:50]) for member in (0, 1))

    assert torch.allclose(scaled, (clean + 1) / 2)


def test_members_that_stay_keep_their_data() -> None:
    cohort = Cohort([config(seed=0), config(seed=0, defect="scaling:1"), config(seed=1)], DIGITS)
    before = cohort.training_samples(cohort.training_indices(1))
    cohort.keep([1, 2])

    assert torch.equal(cohort.training_samples(cohort.training_indices(0)), before)
    assert bool(torch.isfinite(cohort.train(2)["generator_loss"]).all())


def test_a_defect_has_a_run_id_of_its_own() -> None:
    ids = {run_id(config(defect=defect)) for defect in ("none", "noise:0.2", "noise:0.3", "blur:0.2")}

    assert len(ids) == 4


@pytest.mark.slow
def test_compiled_a_clean_member_has_the_same_bits_beside_spoiled_ones() -> None:
    alone = Cohort([config(seed=0), config(seed=1)], DIGITS, compiled=True)
    beside = Cohort([config(seed=0), config(seed=1, defect="blur:1")], DIGITS, compiled=True)

    first, second = alone.train(30), beside.train(30)

    assert (alone.mode, beside.mode) == ("compiled", "compiled")
    assert all(torch.equal(trace[0], second[name][0]) for name, trace in first.items())
