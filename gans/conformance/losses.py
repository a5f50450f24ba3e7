"""Conformance of losses on logits: sign, saturation, safety at large logits, gradients, reduction.

Logits are raw and larger = more real. What only a training loop can get wrong is not seen here.
"""

from __future__ import annotations

import re

import torch

from gans.conformance.arithmetic import arithmetic
from gans.conformance.findings import RIGHT, SKIPPED, TOLD, WRONG, Finding, attempt, number, tensors_only
from gans.losses import LogitsLoss, Loss

SURE = 10.0
"""Logit of a real (minus that of a fake) that a discriminator is sure of."""
BEYOND = 100.0
"""Where a logarithm with an epsilon inside has long gone flat."""


def check_loss(loss: Loss) -> tuple[Finding, ...]:
    """Check both players of a Loss, and what it declares about its logits."""
    return (
        *(_prefixed("D", each) for each in check_discriminator_loss(loss.discriminator, strict=True)),
        *(_prefixed("G", each) for each in check_generator_loss(loss.generator, loss.name, strict=True)),
        attempt("has_gain", lambda: _declared_gain(loss)),
        attempt("decision_point", lambda: _decision_point(loss)),
    )


def check_discriminator_loss(call: LogitsLoss, *, strict: bool = False) -> tuple[Finding, ...]:
    """Check what a discriminator minimises.

    Args:
        call: (real_logits, fake_logits) to one loss per sample, or their mean.
        strict: hold it to what this suite's trainer needs: per sample, under ``vmap(grad)``.
    """
    asked = tensors_only(call)
    return (
        attempt("sign", lambda: _discriminator_sign(asked)),
        attempt("pull when mistaken", lambda: _pull_when_mistaken(asked)),
        *arithmetic(asked, strict=strict),
    )


def check_generator_loss(call: LogitsLoss, name: str = "", *, strict: bool = False) -> tuple[Finding, ...]:
    """Check what a generator minimises.

    Args:
        call, strict: as for the discriminator.
        name: what it is called; "minimax" and "non-saturating" are promises.
    """
    asked = tensors_only(call)
    return (
        attempt("sign", lambda: _generator_sign(asked)),
        attempt("saturation", lambda: _saturation(asked, name)),
        attempt("pull beyond -10", lambda: _pull_beyond(asked)),
        *arithmetic(asked, strict=strict),
    )


def pulls(call: LogitsLoss, real: float, fake: float) -> tuple[float, float]:
    """Slope of a loss in the logit of one real and of one fake.

    Example:
        >>> pulls(lambda real, fake: fake - 2 * real, 0.0, 0.0)
        (-2.0, 1.0)
    """
    logits = [torch.full((1,), value, dtype=torch.float64, requires_grad=True) for value in (real, fake)]
    slopes = torch.autograd.grad(call(*logits).sum(), logits, allow_unused=True)
    real_slope, fake_slope = (0.0 if slope is None else slope.item() for slope in slopes)
    return real_slope, fake_slope


def _prefixed(player: str, found: Finding) -> Finding:
    return Finding(f"{player}: {found.check}", found.status, found.words, found.measured, found.expected)


def _discriminator_sign(call: LogitsLoss) -> Finding:
    # A confused discriminator, and no logit beyond the target of any least squares.
    to_real, to_fake = pulls(call, -0.25, 0.75)
    measured = f"{number(to_real)} per real, {number(to_fake)} per fake logit"
    expected = "< 0 per real, > 0 per fake logit"
    if to_real < 0 < to_fake:
        return Finding("sign", RIGHT, "larger logit = more real", measured, expected)
    words = (
        "a larger logit counts as more fake here: every diagnostic on D(real) - D(fake) flips its sign; "
        "negate the logits in both players' losses"
        if to_real > 0 > to_fake
        else "it does not fall when reals rise and fakes fall, so it does not teach to tell them apart"
    )
    return Finding("sign", WRONG, words, measured, expected)


def _generator_sign(call: LogitsLoss) -> Finding:
    _, to_fake = pulls(call, 0.5, -0.5)
    measured, expected = f"{number(to_fake)} per fake logit", "< 0 per fake logit"
    if to_fake < 0:
        return Finding("sign", RIGHT, "it makes fakes look more real", measured, expected)
    words = (
        "it rises with the logits of fakes, so it makes them look less real where larger = more real; negate"
    )
    return Finding("sign", WRONG, words + " the logits", measured, expected)


_SIGMOID_INSIDE = (
    "as with a sigmoid or an epsilon inside: give it raw logits, and use logsigmoid or softplus "
    "(of known losses the total variation of f-GAN alone means it so)"
)


