"""A diagnosis in words: lines for the terminal, and strict JSON values for whoever makes a page of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from bench.monitor.diagnosis import CONFIDENCE_RULE, WORDS, Diagnosis, Mechanism
from bench.monitor.hypotheses import EXCLUDED, EXPERIMENTS, LIVE
from bench.monitor.measurable import NO, YES


def headline(diagnosis: Diagnosis) -> str:
    """The outcome in one line.

    Where several outcomes remain, all are named.
    """
    named = " or ".join(diagnosis.outcomes)
    onset = "" if diagnosis.onset_step is None else f", from step {diagnosis.onset_step:,} on"
    return f"{named}{onset}"


def explained(diagnosis: Diagnosis) -> str:
    """The outcome in words."""
    if diagnosis.reason:
        return f"{WORDS[diagnosis.outcomes[0]]}: {diagnosis.reason}"
    return "; or ".join(WORDS[name] for name in diagnosis.outcomes)


def experiment_lines(diagnosis: Diagnosis) -> list[tuple[str, str, str]]:
    """The next experiment: each live explanation, how it stands, and what it predicts."""
    if diagnosis.experiment is None:
        return []
    return [
        (each.hypothesis.claim, each.status, diagnosis.experiment.prediction(each.hypothesis.name))
        for each in diagnosis.standings
        if each.status in LIVE
    ]


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The diagnosis as a reader of a terminal wants it."""
    observed = diagnosis.observed
    counted = ", ".join(f"{number:,} {thing}" for thing, number in observed.counts.items())
    yield f"{observed.source}: {counted}" if counted else observed.source
    for column, name in observed.mapping.items():
        yield f"  {column} read as {name}"
    if observed.unknown:
        yield f"  not recognised: {', '.join(observed.unknown)} (name them with --columns NAME=COLUMN)"
    yield from _listed("what is wrong with the data", [str(problem) for problem in observed.problems])
    yield f"outcome: {headline(diagnosis)}"
    yield f"  {explained(diagnosis)}"
    yield f"how sure: {diagnosis.confidence} ({CONFIDENCE_RULE})"
    yield from (f"  - {doubt}" for doubt in diagnosis.doubts)
    yield from _listed("mechanisms", [mechanism_line(each) for each in diagnosis.mechanisms])
    yield from _listed(
        "diagnostics that these data allow",
        [f"{each.name}: {each.allowed} ({each.why})" for each in diagnosis.diagnostics if each.allowed != NO],
    )
    yield from _listed(
        "diagnostics that they do not, and what would",
        [f"{each.name}: {each.why}" for each in diagnosis.diagnostics if each.allowed == NO],
    )
    yield from _experiment(diagnosis)


def mechanism_line(mechanism: Mechanism) -> str:
    """A flag, how it stands, and why."""
    said = compared(mechanism)
    return f"{mechanism.name}: {mechanism.status}{f' ({said})' if said else ''}"


def compared(mechanism: Mechanism) -> str:
    """What speaks for or against a flag: which part of its rule, and its numbers beside their limits."""
    numbers = [
        f"{name} {_short(value)} (limit {_short(mechanism.limits[name])})"
        for name, value in mechanism.numbers.items()
        if value is not None and mechanism.limits.get(name) is not None
    ]
    return "; ".join(
        [*([mechanism.detail] if mechanism.detail else []), *([", ".join(numbers)] if numbers else [])]
    )


def _experiment(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.experiment is None:
        first = next((each for each in diagnosis.diagnostics if each.allowed != YES), None)
        if diagnosis.confidence != "high" and first is not None:
            yield f"next: {first.why if first.allowed == NO else f'measure {first.name} wholly: {first.why}'}"
        return
    yield f"next experiment: {diagnosis.experiment.change}; all else equal, three seeds or more"
    for claim, status, prediction in experiment_lines(diagnosis):
        yield f"  if {claim} ({status}), quality will be {prediction}"
    gone = [each.hypothesis.claim for each in diagnosis.standings if each.status == EXCLUDED]
    if gone:
        yield f"  excluded by what was measured: {'; '.join(gone)}"


def to_mapping(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis in strict JSON values, complete enough to make a page of."""
    observed = diagnosis.observed
    return {
        "source": observed.source,
        "headline": headline(diagnosis),
        "explained": explained(diagnosis),
        "outcomes": list(diagnosis.outcomes),
        "onset_step": diagnosis.onset_step,
        "confidence": diagnosis.confidence,
        "confidence_rule": CONFIDENCE_RULE,
        "doubts": list(diagnosis.doubts),
        "thresholds": diagnosis.verdicts[0].thresholds if diagnosis.verdicts else "",
        "counts": dict(observed.counts),
        "mapping": dict(observed.mapping),
        "unknown": list(observed.unknown),
        "problems": [str(problem) for problem in observed.problems],
        "stand_ins": dict(observed.stand_ins),
        "mechanisms": [_mechanism(each) for each in diagnosis.mechanisms],
        "diagnostics": [
            {"name": each.name, "allowed": each.allowed, "why": each.why} for each in diagnosis.diagnostics
        ],
        "experiment": _experiment_mapping(diagnosis),
        "curves": [
            {"name": each.name, "steps": _plain(each.steps), "values": _plain(each.values)}
            for each in observed.curves
        ],
    }


def _mechanism(mechanism: Mechanism) -> dict[str, Any]:
    return {
        "name": mechanism.name,
        "status": mechanism.status,
        "detail": mechanism.detail,
        "grounds": mechanism.grounds,
        "line": compared(mechanism),
        "numbers": dict(mechanism.numbers),
        "limits": dict(mechanism.limits),
    }


def _experiment_mapping(diagnosis: Diagnosis) -> Mapping[str, Any]:
    chosen = diagnosis.experiment
    live = [each for each in diagnosis.standings if each.status in LIVE]
    return {
        "change": "" if chosen is None else chosen.change,
        "hypotheses": [{"claim": each.hypothesis.claim, "status": each.status} for each in live],
        "predictions": [
            {
                "change": each.change,
                "chosen": each is chosen,
                "predicts": [each.prediction(stand.hypothesis.name) for stand in live],
            }
            for each in EXPERIMENTS
        ],
        "excluded": [each.hypothesis.claim for each in diagnosis.standings if each.status == EXCLUDED],
    }


def _listed(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"{title}:"
        yield from (f"  - {item}" for item in items)


def _plain(values: tuple[float, ...]) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _short(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g}"
