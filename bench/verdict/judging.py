"""From the evaluations of a run to its verdict, and from a stored record to a new one: pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from bench.diagnostics.arrays import median
from bench.records.columns import RUN_ONLY
from bench.records.schema import OUTCOMES, EvaluationRecord, RunRecord
from bench.verdict.context import Context, context_from_mapping
from bench.verdict.evidence import Evidence
from bench.verdict.mechanisms import MEASURED, MECHANISM_RULES, Finding
from bench.verdict.outcome import RULES, Rule, find_outcome
from bench.verdict.plots import plot_of
from bench.verdict.quality import best_q
from bench.verdict.scale import HIGHEST_Q
from bench.verdict.series import Series
from bench.verdict.thresholds import DEFAULT, Thresholds

NOTHING: Mapping[str, float] = MappingProxyType({})
DIVERGED = "diverged:nonfinite"
INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said about one run.

    Args:
        outcome: a key of OUTCOMES. state: what statistics count it as. mechanisms: the flags that are up.
        onset_step: first step from which the outcome held, None where nothing set in.
        q, q_best: normalised log distance, median over the final window and lowest of the run; 1.5 for a run
            that diverged.
        score: 1 - q, from 0 to 1; 0 for a run that diverged, NaN for an invalid one.
        evidence: strict JSON values: rule, numbers and limits of the outcome, of every mechanism (or why it
            cannot be had), the plot that shows each (its form: plots.py), the numbers of the final window,
            and the context.
        thresholds: version of the limits.
    """

    outcome: str
    state: str
    mechanisms: tuple[str, ...]
    onset_step: int | None
    q: float
    q_best: float
    score: float
    evidence: Mapping[str, Any]
    thresholds: str


def judge(
    evaluations: Sequence[EvaluationRecord],
    context: Context,
    *,
    diverged_step: int | None = None,
    thresholds: Thresholds = DEFAULT,
    rules: Sequence[Rule] = RULES,
    mechanisms: Mapping[str, Callable[[Series], Finding]] = MECHANISM_RULES,
    run_level: Mapping[str, float] = NOTHING,
) -> Verdict:
    """Say how a run ended and what may be why.

    Never raises on what a run may leave: no evaluations, missing columns, NaN and infinities are a verdict.

    Args:
        evaluations: in any order.
        diverged_step: the step at which training stopped being finite, where the trainer saw it.
        rules: the table of outcomes; the first that matches wins. mechanisms: the flags to look for.
        run_level: numbers that only the whole run has (columns of ``RUN_ONLY``), where they were measured.
    """
    with np.errstate(all="ignore"):  # what overflows here is data; every result is checked for NaN
        series = Series(tuple(evaluations), context, thresholds, diverged_step, run_level)
        rule, evidence = find_outcome(series, rules)
        findings = {name: find(series) for name, find in mechanisms.items()}
        q = HIGHEST_Q if rule.label == DIVERGED else series.q_window
        score = math.nan if rule.label == INVALID else 1 - min(max(q, 0.0), 1.0)
        return Verdict(
            outcome=rule.label,
            state=OUTCOMES[rule.label],
            mechanisms=tuple(name for name, finding in findings.items() if finding.flagged),
            onset_step=evidence.onset_step,
            q=q,
            q_best=best_q(series),
            score=score,
            evidence=_evidence(series, rule, evidence, findings),
            thresholds=thresholds.version,
        )


def rejudge(record: RunRecord, thresholds: Thresholds = DEFAULT) -> Verdict:
    """Judge a stored run again, from its evaluations and the context in its evidence.

    Raises:
        ValueError: the record holds no context (it failed before it could be judged).
    """
    return judge(
        record.evaluations,
        context_of_record(record),
        diverged_step=record.evidence.get("diverged_step"),
        thresholds=thresholds,
        run_level={name: record.metrics[name] for name in RUN_ONLY if name in record.metrics},
    )


def context_of_record(record: RunRecord) -> Context:
    """What a stored run was judged with besides its evaluations.

    Raises:
        ValueError: the record holds none (it failed before it could be judged).
    """
    if "context" not in record.evidence:
        raise ValueError(f"rejudge: run {record.run_id} must hold a context, got none; it was never judged")
    return context_from_mapping(record.evidence["context"])


