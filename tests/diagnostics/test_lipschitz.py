"""Bounds on a discriminator's slope, from below and from above."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bench.diagnostics.lipschitz import MOST_SLOPES, chain_of, lipschitz_lower, lipschitz_upper
from gans.networks.mlp import MLPDiscriminator
from gans.rng import seeded_globals


def stacked(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().unsqueeze(0) for name, value in module.named_parameters()}


def slopes(module: nn.Module, samples: Tensor) -> Tensor:
    samples = samples.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(module(samples).sum(), samples)
    return gradient.flatten(start_dim=1).norm(dim=1)


def build(factory, *args):
    with seeded_globals(0, "test lipschitz"):
        return factory(*args)


class LinearCritic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 1)

    def forward(self, samples: Tensor) -> Tensor:
        return self.layer(samples.flatten(1)).squeeze(-1)


class SkipCritic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(4, 4), nn.Linear(4, 1)

    def forward(self, samples: Tensor) -> Tensor:
        return self.last(samples + self.first(samples)).squeeze(-1)


class BranchingCritic(SkipCritic):
    def forward(self, samples: Tensor) -> Tensor:
        return self.last(self.first(samples)).squeeze(-1) if samples.sum() > 0 else samples.sum(dim=1)


def test_a_linear_critic_is_exactly_as_steep_as_its_weight_is_long():
    critic = build(LinearCritic)
    expected = critic.layer.weight.norm().item()

    lower = lipschitz_lower(
        slopes(critic, torch.randn(9, 4, generator=torch.Generator().manual_seed(1)))[None]
    )
    upper = lipschitz_upper(chain_of(critic), stacked(critic))

    assert lower.tolist() == pytest.approx([expected])
    assert upper.tolist() == pytest.approx([expected])


def test_two_linear_layers_on_one_axis_multiply():
    critic = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False))
    with torch.no_grad():
        critic[0].weight.copy_(torch.tensor([[3.0, 0.0], [0.0, 1.0]]))
        critic[2].weight.copy_(torch.tensor([[2.0, 0.0]]))

    assert lipschitz_upper(chain_of(critic), stacked(critic)).tolist() == pytest.approx([6.0])
    assert slopes(critic, torch.tensor([[1.0, 0.0]])).item() == pytest.approx(6.0)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_no_slope_of_an_mlp_exceeds_the_upper_bound(depth):
    critic = build(MLPDiscriminator, 16, depth, (1, 8, 8))
    samples = 3 * torch.randn(500, 1, 8, 8, generator=torch.Generator().manual_seed(2))

    lower = lipschitz_lower(slopes(critic, samples)[None])[0]
    upper = lipschitz_upper(chain_of(critic), stacked(critic))[0]

    expected = math.prod(
        np.linalg.norm(layer.weight.detach().double().numpy(), 2) for layer in critic.body[::2]
    )
    assert upper == pytest.approx(expected, rel=1e-6)
    assert 0 < lower <= upper


@pytest.mark.parametrize("kind", MOST_SLOPES)
def test_no_activation_is_steeper_than_its_entry(kind):
    if kind is nn.Flatten:
        pytest.skip("moves numbers and changes none")
    module = kind().eval()
    inputs = torch.linspace(-8, 8, 100_001, dtype=torch.float64).requires_grad_()
    module(inputs).sum().backward()
    steepest = inputs.grad.abs().max().item()

    assert steepest <= MOST_SLOPES[kind](module) <= 1.001 * steepest


def test_a_steeper_leaky_slope_counts():
    assert MOST_SLOPES[nn.LeakyReLU](nn.LeakyReLU(-3.0)) == 3.0
    assert MOST_SLOPES[nn.ELU](nn.ELU(alpha=2.0)) == 2.0


@pytest.mark.parametrize(
    "critic",
    [
        SkipCritic(),
        BranchingCritic(),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 1)),
        nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)),
    ],
    ids=["skip", "branching", "convolution", "batch norm"],
)
def test_what_is_no_chain_of_known_layers_has_no_upper_bound(critic):
    assert chain_of(critic) is None
    assert np.isnan(lipschitz_upper(None, stacked(critic))).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_only_members_that_are_not_finite_have_no_bound(bad):
    weights = {"weight": torch.tensor([[[3.0, 4.0]], [[bad, 0.0]], [[0.0, 2.0]]])}

    upper = lipschitz_upper(chain_of(nn.Linear(2, 1)), weights)
    lower = lipschitz_lower([[1.0, 2.0], [1.0, bad], [3.0, 0.0]])

    assert upper.tolist() == pytest.approx([5.0, math.nan, 2.0], nan_ok=True)
    assert lower.tolist() == pytest.approx([2.0, math.nan, 3.0], nan_ok=True)
