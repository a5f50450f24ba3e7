"""Conformance of gradient penalties: whose norm, which points, what weight, and is it safe to train with.

What only a training loop can get wrong (clipping before the step, two optimizer steps) is not seen here.
"""

from __future__ import annotations

import math

import torch

from gans.conformance.bench import AnyPenalty, Bench, Law, bench_for, bowl, law_of
from gans.conformance.findings import (
    RIGHT,
    SKIPPED,
    TOLD,
    WRONG,
    Finding,
    attempt,
    draws,
    number,
    reason,
)
from gans.conformance.points import coefficients, parts_of, same
from gans.conformance.training import trainability

BATCH, IMAGE = 64, (1, 28, 28)
"""What the figures of known mistakes are for: 49 is (sqrt(64) - 1)^2, 0.93 is (1 - 1/28)^2."""


def check_penalty(penalty: AnyPenalty, *, strict: bool = False) -> tuple[Finding, ...]:
    """Check what is added to a discriminator's loss for its slope.

    Args:
        penalty: (discriminator, real[, fake[, mix]]) to one penalty per sample, or their mean.
        strict: hold it to what this suite's trainer needs: per sample, under ``vmap(grad)``.
    """
    try:
        bench = bench_for(penalty)
        law = law_of(bench)
    except Exception as error:
        words = f"cannot be asked at all: {reason(error)}"
        return (Finding("call", WRONG, words, expected="(discriminator, real, fake, mix) -> (batch,)"),)
    return (
        _law(law, bench, strict=strict),
        *_slope_checks(bench, law),
        attempt("critic's own terms", lambda: _critic_terms(bench, law, strict=strict)),
        attempt("one coefficient per sample", lambda: coefficients(bench)),
        *trainability(bench, strict=strict),
    )


def _law(law: Law | None, bench: Bench, *, strict: bool) -> Finding:
    if law is None:
        values = ", ".join(number(bench.at_slope(float(s), (1, 1, 1), batch=1)) for s in range(4))
        words = "neither (slope - target)^2 nor slope^2: a square, a root or an absolute value is missing"
        return Finding("law", WRONG, words, f"{values} for slopes 0 to 3", "1, 0, 1, 4 or 0, 1, 4, 9")
    names = {0.0: "zero-centred, as R1", 1.0: "one-centred, as WGAN-GP"}
    words = names.get(law.target, f"centred on {law.target:.4g}")
    if law.power != 2:
        words = f"the slope to the power {law.power:g}; WGAN-div takes 6, R1 takes 2"
    elif law.target == 0 and not strict:  # a Regularizer's half is in its scale
        gamma = 2 * law.weight
        words += f"; its weight stands without a half, so gamma = {gamma:.4g} of papers that write gamma / 2"
    status = TOLD if law.target == 0 or law.weight != 1 or law.target != 1 else RIGHT
    asked = "" if bench.dtype == torch.float64 else "; only in float32"
    return Finding(
        "law", status, words + ("; wants logits (batch, 1)" if bench.column else "") + asked, str(law)
    )


def _slope_checks(bench: Bench, law: Law | None) -> tuple[Finding, ...]:
    names = "linear critic of norm 1", "linear critic of norm 2", "three channels", "slopes that differ"
    if law is None:
        return tuple(Finding(name, SKIPPED, "without a law there is nothing to expect") for name in names)
    return (
        attempt(names[0], lambda: _linear_critic(bench, law, 1.0, names[0])),
        attempt(names[1], lambda: _linear_critic(bench, law, 2.0, names[1])),
        attempt(names[2], lambda: _channels(bench, law, 2.0)),
        attempt(names[3], lambda: _bowl(bench, law)),
    )


