"""What a sweep asks of whatever trains its cohorts: four calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bench.jobs import CohortJob

OnStep = Callable[[str, int, Mapping[str, int]], None]
"""Told a cohort's id, the generator steps it has made, and its members by outcome so far."""


WORKER_DIED = "its worker process died"
"""The error of a cohort whose process is gone, by its own fault or not."""


class EngineError(RuntimeError):
    """An engine that cannot go on, for a reason that is no cohort's fault."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A cohort that has ended: its id, and why it failed, empty if it did not."""

    cohort: str
    error: str = ""


class Engine(Protocol):
    """Where cohorts run."""

    @property
    def slots(self) -> int:
        """How many cohorts run at once; no more are submitted, so that order and blame stay clear."""

    def submit(self, job: CohortJob) -> None:
        """Take one cohort to train."""

    def next_completed(self, timeout: float) -> Completion | None:
        """Wait for a cohort to end, at most so many seconds; None if none did.

        Raises:
            EngineError: no cohort will ever end.
        """

    def kill(self, cohort: str) -> bool:
        """Stop a running cohort for good; it completes with an error.

        Returns:
            False where it has not begun, and waits for a worker.
        """

    def close(self) -> None:
        """Stop everything at once and free what is held."""
