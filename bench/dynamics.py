"""What the players of a cohort do at one probe: what discriminators know, and where gradients point.

Samples are shown as they are, without the augmentation of training. The state of discriminators, gain,
slope and update size are read at every probe; gradients on probe batches, Lipschitz bounds and the growth of
weights at every fourth and at the last, for they cost as much as a training step; bounds of convolutions at
the last alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from bench.diagnostics.arrays import Flags, Floats
from bench.diagnostics.clipping import clip_saturation, penalty_deviation
from bench.diagnostics.discriminator import discriminator_states, discriminator_statuses
from bench.diagnostics.gradients import cosine, signal_to_noise, slope_profile
from bench.diagnostics.layers import Layers, has_costly
from bench.diagnostics.lipschitz import lipschitz_lower, lipschitz_upper, pair_slope
from bench.diagnostics.logits import critic_gap
from bench.probe_samples import HOLDOUT_PROBES, SLOPE_PROBES, Probes
from gans.cohort import Cohort
from gans.regularizers import interpolate

GRADIENT_EVERY = 4
"""Probes from one look at gradients to the next. A look takes 1.1 ms a member, all else here 0.5 ms a probe.

The verdict reads ``slope_profile`` from ten such looks in a run of 40 probes, and the cosines compare
gradients this many probes apart: another number would be another measurement.
"""

Columns = dict[str, Floats]


def dynamics(
    cohort: Cohort, probes: Probes, samples: Tensor, tiers: frozenset[str]
) -> tuple[Columns, list[dict[str, str]]]:
    """Look at every member's players where they stand; ``probes.memory`` takes note.

    Shapes:
        samples: (members, n, *sample_shape), of ``probes.latents``.

    Args:
        tiers: "window" notes the samples' way through the final window; "end" looks at everything.

    Returns:
        column to (members,), and per member the status of what is missing.
    """
    memory = probes.memory
    memory.probes += 1
    if "window" in tiers:
        memory.path.visit(samples[:, :SLOPE_PROBES].numpy(force=True))
    fakes = samples[:, :HOLDOUT_PROBES]
    fake_logits = cohort.logits(fakes)
    holdout_logits = cohort.logits(probes.holdout)
    states = discriminator_states(
        cohort.logits(probes.train).numpy(force=True),
        holdout_logits.numpy(force=True),
        fake_logits.numpy(force=True),
        cohort.game.loss,
        train_counts=np.maximum(probes.counts // cohort.game.packing, 1),
    )
    # The slope of a linear loss is 1 even where its logit is NaN.
    gain = cohort.game.loss.generator_gain(fake_logits) + 0.0 * fake_logits
    every = {"generator_gain": mean(gain), **_updates(cohort), **_adaptation(cohort)}
    due = memory.probes % GRADIENT_EVERY == 0 or "end" in tiers
    measured = {
        **every,
        **_slopes(cohort, probes, fakes[:, :SLOPE_PROBES], due=due),
        **(_gradients(cohort, probes) if due else {}),
        **(_growth(cohort) if due else {}),
    }
    if due:
        sides = cohort.packs(probes.holdout), cohort.packs(fakes)
        measured["pair_slope"] = _pair_slope(*sides, holdout_logits, fake_logits)
        steepest = np.fmax(measured["lipschitz_lower"], measured["pair_slope"])
        measured["critic_gap"] = critic_gap(states["logit_real"], states["logit_fake"], steepest)
    if due and ("end" in tiers or not has_costly(probes.layers)):
        measured["lipschitz_upper"] = _upper(cohort, probes.layers)
    applies = {"generator_gain": cohort.game.loss.has_gain, "lipschitz_upper": probes.layers is not None}
    known = discriminator_statuses(states, cohort.game.loss)
    standing = _finite_players(cohort)
    missing = [_statuses(measured, applies, standing, member) for member in range(cohort.members)]
    return {**states, **measured}, [{**a, **b} for a, b in zip(known, missing, strict=True)]


def run_level(probes: Probes, member: int) -> dict[str, float]:
    """What only the probes of a whole run together tell; nothing where its window was not reached."""
    straight = probes.memory.path.straightness()
    return {"straightness": float(straight[member])} if member < len(straight) else {}


def mean(values: Tensor) -> Floats:
    """Mean over each member's row.

    Shapes:
        values: (members, n). result: (members,), float64.
    """
    return values.double().mean(dim=1).numpy(force=True)


def _updates(cohort: Cohort) -> Columns:
    ratios = cohort.update_ratios()
    names = ("generator_update_ratio", "discriminator_update_ratio")
    return {name: ratio.numpy(force=True) for name, ratio in zip(names, ratios, strict=True)}


def _growth(cohort: Cohort) -> Columns:
    names = ("generator_growth", "discriminator_growth")
    return {name: grown.numpy(force=True) for name, grown in zip(names, cohort.weight_growth(), strict=True)}


def _adaptation(cohort: Cohort) -> Columns:
    """Where ADA's controllers stand; nothing for other augmentations."""
    adaptation = cohort.state.adaptation
    if not adaptation:
        return {}
    read = {"ada_p": adaptation.strength, "ada_rt": adaptation.r_t}
    return {name: values[: cohort.members].double().numpy(force=True) for name, values in read.items()}