def _pull_when_mistaken(call: LogitsLoss) -> Finding:
    check = "pull when mistaken"
    unsure, mistaken = pulls(call, 0.0, 0.0), pulls(call, -BEYOND, BEYOND)
    if not unsure[0] <= 0 <= unsure[1]:
        return Finding(check, SKIPPED, "it does not teach to tell reals from fakes at all")
    measured = f"{number(mistaken[0])} per real at {-BEYOND:g}, {number(mistaken[1])} per fake at {BEYOND:g}"
    if all(abs(far) > 0.5 * abs(near) for far, near in zip(mistaken, unsure, strict=True) if near):
        return Finding(check, RIGHT, "a discriminator that is surely mistaken is taught", measured)
    words = f"a discriminator that is surely mistaken is not taught any more, {_SIGMOID_INSIDE}"
    return Finding(check, WRONG, words, measured, f"beyond {number(unsure[0])} and {number(unsure[1])}")


def _saturation(call: LogitsLoss, name: str) -> Finding:
    sure, unsure = abs(pulls(call, SURE, -SURE)[1]), abs(pulls(call, 0.0, 0.0)[1])
    found = "saturating" if sure < 0.01 * unsure else "non-saturating"
    claimed = _claimed(name)
    measured = f"pull {number(sure)} at fake logit {-SURE:g}"
    if claimed in ("", found):
        return Finding("saturation", RIGHT if claimed else TOLD, found, measured)
    expected = "4.54e-05 = sigmoid(-10)" if claimed == "saturating" else "about 1"
    words = (
        f"it is called {name!r}, which is {claimed}, but it is {found}; rename it or use the other formula"
    )
    return Finding("saturation", WRONG, words, measured, expected)


def _claimed(name: str) -> str:
    plain = name.lower().replace("-", "_")
    if re.search(r"non_?sat|nsgan|(^|_)ns(_|$)", plain):
        return "non-saturating"
    return "saturating" if re.search(r"mini_?max|mmgan|vanilla|saturat", plain) else ""


def _pull_beyond(call: LogitsLoss) -> Finding:
    near, far = abs(pulls(call, SURE, -SURE)[1]), abs(pulls(call, BEYOND, -BEYOND)[1])
    check, measured = "pull beyond -10", f"pull {number(far)} at fake logit {-BEYOND:g}"
    unsure, sure = abs(pulls(call, 0.0, 0.0)[1]), abs(pulls(call, -SURE, SURE)[1])
    if max(near, sure) < 0.01 * unsure:
        words = f"it pulls neither at {-SURE:g} nor at {SURE:g}, {_SIGMOID_INSIDE}"
        return Finding(check, WRONG, words, f"pull {number(sure)} at fake logit {SURE:g}", "about 1 at one")
    if near < 0.5:
        return Finding(check, SKIPPED, "a saturating loss has none there by its formula")
    if far > 0.5 * near:
        return Finding(check, RIGHT, "it goes on pulling where fakes are told apart with certainty", measured)
    words = (
        "it pulls at -10 but dies further out, as log(sigmoid(x) + epsilon) does; use logsigmoid or softplus"
    )
    return Finding(check, WRONG, words, measured, f"about {number(near)}")


def _declared_gain(loss: Loss) -> Finding:
    on_real = max(abs(pulls(loss.generator, real, -1.0)[0]) for real in (-1.0, 0.5, 2.0))
    measured = f"{number(on_real)} per real logit"
    if (on_real < 1e-12) == loss.has_gain:
        return Finding("has_gain", RIGHT, f"{loss.has_gain}, as it is", measured)
    words = (
        "declared True, but the generator's loss depends on real logits, which the trainer then leaves out"
        if loss.has_gain
        else "declared False, but the generator's loss looks at fakes alone: a diagnostic is lost for nothing"
    )
    return Finding("has_gain", WRONG, words, measured, "0 per real logit" if loss.has_gain else "not 0")


def _decision_point(loss: Loss) -> Finding:
    point = loss.decision_point
    if point is None:
        return Finding("decision_point", SKIPPED, "declared None: only differences of logits matter")
    to_real, to_fake = pulls(loss.discriminator, point, point)
    measured = f"{number(to_real)} per real, {number(to_fake)} per fake logit at {point:g}"
    if abs(to_real + to_fake) < 1e-6:
        return Finding("decision_point", RIGHT, "reals and fakes are pulled apart alike there", measured)
    words = "a discriminator that cannot tell would not stay at this logit, so it is no decision point"
    return Finding("decision_point", WRONG, words, measured, "opposite numbers")
