"""Where a penalty is evaluated: at reals, at fakes, or between them, and with whose coefficients."""

from __future__ import annotations

import torch
from torch import Tensor

from gans.conformance.bench import Bench, Critic
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
    points = parts_of(critic, BATCH)
    between = [part for part in points if not (same(part, real) or same(part, fake))]
    if not between:
        places = [
            name for name, place in (("reals", real), ("fakes", fake)) if any(same(p, place) for p in points)
        ]
        return Finding(CHECK, SKIPPED, f"it is evaluated at {' and '.join(places) or 'no sample at all'}")
    sums = _sums_of_coefficients(between[0], real, fake)
    if sums is not None and (sums - 1).abs().max() > 1e-3:
        words = "its two coefficients do not add up to one, so points leave the line from fake to real"
        span = f"sums of {number(sums.min().item())} to {number(sums.max().item())}"
        return Finding(CHECK, WRONG, words + "; take t and 1 - t", span, "1")
    given = mix if bench.arguments == 4 else None
    return _judge(((between[0] - fake) / (real - fake)).flatten(1), given)


def parts_of(critic: Critic, batch: int) -> list[Tensor]:
    """The batches of samples that a critic was asked about, one by one. Shapes: each (batch, *event)."""
    parts = [part for asked in critic.asked for part in torch.split(asked, batch)]
    return [part for part in parts if len(part) == batch]


def _sums_of_coefficients(points: Tensor, real: Tensor, fake: Tensor) -> Tensor | None:
    """Sum of both coefficients of each point, where it is a combination of its real and its fake at all."""
    pairs = torch.stack((real.flatten(1), fake.flatten(1)), dim=2).double()
    found = torch.linalg.lstsq(pairs, points.flatten(1).double().unsqueeze(2)).solution
    return found.sum(dim=(1, 2)) if same(pairs @ found, points.flatten(1).double().unsqueeze(2)) else None


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
    if given is not None and not any(same(own.flatten(), each) for each in (given, 1 - given)):
        return Finding(CHECK, WRONG, "the coefficients that it is given are not the ones that it uses")
    return Finding(
        CHECK, RIGHT, "each point is on the line from its fake to its real", "16 coefficients for 16 samples"
    )


def same(found: Tensor, expected: Tensor) -> bool:
    """Whether two batches are equal but for rounding."""
    return torch.allclose(found, expected, atol=1e-5)
