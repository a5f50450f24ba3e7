"""Conformance of a Regularizer: its penalty, what its scale makes of it, and its constraint on weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from gans.conformance.bench import AnyPenalty, bench_for, law_of
from gans.conformance.findings import RIGHT, SKIPPED, TOLD, WRONG, Finding, attempt
from gans.conformance.penalties import check_penalty
from gans.regularizers import Regularizer


def check_regularizer(regularizer: Regularizer) -> tuple[Finding, ...]:
    """Check the penalty and the constraint of a Regularizer, whichever it has."""
    penalty, constrain = regularizer.penalty, regularizer.constrain
    if penalty is None and constrain is None:
        return (Finding("penalty and constraint", SKIPPED, "it has neither: nothing to check"),)
    found: tuple[Finding, ...] = ()
    if penalty is not None:
        found = check_penalty(penalty, strict=True)
        found += (attempt("scale", lambda: _scale(penalty, regularizer.scale)),)
    if constrain is not None:
        found += (attempt("constraint", lambda: _constraint(constrain)),)
    return found


def _scale(penalty: AnyPenalty, scale: float) -> Finding:
    law = law_of(bench_for(penalty))
    if law is None:
        return Finding("scale", SKIPPED, "without a law there is nothing to scale")
    added = f"weight * {replace(law, weight=law.weight * scale)}"
    if law.target != 0 or law.power != 2:
        return Finding("scale", RIGHT, "what the loss gets for each sample", added)
    words = (
        "what the loss gets; with the half of papers that call the weight gamma"
        if scale == 0.5
        else "what the loss gets; without the half, so a weight of 10 is a gamma of 20 in papers with it"
    )
    return Finding("scale", TOLD, words, added)


def _constraint(constrain: Callable[[Tensor, float], Tensor]) -> Finding:
    weight, bound = torch.tensor([-3.0, -0.25, 0.0, 0.25, 3.0]), 0.5
    kept = weight.clone()
    found = constrain(kept, bound)
    expected = weight.clamp(-bound, bound)
    if not torch.equal(kept, weight):
        return Finding("constraint", WRONG, "it writes into the weights it is given; return new ones")
    if found.shape == weight.shape and torch.equal(found, expected):
        return Finding("constraint", RIGHT, "weights beyond the bound are moved to it, others stay")
    words = "not a clipping to [-bound, bound]; whether it is what you mean cannot be told from outside"
    return Finding("constraint", TOLD, words, f"{found.tolist()}", f"{expected.tolist()}")
