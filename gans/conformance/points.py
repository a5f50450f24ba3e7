"""Where a penalty is evaluated: at reals, at fakes, or between them, and with whose coefficients."""

from __future__ import annotations

import torch
from torch import Tensor

from gans.conformance.bench import Bench
from gans.conformance.findings import RIGHT, SKIPPED, TOLD, WRONG, Finding, draws, number

CHECK = "one coefficient per sample"
BATCH, EVENT = 16, (1, 3, 3)


def coefficients(bench: Bench) -> Finding:
    """Whether every sample is mixed with its fake by one coefficient of its own.

    Each point must be ``t * real + (1 - t) * fake`` with one t per sample: the same t for a whole
    batch samples a single line at a time, another t per element leaves the line.
    """
    real, fake = (draws(BATCH, *EVENT, seed=seed, dtype=bench.dtype) for seed in (7, 8))
    mix = torch.linspace(0.05, 0.95, BATCH, dtype=bench.dtype)
    critic = bench.critic(draws(9, seed=9, dtype=bench.dtype))
    bench.ask(critic, real, fake, mix)
    points = [
        part for asked in critic.asked for part in torch.split(asked, BATCH) if part.shape == real.shape
    ]
    between = [part for part in points if not (_same(part, real) or _same(part, fake))]
    if not between:
        places = [
            name for name, place in (("reals", real), ("fakes", fake)) if any(_same(p, place) for p in points)
        ]
        return Finding(CHECK, SKIPPED, f"it is evaluated at {' and '.join(places) or 'no sample at all'}")
    given = mix if bench.arguments == 4 else None
    return _judge(((between[0] - fake) / (real - fake)).flatten(1), given)


def _judge(shares: Tensor, given: Tensor | None) -> Finding:
    # Elements whose real and fake nearly meet say little about their share: medians leave them out.
    own = shares.median(dim=1, keepdim=True).values
    within, across = (shares - own).abs().median().item(), (own - own[0]).abs().max().item()
    if within > 1e-3:
        inside = ((shares > -1e-3) & (shares < 1 + 1e-3)).double().mean().item() > 0.99
        if not inside:
            return Finding(
                CHECK, TOLD, "its points are not between reals and fakes, as those of DRAGAN are not"
            )
        words = "another coefficient per element, so points leave the line from fake to real; draw one each"
        return Finding(CHECK, WRONG, words, f"{number(within)} apart within a sample", "0")
    if across < 1e-3:
        words = "one coefficient serves the whole batch; draw one per sample, of shape (batch, 1, 1, 1)"
        return Finding(CHECK, WRONG, words, "1 coefficient for 16 samples", "16")
    if own.min() < -1e-3 or own.max() > 1 + 1e-3:
        span = f"{number(own.min().item())} to {number(own.max().item())}"
        return Finding(CHECK, WRONG, "points lie beyond real or fake; draw from [0, 1]", span, "0 to 1")
    if given is not None and not any(_same(own.flatten(), each) for each in (given, 1 - given)):
        return Finding(CHECK, WRONG, "the coefficients that it is given are not the ones that it uses")
    return Finding(
        CHECK, RIGHT, "each point is on the line from its fake to its real", "16 coefficients for 16 samples"
    )


def _same(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found, expected, atol=1e-5)
