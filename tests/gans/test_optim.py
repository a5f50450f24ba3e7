"""Our optimizers are torch.optim's, member by member."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from gans.optim import OPTIMIZERS, bias_corrections
from gans.rng import stream

STEPS, MEMBERS, PARAMETERS = 50, 3, 7
BETAS = {"adam": (0.5, 0.999), "rmsprop": (0.0, 0.99), "sgd": (0.0, 0.0)}
REFERENCES: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": lambda params, lr: torch.optim.Adam(params, lr=lr, betas=BETAS["adam"]),
    "rmsprop": lambda params, lr: torch.optim.RMSprop(params, lr=lr, alpha=BETAS["rmsprop"][1]),
    "sgd": lambda params, lr: torch.optim.SGD(params, lr=lr),
}
RATES = torch.tensor([[1e-3], [1e-2], [3e-5]])


def quadratic_gradient(weights: Tensor, step: int) -> Tensor:
    noise = torch.randn(weights.shape, generator=stream(step, "optimizer test"), dtype=weights.dtype)
    return weights + 0.5 * noise


def ours(name: str, start: Tensor) -> Tensor:
    optimizer = OPTIMIZERS.get(name)
    weights, moments = start, optimizer.start(start)
    for step in range(STEPS):
        corrections = bias_corrections(step + 1, BETAS[name])
        gradient = quadratic_gradient(weights, step)
        weights, moments = optimizer.update(
            weights, gradient, moments, RATES.to(start), corrections, BETAS[name]
        )
    return weights


def theirs(name: str, start: Tensor) -> Tensor:
    parameters = [row.clone().requires_grad_() for row in start]
    optimizers = [REFERENCES[name]([row], rate.item()) for row, rate in zip(parameters, RATES, strict=True)]
    for step in range(STEPS):
        gradient = quadratic_gradient(torch.stack([row.detach() for row in parameters]), step)
        for row, part, optimizer in zip(parameters, gradient, optimizers, strict=True):
            row.grad = part.clone()
            optimizer.step()
    return torch.stack([row.detach() for row in parameters])


def test_every_optimizer_has_a_reference() -> None:
    assert set(OPTIMIZERS) == set(REFERENCES)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_fifty_steps_end_where_torch_optim_ends(name: str, dtype: torch.dtype) -> None:
    start = torch.randn(MEMBERS, PARAMETERS, generator=stream(1, "start"), dtype=dtype)

    expected, actual = theirs(name, start), ours(name, start)

    torch.testing.assert_close(actual, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_member_with_rate_zero_stays_where_it_is(name: str) -> None:
    optimizer = OPTIMIZERS.get(name)
    weights = torch.ones(2, 3)
    rates = torch.tensor([[0.0], [0.1]])

    moved, _ = optimizer.update(
        weights,
        torch.ones(2, 3),
        optimizer.start(weights),
        rates,
        bias_corrections(1, (0.5, 0.9)),
        (0.5, 0.9),
    )

    assert torch.equal(moved[0], weights[0])
    assert not torch.equal(moved[1], weights[1])
