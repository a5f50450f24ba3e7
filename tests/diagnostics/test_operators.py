"""Stretches of layers against the singular values of the dense matrices that they are."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from bench.diagnostics import operators
from bench.diagnostics.operators import batch_norm_norm, convolution_norm
from gans.rng import seeded_globals

CONVOLUTIONS = {
    "plain": (lambda: nn.Conv2d(2, 3, 3), (2, 6, 6)),
    "strided": (lambda: nn.Conv2d(2, 4, 4, stride=2, padding=1), (2, 8, 8)),
    "odd side": (lambda: nn.Conv2d(1, 4, 3, stride=2, padding=1), (1, 7, 7)),
    "dilated in groups": (lambda: nn.Conv2d(4, 4, 3, dilation=2, groups=2, padding=2, bias=False), (4, 6, 6)),
    "around the edge": (lambda: nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), (1, 5, 5)),
    "of series": (lambda: nn.Conv1d(3, 2, 5, padding=2), (3, 12)),
    "of volumes": (lambda: nn.Conv3d(1, 2, 2), (1, 3, 3, 3)),
    "transposed": (lambda: nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), (3, 4, 4)),
}


def built(name: str) -> tuple[nn.Module, tuple[int, ...]]:
    make, shape = CONVOLUTIONS[name]
    with seeded_globals(0, f"test operators {name}"):
        return make(), shape


def dense(layer: nn.Module, shape: tuple[int, ...]) -> np.ndarray:
    """The matrix of a layer without its bias, column by column."""
    size = math.prod(shape)
    images = layer.double()(torch.eye(size, dtype=torch.float64).reshape(size, *shape))
    nothing = layer(torch.zeros(1, *shape, dtype=torch.float64))
    return (images - nothing).reshape(size, -1).T.detach().numpy()


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolution_stretches_by_the_largest_singular_value_of_its_matrix(name):
    layer, shape = built(name)
    own = {"weight": torch.stack([layer.weight.detach(), -2 * layer.weight.detach()])}

    found = convolution_norm(layer, own, shape)

    expected = np.linalg.svd(dense(layer, shape), compute_uv=False)[0]
    assert found.tolist() == pytest.approx([expected, 2 * expected], rel=2e-6)


def test_the_reshaped_kernel_would_say_otherwise():
    layer, shape = built("plain")
    kernel = layer.weight.detach().double().reshape(3, -1).numpy()

    found = convolution_norm(layer, {"weight": layer.weight.detach()[None]}, shape)

    assert found.item() > 1.1 * np.linalg.svd(kernel, compute_uv=False)[0]


def test_a_norm_that_does_not_settle_is_missing(monkeypatch):
    layer, shape = built("strided")
    monkeypatch.setattr(operators, "TOLERANCE", 1e-300)
    monkeypatch.setattr(operators, "MOST_RESTARTS", 1)

    assert math.isnan(convolution_norm(layer, {"weight": layer.weight.detach()[None]}, shape).item())


def test_a_kernel_of_zeros_stretches_nothing():
    assert (
        convolution_norm(nn.Conv2d(1, 1, 3), {"weight": torch.zeros(1, 1, 1, 3, 3)}, (1, 5, 5)).item() == 0.0
    )


def test_batch_norm_in_evaluation_is_as_steep_as_its_steepest_channel():
    layer = nn.BatchNorm2d(3).eval()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([1.0, -4.0, 2.0]))
        layer.running_var.copy_(torch.tensor([4.0, 16.0, 0.25]))
    own = {"weight": layer.weight.detach()[None], "running_var": layer.running_var[None]}

    found = batch_norm_norm(layer, own, (3, 2, 2))

    expected = np.linalg.svd(dense(layer, (3, 2, 2)), compute_uv=False)[0]
    assert found.item() == pytest.approx(expected)


def test_batch_norm_without_gain_counts_its_spread_alone():
    layer = nn.BatchNorm1d(2, affine=False, eps=0.0)

    assert batch_norm_norm(layer, {"running_var": torch.tensor([[0.25, 4.0]])}, (2,)).tolist() == [2.0]