def _linear_critic(bench: Bench, law: Law, slope: float, check: str) -> Finding:
    measured, expected = bench.at_slope(slope, IMAGE, BATCH), law.at(slope)
    if math.isclose(measured, expected, rel_tol=1e-4, abs_tol=2e-3 * law.weight):
        return Finding(
            check, RIGHT, "the norm of each sample over all its axes", number(measured), number(expected)
        )
    pixels = math.prod(IMAGE)
    known = {
        law.at(slope * math.sqrt(BATCH)): "the norm is taken over the whole batch; take it sample by sample",
        law.at(slope / math.sqrt(pixels)): "the norm is that of a pixel or its channels; flatten each sample",
        BATCH * expected: "it adds up over the batch, so its weight grows with the batch size; take the mean",
        law.at(slope / BATCH): "slopes of the mean logit, not of each sample's own; differentiate the sum",
    }  # fmt: skip
    words = next((words for value, words in known.items() if math.isclose(value, measured, rel_tol=1e-2)), "")
    return Finding(check, WRONG, words or "the norm is not that of each sample over all its axes",
                   number(measured), number(expected))  # fmt: skip


def _channels(bench: Bench, law: Law, slope: float) -> Finding:
    """Colour: in grey images the norm of a channel is that of the sample, and a mistake of it is not seen."""
    check, channels, side = "three channels", 3, 4
    measured, expected = bench.at_slope(slope, (channels, side, side), 4), law.at(slope)
    if math.isclose(measured, expected, rel_tol=2e-3, abs_tol=2e-3 * law.weight):
        return Finding(check, RIGHT, "channels count as one sample", number(measured), number(expected))
    of_channel = law.at(slope / math.sqrt(channels))
    split = any(math.isclose(each, measured, rel_tol=1e-2) for each in (of_channel, channels * of_channel))
    words = (
        "the norm is that of each channel by itself" if split else "the norm is not that of a whole sample"
    )
    return Finding(check, WRONG, words + "; flatten each sample", number(measured), number(expected))


def _bowl(bench: Bench, law: Law) -> Finding:
    check = "slopes that differ"
    points = draws(8, 1, 2, 2, seed=1, dtype=bench.dtype)
    critic = bench.critic(torch.ones(4), bowl)
    measured = bench.ask(critic, points, points).mean().item()
    # A penalty round its reals (DRAGAN) charges for the slopes of its own points.
    moved = [part for part in parts_of(critic, len(points)) if not same(part, points)]
    slopes = (moved[0] if moved else points).flatten(1).norm(dim=1).tolist()
    expected = sum(map(law.at, slopes)) / len(slopes)
    if math.isclose(measured, expected, rel_tol=1e-4, abs_tol=2e-3 * max(1.0, law.weight)):
        return Finding(check, RIGHT, "each sample is charged for its own", number(measured), number(expected))
    words = "samples of different slopes are not charged one by one: the mean or norm comes before the square"
    return Finding(check, WRONG, words, number(measured), number(expected))


def _critic_terms(bench: Bench, law: Law | None, *, strict: bool) -> Finding:
    check = "critic's own terms"
    if bench.arguments < 3:
        return Finding(check, SKIPPED, "it does not see fakes")
    apart = torch.ones(4, 1, 1, 1, dtype=bench.dtype)
    critic = bench.critic(torch.ones(1))
    gap = (bench.ask(critic, apart, -apart) - bench.ask(critic, apart, apart)).mean().item() / -2
    if abs(gap) < 1e-6:
        return Finding(check, RIGHT, "the penalty alone, without D(fake) - D(real)")
    measured = f"{number(gap)} * (D(fake) - D(real))"
    if gap < 0:
        return Finding(check, WRONG, "its own terms rise when reals look more real, but larger = more real",
                       measured, "1 * (D(fake) - D(real))")  # fmt: skip
    weight = law.weight if law else math.nan
    effective = f"{measured}, so an effective lambda of {number(weight / gap)}"
    if strict:
        words = "a Regularizer holds the penalty alone; the trainer adds the loss itself"
        return Finding(check, WRONG, words, measured, "0 * (D(fake) - D(real))")
    if abs(gap - 1) < 1e-6:
        return Finding(check, TOLD, "the whole critic loss, not the penalty alone", effective)
    return Finding(check, WRONG, f"lambda reads {number(weight)}, but the critic's own terms do not weigh 1",
                   effective, f"an effective lambda of {number(weight)}")  # fmt: skip
