"""Distance from the Lipschitz constraint."""

import math

import numpy as np
import pytest

from bench.diagnostics.clipping import clip_saturation, penalty_deviation


def test_weights_clipped_by_the_optimizer_count_as_at_the_bound():
    weights = np.clip(np.array([[0.5, -0.2, 0.005, 0.01]], dtype=np.float32), -0.01, 0.01)

    assert clip_saturation(weights, 0.01).tolist() == [0.75]


def test_each_member_has_its_own_bound():
    weights = [[0.1, -0.1], [0.1, -0.1], [0.1, 0.3]]

    assert clip_saturation(weights, [0.1, 0.2, 0.3]).tolist() == [1.0, 0.0, 0.5]


def test_a_weight_just_inside_the_bound_is_free():
    assert clip_saturation([[0.00999, 0.01]], 0.01).tolist() == [0.5]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_members_that_are_not_finite_have_no_number(bad):
    assert np.isnan(clip_saturation([[bad, 0.0], [0.0, 0.0]], 0.01)).tolist() == [True, False]
    assert np.isnan(penalty_deviation([[bad, 1.0], [1.0, 1.0]])).tolist() == [True, False]


def test_deviation_counts_slopes_on_both_sides_of_one():
    assert penalty_deviation([[0.0, 2.0], [1.0, 1.0], [3.0, 3.0]]).tolist() == [1.0, 0.0, 2.0]
