"""Cohorts on any Dask cluster: SLURM, Kubernetes, machines in a room. Nothing but the scheduler is shared."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from distributed import Client, KilledWorker, get_worker
from distributed.security import Security
from distributed.utils import silence_logging_cmgr

from bench.engines.courier import Parcel, train_away, unpack
from bench.engines.protocol import WORKER_DIED, Completion, EngineError, OnStep
from bench.engines.task import WORKER, describe
from bench.jobs import CohortJob
from bench.machine import package_version

_TOPIC = "ganbench-step"
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.5
_SILENT_SECONDS = 120.0
"""So long a scheduler may be out of reach before the driver gives up; what is finished is kept."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a scheduler listens.

    Args:
        uri: as Dask spells it. ca, certificate, key: files for TLS; None without it.
    """

    uri: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def security(self) -> Security | None:
        """What Dask is told of TLS: the same certificate whether we are client, scheduler or worker."""
        if self.ca is None:
            return None
        ours = {
            f"tls_{part}_{kind}": str(path)
            for part in ("client", "scheduler", "worker")
            for kind, path in (("cert", self.certificate), ("key", self.key))
        }
        made: Security = cast(Any, Security)(tls_ca_file=str(self.ca), require_encryption=True, **ours)
        return made


class RemoteEngine:
    """The workers of a scheduler, as many as there are at any time.

    Args:
        address: of the scheduler. on_step: told how far cohorts are, from another thread.
        worker: ``module:function`` that trains a cohort.
        close_with: closes what was started for this engine, such as a cluster.
        tend: called again and again with the number of workers, to see to it that there are some; with it
            the first may come as late as it likes.

    Raises:
        EngineError: no scheduler there, no worker in time, or workers of another version.
    """

    def __init__(
        self,
        address: Address,
        on_step: OnStep,
        worker: str = WORKER,
        close_with: Callable[[], object] = lambda: None,
        tend: Callable[[int], object] | None = None,
    ) -> None:
        self._worker, self._address, self._close_with, self._tend = worker, address, close_with, tend
        self._workers: dict[str, Any] = {}  # what the scheduler knew of each at the last look
        self._looked = 0.0
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[str, tuple[CohortJob, Any]] = {}
        self._attempts, self._silent_since = 0, 0.0
        self._client: Any = _connected(address)
        self._quiet = ExitStack()  # what Dask logs when a scheduler goes, we say in one line
        self._quiet.enter_context(silence_logging_cmgr(logging.CRITICAL))
        try:
            self._client.subscribe_topic(_TOPIC, lambda event: on_step(*event[1]))
            if tend is None:
                self._client.wait_for_workers(1, timeout=_START_SECONDS)
            self._look_at_workers()
        except TimeoutError as error:
            self.close()
            raise EngineError(
                f"engine: {address.uri} must have a worker within {_START_SECONDS:.0f} s, none came; "
                "start some with dask worker, or ganbench cluster"
            ) from error
        except BaseException:
            self.close()
            raise

    @property
    def slots(self) -> int:
        """Threads of all workers there are now; one cohort trains on each."""
        return max(1, sum(int(worker["nthreads"]) for worker in self._workers.values()))

    def submit(self, job: CohortJob) -> None:
        """Send a cohort to whichever worker is free."""
        self._attempts += 1
        key = f"{job.cohort}-{self._attempts}"
        needs = slots_for(job, [worker.get("resources") or {} for worker in self._workers.values()])
        try:
            future = self._client.submit(_train, self._worker, job, key=key, pure=False, resources=needs)
        except Exception as error:
            raise _gone(self._address) from error
        self._running[job.cohort] = job, future
        future.add_done_callback(self._ended.put)

    def next_completed(self, timeout: float) -> Completion | None:
        """Wait for any cohort to end, and put what it sent into the results folder."""
        self._require_life()
        self._look_at_workers()
        try:
            future = self._ended.get(timeout=timeout)
        except queue.Empty:
            return None
        found = next((name for name, (_, running) in self._running.items() if running is future), None)
        if found is None:
            return None
        if future.status == "cancelled" and self._client.status != "running":
            raise _gone(self._address)
        job, _ = self._running.pop(found)
        return Completion(found, _delivered(future, job))

    def kill(self, cohort: str) -> bool:
        """Restart the workers that a cohort runs in."""
        _, future = self._running.get(cohort, (None, None))
        if future is None:
            return False
        places = [where for where, keys in self._client.processing().items() if future.key in keys]
        if places:
            self._client.restart_workers(places, timeout=_START_SECONDS, raise_for_error=False)
        return bool(places)

    def close(self) -> None:
        """Let go of the scheduler; cohorts under way are cancelled."""
        for _, future in self._running.values():
            with suppress(Exception):
                future.cancel(force=True)
        self._running.clear()
        with suppress(Exception):  # there is nothing left to lose, and nobody to tell
            self._client.close(timeout=5)
        with suppress(Exception):
            self._close_with()
        self._quiet.close()

    def _look_at_workers(self) -> None:
        """See to it that there are workers, and look at those that are new: they must run our own code.

        Of a thousand workers the scheduler tells megabytes, so it is asked seldom.
        """
        if self._client.status != "running" or time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        with suppress(OSError):  # the scheduler does not answer just now; how long it may be silent is known
            here: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
            if new := sorted(here.keys() - self._workers.keys()):
                _require_one_version(self._client, new)
            self._workers = here
        if self._tend is not None:
            self._tend(len(self._workers))

    def _require_life(self) -> None:
        if self._client.status == "running":
            self._silent_since = 0.0
            return
        self._silent_since = self._silent_since or time.monotonic()
        silent = time.monotonic() - self._silent_since
        if self._client.status in ("closed", "closing") or silent > _SILENT_SECONDS:
            raise _gone(self._address)


def _connected(address: Address) -> Any:
    try:
        return cast(Any, Client)(
            address.uri, timeout=_START_SECONDS, set_as_default=False, security=address.security()
        )
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise EngineError(
            f"engine: a Dask scheduler must answer at {address.uri}, got {reason!r}; "
            "start one with ganbench cluster, or check the address"
        ) from error


def slots_for(job: CohortJob, workers: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What a cohort asks of a worker beside a thread: only what workers declare, or it would wait for ever.

    A cohort that needs more memory than any worker declares asks for all of the largest.

    Raises:
        EngineError: it wants a GPU, and there are workers but none with one.

    Example:
        >>> job = CohortJob("a", (), False, "out", "cuda", memory=3_000)
        >>> slots_for(job, [{"GPU": 1, "MEMORY": 2_000}, {"GPU": 1}])
        {'GPU': 1, 'MEMORY': 2000}
    """
    needs: dict[str, float] = {}
    if job.device == "cuda":
        if workers and not any(worker.get("GPU", 0) >= 1 for worker in workers):
            raise EngineError(
                "engine: --device cuda needs workers that declare GPU=1, none does; start them with "
                "dask worker --resources GPU=1, ganbench cluster --gpus 1 or --slurm gpus=1"
            )
        needs["GPU"] = 1
    most = max((worker.get("MEMORY", 0) for worker in workers), default=0)
    if job.memory and most:
        needs["MEMORY"] = min(job.memory, most)
    return needs


