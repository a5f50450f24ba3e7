"""ganbench verdict: judge stored runs again, under the limits of today or others, without training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, CommandError, told_plainly
from bench.records.detectors import CALIBRATED_ON

if TYPE_CHECKING:
    from bench.records.schema import RunRecord
    from bench.verdict import Thresholds

_SHOWN_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Rejudged:
    """One stored run, and the same with the verdict it gets now."""

    stored: RunRecord
    now: RunRecord


def verdict(out: Path, settings: Sequence[str], *, write: bool, early: bool = False) -> int:
    """Print what the limits of today, or others, say about stored runs; keep it only where asked to.

    Args:
        settings: ``LIMIT=VALUE`` each.
        write: put the new verdicts in place of the stored ones, all or none.
        early: say also what ``ganbench run --stop-early`` would have done to these runs.
    """
    limits = _limits(settings)
    from bench.lock import driver_lock
    from bench.records.store import open_store

    with told_plainly():
        open_store(out).close()  # a folder that holds no results is refused before anything is made in it
        with driver_lock(out) if write else nullcontext(), open_store(out, create=write) as store:
            records = store.load_runs(evaluations=True)
            runs = rejudged(records, limits)
            for line in describe(out, len(records), runs, limits):
                print(line)
            if early:
                print(_early([run.now for run in runs], limits))
            if write:
                stored = store.replace_verdicts([run.now for run in runs])
                print(f"{stored} verdicts are stored; write the report again with: ganbench report {out}")
            elif any(run.now != run.stored for run in runs):
                print("nothing was written; store these verdicts with --write")
    return DONE


def rejudged(records: Iterable[RunRecord], limits: Thresholds) -> list[Rejudged]:
    """Judge every stored run that was ever judged.

    Raises:
        CommandError: the context of a run cannot be read.
    """
    from bench.records.schema import FAILED
    from bench.verdict import rejudge, with_verdict

    found = []
    for record in records:
        if record.status == FAILED or "context" not in record.evidence:
            continue
        try:
            found.append(Rejudged(record, with_verdict(record, rejudge(record, limits))))
        except ValueError as error:
            raise CommandError([f"run {record.run_id}: {error}"]) from error
    return found


def describe(out: Path, stored: int, runs: Sequence[Rejudged], limits: Thresholds) -> Iterable[str]:
    """The lines of the answer: counts by outcome before and after, and what changed."""
    before = Counter(run.stored.thresholds for run in runs)
    versions = ", ".join(f"{count} under {version}" for version, count in before.most_common())
    yield f"{out}: {len(runs)} runs judged again under {limits.version}" + (
        f" (stored: {versions})" if runs else ""
    )
    others = sorted({run.now.config["dataset"] for run in runs} - set(CALIBRATED_ON))
    if others:
        yield f"limits are calibrated on {', '.join(CALIBRATED_ON)}, not on {', '.join(others)}"
    if stored > len(runs):
        yield f"{stored - len(runs)} runs were never judged: they failed through our own fault"
    yield from _counts("outcome", runs, lambda record: (record.outcome,))
    yield from _counts("state", runs, lambda record: (record.state,))
    yield from _counts("mechanism", runs, lambda record: record.mechanisms)
    yield from _changes(runs)


def _early(records: Sequence[RunRecord], limits: Thresholds) -> str:
    """What stopping early would have spared, and how often it would have ended a run that did not fail."""
    from bench.records.schema import STOPPED, UNSTABLE
    from bench.verdict import context_of_record, replay

    whole = [record for record in records if record.status != STOPPED]
    planned = spared = ended = wrong = 0
    for record in whole:
        context, diverged = context_of_record(record), record.evidence.get("diverged_step")
        look = replay(record.evaluations, context, diverged_step=diverged, thresholds=limits)
        planned += context.steps
        if look is not None:
            spared += context.steps - look.step
            ended += 1
            wrong += record.state != UNSTABLE
    share = spared / max(planned, 1)
    return (
        f"--stop-early would have ended {ended} of {len(whole)} whole runs and spared {share:.1%} "
        f"of their steps; {wrong} of those it ended did not fail in the end"
    )


def _limits(settings: Sequence[str]) -> Thresholds:
    from bench.verdict import DEFAULT, override, read_settings

    try:
        return override(DEFAULT, read_settings(settings))
    except ValueError as error:
        raise CommandError([f"--set: {str(error).removeprefix('thresholds: ')}"]) from error


def _counts(
    title: str, runs: Sequence[Rejudged], words: Callable[[RunRecord], Iterable[str]]
) -> Iterable[str]:
    before = Counter(word for run in runs for word in words(run.stored))
    after = Counter(word for run in runs for word in words(run.now))
    names = sorted(before | after, key=lambda name: (-before[name], name))
    if not names:
        return
    width = max(len(title), *(len(name) for name in names))
    yield f"{title:{width}}  {'before':>6}  {'after':>6}"
    for name in names:
        yield f"{name:{width}}  {before[name]:6}  {after[name]:6}"


def _changes(runs: Sequence[Rejudged]) -> Iterable[str]:
    moved = Counter(
        (run.stored.outcome, run.now.outcome) for run in runs if run.stored.outcome != run.now.outcome
    )
    flags = sum(set(run.stored.mechanisms) != set(run.now.mechanisms) for run in runs)
    yield f"{moved.total()} outcomes change, mechanisms of {flags} runs"
    for (old, new), count in moved.most_common(_SHOWN_CHANGES):
        yield f"  {count} from {old} to {new}"
    if len(moved) > _SHOWN_CHANGES:
        yield f"  and {len(moved) - _SHOWN_CHANGES} other changes"
