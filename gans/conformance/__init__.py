"""Is this loss or gradient penalty what it is taken for? The mistakes of known code bases, each as a check.

``check`` takes a Loss, a Regularizer or a plain function and hands back findings; ``ganbench check-loss``
prints them. Bugs of training loops (clipping before the step, unshuffled data) cannot be seen on an object.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gans.conformance.bench import positional
from gans.conformance.findings import RIGHT, SKIPPED, TOLD, WRONG, Finding
from gans.conformance.losses import check_discriminator_loss, check_generator_loss, check_loss, pulls
from gans.conformance.penalties import check_penalty
from gans.conformance.regularizers import check_regularizer
from gans.losses import LogitsLoss, Loss
from gans.regularizers import Regularizer
from gans.rng import same_draws

__all__ = ["KINDS", "RIGHT", "SKIPPED", "TOLD", "WRONG", "Finding", "check", "kind_of"]

KINDS = {
    "loss": "a gans.losses.Loss",
    "regularizer": "a gans.regularizers.Regularizer",
    "penalty": "a gradient penalty, (discriminator, real[, fake[, mix]])",
    "discriminator-loss": "a discriminator's loss, (real_logits, fake_logits)",
    "generator-loss": "a generator's loss, (real_logits, fake_logits) or (fake_logits)",
}
"""What can be checked, and how it is called."""


def check(subject: object, kind: str | None = None, name: str = "") -> tuple[Finding, ...]:
    """Check somebody's loss or penalty against what is known to go wrong with them.

    Args:
        subject: a Loss, a Regularizer, or a function (KINDS says how it is called).
        kind: a key of KINDS; guessed from type, parameters and name if not given.
        name: what a function is called by; its own name if not given. "minimax" is a promise.

    Returns:
        one finding per check; the subject conforms if none of them is WRONG.

    Raises:
        ValueError: it is none of these.

    Example:
        The gradient penalty of a well-known package takes its norm over the whole batch:

        >>> def penalty(critic, real, fake):
        ...     real = real.clone().requires_grad_()
        ...     (slope,) = torch.autograd.grad(critic(real).sum(), real, create_graph=True)
        ...     return (slope.norm(2) - 1) ** 2
        >>> found = next(each for each in check(penalty) if each.check == "linear critic of norm 1")
        >>> found.status, found.measured, found.expected
        ('wrong', '49', '0')
    """
    known = kind_of(subject, name) if kind is None else _fitting(kind, subject)
    called = name or getattr(subject, "__name__", "")
    # Penalties need gradients whatever state the caller is in, and draw coefficients as they like.
    with torch.enable_grad(), same_draws(0, "conformance"):
        if isinstance(subject, Loss):
            return check_loss(subject)
        if isinstance(subject, Regularizer):
            return check_regularizer(subject)
        assert callable(subject)
        if known == "penalty":
            return check_penalty(subject)
        if known == "generator-loss":
            return check_generator_loss(_of_both(subject), called)
        return check_discriminator_loss(subject)


def kind_of(subject: object, name: str = "") -> str:
    """Which kind of thing this is, from its type, its parameters and its name.

    Raises:
        ValueError: it is no loss and no penalty.

    Example:
        >>> kind_of(lambda discriminator, real, fake: real), kind_of(lambda fake_logits: -fake_logits)
        ('penalty', 'generator-loss')
    """
    if isinstance(subject, Loss):
        return "loss"
    if isinstance(subject, Regularizer):
        return "regularizer"
    if isinstance(subject, type) or not callable(subject):
        what = f"the class {subject.__name__}" if isinstance(subject, type) else type(subject).__name__
        raise ValueError(
            f"conformance: must be a Loss, a Regularizer or a function, got {what}; "
            "name an instance or a function"
        )
    return _kind_of_function(subject, name or getattr(subject, "__name__", ""))


def _kind_of_function(function: Callable[..., Any], name: str) -> str:
    try:
        parameters = positional(function)
    except (TypeError, ValueError):
        raise ValueError(
            "conformance: must say its parameters, got a builtin; wrap it in a function"
        ) from None
    first = next(iter(parameters), "").lower()
    required = sum(parameters.values())
    if not parameters or required > 4:
        raise ValueError(
            f"conformance: must take two logits, or a discriminator and samples, "
            f"got {len(parameters)} parameters, {required} of them required; wrap it in a function that does"
        )
    judges = re.search(r"disc|critic|^d$|^d_|net|model", first) and "logit" not in first
    if required >= 3 or (judges and len(parameters) >= 2):
        return "penalty"
    if required == 1:
        return "generator-loss"
    return _whose(function, name.lower())


def _whose(function: LogitsLoss, name: str) -> str:
    if re.search(r"gen|(^|_)g(_|$)", name):
        return "generator-loss"
    if re.search(r"disc|critic|(^|_)d(_|$)", name):
        return "discriminator-loss"
    try:
        on_real = pulls(function, 0.3, -0.3)[0]
    # The check itself tells what is wrong with it.
    except Exception:
        on_real = 1.0
    return "discriminator-loss" if on_real else "generator-loss"


def _fitting(kind: str, subject: object) -> str:
    if kind not in KINDS:
        raise ValueError(f"kind: must be a known kind, got {kind!r}; choose one of {', '.join(KINDS)}")
    needed = {"loss": Loss, "regularizer": Regularizer}.get(kind)
    actual = next(
        (name for name, each in (("loss", Loss), ("regularizer", Regularizer)) if isinstance(subject, each)),
        "",
    )
    if (needed or actual) and kind != actual:
        found = actual or type(subject).__name__
        raise ValueError(
            f"kind: must fit the object, got {kind!r} for a {found}; leave it out to have it guessed"
        )
    if not needed:
        kind_of(subject)
    return kind


def _of_both(function: Callable[..., Tensor]) -> LogitsLoss:
    if sum(positional(function).values()) >= 2:
        return function
    return lambda real_logits, fake_logits: function(fake_logits)