def _require_one_version(client: Any, workers: Sequence[str]) -> None:
    ours, theirs = package_version(), client.run(package_version, workers=workers, on_error="return")
    other = {
        where: version
        for where, version in theirs.items()
        if version != ours and not isinstance(version, OSError)  # which is a worker that has just gone
    }
    for where, version in other.items():
        raise EngineError(
            f"engine: workers must run version {ours} of this suite, got {version!s:.80} at {where}; "
            "install the same one there"
        )


def _delivered(future: Any, job: CohortJob) -> str:
    """Why a cohort failed, empty if it did not; what it made is in the folder either way."""
    if future.status != "finished":
        error = future.exception() if future.status == "error" else None
        if error is None:
            return "the cohort was cancelled"
        return WORKER_DIED if isinstance(error, KilledWorker) else describe(error)
    parcel: Parcel = future.result()
    future.release()
    try:
        unpack(parcel, Path(job.out))
    except ValueError as error:
        return str(error)
    return parcel.error


def _train(worker: str, job: CohortJob) -> Parcel:
    """Run on the worker."""
    here = get_worker()
    return train_away(
        worker, job, lambda step, seen=None: here.log_event(_TOPIC, [job.cohort, step, dict(seen or {})])
    )


def _gone(address: Address) -> EngineError:
    return EngineError(
        f"engine: the scheduler at {address.uri} must stay up, it is gone; what is finished is kept, "
        "run again to resume"
    )
