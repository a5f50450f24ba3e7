"""Whether a discriminator can be trained through a penalty: gradients that exist, are right and compose."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, vmap

from gans.conformance.bench import Bench, bowl, curved
from gans.conformance.findings import (
    RIGHT,
    SKIPPED,
    TOLD,
    WRONG,
    Finding,
    attempt,
    central_differences,
    draws,
    number,
    reason,
)


def trainability(bench: Bench, *, strict: bool) -> tuple[Finding, ...]:
    """What is found by differentiating a penalty with respect to the discriminator's weights.

    Args:
        strict: as in ``check_penalty``.
    """
    return (
        attempt("flat critic", lambda: _flat(bench)),
        attempt("finite differences", lambda: _differences(bench)),
        attempt("one value per sample", lambda: _reduction(bench, strict=strict)),
        attempt("vmap and grad", lambda: _composes(bench, strict=strict)),
    )


def _flat(bench: Bench) -> Finding:
    points, critic = draws(8, 1, 2, 2, seed=2, dtype=bench.dtype), bench.critic(torch.zeros(4))
    total = bench.ask(critic, points, points + 1).mean()
    (slopes,) = torch.autograd.grad(total, critic.weight, allow_unused=True)
    worst = 0.0 if slopes is None else slopes.abs().sum().item()
    if math.isfinite(total.item()) and math.isfinite(worst):
        return Finding("flat critic", RIGHT, "value and gradient are finite where the slope is 0")
    words = "the root of a squared slope has no gradient at 0: a flat critic becomes NaN; use a safe norm"
    return Finding("flat critic", WRONG, words, f"gradient {number(worst)}", "finite")


def _differences(bench: Bench) -> Finding:
    check = "finite differences"
    points = draws(5, 1, 1, 3, seed=3, dtype=bench.dtype)
    critic = bench.critic(torch.tensor([0.7, -0.4, 1.1]), curved)
    total = bench.ask(critic, points, points).mean()
    if not total.requires_grad:
        words = "its gradient does not reach the discriminator, so it changes nothing; pass create_graph=True"
        return Finding(check, WRONG, words, "no gradient", "a gradient")
    if bench.dtype != torch.float64:
        return Finding(check, SKIPPED, "it works in float32 alone, too coarse for differences")
    (slopes,) = torch.autograd.grad(total, critic.weight)
    value: Callable[[Tensor], Tensor] = lambda w: bench.ask(bench.critic(w, curved), points, points).mean()  # noqa: E731
    expected = central_differences(value, critic.weight)
    error = ((slopes - expected).abs().max() / expected.abs().max()).item()
    if error < 1e-6:
        return Finding(check, RIGHT, "the gradient is that of the value", f"off by {error:.1g}")
    words = "its gradient in the discriminator's weights is not that of its value: a detach is in between"
    return Finding(check, WRONG, words, f"off by {number(error)}", "below 1e-06")


def _reduction(bench: Bench, *, strict: bool) -> Finding:
    check = "one value per sample"
    points = draws(5, 1, 2, 2, seed=4, dtype=bench.dtype)
    shape = tuple(bench.ask(bench.critic(torch.ones(4), bowl), points, points).shape)
    measured = f"shape {shape} of a batch of 5"
    if shape == (5,):
        return Finding(check, RIGHT, "unweighted penalties of each sample", measured)
    if shape == () and not strict:
        return Finding(check, TOLD, "one number per batch", measured)
    wanted = "(5,)" if strict else "(5,) or ()"
    return Finding(check, WRONG, "return one penalty per sample, of shape (batch,)", measured, wanted)


def _composes(bench: Bench, *, strict: bool) -> Finding:
    check, points = "vmap and grad", draws(5, 1, 1, 3, seed=5, dtype=bench.dtype)
    weights = draws(2, 3, seed=6, dtype=bench.dtype)

    def charged(weight: Tensor) -> Tensor:
        """The mean penalty of a critic with these weights."""

        def critic(samples: Tensor) -> Tensor:
            """Logits in the shape that the penalty expects."""
            logits = curved(weight, samples.reshape(len(samples), -1))
            return logits.unsqueeze(1) if bench.column else logits

        arguments = (points.clone(), points.clone(), torch.full((5,), 0.5, dtype=bench.dtype))
        return bench.penalty(critic, *arguments[: bench.arguments - 1]).mean()

    try:
        found = vmap(grad(charged))(weights)
    except Exception as error:
        words = f"cannot train in a cohort of this suite ({reason(error)}); in a loop of your own it can"
        return Finding(check, WRONG if strict else TOLD, words)
    if torch.allclose(found, torch.stack([grad(charged)(each) for each in weights])):
        return Finding(check, RIGHT, "trains many members as one program")
    return Finding(check, WRONG, "members of a cohort would see each other's gradients")
