"""What the rules look at, made of what a log holds: bounds on ranking, the loss's pull, the overfit ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from bench.diagnostics.arrays import Flags, Floats
from bench.monitor import stand_ins
from bench.monitor.columns import FAKE_OUTPUT, REAL_OUTPUT
from bench.monitor.observed import QUALITY, Problem
from bench.monitor.order import Order
from bench.monitor.scales import Meaning

_ON_TRAINING = (
    "the discriminator's outputs on training batches stand in for those on real samples it has not seen"
)


@dataclass
class Logged:
    """The columns of a log by name and step, and what was noticed while they were read."""

    order: Order
    values: dict[str, Floats] = field(default_factory=dict)
    nonfinite: dict[str, Flags] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stand_ins: dict[str, str] = field(default_factory=dict)
    bounds: set[str] = field(default_factory=set)
    called_logits: bool = False
    overwritten: bool = False


def derive(logged: Logged, meaning: Meaning) -> None:
    """Turn what was logged into what the rules look at."""
    values = logged.values
    quality = values.get(QUALITY)
    if quality is not None and np.count_nonzero(np.isfinite(quality)) < 2:
        logged.problems.append(Problem("the quality curve has fewer than two values and is not judged", 0))
        del values[QUALITY]
    _rank(logged, meaning)
    _gain(logged, meaning)
    _overfit(logged)
    if not meaning.loss:
        values.pop("discriminator_slope", None)  # what a flat critic means depends on the loss


def _overfit(logged: Logged) -> None:
    """Place the outputs on unseen reals between those on training samples and on fakes."""
    values = logged.values
    if "overfit_ratio" in values or not {REAL_OUTPUT, FAKE_OUTPUT, "output_holdout"} <= set(values):
        return
    train, holdout, fake = (values[name] for name in (REAL_OUTPUT, "output_holdout", FAKE_OUTPUT))
    apart = np.abs(train - fake) > 0
    gap = np.where(apart, train - fake, 1.0)
    values["overfit_ratio"] = np.where(apart, (train - holdout) / gap, math.nan)
    if stand_ins.are_probabilities(train, fake):
        logged.stand_ins["overfit_ratio"] = "made of the discriminator's probabilities, not of its logits"


def _rank(logged: Logged, meaning: Meaning) -> None:
    """Bound how well the discriminator ranks, from whatever was logged; the largest bound of each step."""
    values = logged.values
    if "auc_real_fake" in values:
        return
    bounds: dict[str, Floats] = {}
    real, fake = values.get("output_holdout", values.get(REAL_OUTPUT)), values.get(FAKE_OUTPUT)
    if real is not None and fake is not None and _probabilities(logged, real, fake, meaning):
        bounds["mean probabilities"] = stand_ins.auc_from_probabilities(real, fake)
    if {"accuracy_real", "accuracy_fake"} <= set(values):
        bounds["accuracies"] = stand_ins.auc_from_accuracies(
            *(_share(values[name]) for name in ("accuracy_real", "accuracy_fake"))
        )
    elif "accuracy" in values:
        bounds["accuracy"] = stand_ins.auc_from_accuracy(_share(values["accuracy"]))
    if meaning.loss in stand_ins.LOGISTIC and "discriminator_loss" in values:
        bounds["loss"] = stand_ins.auc_from_logistic_loss(values["discriminator_loss"])
    if not bounds:
        return
    values["auc_real_fake"] = np.fmax.reduce(list(bounds.values()))
    logged.bounds.add("auc_real_fake")
    what = f"a lower bound from the discriminator's {' and '.join(bounds)}"
    logged.stand_ins["auc_real_fake"] = (
        what if "output_holdout" in values and len(bounds) == 1 else f"{what}; {_ON_TRAINING}"
    )


def _gain(logged: Logged, meaning: Meaning) -> None:
    values = logged.values
    real, fake = values.get(REAL_OUTPUT), values.get(FAKE_OUTPUT)
    if fake is None or "generator_gain" in values:
        return
    if _probabilities(logged, fake if real is None else real, fake, meaning):
        gain = stand_ins.gain_from_probabilities(fake, meaning.loss)
        if gain is not None:
            values["generator_gain"] = gain


def _probabilities(logged: Logged, real: Floats, fake: Floats, meaning: Meaning) -> bool:
    possible = meaning.loss in ("", *stand_ins.LOGISTIC) and not logged.called_logits
    return possible and stand_ins.are_probabilities(real, fake)


def _share(values: Floats) -> Floats:
    """A share, also where percent were logged."""
    largest = np.nanmax(values, initial=0.0)
    return values / 100 if largest > 1 else values
