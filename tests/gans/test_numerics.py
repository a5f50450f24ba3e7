"""Forms that stay finite where the obvious ones fail, each beside the obvious one that does."""

import math

import pytest
import torch
from torch.func import grad, jvp, vmap

from gans.numerics import log_sigmoid, safe_norm, softplus

EXTREMES = torch.tensor([-1e4, -200.0, -1.0, 0.0, 1.0, 200.0, 1e4], dtype=torch.float64)


@pytest.mark.parametrize("logit", [-20.5, -3.0, -1e-3, 0.0, 0.7, 19.5, 20.5, 30.0])
def test_both_forms_agree_with_their_definitions(logit):
    x = torch.tensor(logit, dtype=torch.float64)

    assert softplus(x).item() == pytest.approx(math.log1p(math.exp(logit)), rel=1e-14)
    assert log_sigmoid(x).item() == pytest.approx(-math.log1p(math.exp(-logit)), rel=1e-14)


def test_the_obvious_log_sigmoid_fails_where_ours_is_exact():
    x = torch.tensor(-1e4)

    assert x.sigmoid().log().item() == -math.inf
    assert log_sigmoid(x).item() == -1e4


@pytest.mark.parametrize("function", [log_sigmoid, softplus])
def test_value_and_two_derivatives_are_finite_at_extreme_logits(function):
    first, second = vmap(grad(function))(EXTREMES), vmap(grad(grad(function)))(EXTREMES)

    assert function(EXTREMES).isfinite().all()
    assert first.isfinite().all()
    assert second.isfinite().all()


def test_the_slope_of_softplus_is_the_sigmoid_and_its_curvature_forward_equals_reverse():
    torch.testing.assert_close(vmap(grad(softplus))(EXTREMES), EXTREMES.sigmoid(), rtol=1e-14, atol=0)

    _, forward = jvp(vmap(grad(softplus)), (EXTREMES,), (torch.ones_like(EXTREMES),))

    torch.testing.assert_close(forward, vmap(grad(grad(softplus)))(EXTREMES))


def test_the_safe_norm_is_the_norm_of_each_flattened_sample():
    x = torch.randn(5, 3, 4, 2, generator=torch.Generator().manual_seed(0))

    torch.testing.assert_close(safe_norm(x), torch.linalg.vector_norm(x.flatten(1), dim=1))


def test_the_safe_norm_of_scalars_per_sample_is_their_size():
    assert safe_norm(torch.tensor([-3.0, 0.0])).tolist() == [3.0, 0.0]


def test_the_gradient_of_the_safe_norm_at_zero_is_zero_where_the_plain_one_is_nan():
    plain = grad(lambda x: x.square().sum(dim=1).sqrt().sum())(torch.zeros(2, 3))
    safe = grad(lambda x: safe_norm(x).sum())(torch.zeros(2, 3))

    assert plain.isnan().all()
    assert torch.equal(safe, torch.zeros(2, 3))


def test_the_gradient_of_the_safe_norm_elsewhere_is_the_unit_vector():
    unit = grad(lambda x: safe_norm(x).sum())(torch.tensor([[3.0, 4.0]]))

    torch.testing.assert_close(unit, torch.tensor([[0.6, 0.8]]))


def test_the_safe_norm_keeps_its_dtype():
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        assert safe_norm(torch.ones(2, 2, dtype=dtype)).dtype == dtype
