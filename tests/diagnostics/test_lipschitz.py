"""Bounds on a discriminator's slope, from below and from above."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bench.diagnostics.layers import has_costly, layers_of
from bench.diagnostics.lipschitz import lipschitz_lower, lipschitz_upper, pair_slope
from bench.diagnostics.operators import MOST_SLOPES
from gans.networks.dcgan import DCGANDiscriminator
from gans.networks.metz import MetzDiscriminator
from gans.networks.mlp import MLPDiscriminator
from gans.networks.resnet import ResNetDiscriminator
from gans.rng import seeded_globals


def stacked(module: nn.Module) -> dict[str, Tensor]:
    every = (*module.named_parameters(), *module.named_buffers())
    return {name: value.detach().unsqueeze(0) for name, value in every}


def upper_of(module: nn.Module, *shape: int) -> float:
    return lipschitz_upper(layers_of(module, shape), module, stacked(module))[0]


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
    upper = upper_of(critic, 4)

    assert lower.tolist() == pytest.approx([expected])
    assert upper == pytest.approx(expected)


def test_two_linear_layers_on_one_axis_multiply():
    critic = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False))
    with torch.no_grad():
        critic[0].weight.copy_(torch.tensor([[3.0, 0.0], [0.0, 1.0]]))
        critic[2].weight.copy_(torch.tensor([[2.0, 0.0]]))

    assert upper_of(critic, 2) == pytest.approx(6.0)
    assert slopes(critic, torch.tensor([[1.0, 0.0]])).item() == pytest.approx(6.0)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_no_slope_of_an_mlp_exceeds_the_upper_bound(depth):
    critic = build(MLPDiscriminator, 16, depth, (1, 8, 8))
    samples = 3 * torch.randn(500, 1, 8, 8, generator=torch.Generator().manual_seed(2))

    lower = lipschitz_lower(slopes(critic, samples)[None])[0]
    upper = upper_of(critic, 1, 8, 8)

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


def test_branches_that_are_added_up_add_their_slopes():
    critic = SkipCritic()
    with torch.no_grad():
        critic.first.weight.copy_(3 * torch.eye(4))
        critic.last.weight.copy_(torch.tensor([[2.0, 0.0, 0.0, 0.0]]))

    assert upper_of(critic, 4) == pytest.approx((1 + 3) * 2)
    assert slopes(critic, torch.zeros(1, 4)).item() == pytest.approx(8.0)


class Doubling(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        return (samples + samples).sum(dim=(1, 2))


def test_a_sum_counts_what_it_takes_twice_and_over_n_numbers_stretches_by_root_n():
    critic = nn.Sequential(nn.Linear(4, 4, bias=False), Doubling())
    with torch.no_grad():
        critic[0].weight.copy_(torch.eye(4))

    assert upper_of(critic, 9, 4) == pytest.approx(2 * math.sqrt(36))
    assert slopes(critic, torch.zeros(1, 9, 4)).item() == pytest.approx(12.0)


NETWORKS = {
    "dcgan": (DCGANDiscriminator, (4, 2, (1, 8, 8), "none")),
    "dcgan with batch norm": (DCGANDiscriminator, (4, 2, (1, 8, 8), "batch")),
    "resnet": (ResNetDiscriminator, (4, 2, (1, 8, 8))),
    "metz": (MetzDiscriminator, (2, 3, (1, 8, 8))),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_no_slope_of_a_convolutional_discriminator_exceeds_its_bound(name):
    critic = build(NETWORKS[name][0], *NETWORKS[name][1])
    draws = torch.Generator().manual_seed(3)
    critic(torch.randn(64, 1, 8, 8, generator=draws))  # batch norm takes note of its inputs
    critic.eval()

    lower = lipschitz_lower(slopes(critic, torch.randn(200, 1, 8, 8, generator=draws))[None])[0]
    upper = upper_of(critic, 1, 8, 8)

    assert 0 < lower <= upper < math.inf
    assert has_costly(layers_of(critic, (1, 8, 8)))
    assert not has_costly(layers_of(build(MLPDiscriminator, 8, 2, (1, 8, 8)), (1, 8, 8)))


def test_looking_at_layers_leaves_the_module_as_it_was():
    critic = build(DCGANDiscriminator, 4, 2, (1, 8, 8))
    before = {name: value.clone() for name, value in critic.state_dict().items()}

    layers_of(critic, (1, 8, 8))

    assert all(module.training for module in critic.modules())
    assert all(torch.equal(value, before[name]) for name, value in critic.state_dict().items())


class ScaledCritic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.scale = nn.Linear(4, 1), nn.Parameter(torch.ones(1))

    def forward(self, samples: Tensor) -> Tensor:
        return self.layer(samples * self.scale).squeeze(-1)


@pytest.mark.parametrize(
    "critic",
    [
        BranchingCritic(),
        ScaledCritic(),
        nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.Linear(4, 1)),
        nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4, track_running_stats=False), nn.Linear(4, 1)),
    ],
    ids=["branching", "product", "layer norm", "batch norm of the batch"],
)
def test_what_is_not_made_of_known_layers_has_no_upper_bound(critic):
    assert layers_of(critic, (4,)) is None
    assert np.isnan(lipschitz_upper(None, critic, stacked(critic))).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_only_members_that_are_not_finite_have_no_bound(bad):
    critic = nn.Linear(2, 1)
    weights = {"weight": torch.tensor([[[3.0, 4.0]], [[bad, 0.0]], [[0.0, 2.0]]])}

    upper = lipschitz_upper(layers_of(critic, (2,)), critic, weights)
    lower = lipschitz_lower([[1.0, 2.0], [1.0, bad], [3.0, 0.0]])
    pairs = pair_slope([[1.0], [bad], [3.0]], [[0.0], [0.0], [0.0]], [[0.5], [1.0], [1.0]])

    assert upper.tolist() == pytest.approx([5.0, math.nan, 2.0], nan_ok=True)
    assert lower.tolist() == pytest.approx([2.0, math.nan, 3.0], nan_ok=True)
    assert pairs.tolist() == pytest.approx([2.0, math.nan, 3.0], nan_ok=True)


def test_pairs_of_a_linear_critic_along_its_weight_are_as_steep_as_it_is_long():
    critic = build(LinearCritic)
    first = torch.randn(20, 4, generator=torch.Generator().manual_seed(4))
    second = torch.cat([first[:1] + critic.layer.weight.detach(), first[1:].flip(0)])
    logits = [critic(each).detach().numpy()[None] for each in (first, second)]

    steepest = pair_slope(*logits, (first - second).norm(dim=1).numpy()[None])

    assert steepest[0] == pytest.approx(critic.layer.weight.norm().item(), rel=1e-4)


def test_pairs_of_copies_have_no_slope_and_do_not_hide_the_others():
    assert pair_slope([[1.0, 2.0]], [[1.0, 0.0]], [[0.0, 4.0]]).tolist() == [0.5]
    assert math.isnan(pair_slope([[1.0]], [[1.0]], [[0.0]])[0])
