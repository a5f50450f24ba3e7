"""The benchmark itself: tune on some seeds, score on others, hold the result against what is required."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.detectors import tasks
from bench.detectors.faults import Fault, gross
from bench.detectors.flips import JudgedRun, Moved
from bench.detectors.healthy import KINDS, NEW
from bench.detectors.requirements import requirements
from bench.detectors.scores import SCHEMA, FaultScore, Flip, Lead, Scores
from bench.detectors.tally import Rate, confusion, rate_of
from bench.detectors.tasks import Seen, Workers
from bench.detectors.traces import TraceFault, healthy_trace, show, trace_faults
from bench.detectors.trained import TRAINED
from bench.diagnostics.arrays import median
from bench.records.schema import MECHANISMS, OUTCOMES, UNSTABLE
from bench.verdict.thresholds import DEFAULT

TWICE = 2.0
FIRST_SCORING_SEED = 10_000
TRACE_MULTIPLES = (0.5, 0.8, 0.9, 1.0, 1.1, 1.25)
FLIP_PARTS = 8


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many seeds each part takes.

    Args:
        tuning: to find threshold severities. scoring: at twice that. curve: at each other severity.
        gross: of failures without a scale. healthy: of each kind of healthy run. traces: of planted traces.
        healthy_traces: in all. trained: of planted real runs, 0 for none. faults: keys to keep; None for all.
    """

    tuning: int = 3
    scoring: int = 20
    curve: int = 4
    gross: int = 10
    healthy: int = 24
    traces: int = 20
    healthy_traces: int = 240
    trained: int = 10
    faults: tuple[str, ...] | None = None
    quick: bool = False


FULL = Size()
QUICK = Size(
    tuning=1, scoring=2, curve=1, gross=1, healthy=1, traces=4, healthy_traces=24, trained=0, quick=True,
    faults=(
        "digits: classes missing", "digits: few images", "digits: noise", "digits: not a number",
        "digits: swinging fast", "ring8: classes uneven", "ring8: hopping", "ring8: narrow modes",
        "ring8: still improving", "ring8: copying",
    ),
)  # fmt: skip
"""A sample of everything, in half a minute on one core."""

Tell = Callable[[str], None]


@dataclass
class _Found:
    """What is gathered along the way, for the parts that look at all runs."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    planted: list[JudgedRun] = field(default_factory=list)
    trained: list[JudgedRun] = field(default_factory=list)

    def keep(self, planted: str, seen: Sequence[Seen]) -> None:
        self.pairs += [(planted, each.outcome) for each in seen]
        self.planted += [each.run for each in seen if each.run is not None]


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
        gate: stable seeds in the best cell of each recipe of a pilot; None where there is none.
        tell: is told which part begins.
    """
    with Workers(workers) as pool:
        return _run(size, pool, command, stored or {}, gate or {}, tell)


def _run(
    size: Size,
    workers: Workers,
    command: str,
    stored: Mapping[str, Sequence[JudgedRun]],
    gate: Mapping[str, Rate],
    tell: Tell,
) -> Scores:
    found = _Found()
    tell("planted samplers: threshold severities on tuning seeds, recall on scoring seeds")
    faults, leads = _faults(size, workers, found)
    tell("healthy runs")
    healthy, copied = _healthy(size, workers, found)
    tell("planted traces")
    traces, flags = _traces(size)
    tell("planted real runs" if size.trained else "planted real runs: left out")
    trained = _trained(size, workers, found)
    tell("label flips")
    runs = {"planted and trained": [*found.planted, *found.trained], "trained": found.trained, **stored}
    scores = Scores(
        schema=SCHEMA,
        thresholds=DEFAULT.version,
        command=command,
        quick=size.quick,
        tuning_seeds=(0, size.tuning - 1),
        scoring_seeds=(FIRST_SCORING_SEED, FIRST_SCORING_SEED + max(size.scoring, size.healthy) - 1),
        faults=faults,
        traces=traces,
        trained=trained,
        confusion=confusion(found.pairs),
        healthy=healthy,
        false_flags={**flags, "memorising, new samples": copied},
        leads=leads,
        flips=tuple(
            itertools.chain.from_iterable(_flips(name, each, workers) for name, each in runs.items())
        ),
        gate=gate,
        requirements=(),
    )
    return requirements(scores)


def _seeds(count: int) -> range:
    return range(FIRST_SCORING_SEED, FIRST_SCORING_SEED + count)


