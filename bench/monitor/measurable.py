"""Which diagnostics the data at hand allow, which they do not, and what to log for those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.monitor.observed import QUALITY, Observed

YES, IN_PART, NO = "yes", "in part", "no"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic: whether it can be had, and why not or from what."""

    name: str
    allowed: str
    why: str


@dataclass(frozen=True, slots=True)
class _Need:
    """What one diagnostic is made of.

    Args:
        every: all of these columns. some: at least one of these. advice: what to log.
    """

    name: str
    every: tuple[str, ...]
    some: tuple[str, ...]
    advice: str


_TRAINED = ("generator_loss", "discriminator_loss", "logit_real", "logit_fake", "finite_fraction",
            "generator_gradient", "discriminator_gradient")  # fmt: skip

NEEDS: tuple[_Need, ...] = (
    _Need("divergence", (), (*_TRAINED, QUALITY), "log a loss of either player"),
    _Need("progress, stalls and late divergence", (QUALITY,), (),
          "log a distance of samples to held-out data, such as an FID, at 40 steps or more"),
    _Need("swings of quality", (QUALITY,), (), "log such a distance often: every fortieth of training"),
    _Need("mode collapse", (), ("pairwise_ratio", "coverage", "mode_kl", "modes_strict"),
          "log coverage, or the distance between generated samples over that between real ones"),
    _Need("D-dominated", ("auc_real_fake",), (),
          "log the discriminator's outputs on held-out and generated samples, or its accuracies"),
    _Need("vanishing-gradient", ("auc_real_fake",),
          ("generator_gain", "generator_gradient", "discriminator_slope"),
          "log the generator's gradient norm beside the discriminator's outputs, and name the loss"),
    _Need("G-dominated", ("auc_real_fake", "probe_auc"), (),
          "train a small fresh classifier on real against generated samples and log its AUC"),
    _Need("D-overfit", (), ("auc_train_holdout", "overfit_ratio"),
          "log the discriminator's outputs on held-out real samples beside those on training samples"),
    _Need("memorising", ("data_copying",), (),
          "compare distances to the nearest training sample, of generated and of held-out samples"),
    _Need("critic-unconstrained", (), ("penalty_deviation", "clip_saturation"),
          "log how far the critic's slope is off its target, or the share of weights at the bound"),
)  # fmt: skip


def measurable(observed: Observed) -> tuple[Diagnostic, ...]:
    """Say of each diagnostic whether these data allow it."""
    return tuple(_diagnostic(need, observed) for need in NEEDS)


def _diagnostic(need: _Need, observed: Observed) -> Diagnostic:
    every = [name for name in need.every if observed.has(name)]
    some = [name for name in need.some if observed.has(name)]
    if len(every) < len(need.every) or (need.some and not some):
        return Diagnostic(need.name, NO, need.advice)
    used = [*every, *some]
    partly = _shortfall(need, used, observed)
    return Diagnostic(need.name, IN_PART if partly else YES, partly or f"from {', '.join(used)}")


def _shortfall(need: _Need, used: Sequence[str], observed: Observed) -> str:
    """Why a diagnostic can be had in part only."""
    if need.name == "G-dominated" and "auc_real_fake" in observed.bounds:
        return "a lower bound of the discriminator's AUC cannot show it weak"
    stood_in = [why for name, why in observed.stand_ins.items() if name in used]
    if need.name == "D-dominated" and not observed.has(QUALITY):
        stood_in.append("whether quality stands still meanwhile is not known")
    modes = max((context.modes_total for context in observed.contexts), default=0)
    if need.name == "mode collapse" and used == ["modes_strict"] and not modes:
        stood_in.append("how many modes there are is not known")
    if need.every == (QUALITY,):
        stood_in += [why for name, why in observed.stand_ins.items() if name.startswith("distance_")]
    return "; ".join(stood_in)
