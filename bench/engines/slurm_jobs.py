"""Jobs in SLURM's queue, as many as were asked for: one that ended, by whatever cause, is asked for again."""

from __future__ import annotations

import getpass
import subprocess
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from bench.engines.protocol import EngineError

LOOK_SECONDS = 30.0
"""From one look at the queue to the next; SLURM's controller serves all users of a cluster."""

QUIET_SECONDS = 600.0
"""From one word to the user about jobs that wait to the next."""

MOST_FRUITLESS = 3
"""So many times as many jobs as were asked for may end without a worker before the driver gives up."""


def queued() -> frozenset[str] | None:
    """The ids of our jobs that wait or run; None where SLURM does not answer."""
    words = ["squeue", "--noheader", "--format=%A", f"--user={getpass.getuser()}"]
    try:
        found = subprocess.run(words, capture_output=True, text=True, check=True, timeout=LOOK_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(found.stdout.split())


@dataclass
class Jobs:
    """Keeps so many jobs of a dask-jobqueue cluster in the queue.

    Args:
        cluster: whose jobs they are. count: how many.
        note: is told in a line what a user should know.
        look: ids of jobs that wait or run, or None where that cannot be told. clock: monotonic seconds.
    """

    cluster: Any
    count: int
    note: Callable[[str], object]
    look: Callable[[], Collection[str] | None] = queued
    clock: Callable[[], float] = time.monotonic
    _looked: float = field(default=-1e9)
    _told: float = field(default=-1e9)
    _fruitless: int = 0

    def begin(self) -> None:
        """Ask for the jobs.

        Raises:
            EngineError: SLURM takes none.
        """
        self._fill([])

    def tend(self, workers: int) -> None:
        """Ask again for what has ended; called often, looks seldom.

        Args:
            workers: how many have reported for work.

        Raises:
            EngineError: job after job ends without a worker, or SLURM takes no more.
        """
        if self.clock() - self._looked < LOOK_SECONDS:
            return
        self._looked = self.clock()
        alive = self.look()
        if alive is None:
            return
        ended = self._ended(alive)
        self._fruitless = 0 if workers else self._fruitless + len(ended)
        if self._fruitless > MOST_FRUITLESS * self.count:
            raise EngineError(
                f"engine: SLURM's jobs must start workers, got {self._fruitless} that ended without one; "
                "see their logs (--slurm log_directory=DIR)"
            )
        if ended:
            self.note(f"{len(ended)} of {self.count} SLURM jobs have ended; as many are asked for again")
            self._fill(ended)
        elif not workers and self.clock() - self._told > QUIET_SECONDS:
            self._told = self.clock()
            self.note(f"waiting for SLURM to start one of {self.count} jobs; Ctrl-C takes them back")

    def _ended(self, alive: Collection[str]) -> list[str]:
        """Names of jobs that were submitted and are in the queue no more."""
        return [
            name
            for name, job in list(self.cluster.workers.items())
            if getattr(job, "job_id", None) and str(job.job_id) not in alive
        ]

    def _fill(self, ended: list[str]) -> None:
        try:
            self.cluster.sync(self._submit, ended)
        except (OSError, RuntimeError, ValueError) as error:
            # dask-jobqueue tells the whole command; what sbatch itself says comes last.
            reason = " ".join(str(error).rpartition("stderr:")[2].split())[:160]
            raise EngineError(f"engine: SLURM must take jobs, got {reason!r}; see --slurm") from error

    async def _submit(self, ended: list[str]) -> None:
        """Forget jobs and submit what is missing, in the cluster's own thread; wait until SLURM has them."""
        for name in ended:
            self.cluster.workers.pop(name, None)
        while len(self.cluster.worker_spec) < self.count:
            self.cluster.worker_spec.update(self.cluster.new_worker_spec())
        await self.cluster._correct_state()
