"""KID against torch-fidelity, and its standard error against the spread of independent draws."""

import math

import numpy as np
import pytest
import torch
from torch_fidelity.metric_kid import kid_features_to_metric

from bench.metrics import measure
from bench.metrics.kernel import kernel_side, mmd


def library(fake, real):
    """torch-fidelity on one subset of all rows."""
    found = kid_features_to_metric(
        torch.from_numpy(fake),
        torch.from_numpy(real),
        kid_subsets=1,
        kid_subset_size=len(fake),
        verbose=False,
    )
    return found["kernel_inception_distance_mean"]


@pytest.mark.parametrize("n", [20, 101, 697])
def test_the_value_is_torch_fidelitys(rng, n):
    fake, real = rng.normal(size=(n, 8)) + 0.3, rng.normal(size=(n, 8))

    assert mmd(kernel_side(fake), kernel_side(real))[0] == pytest.approx(library(fake, real), rel=1e-9)


def test_the_error_is_that_of_ten_blocks_measured_one_by_one(rng):
    fake, real = rng.normal(size=(105, 4)), rng.normal(size=(105, 4))
    blocks = [library(*pair) for pair in zip(np.array_split(fake, 10), np.array_split(real, 10), strict=True)]

    found = mmd(kernel_side(fake), kernel_side(real))[1]

    assert found == pytest.approx(np.std(blocks, ddof=1) / math.sqrt(10), rel=1e-9)


def test_near_zero_the_error_is_too_wide_by_a_factor_of_two_to_four_never_too_narrow(rng):
    draws = [mmd(*(kernel_side(rng.normal(size=(300, 16))) for _ in range(2))) for _ in range(60)]
    values, errors = np.array(draws).T

    assert 1.5 < np.mean(errors) / values.std(ddof=1) < 6


def test_the_error_has_a_column_of_its_own_and_needs_twenty_rows(digits):
    found = measure(digits.dataset.train[:15], digits, ("kid", "kid_se"))

    assert math.isfinite(found.values["kid"])
    assert found.statuses["kid_se"] == "too_few"
    assert measure(digits.dataset.train[:697], digits, "kid_se").values["kid_se"] > 0