def _faults(size: Size, workers: Workers, found: _Found) -> tuple[tuple[FaultScore, ...], tuple[Lead, ...]]:
    known = tasks.all_faults()
    keys = [key for key in known if size.faults is None or key in size.faults]
    severities = workers.each(tasks.tune, [(key, tuple(range(size.tuning))) for key in keys])
    plan = [
        (key, severity * multiple, seed, multiple == TWICE)
        for key, severity in zip(keys, severities, strict=True)
        for multiple in (*known[key].around, TWICE)
        for seed in _seeds(size.scoring if multiple == TWICE else size.curve)
    ]
    seen = iter(workers.each(tasks.score, plan))
    rows, leads = [], []
    for key, severity in zip(keys, severities, strict=True):
        fault = known[key]
        curve = [(m, list(itertools.islice(seen, size.curve))) for m in fault.around]
        twice = list(itertools.islice(seen, size.scoring))
        rows.append(_fault_score(fault, severity, curve, twice))
        if not fault.mechanism:
            found.keep(fault.outcomes[0], _as_planted(twice, fault.outcomes))
            if OUTCOMES[fault.outcomes[0]] == UNSTABLE:  # what is undecided is no failure to be told
                leads.append(_lead(key, twice))
    return (*rows, *_gross(size, workers, found)), tuple(leads)


def _as_planted(seen: Sequence[Seen], labels: Sequence[str]) -> list[Seen]:
    """Runs whose verdict is another accepted name of the fault count under the planted one."""
    return [
        Seen(labels[0] if each.outcome in labels else each.outcome, each.flags, each.found, each.run)
        for each in seen
    ]


def _fault_score(
    fault: Fault, severity: float, curve: Sequence[tuple[float, Sequence[Seen]]], twice: Sequence[Seen]
) -> FaultScore:
    return FaultScore(
        fault=fault.name,
        dataset=fault.dataset,
        planted=fault.mechanism or fault.outcomes[0],
        threshold_severity=severity,
        recall=rate_of(each.found for each in twice),
        curve=tuple((multiple, rate_of(each.found for each in seen)) for multiple, seen in curve),
        judged=dict(Counter(each.outcome for each in twice)),
    )


def _gross(size: Size, workers: Workers, found: _Found) -> list[FaultScore]:
    known = gross()
    plan = [(key, seed) for key in known for seed in _seeds(size.gross)]
    by_key: defaultdict[str, list[Seen]] = defaultdict(list)
    for (key, _), seen in zip(plan, workers.each(tasks.score_gross, plan), strict=True):
        by_key[key].append(seen)
    rows = []
    for key, seen_all in by_key.items():
        planted = known[key][1][0]
        found.keep(planted, seen_all)
        dataset, _, name = key.partition(": ")
        rows.append(
            FaultScore(
                fault=name, dataset=dataset, planted=planted, threshold_severity=float("nan"),
                recall=rate_of(each.found for each in seen_all), curve=(),
                judged=dict(Counter(each.outcome for each in seen_all)),
            )
        )  # fmt: skip
    return rows


def _lead(key: str, seen: Sequence[Seen]) -> Lead:
    noticed = [each.noticed for each in seen if each.noticed is not None]
    return Lead(
        fault=key,
        named=median([each.named for each in noticed if each.named is not None]),
        live=median([each.live for each in noticed if each.live is not None]),
        left=median([each.left for each in noticed if each.live is not None]),
        noticed=rate_of(each.left > 0 for each in noticed),
    )


def _healthy(size: Size, workers: Workers, found: _Found) -> tuple[dict[str, Rate], Rate]:
    plan = [(kind, seed) for kind in KINDS for seed in _seeds(size.healthy)]
    seen = workers.each(tasks.score_healthy, plan)
    found.keep("converged", seen)
    alarms: defaultdict[str, list[bool]] = defaultdict(list)
    for (kind, _), each in zip(plan, seen, strict=True):
        alarms[kind].append(not each.found)
    copied = ["memorising" in each.flags for (kind, _), each in zip(plan, seen, strict=True) if kind in NEW]
    return {kind: rate_of(each) for kind, each in alarms.items()}, rate_of(copied)


def _traces(size: Size) -> tuple[tuple[FaultScore, ...], dict[str, Rate]]:
    rows = tuple(_trace_score(fault, size) for fault in trace_faults())
    verdicts = [show(healthy_trace(seed), seed) for seed in _seeds(size.healthy_traces)]
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
    def flags(multiple: float) -> list[tuple[str, ...]]:
        trace = fault.trace(fault.threshold * multiple)
        return [show(trace, seed).mechanisms for seed in _seeds(size.traces)]

    def recall(seen: Sequence[tuple[str, ...]]) -> Rate:
        return rate_of(fault.flag in raised for raised in seen)

    twice = flags(TWICE)
    return FaultScore(
        fault=fault.sign,
        dataset="trace",
        planted=fault.flag,
        threshold_severity=fault.threshold,
        recall=recall(twice),
        curve=tuple((multiple, recall(flags(multiple))) for multiple in TRACE_MULTIPLES),
        judged=dict(Counter(itertools.chain.from_iterable(twice))),
    )


def _trained(size: Size, workers: Workers, found: _Found) -> dict[str, Rate]:
    if not size.trained:
        return {}
    plan = [(place, tuple(_seeds(size.trained))) for place in range(len(TRAINED))]
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
