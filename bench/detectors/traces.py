"""Planted traces: what a discriminator would show while each mechanism is at work, to a given degree or not.

Logits are drawn from Gaussians of known separation and read by the ordinary diagnostics, so that AUCs carry
the sampling noise of real ones; the other columns are scripted with a spread. No samples, no training.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import ndtri

from bench.detectors.staging import EVALUATIONS, STEPS
from bench.diagnostics.discriminator import discriminator_states
from bench.records.schema import EvaluationRecord
from bench.verdict import Context, Verdict, judge
from bench.verdict.thresholds import DEFAULT, Thresholds
from gans.rng import stream_seed

TRAIN, HOLDOUT = 500, 512
FLOOR, START = 1.7, 400.0
SPREAD = 0.1
"""Sd of the logarithm of every scripted column from one evaluation to the next."""
SURELY = 6.0
"""Separation, in standard deviations, of a discriminator that is never wrong."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What a discriminator and its generator show throughout a run.

    Args:
        apart: standard deviations between logits of real and of generated samples.
        learned: the same between training and unseen real samples.
        q: normalised log distance at the start and at the end of training.
        columns: scripted columns, typical value each. early: factor on a column in the first twentieth.
        last: columns of the last evaluation.
        run_level: numbers that only the whole run has, typical value each.
        context: fields of the context that differ from the default.
    """

    apart: float = 1.2
    learned: float = 0.1
    train: int = TRAIN
    q: tuple[float, float] = (1.0, 0.2)
    columns: dict[str, float] = field(default_factory=dict)
    early: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    run_level: dict[str, float] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TraceFault:
    """A mechanism at work, by one of its signs.

    Args:
        flag: the flag that must be up. sign: which part of its rule.
        threshold: the severity at which the rule begins to hold, in closed form.
        trace: what is shown at a severity.
    """

    flag: str
    sign: str
    threshold: float
    trace: Callable[[float], Trace]

    @property
    def key(self) -> str:
        """Flag and sign."""
        return f"{self.flag}: {self.sign}"


STUCK = (0.8, 0.8)


def separation(auc: float) -> float:
    """Standard deviations between two unit Gaussians of that AUC.

    Example:
        >>> round(separation(0.98), 2), round(separation(0.60), 2)
        (2.9, 0.36)
    """
    return math.sqrt(2) * float(ndtri(auc))


CRITIC: dict[str, Any] = {"decision_point": None, "loss": "wasserstein"}
"""A loss whose logits have no zero."""


def trace_faults(limits: Thresholds = DEFAULT) -> tuple[TraceFault, ...]:
    """Each sign of each flag, with the severity at which it counts."""
    kinds = (_dominated, _vanishing, _too_weak, _overfit, _memorising, _unconstrained, _turning)
    return tuple(fault for plant in kinds for fault in plant(limits))


def _dominated(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="D-dominated", sign="auc", threshold=separation(limits.dominated_auc),
            trace=lambda apart: Trace(apart=apart, q=STUCK),
        ),
    )  # fmt: skip


def _vanishing(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="vanishing-gradient", sign="gain", threshold=1 / limits.vanished_gain,
            trace=lambda fall: Trace(apart=SURELY, q=STUCK, columns={"generator_gain": 1 / fall}),
        ),
        TraceFault(
            flag="vanishing-gradient", sign="gradient", threshold=1 / limits.vanished_gradient,
            trace=lambda fall: Trace(apart=SURELY, q=STUCK, early={"generator_gradient": fall}),
        ),
        TraceFault(
            flag="vanishing-gradient", sign="slope", threshold=1 / limits.vanished_slope,
            trace=lambda fall: Trace(q=STUCK, early={"discriminator_slope": fall}, context=CRITIC),
        ),
    )  # fmt: skip


def _too_weak(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="G-dominated", sign="auc", threshold=1 / separation(limits.weak_auc),
            trace=lambda blur: Trace(apart=1 / blur, learned=0.0, columns={"probe_auc": 0.97}),
        ),
        TraceFault(
            flag="G-dominated", sign="probe_auc", threshold=separation(limits.weak_probe_auc),
            trace=lambda apart: Trace(apart=0.1, learned=0.0, columns={"probe_auc": _auc_at(apart)}),
        ),
    )  # fmt: skip


def _overfit(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="D-overfit", sign="auc", threshold=separation(limits.overfit_auc),
            trace=lambda learned: Trace(apart=8.0, learned=learned),
        ),
        TraceFault(
            flag="D-overfit", sign="auc, 50 samples", threshold=separation(limits.overfit_auc),
            trace=lambda learned: Trace(apart=8.0, learned=learned, train=50),
        ),
        TraceFault(
            flag="D-overfit", sign="ratio", threshold=limits.overfit_ratio,
            trace=lambda ratio: Trace(apart=0.8 * (1 - ratio), learned=0.8 * ratio),
        ),
    )  # fmt: skip


def _memorising(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="memorising", sign="data_copying", threshold=-limits.copying_z,
            trace=lambda z: Trace(last={"data_copying": -z}),
        ),
        TraceFault(
            flag="memorising", sign="memory_ratio", threshold=limits.memory_ratio,
            trace=lambda ratio: Trace(last={"memory_ratio": ratio}),
        ),
    )  # fmt: skip


def _unconstrained(limits: Thresholds) -> tuple[TraceFault, ...]:
    penalised, clipped = ({**CRITIC, "regularizer": kind} for kind in ("gradient_penalty", "clip"))
    return (
        TraceFault(
            flag="critic-unconstrained", sign="gradient penalty", threshold=limits.penalty_deviation,
            trace=lambda off: Trace(columns={"penalty_deviation": off}, context=penalised),
        ),
        TraceFault(
            flag="critic-unconstrained", sign="clipping", threshold=1 / (1 - limits.clip_saturation),
            trace=lambda fewness: Trace(columns={"clip_saturation": 1 - 1 / fewness}, context=clipped),
        ),
        TraceFault(
            flag="critic-unconstrained", sign="slope profile", threshold=limits.slope_profile,
            trace=lambda profile: Trace(columns={"slope_profile": profile}, context=clipped),
        ),
    )  # fmt: skip


def _turning(limits: Thresholds) -> tuple[TraceFault, ...]:
    return (
        TraceFault(
            flag="rotational", sign="rotation", threshold=1 / (1 - limits.rotation),
            trace=lambda purity: Trace(
                run_level={"spectrum_rotation": 1 - 1 / purity, "stationarity": limits.stationarity / 4}
            ),
        ),
        TraceFault(
            flag="rotational", sign="stationarity", threshold=1 / limits.stationarity,
            trace=lambda stillness: Trace(
                run_level={"spectrum_rotation": 0.99, "stationarity": 1 / stillness}
            ),
        ),
    )  # fmt: skip


def healthy_trace(seed: int) -> Trace:
    """A run in balance: nothing near a limit, everything measured, its kind drawn by the seed."""
    random = np.random.default_rng(stream_seed(seed, "detectors/healthy trace"))
    kind = ("none", "gradient_penalty", "clip")[seed % 3]
    critic = CRITIC if kind != "none" else {}
    return Trace(
        apart=float(random.uniform(0.8, 2.2)),
        learned=float(random.uniform(0.0, 0.4)),
        train=int(random.choice([50, 200, TRAIN])),
        q=(1.0, float(random.uniform(0.05, 0.35))),
        columns={
            "generator_gain": float(random.uniform(0.1, 0.9)),
            "probe_auc": float(random.uniform(0.6, 0.99)),
            "penalty_deviation": float(random.uniform(0.05, 0.3)),
            "clip_saturation": float(random.uniform(0.2, 0.7)),
            "slope_profile": float(random.uniform(2.0, 30.0)),
        },
        early={
            "generator_gradient": float(random.uniform(0.5, 20.0)),
            "discriminator_slope": float(random.uniform(0.5, 10.0)),
        },
        last={"data_copying": float(random.normal()), "memory_ratio": float(random.uniform(0.8, 1.3))},
        run_level={
            "spectrum_rotation": float(random.uniform(0.0, 0.8)),
            "stationarity": float(random.uniform(0.005, 0.1)),
        },
        context={**critic, "regularizer": kind},
    )


def show(trace: Trace, seed: int, thresholds: Thresholds = DEFAULT) -> Verdict:
    """Judge a run that shows this trace, drawn with one seed."""
    random = np.random.default_rng(stream_seed(seed, "detectors/trace"))
    known = random.normal(trace.learned, 1.0, (EVALUATIONS, trace.train))
    real = random.normal(0.0, 1.0, (EVALUATIONS, HOLDOUT))
    fake = random.normal(-trace.apart, 1.0, (EVALUATIONS, HOLDOUT))
    states = discriminator_states(known, real, fake, SimpleNamespace(decision_point=0.0, log_odds=True))
    evaluations = [
        _evaluation(trace, place, {name: float(values[place]) for name, values in states.items()}, random)
        for place in range(EVALUATIONS)
    ]
    run_level = {
        name: _varied(name, value, math.exp(random.normal(0.0, SPREAD)))
        for name, value in trace.run_level.items()
    }
    return judge(evaluations, _context(trace), thresholds=thresholds, run_level=run_level)


def _evaluation(
    trace: Trace, place: int, state: dict[str, float], random: np.random.Generator
) -> EvaluationRecord:
    begin, end = trace.q
    # Learning is done at half-time, as in most runs, so that it ends in a level and not in a trend.
    q = begin + (end - begin) * min(1.0, place / (EVALUATIONS / 2))
    begun = place >= EVALUATIONS // 20
    scripted = {**AT_WORK, **trace.columns}
    early = {name: 1.0 if begun else factor for name, factor in trace.early.items()}
    values = {
        name: _varied(name, value * early.get(name, 1.0), math.exp(random.normal(0.0, SPREAD)))
        for name, value in scripted.items()
    }
    last = trace.last if place == EVALUATIONS - 1 else {}
    return EvaluationRecord(
        step=(place + 1) * STEPS // EVALUATIONS,
        values={**GOOD, "distance": FLOOR * (START / FLOOR) ** q, **state, **values, **last},
    )


def _varied(name: str, value: float, factor: float) -> float:
    # Of what cannot exceed one, it is the distance to one that varies.
    return 1 - (1 - value) * factor if name in UP_TO_ONE else value * factor


def _context(trace: Trace) -> Context:
    base = Context(
        kind="images", steps=STEPS, evaluations=EVALUATIONS, samples=697, reference_samples=697,
        data_size=1100, modes_total=10, data_range=2.0, distance_floor=FLOOR, distance_start=START,
        precision_floor=0.97, recall_floor=0.96, coverage_floor=0.97, loss="minimax", decision_point=0.0,
        probe_train=trace.train, probe_holdout=HOLDOUT,
    )  # fmt: skip
    return replace(base, **trace.context)


def _auc_at(apart: float) -> float:
    return 0.5 * math.erfc(-apart / 2)


UP_TO_ONE = ("clip_saturation", "probe_auc", "spectrum_rotation")

AT_WORK = {"generator_gain": 0.5, "generator_gradient": 1.0, "discriminator_slope": 1.0}
"""What training shows where nothing else is scripted."""

GOOD = {
    "finite_fraction": 1.0, "max_abs": 1.0, "precision": 0.9, "recall": 0.9, "density": 1.0, "coverage": 0.9,
    "mode_kl": 0.01, "modes_strict": 10.0, "pairwise_ratio": 1.0,
}  # fmt: skip
"""What the samples show meanwhile: nothing."""
