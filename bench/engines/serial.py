"""Cohorts one after another in this process: for debugging, and for figures without a second process."""

from __future__ import annotations

from collections import deque

from bench.engines.protocol import Completion, OnStep
from bench.engines.task import WORKER, execute
from bench.jobs import CohortJob
from bench.machine import single_thread


class SerialEngine:
    """Trains while somebody waits for the result."""

    slots = 1

    def __init__(self, on_step: OnStep, worker: str = WORKER) -> None:
        self._on_step = on_step
        self._worker = worker
        self._waiting: deque[CohortJob] = deque()

    def submit(self, job: CohortJob) -> None:
        """Put a cohort behind those that wait."""
        self._waiting.append(job)

    def next_completed(self, timeout: float) -> Completion | None:
        """Train the next cohort to its end, however long that takes."""
        if not self._waiting:
            return None
        job = self._waiting.popleft()
        with single_thread():
            error = execute(
                self._worker, job, lambda step, seen=None: self._on_step(job.cohort, step, seen or {})
            )
        return Completion(job.cohort, error)

    def kill(self, cohort: str) -> bool:
        """Do nothing: a cohort that runs holds this very process, and one that waits has not hung."""
        return False

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
