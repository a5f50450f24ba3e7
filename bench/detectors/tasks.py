"""The pieces of work of the benchmark: each a small plain value that a worker process does alone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import torch

from bench.detectors.failures import Fault
from bench.detectors.faults import faults, gross
from bench.detectors.flips import JudgedRun, Moved, flips_of
from bench.detectors.healthy import healthy_script
from bench.detectors.onsets import Noticed, noticed
from bench.detectors.severity import threshold_severity
from bench.detectors.staging import Played, play
from bench.detectors.trained import TRAINED, train

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Seen:
    """One planted run as it was judged.

    Args:
        outcome, flags: the verdict. found: whether that names what was planted.
        run: what judging needs, to judge again; None where it is not needed.
        noticed: how soon it was told; None where not asked for.
    """

    outcome: str
    flags: tuple[str, ...]
    found: bool
    run: JudgedRun | None = None
    noticed: Noticed | None = None


def all_faults() -> dict[str, Fault]:
    """Every planted failure with a severity, by key."""
    return {fault.key: fault for fault in faults()}


def tune(task: tuple[str, tuple[int, ...]]) -> float:
    """Threshold severity of a fault on some seeds."""
    key, seeds = task
    return threshold_severity(all_faults()[key], seeds)


def score(task: tuple[str, float, int, bool]) -> Seen:
    """One run of a fault at a severity with a seed; kept and watched from its onset on where asked."""
    key, severity, seed, keep = task
    fault = all_faults()[key]
    played = play(fault.script(severity), seed)
    labels = (fault.mechanism,) if fault.mechanism else fault.outcomes
    seen = _seen(played, labels, keep=keep)
    if not keep or fault.mechanism:
        return seen
    return Seen(seen.outcome, seen.flags, seen.found, seen.run, noticed(played, fault.outcomes))


def score_gross(task: tuple[str, int]) -> Seen:
    """One run of a failure without a scale."""
    key, seed = task
    script, labels = gross()[key]
    return _seen(play(script, seed), labels, keep=True)


def score_healthy(task: tuple[str, int]) -> Seen:
    """One healthy run; found means that it was called converged."""
    kind, seed = task
    return _seen(play(healthy_script(kind, seed), seed), ("converged",), keep=True)


def score_trained(task: tuple[int, tuple[int, ...]]) -> list[Seen]:
    """All seeds of one planted real run."""
    place, seeds = task
    fault = TRAINED[place]
    return [
        Seen(record.outcome, record.mechanisms, fault.found(record), JudgedRun.of(record))
        for record in train(fault, seeds)
    ]


def count_flips(runs: Sequence[JudgedRun]) -> list[Moved]:
    """Flips of some runs."""
    return flips_of(runs)


class Workers:
    """Processes that do tasks, or none if only one is wanted; used as a context manager."""

    def __init__(self, count: int) -> None:
        self.count = count
        # Spawned and kept: what a worker has prepared of the real data serves every part.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(count, mp_context=context, initializer=_alone) if count > 1 else None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *reason: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def each(self, work: Callable[[T], R], tasks: Sequence[T]) -> list[R]:
        """Do all tasks; results in the order of the tasks."""
        if self._pool is None:
            return [work(task) for task in tasks]
        portion = max(1, min(8, len(tasks) // (4 * self.count)))
        return list(self._pool.map(work, tasks, chunksize=portion))


def _alone() -> None:
    torch.set_num_threads(1)


def _seen(played: Played, labels: Sequence[str], *, keep: bool) -> Seen:
    verdict = played.verdict
    found = verdict.outcome in labels or any(flag in labels for flag in verdict.mechanisms)
    run = JudgedRun(played.evaluations, played.context) if keep else None
    return Seen(verdict.outcome, verdict.mechanisms, found, run)
