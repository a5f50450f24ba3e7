"""What the detectors must reach, and whether a result reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench.detectors.scores import FaultScore, Flip, Requirement, Scores
from bench.detectors.tally import Rate, total

LEAST_RECALL = 0.95
MOST_ALARMS = 0.02
MOST_FLIPS = 0.10
LEAST_STABLE = 0.80
LEAST_TRAINED = 0.80
ENOUGH_HEALTHY = 200
TRAINED_RUNS, PLANTED_RUNS = "trained", "planted and trained"
"""Names of the runs whose labels are flipped beside those of folders."""
UNCHECKED = "not checked: no --grid given"


def requirements(scores: Scores) -> Scores:
    """The same result with what is required of it filled in."""
    found = (
        _recall("recall of planted samplers at twice the threshold severity", scores.faults),
        _recall("recall of planted traces at twice the threshold severity", scores.traces),
        _alarms(scores),
        _false_flags(scores),
        *_all_flips(scores),
        _gate(scores),
        _trained(scores),
    )
    return replace(scores, requirements=found)


def _recall(name: str, rows: Sequence[FaultScore]) -> Requirement:
    short = [f"{row.dataset} {row.planted} {row.fault}" for row in rows if row.recall.share < LEAST_RECALL]
    pooled = total(row.recall for row in rows)
    missed = f"; below in {len(short)} of {len(rows)}: {', '.join(short)}" if short else ""
    return Requirement(
        name=name,
        wanted=f"each at least {LEAST_RECALL:.0%}",
        found=f"{_spelled(pooled)}{missed}",
        met=not short,
    )


def _alarms(scores: Scores) -> Requirement:
    pooled = total(scores.healthy.values())
    some = [f"{kind} {rate.hits} of {rate.trials}" for kind, rate in scores.healthy.items() if rate.hits]
    enough = scores.quick or pooled.trials >= ENOUGH_HEALTHY
    return Requirement(
        name="false alarms on healthy runs",
        wanted=f"at most {MOST_ALARMS:.0%} of at least {ENOUGH_HEALTHY}",
        found="; ".join([_spelled(pooled), *some]),
        met=enough and pooled.share <= MOST_ALARMS,
    )


def _false_flags(scores: Scores) -> Requirement:
    over = [
        f"{flag} {_spelled(rate)}" for flag, rate in scores.false_flags.items() if rate.share > MOST_ALARMS
    ]
    return Requirement(
        name="false flags of each mechanism",
        wanted=f"each at most {MOST_ALARMS:.0%}",
        found=", ".join(over) or _spelled(total(scores.false_flags.values())),
        met=not over,
    )


def _all_flips(scores: Scores) -> list[Requirement]:
    """Fifty runs that are set up to fail are no grid: theirs are told in the table, and required together."""
    names = _names(each.runs for each in scores.flips if each.runs != TRAINED_RUNS)
    found = [_flips(runs, scores.flips) for runs in names]
    if set(names) - {PLANTED_RUNS}:
        return found
    wanted = f"each limit below {MOST_FLIPS:.0%}"
    return [*found, Requirement(name="label flips, grid runs", wanted=wanted, found=UNCHECKED, met=None)]


def _flips(runs: str, flips: Sequence[Flip]) -> Requirement:
    own = [each for each in flips if each.runs == runs]
    worst = max(own, key=lambda each: each.flips.share)
    over = [
        f"{each.limit} {each.value:g} to {each.moved:g} {each.flips.share:.1%}"
        for each in own
        if each.flips.share >= MOST_FLIPS
    ]
    most = f"most: {worst.limit} {worst.value:g} to {worst.moved:g}, {_spelled(worst.flips)}"
    return Requirement(
        name=f"label flips, {runs} runs",
        wanted=f"each limit below {MOST_FLIPS:.0%}",
        found="; ".join([most, *over[1:]]) if len(over) > 1 else most,
        met=not over,
    )


def _gate(scores: Scores) -> Requirement:
    wanted = f"best cells on digits, fresh seeds: {LEAST_STABLE:.0%} stable, no recipe less beyond chance"
    if not scores.gate:
        return Requirement(name="calibration gate", wanted=wanted, found=UNCHECKED, met=None)
    pooled = total(scores.gate.values())
    below = [
        f"{name} {rate.hits} of {rate.trials}"
        for name, rate in scores.gate.items()
        if rate.share < LEAST_STABLE
    ]
    short = [name for name, rate in scores.gate.items() if rate.high < LEAST_STABLE]
    return Requirement(
        name="calibration gate",
        wanted=wanted,
        found="; below: ".join([_spelled(pooled), *([", ".join(below)] if below else [])]),
        met=pooled.share >= LEAST_STABLE and not short,
    )


def _trained(scores: Scores) -> Requirement:
    """Soft: planted real runs are expected to show their mechanism, so a miss is told and fails nothing."""
    short = [
        f"{cause} {rate.hits} of {rate.trials}"
        for cause, rate in scores.trained.items()
        if rate.share < LEAST_TRAINED
    ]
    found = ", ".join(short) or (
        _spelled(total(scores.trained.values())) if scores.trained else "not checked: none was trained"
    )
    return Requirement(
        name="planted real runs named (expected, not required)",
        wanted=f"each at least {LEAST_TRAINED:.0%}",
        found=found,
        met=None if short or not scores.trained else True,
        required=False,
    )


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _spelled(rate: Rate) -> str:
    return f"{rate.share:.1%} of {rate.trials} ({rate.low:.1%} to {rate.high:.1%})"
