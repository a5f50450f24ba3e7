"""How often a label changes when a limit is moved by 30 % of its distance to the end of its scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from bench.detectors.tally import Rate, rate_of
from bench.records.columns import RUN_ONLY
from bench.records.schema import EvaluationRecord, RunRecord
from bench.verdict import Context, context_from_mapping
from bench.verdict.mechanisms import MECHANISM_RULES, Finding
from bench.verdict.outcome import find_outcome
from bench.verdict.series import Series
from bench.verdict.thresholds import DEFAULT, Thresholds, grounds, override

MOVE = 0.30

ENDS: Mapping[str, float] = {
    "window_share": 0.5, "window_most": 1.0, "persist_share": 1.0, "span_share": 1.0, "done_share": 1.0,
    "range_factor": 1.0, "start_over_floor": 1.0, "hop_tv_factor": 1.0, "partial_modes_share": 1.0,
    "kl_null_factor": 1.0, "intra_coverage": 1.0, "intra_recall": 1.0, "intra_spread": 1.0,
    "intra_density": 1.0, "late_q": 1.0, "no_progress_q": 1.0, "amplitude": 1.0, "ema_gap": 1.0,
    "reversal_share": 1.0, "dominated_auc": 1.0, "weak_auc": 0.5, "weak_probe_auc": 1.0, "overfit_auc": 0.5,
    "memory_ratio": 1.0,
    "clip_saturation": 1.0, "slope_profile": 1.0, "rotation": 1.0, "oscillation_start": 1.0,
}  # fmt: skip
"""Where the scale of a limit ends: at a faultless run's value or at the last possible one; else at zero."""

WINDOW = ("window_share", "window_min", "window_most")
"""The final window: what its rules need is stored there and nowhere else; it cannot be moved afterwards."""

COUNTS = ("late_evaluations", "overfit_smoothing", "reversal_steps", "many_modes", "stop_looks")
"""Limits that count something: moved by 30 %, but by one at least."""


@dataclass(frozen=True)
class JudgedRun:
    """What judging needs of one run."""

    evaluations: tuple[EvaluationRecord, ...]
    context: Context
    diverged_step: int | None = None
    run_level: Mapping[str, float] | None = None

    @classmethod
    def of(cls, record: RunRecord) -> JudgedRun:
        """What was stored of a run.

        Raises:
            KeyError: it was never judged.
        """
        return cls(
            evaluations=record.evaluations,
            context=context_from_mapping(record.evidence["context"]),
            diverged_step=record.evidence.get("diverged_step"),
            run_level={name: record.metrics[name] for name in RUN_ONLY if name in record.metrics},
        )


@dataclass(frozen=True)
class Moved:
    """A limit before and after its move, and the labels that changed."""

    limit: str
    value: float
    moved: float
    flips: Rate


def moved_limits(thresholds: Thresholds = DEFAULT) -> list[tuple[str, float]]:
    """Every limit with the two values it is moved to."""
    named = [name for name in grounds() if name not in WINDOW]
    return [(name, value) for name in named for value in _moves(name, float(getattr(thresholds, name)))]


def flips_of(runs: Sequence[JudgedRun], thresholds: Thresholds = DEFAULT) -> list[Moved]:
    """Judge every run again under every move; a run flips where its outcome or one of its flags changes.

    What never looked at a limit cannot change with it and is not judged again.
    """
    with np.errstate(all="ignore"):
        before = [[_read(run, label, thresholds) for label in LABELS] for run in runs]
        return [
            Moved(
                name,
                float(getattr(thresholds, name)),
                value,
                rate_of(
                    _flips(run, known, name, override(thresholds, {name: value}))
                    for run, known in zip(runs, before, strict=True)
                ),
            )
            for name, value in moved_limits(thresholds)
        ]


Label = Callable[[Series], str]


def _outcome(series: Series) -> str:
    return find_outcome(series)[0].label


def _flag(find: Callable[[Series], Finding]) -> Label:
    return lambda series: str(find(series).flagged)


LABELS: tuple[Label, ...] = (_outcome, *(_flag(find) for find in MECHANISM_RULES.values()))


@dataclass(frozen=True)
class _Known:
    label: str
    read: frozenset[str]


class _Watched(Thresholds):
    """Limits that remember which of them were looked at."""

    __slots__ = ("_seen",)

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            object.__getattribute__(self, "_seen").add(name)
        return object.__getattribute__(self, name)


def _read(run: JudgedRun, label: Label, thresholds: Thresholds) -> _Known:
    watched = _Watched(**asdict(thresholds))
    seen: set[str] = set()
    object.__setattr__(watched, "_seen", seen)
    return _Known(label(_series(run, watched)), frozenset(seen))


def _flips(run: JudgedRun, known: Sequence[_Known], name: str, moved: Thresholds) -> bool:
    concerned = [(label, each) for label, each in zip(LABELS, known, strict=True) if name in each.read]
    return any(label(_series(run, moved)) != each.label for label, each in concerned)


def _series(run: JudgedRun, thresholds: Thresholds) -> Series:
    return Series(run.evaluations, run.context, thresholds, run.diverged_step, run.run_level or {})


def known_limits() -> frozenset[str]:
    """Names of all limits, to check the tables above against."""
    return frozenset(each.name for each in fields(Thresholds)) - {"version"}


def _moves(name: str, value: float) -> tuple[float, float]:
    step = MOVE * (ENDS.get(name, 0.0) - value)
    if name in COUNTS:
        step = math.copysign(max(1.0, round(abs(step))), step)
    return value + step, value - step