def headline(verdict: Verdict) -> dict[str, float]:
    """The columns of a run that its verdict gives; NaN where not known."""
    window = verdict.evidence["window"]
    own = {"q": verdict.q, "q_best": verdict.q_best, "score": verdict.score}
    return own | {name: math.nan if window[name] is None else window[name] for name in _OF_WINDOW}


_OF_WINDOW = ("hop", "amplitude", "oscillation_p", "oscillation_period")


def with_verdict(record: RunRecord, verdict: Verdict) -> RunRecord:
    """The same run under another verdict; evidence that is none of a verdict's is kept."""
    given = headline(verdict)
    kept = {name: value for name, value in record.metrics.items() if name not in given}
    return replace(
        record,
        outcome=verdict.outcome,
        state=verdict.state,
        mechanisms=verdict.mechanisms,
        onset_step=verdict.onset_step,
        thresholds=verdict.thresholds,
        evidence={**record.evidence, **verdict.evidence},
        metrics=kept | {name: value for name, value in given.items() if not math.isnan(value)},
    )


def annotate(
    evaluations: Sequence[EvaluationRecord], context: Context, thresholds: Thresholds = DEFAULT
) -> tuple[EvaluationRecord, ...]:
    """Add to each evaluation the columns that only the series knows: ``q`` and ``histogram_tv``."""
    with np.errstate(all="ignore"):
        series = Series(tuple(evaluations), context, thresholds)
        rows = zip(series.records, series.q.tolist(), series.tv.tolist(), strict=True)
        return tuple(
            replace(record, values={**record.values, "q": q, "histogram_tv": tv}) for record, q, tv in rows
        )


_WINDOW: Mapping[str, Callable[[Series], float]] = {
    "q": lambda series: series.q_window,
    "delta_q": lambda series: series.delta_q,
    "amplitude": lambda series: series.amplitude,
    "hop": lambda series: series.hop,
    "histogram_tv": lambda series: series.tv_window,
    "ema_gap": lambda series: series.ema_gap,
    "oscillation_p": lambda series: series.rhythm.p,
    "oscillation_period": lambda series: series.rhythm.period,
    "precision_rel": lambda series: median(series.relative("precision")[series.window]),
    "coverage_rel": lambda series: median(series.relative("coverage")[series.window]),
}
_COLUMNS = (
    "distance", "precision", "recall", "density", "coverage", "mode_kl", "modes_strict", "high_quality",
    "pairwise_ratio", "auc_real_fake", "auc_train_holdout",
)  # fmt: skip


def _window(series: Series) -> dict[str, float | None]:
    """What the final window looked like, whatever the outcome; columns as their median."""
    numbers = {name: measure(series) for name, measure in _WINDOW.items()}
    return _plain({**numbers, **{name: series.last(name) for name in _COLUMNS}})


def _evidence(
    series: Series, rule: Rule, evidence: Evidence, findings: Mapping[str, Finding]
) -> dict[str, Any]:
    window = {"first_step": None, "evaluations": series.window_length}
    if len(series):
        window["first_step"] = series.steps[series.window.start]
    return {
        "rule": rule.name,
        "detail": evidence.detail,
        "numbers": _plain(evidence.numbers),
        "limits": _plain(evidence.limits),
        "window": {**window, **_window(series)},
        "plot": plot_of(rule.name, evidence.detail, series),
        "mechanisms": {name: _spelled(name, finding, series) for name, finding in findings.items()},
        "diverged_step": series.diverged_step,
        "context": series.context.to_mapping(),
    }


def _spelled(name: str, finding: Finding, series: Series) -> dict[str, Any]:
    plot = {"plot": plot_of(name, finding.detail, series)} if finding.status == MEASURED else {}
    return {
        "flagged": bool(finding.flagged),
        "status": finding.status,
        "detail": finding.detail,
        "numbers": _plain(finding.numbers),
        "limits": _plain(finding.limits),
        **plot,
    }


def _plain(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: float(value) if math.isfinite(value) else None for name, value in numbers.items()}