def _gradients(cohort: Cohort, probes: Probes) -> Columns:
    players = [each.numpy(force=True) for each in cohort.gradients(probes.batches)]
    now = players[0].mean(axis=1, dtype=np.float64), players[1].mean(axis=1, dtype=np.float64)
    columns = {
        "generator_snr": signal_to_noise(players[0]),
        "discriminator_snr": signal_to_noise(players[1]),
        "generator_profile": _profiles(cohort, now[0], player=0),
        "slope_profile": _profiles(cohort, now[1], player=1),
    }
    before, probes.memory.gradients = probes.memory.gradients, now
    if before is None:
        return columns
    turned = {
        "generator_cosine": cosine(before[0], now[0]),
        "discriminator_cosine": cosine(before[1], now[1]),
    }
    return {**columns, **turned}


def _profiles(cohort: Cohort, gradients: Floats, player: int) -> Floats:
    """Over each member's own parameters: members of one layout at a time."""
    profiles = np.full(cohort.members, math.nan)
    layouts = [fits[player].layout for fits in cohort.fits]
    for layout in dict.fromkeys(layouts):
        alike = [member for member, each in enumerate(layouts) if each == layout]
        own = cohort.fits[alike[0]][player].positions.numpy()
        sizes = [math.prod(shape) for shape in layout.shapes]
        profiles[alike] = slope_profile(gradients[alike][:, own], layout.names, sizes)
    return profiles


def _slopes(cohort: Cohort, probes: Probes, fakes: Tensor, *, due: bool) -> Columns:
    """The discriminators' steepness at fakes, and on the way to real samples where it is due."""
    regularizer, at_fakes = cohort.game.regularizer, cohort.slopes(fakes)
    columns = {"discriminator_slope": mean(at_fakes)}
    reals = probes.holdout[:, : fakes.shape[1]]
    penalised = regularizer.name == "gradient_penalty"
    if penalised or due:
        near, mix = fakes[:, : reals.shape[1]].to(reals), probes.mix[:, : reals.shape[1]]
        between = cohort.slopes(torch.vmap(interpolate)(reals, near, mix.to(reals)))
        if penalised:
            columns["penalty_deviation"] = penalty_deviation(between.numpy(force=True))
        if due:
            seen = torch.cat([at_fakes, between, cohort.slopes(reals)], dim=1)
            columns["lipschitz_lower"] = lipschitz_lower(seen.numpy(force=True))
    weights = cohort.state.discriminator.weights[: cohort.members]
    if regularizer.constrain is not None:
        bounds = np.full(cohort.members, cohort.game.regularizer_weight)
        own = np.array([discriminator.share for _, discriminator in cohort.fits])
        # What a member is padded with is 0, and so never at the bound.
        columns["clip_saturation"] = clip_saturation(weights.numpy(force=True), bounds) / own
    return columns


def _pair_slope(reals: Tensor, fakes: Tensor, real_logits: Tensor, fake_logits: Tensor) -> Floats:
    """Of pairs of an unseen real and a generated sample."""
    pairs = min(SLOPE_PROBES, reals.shape[1], fakes.shape[1])
    shown = reals[:, :pairs].to(fakes)
    distances = (shown - fakes[:, :pairs]).flatten(start_dim=2).norm(dim=2)
    sides = [each[:, :pairs].numpy(force=True) for each in (real_logits, fake_logits, distances)]
    return pair_slope(sides[0], sides[1], sides[2])


def _upper(cohort: Cohort, layers: Layers | None) -> Floats:
    buffers = {name: value[: cohort.members] for name, value in cohort.state.discriminator.buffers.items()}
    named = {**cohort.discriminator_weights(), **buffers}
    return lipschitz_upper(layers, cohort.game.discriminator.module, named)


def _finite_players(cohort: Cohort) -> Flags:
    players = cohort.state.generator, cohort.state.discriminator
    finite = [torch.isfinite(player.weights[: cohort.members]).all(dim=1) for player in players]
    flags: Flags = (finite[0] & finite[1]).numpy(force=True)
    return flags


def _statuses(
    columns: Mapping[str, Floats], applies: Mapping[str, bool], standing: Flags, member: int
) -> dict[str, str]:
    """Why what is missing is missing: a gradient of finite weights that has no direction is 0."""
    lost = "degenerate" if standing[member] else "nonfinite_input"
    return {
        name: lost if applies.get(name, True) else "not_applicable"
        for name, values in columns.items()
        if math.isnan(values[member])
    }
