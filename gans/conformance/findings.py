"""What a conformance check hands back: what was measured, what was expected, and in words what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gans.rng import same_draws

RIGHT, WRONG, TOLD, SKIPPED = "right", "wrong", "told", "not applicable"
"""TOLD is a convention that others do otherwise: worth knowing, no fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check.

    Args:
        check: what was looked at. status: one of RIGHT, WRONG, TOLD, SKIPPED.
        words: what it means and, where something is wrong, what to do.
        measured, expected: the numbers, as they are to be read; empty where there are none.
    """

    check: str
    status: str
    words: str
    measured: str = ""
    expected: str = ""


def attempt(check: str, probe: Callable[[], Finding]) -> Finding:
    """The finding of a probe; a probe that raises is one too.

    Example:
        >>> attempt("division", lambda: Finding("division", RIGHT, str(1 / 0))).words
        'fails with ZeroDivisionError: division by zero'
    """
    try:
        return probe()
    # Whatever somebody else's code raises is what there is to tell about it.
    except Exception as error:
        return Finding(check, WRONG, f"fails with {reason(error)}")


def tensors_only(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """The same function, that draws alike on every call and says so if it returns anything but a tensor.

    Penalties draw their coefficients from whichever global generator their author liked; asked twice, they
    must be the same function, or a difference of two values is one of two draws.
    """

    def called(*arguments: Any) -> Tensor:
        """Call it and look at what comes back."""
        with same_draws(0, "conformance"):
            result = function(*arguments)
        if not isinstance(result, Tensor):
            raise TypeError(f"it must return a torch.Tensor, got {type(result).__name__}; drop .item()")
        return result

    return called


def reason(error: Exception) -> str:
    """Type and first line of an error."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"


def number(value: float) -> str:
    """Four digits, and no minus before a zero.

    Example:
        >>> number(49.00001), number(-1e-17), number(float("nan"))
        ('49', '0', 'nan')
    """
    return "0" if abs(value) < 1e-9 else f"{value:.4g}"


def central_differences(function: Callable[[Tensor], Tensor], at: Tensor, step: float = 1e-5) -> Tensor:
    """Slope of a function of many numbers along each of them, without any autograd.

    Shapes:
        at, result: the same. function(at): a single number.

    Example:
        >>> found = central_differences(lambda x: x.square().sum(), torch.tensor([1.0, 3.0]).double())
        >>> [round(slope, 6) for slope in found.tolist()]
        [2.0, 6.0]
    """
    flat = at.detach().reshape(-1)
    slopes = torch.empty_like(flat)
    for index in range(len(flat)):
        shift = torch.zeros_like(flat)
        shift[index] = step
        above, below = (function((flat + sign * shift).reshape(at.shape)).detach() for sign in (1, -1))
        slopes[index] = (above - below) / (2 * step)
    return slopes.reshape(at.shape)


def draws(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Standard normal numbers that are the same on every call."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)
