"""Checks of a loss on logits, whichever player it is for: safe, differentiable, one value per sample."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, vmap

from gans.conformance.findings import (
    RIGHT,
    TOLD,
    WRONG,
    Finding,
    attempt,
    central_differences,
    draws,
    number,
    reason,
)
from gans.losses import LogitsLoss

EXTREME = 1e4
BATCH = 6


def arithmetic(call: LogitsLoss, *, strict: bool) -> tuple[Finding, ...]:
    """What is found without asking what the loss is for.

    Args:
        strict: per sample and under ``vmap(grad)``, as this suite's trainer needs it.
    """
    return (
        attempt("one value per sample", lambda: _reduction(call, strict=strict)),
        attempt("large logits", lambda: _extremes(call)),
        attempt("finite differences", lambda: _differences(call)),
        attempt("vmap and grad", lambda: _composes(call, strict=strict)),
    )


def _extremes(call: LogitsLoss) -> Finding:
    broken = []
    for real, fake in ((EXTREME, -EXTREME), (-EXTREME, EXTREME)):
        logits = [torch.tensor([value], requires_grad=True) for value in (real, fake)]
        value = call(*logits).sum()
        slopes = torch.autograd.grad(value, logits, allow_unused=True)
        numbers = [value.item(), *(slope.item() for slope in slopes if slope is not None)]
        broken += [(real, fake, each) for each in numbers if not torch.tensor(each).isfinite()]
    if not broken:
        return Finding("large logits", RIGHT, f"value and gradient are finite at logits of {EXTREME:g}")
    real, fake, each = broken[0]
    words = "not finite in float32, as log(sigmoid(x)) is not; use logsigmoid or softplus"
    place = f"{number(each)} at real {real:g}, fake {fake:g}"
    return Finding("large logits", WRONG, words, place, "finite")


def _differences(call: LogitsLoss) -> Finding:
    logits = torch.stack((draws(BATCH, seed=1), draws(BATCH, seed=2))).requires_grad_()
    total: Callable[[Tensor], Tensor] = lambda both: call(both[0], both[1]).sum()  # noqa: E731
    (slopes,) = torch.autograd.grad(total(logits), logits)
    error = (slopes - central_differences(total, logits)).abs().max().item()
    if error < 1e-6:
        return Finding(
            "finite differences", RIGHT, "the gradient is that of the value", f"off by {error:.1g}"
        )
    words = "the gradient is not that of the value in float64: a detach, a rounding or a cast is in between"
    return Finding("finite differences", WRONG, words, f"off by {number(error)}", "below 1e-06")


def _reduction(call: LogitsLoss, *, strict: bool) -> Finding:
    check = "one value per sample"
    real, fake = draws(BATCH, seed=3), draws(BATCH, seed=4)
    value = call(real, fake)
    measured = f"shape {tuple(value.shape)} of a batch of {BATCH}"
    if value.shape == (BATCH,):
        return _independence(call, real, fake, value, measured)
    if value.ndim or strict:
        wanted = f"({BATCH},)" if strict else f"({BATCH},) or ()"
        return Finding(check, WRONG, "return one loss per sample, of shape (batch,)", measured, wanted)
    ratio = (call(real.repeat(2), fake.repeat(2)) / value).item()
    if abs(ratio - 1) < 1e-6:
        return Finding(check, TOLD, "the mean over the batch", measured)
    if abs(ratio - 2) > 1e-6:
        words = (
            "it depends on how many samples a batch has, as contrastive losses do: compare at one size only"
        )
        return Finding(check, TOLD, words, f"{number(ratio)} times for a batch twice as large")
    words = "a batch twice as large has another loss: rates and weights hang on the batch size; take the mean"
    return Finding(check, WRONG, words, f"{number(ratio)} times", "1 times")


def _independence(call: LogitsLoss, real: Tensor, fake: Tensor, value: Tensor, measured: str) -> Finding:
    check = "one value per sample"
    others = call(torch.cat((real[:1], real[1:] + 1)), torch.cat((fake[:1], fake[1:] - 1)))[0]
    if torch.isclose(others, value[0]):
        return Finding(check, RIGHT, "each is a function of its own pair", measured)
    return Finding(check, TOLD, "each also depends on the other samples of its batch", measured)


def _composes(call: LogitsLoss, *, strict: bool) -> Finding:
    check = "vmap and grad"
    logits = draws(3, 2, BATCH, seed=5)
    mean: Callable[[Tensor], Tensor] = lambda both: call(both[0], both[1]).mean()  # noqa: E731
    try:
        found = vmap(grad(mean))(logits)
    except Exception as error:
        return _not_composable(check, error, strict=strict)
    expected = torch.stack([grad(mean)(each) for each in logits])
    if torch.allclose(found, expected):
        return Finding(check, RIGHT, "trains many members as one program")
    return Finding(check, WRONG, "members of a cohort would see each other's gradients")


def _not_composable(check: str, error: Exception, *, strict: bool) -> Finding:
    words = f"cannot train in a cohort of this suite ({reason(error)}); in a loop of your own it can"
    return Finding(check, WRONG if strict else TOLD, words)
