"""Convolutional runs in a plan: each alone, eager, and skipped with one line where they cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.cost import CostModel
from bench.grid import expand
from bench.plan import make_plan
from bench.profile import check_profile
from bench.sizes import sizes_of
from gans.config import RunConfig
from gans.defaults import config_of

GRID = {"name": "g", "dataset": "digits", "recipe": "nsgan", "network": "dcgan", "generator_width": 8}


def profile_of(**grid: object):
    return check_profile(
        {"name": "p", "grid": [GRID | {"seeds": 3, "steps": 5000, "evaluations": 5} | grid]}, "p"
    )


def config(**changes: object) -> RunConfig:
    return config_of("nsgan", network="dcgan", **changes)


def test_each_convolutional_run_is_a_cohort_of_one_and_stays_eager() -> None:
    plan = make_plan(profile_of())

    assert [(len(cohort.configs), cohort.compiled) for cohort in plan.cohorts] == [(1, False)] * 3


def test_a_model_of_a_gpu_may_join_them() -> None:
    plan = make_plan(profile_of(), replace(CostModel(), most_convolutional=64))

    assert [len(cohort.configs) for cohort in plan.cohorts] == [3]


def test_a_worker_holds_more_for_convolutions_than_for_perceptrons_of_the_same_numbers() -> None:
    model, sizes = CostModel(), sizes_of(config())
    plain = replace(sizes, convolutional=False)

    least = model.worker_bytes(config(), plain, 2)

    assert least == model.base_bytes + 2 * model.member_bytes(config(), plain)
    assert model.worker_bytes(config(), sizes, 2) == least + model.convolution_bytes


def test_widths_are_recorded_as_parameters_and_arithmetic_of_each_side() -> None:
    one, wide = sizes_of(config()), sizes_of(config(discriminator_width=64))

    assert one.convolutional
    assert wide.generator == one.generator
    assert wide.discriminator.parameters > 3 * one.discriminator.parameters
    assert wide.discriminator.flops > 3 * one.discriminator.flops


def test_arithmetic_of_a_convolution_is_counted_by_hand() -> None:
    """8 x 8 pixels, width 4: 1 to 4 channels on 4 x 4, 4 to 8 on 2 x 2, kernels of 4 x 4; then 32 to 1."""
    sizes = sizes_of(config(discriminator_width=4, discriminator_norm="none"))

    assert sizes.discriminator.flops == 2 * (16 * 1 * 4 * 16 + 4 * 4 * 8 * 16 + 32)
    assert sizes.discriminator.parameters == (4 * 16 + 4) + (4 * 8 * 16 + 8) + 33


@pytest.mark.parametrize(
    "changes", [{"recipe": "wgan-gp"}, {"generator_width": 32}, {"recipe": "nsgan-r1"}, {"batch_size": 256}]
)
def test_more_work_takes_longer(changes: dict[str, object]) -> None:
    model = CostModel()

    def seconds(**given: object) -> float:
        made = config_of(**{"recipe": "nsgan", "network": "dcgan", "generator_width": 8, **given})
        return model.cohort_seconds(made, sizes_of(made), 1, compiled=False)

    assert seconds(**changes) > 1.05 * seconds()
    assert seconds(generator_width=64, autocast="bfloat16") < seconds(generator_width=64)


REFUSED = [
    ({"recipe": "wgan-gp", "discriminator_norm": "batch"}, "got batch norm in the discriminator of 'dcgan'"),
    (
        {"network": "mlp", "generator_norm": "batch"},
        "generator_norm: must be 'own' or 'none' with network 'mlp'",
    ),
    ({"network": "metz"}, "depth must be 3, that of the published players, got 2"),
    ({"dataset": "ring8"}, "samples must be square pictures"),
    ({"dataset": "ring8", "network": "mlp", "augmentation": "diffaugment"}, "must suit the data"),
]


@pytest.mark.parametrize("grid, reason", REFUSED)
def test_what_cannot_be_built_is_skipped_with_one_line(grid: dict[str, object], reason: str) -> None:
    (skipped,) = expand(profile_of(**grid)).skipped

    assert reason in skipped.reason
    assert "\n" not in skipped.reason
