"""The benchmark itself: run every part, and hold the result against what is required."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.detectors import tasks
from bench.detectors.flips import JudgedRun, Moved
from bench.detectors.requirements import PLANTED_RUNS, TRAINED_RUNS, requirements
from bench.detectors.scores import SCHEMA, FaultScore, Flip, Scores
from bench.detectors.scoring import Found, score_faults, score_healthy
from bench.detectors.sizes import FIRST_SCORING_SEED, FULL, TWICE, Size, scoring_seeds
from bench.detectors.tally import Rate, confusion, rate_of
from bench.detectors.tasks import Workers
from bench.detectors.traces import TraceFault, healthy_trace, show, trace_faults
from bench.detectors.trained import TRAINED
from bench.records.schema import MECHANISMS
from bench.verdict.thresholds import DEFAULT

TRACE_MULTIPLES = (0.5, 0.8, 0.9, 1.0, 1.1, 1.25)
FLIP_PARTS = 8

Tell = Callable[[str], None]


def run_benchmark(
    size: Size = FULL,
    *,
    command: str = "",
    workers: int = 2,
    stored: Mapping[str, Sequence[JudgedRun]] | None = None,
    gate: Mapping[str, Rate] | None = None,
    tell: Tell = lambda line: None,
) -> Scores:
    """Run every part.

    Args:
        stored: runs of results folders whose labels are to be flipped as well, by name.
        gate: stable seeds in the best cell of each recipe; None where there is none.
        tell: is told which part begins.
    """
    with Workers(workers) as pool:
        parts = _parts(size, pool, stored or {}, tell)
    scores = Scores(
        schema=SCHEMA,
        thresholds=DEFAULT.version,
        command=command,
        quick=size.quick,
        tuning_seeds=(0, size.tuning - 1),
        scoring_seeds=(FIRST_SCORING_SEED, FIRST_SCORING_SEED + max(size.scoring, size.healthy) - 1),
        gate=gate or {},
        requirements=(),
        **parts,
    )
    return requirements(scores)


def _parts(
    size: Size, workers: Workers, stored: Mapping[str, Sequence[JudgedRun]], tell: Tell
) -> dict[str, Any]:
    """What was measured, by field of the result."""
    found = Found()
    tell("planted samplers: threshold severities on tuning seeds, recall on scoring seeds")
    faults, leads = score_faults(size, workers, found)
    tell("healthy runs")
    healthy, copied = score_healthy(size, workers, found)
    tell("planted traces")
    traces, flags = _traces(size)
    tell("planted real runs" if size.trained else "planted real runs: left out")
    trained = _trained(size, workers, found)
    tell("label flips")
    runs = {PLANTED_RUNS: [*found.planted, *found.trained], TRAINED_RUNS: found.trained, **stored}
    flips = itertools.chain.from_iterable(_flips(name, each, workers) for name, each in runs.items())
    return {
        "faults": faults,
        "leads": leads,
        "traces": traces,
        "trained": trained,
        "healthy": healthy,
        "false_flags": {**flags, "memorising, new samples": copied},
        "confusion": confusion(found.pairs),
        "flips": tuple(flips),
    }


def _traces(size: Size) -> tuple[tuple[FaultScore, ...], dict[str, Rate]]:
    rows = tuple(_trace_score(fault, size) for fault in trace_faults())
    verdicts = [show(healthy_trace(seed), seed) for seed in scoring_seeds(size.healthy_traces)]
    false = {
        flag: rate_of(
            flag in verdict.mechanisms
            for verdict in verdicts
            if verdict.evidence["mechanisms"][flag]["status"] == "measured"
        )
        for flag in MECHANISMS
    }
    return rows, {flag: rate for flag, rate in false.items() if rate.trials}


def _trace_score(fault: TraceFault, size: Size) -> FaultScore:
    def _flags(multiple: float) -> list[tuple[str, ...]]:
        trace = fault.trace(fault.threshold * multiple)
        return [show(trace, seed).mechanisms for seed in scoring_seeds(size.traces)]

    def _recall(seen: Sequence[tuple[str, ...]]) -> Rate:
        return rate_of(fault.flag in raised for raised in seen)

    twice = _flags(TWICE)
    return FaultScore(
        fault=fault.sign,
        dataset="trace",
        planted=fault.flag,
        threshold_severity=fault.threshold,
        recall=_recall(twice),
        curve=tuple((multiple, _recall(_flags(multiple))) for multiple in TRACE_MULTIPLES),
        judged=dict(Counter(itertools.chain.from_iterable(twice))),
    )


def _trained(size: Size, workers: Workers, found: Found) -> dict[str, Rate]:
    if not size.trained:
        return {}
    plan = [(place, tuple(scoring_seeds(size.trained))) for place in range(len(TRAINED))]
    seen = workers.each(tasks.score_trained, plan)
    found.trained += [each.run for cohort in seen for each in cohort if each.run is not None]
    return {
        fault.cause: rate_of(each.found for each in cohort)
        for fault, cohort in zip(TRAINED, seen, strict=True)
    }


def _flips(name: str, runs: Sequence[JudgedRun], workers: Workers) -> list[Flip]:
    if not runs:
        return []
    parts = [runs[place::FLIP_PARTS] for place in range(FLIP_PARTS) if runs[place::FLIP_PARTS]]
    counted = workers.each(tasks.count_flips, parts)
    return [_flip(name, moves) for moves in zip(*counted, strict=True)]


def _flip(name: str, parts: Sequence[Moved]) -> Flip:
    first = parts[0]
    flips = sum((part.flips for part in parts), Rate(0, 0))
    return Flip(runs=name, limit=first.limit, value=first.value, moved=first.moved, flips=flips)
