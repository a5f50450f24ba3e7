"""Planted samplers and healthy runs, scored: tuned on some seeds, scored on others."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.detectors import tasks
from bench.detectors.failures import Fault
from bench.detectors.faults import gross
from bench.detectors.flips import JudgedRun
from bench.detectors.healthy import KINDS, NEW
from bench.detectors.scores import FaultScore, Lead
from bench.detectors.sizes import TWICE, Size, scoring_seeds
from bench.detectors.tally import Rate, rate_of
from bench.detectors.tasks import Seen, Workers
from bench.diagnostics.arrays import median
from bench.records.schema import OUTCOMES, UNSTABLE


@dataclass
class Found:
    """What is gathered along the way, for the parts that look at all runs.

    Args:
        pairs: planted and judged label of each. planted, trained: what judging again needs of each run.
    """

    pairs: list[tuple[str, str]] = field(default_factory=list)
    planted: list[JudgedRun] = field(default_factory=list)
    trained: list[JudgedRun] = field(default_factory=list)

    def keep(self, planted: str, seen: Sequence[Seen]) -> None:
        """Add runs of one planted label."""
        self.pairs += [(planted, each.outcome) for each in seen]
        self.planted += [each.run for each in seen if each.run is not None]


def score_faults(
    size: Size, workers: Workers, found: Found
) -> tuple[tuple[FaultScore, ...], tuple[Lead, ...]]:
    """Tune the severity of each planted failure, score it on other seeds, and say how soon it is told."""
    known = tasks.all_faults()
    keys = [key for key in known if size.faults is None or key in size.faults]
    severities = workers.each(tasks.tune, [(key, tuple(range(size.tuning))) for key in keys])
    plan = [
        (key, severity * multiple, seed, multiple == TWICE)
        for key, severity in zip(keys, severities, strict=True)
        for multiple in (*known[key].around, TWICE)
        for seed in scoring_seeds(size.scoring if multiple == TWICE else size.curve)
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


def _gross(size: Size, workers: Workers, found: Found) -> list[FaultScore]:
    known = gross()
    plan = [(key, seed) for key in known for seed in scoring_seeds(size.gross)]
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


def score_healthy(size: Size, workers: Workers, found: Found) -> tuple[dict[str, Rate], Rate]:
    """False alarms on each kind of healthy run, and of the flag for memorising on those that copy nothing."""
    plan = [(kind, seed) for kind in KINDS for seed in scoring_seeds(size.healthy)]
    seen = workers.each(tasks.score_healthy, plan)
    found.keep("converged", seen)
    alarms: defaultdict[str, list[bool]] = defaultdict(list)
    for (kind, _), each in zip(plan, seen, strict=True):
        alarms[kind].append(not each.found)
    copied = ["memorising" in each.flags for (kind, _), each in zip(plan, seen, strict=True) if kind in NEW]
    return {kind: rate_of(each) for kind, each in alarms.items()}, rate_of(copied)
