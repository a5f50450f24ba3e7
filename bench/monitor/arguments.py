"""What a training loop hands over, checked: one line that names the argument, what it got and what to do."""

from __future__ import annotations

import math
import operator
import reprlib
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from bench.monitor.columns import nearest
from bench.records.columns import EVALUATION_COLUMNS

LARGEST_STEP = 2**53


def tensor_of(where: str, name: str, value: Any) -> Tensor:
    """Numbers of any kind as a tensor: a tensor as it is, an array, a list or a number made one.

    Raises:
        TypeError: it holds something else.

    Example:
        >>> tensor_of("Monitor.step", "d_loss", [1, 2]).tolist()
        [1, 2]
        >>> tensor_of("Monitor.step", "d_loss", "a")
        Traceback (most recent call last):
        TypeError: Monitor.step: d_loss must be a number or a tensor of numbers, got 'a'; hand it over as such
    """
    try:
        tensor = value if isinstance(value, Tensor) else torch.as_tensor(value)
        if not tensor.is_complex():
            return tensor
    except (TypeError, ValueError, RuntimeError):
        pass  # told below, in one line and with the argument's name
    raise TypeError(
        f"{where}: {name} must be a number or a tensor of numbers, got {shown(value)}; hand it over as such"
    )


def numbers_of(where: str, name: str, value: Any) -> Tensor | float:
    """What stands for a quantity of one step: a number in full precision, or a tensor of any shape.

    Raises:
        TypeError: it holds something else.
    """
    return float(value) if isinstance(value, Real) else tensor_of(where, name, value)


def player_of(where: str, name: str, value: Any) -> nn.Module | Tensor | float:
    """A player, or the root mean square of its gradients.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(value, nn.Module):
        return value
    if isinstance(value, Tensor | Real):
        return numbers_of(where, name, value)
    raise TypeError(
        f"{where}: {name} must be a module, or the root mean square of its gradients, got {shown(value)}; "
        "hand over the module itself"
    )


def step_of(where: str, value: Any) -> int:
    """The number of a step: whole, from 0 on.

    Raises:
        TypeError: it is no number. ValueError: it is not whole, negative, or beyond what floats count to.

    Example:
        >>> step_of("Monitor.step", 3.0)
        3
        >>> step_of("Monitor.step", -1)
        Traceback (most recent call last):
        ValueError: Monitor.step: step must be a whole number from 0 on, got -1; count generator updates
    """
    said = f"{where}: step must be a whole number from 0 on, got {shown(value)}; count generator updates"
    whole = isinstance(value, float) and value.is_integer()
    try:
        number = int(value) if whole else operator.index(value)
    except (TypeError, ValueError):
        if isinstance(value, float):
            raise ValueError(said) from None
        raise TypeError(said) from None
    if isinstance(value, bool):
        raise TypeError(said)
    if not 0 <= number < LARGEST_STEP:
        raise ValueError(said)
    return number


def samples_of(where: str, name: str, value: Any, shape: Sequence[int] | None) -> Tensor:
    """Samples as floats, one row each.

    Args:
        shape: that of one real sample; None where there are none to compare with.

    Raises:
        TypeError: they are no numbers. ValueError: they have no rows, or another shape than real ones.
    """
    samples = tensor_of(where, name, value).detach()
    wanted = "*sample_shape" if shape is None else ", ".join(str(size) for size in shape)
    if samples.ndim == 1 and shape is not None and tuple(shape) == (1,):
        samples = samples[:, None]
    if samples.ndim < 1 or (shape is not None and tuple(samples.shape[1:]) != tuple(shape)):
        raise ValueError(
            f"{where}: {name} must have shape (n, {wanted}), as real samples have, got "
            f"{tuple(samples.shape)}; hand them over as the data are"
        )
    return samples if samples.is_floating_point() else samples.float()


def discriminator_of(where: str, value: Any) -> Callable[[Tensor], Tensor]:
    """Something that can be asked about samples.

    Raises:
        TypeError: it cannot be called.
    """
    if callable(value):
        asked: Callable[[Tensor], Tensor] = value
        return asked
    raise TypeError(
        f"{where}: discriminator must be callable on samples, got {shown(value)}; hand over the module, or "
        "its outputs as holdout_logits and fake_logits"
    )


def values_of(where: str, values: Any) -> dict[str, float]:
    """Columns that somebody else measured; what is None was not measured.

    Raises:
        TypeError: it is no mapping, or a value is no number. ValueError: a name is no column.

    Example:
        >>> values_of("Monitor.evaluate", {"distance": 3, "precision": None})
        {'distance': 3.0}
        >>> values_of("Monitor.evaluate", {"distanse": 3})
        Traceback (most recent call last):
        ValueError: Monitor.evaluate: values must name known columns, got 'distanse'; did you mean 'distance'?
    """
    if not isinstance(values, Mapping):
        raise TypeError(
            f"{where}: values must map names of columns to numbers, got {shown(values)}; as in "
            "{'distance': 12.5}"
        )
    known = tuple(EVALUATION_COLUMNS)
    for name in values:
        if name not in known:
            raise ValueError(
                f"{where}: values must name known columns, got {shown(name)}; {nearest(str(name), known)}"
            )
    return {
        name: one_number(where, f"values[{name!r}]", value)
        for name, value in values.items()
        if value is not None
    }


def one_number(where: str, name: str, value: Any) -> float:
    """A single number; an infinity or NaN is one.

    Raises:
        TypeError: it is no number. ValueError: it is several, or none.
    """
    numbers = numbers_of(where, name, value)
    if isinstance(numbers, Tensor) and numbers.numel() != 1:
        raise ValueError(
            f"{where}: {name} must be one number, got shape {tuple(numbers.shape)}; average first"
        )
    return float(numbers)


def planned(name: str, value: Any) -> None:
    """Check a count that was planned.

    Raises:
        TypeError, ValueError: it is no whole number, or none at all.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(
            f"Monitor: {name} must be a whole number, got {shown(value)}; leave it out if unknown"
        )
    if value < 1:
        raise ValueError(f"Monitor: {name} must be at least 1, got {value}; leave it out if unknown")


def positive(name: str, value: Any) -> None:
    """Check a length or a score: NaN stands for one that is not known.

    Raises:
        TypeError, ValueError: it is no number, or not above zero.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"Monitor: {name} must be a number, got {shown(value)}; leave it out if unknown")
    if value <= 0 or math.isinf(value):
        raise ValueError(f"Monitor: {name} must be above 0, got {value}; leave it out if unknown")


def shown(value: Any) -> str:
    """A value as a message shows it: short, and on one line."""
    return " ".join(reprlib.repr(value).split())
