"""Cohorts on worker processes of this machine, through Dask: one thread each, talking over 127.0.0.1 only."""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import dask
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_worker

from bench.engines.protocol import WORKER_DIED, Completion, EngineError, OnStep
from bench.engines.task import WORKER, describe, execute
from bench.jobs import CohortJob
from bench.memory import own_bytes

_TOPIC = "ganbench-step"
_START_SECONDS = 120.0

RECYCLE_BYTES = 800_000_000
"""Of its own: more than cohorts of the profiles leave (bench/speed/test_worker_memory.py)."""


class LocalEngine:
    """Worker processes that live as long as this object.

    Args:
        workers: how many processes.
        on_step: told how far running cohorts are; called from another thread.
        log: file that takes what the processes print.
        worker: ``module:function`` that trains a cohort.
        recycle_bytes: a process that holds more than this of its own after a cohort is replaced by a fresh
            one, in case somebody's network leaves behind what cannot be freed otherwise.
    """

    def __init__(
        self,
        workers: int,
        on_step: OnStep,
        log: Path,
        worker: str = WORKER,
        recycle_bytes: int = RECYCLE_BYTES,
    ) -> None:
        self.slots = workers
        self._recycle_bytes = recycle_bytes
        self._worker = worker
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[str, Any] = {}
        self._attempts = 0
        self._open = ExitStack()  # Dask reads some settings long after the start
        self._open.enter_context(dask.config.set(worker_settings()))
        self._cluster: Any = cast(Any, LocalCluster)(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # else port 8787
            memory_limit=0,  # Dask would pause or kill by a measure that counts freed memory as used
            silence_logs=logging.CRITICAL,
        )
        self._client: Any = cast(Any, Client)(self._cluster, set_as_default=False)
        self._client.register_plugin(
            _Habits(str(log), [path for path in sys.path if path] + [str(Path.cwd())])
        )
        self._client.subscribe_topic(_TOPIC, lambda event: on_step(*event[1]))
        self._wait_for_start()

    def submit(self, job: CohortJob) -> None:
        """Send a cohort to whichever process is free."""
        self._attempts += 1
        key = f"{job.cohort}-{self._attempts}"
        future = self._client.submit(_train, self._worker, job, key=key, pure=False)
        self._running[job.cohort] = future
        future.add_done_callback(self._ended.put)

    def next_completed(self, timeout: float) -> Completion | None:
        """Wait for any cohort to end."""
        try:
            future = self._ended.get(timeout=timeout)
        except queue.Empty:
            self._require_life()
            return None
        cohort = next((name for name, running in self._running.items() if running is future), None)
        if cohort is None:
            return None
        del self._running[cohort]
        if future.status != "finished":
            return Completion(cohort, _error_of(future))
        done: _Done = future.result()
        if done.memory > self._recycle_bytes and self._is_idle(done.address):
            self._forget(future)
            self._restart([done.address])
        return Completion(cohort, done.error)

    def _is_idle(self, address: str) -> bool:
        """Whether a process may go: it neither trains a cohort nor holds the answer of one.

        While we were told of its last cohort it may have been given the next, and even have ended it.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            open_keys = {future.key for future in self._running.values() if future.status != "error"}
            places = self._places()
            if open_keys <= places.keys():
                return address not in {places[key] for key in open_keys}
            time.sleep(0.01)  # a cohort that was sent is not yet with a process
        return False

    def _places(self) -> dict[str, str]:
        """Where each cohort trains or has ended."""
        at_work = {key: address for address, keys in self._client.processing().items() for key in keys}
        done = {key: addresses[0] for key, addresses in self._client.who_has().items() if addresses}
        return at_work | done

    def kill(self, cohort: str) -> bool:
        """Restart the process that a cohort runs in."""
        future = self._running.get(cohort)
        if future is None:
            return False
        places = [where for where, keys in self._client.processing().items() if future.key in keys]
        self._restart(places)
        return bool(places)

    def _forget(self, future: Any) -> None:
        """Make sure that Dask wants the result no more, or it would train again what it loses."""
        key = future.key
        future.release()
        deadline = time.monotonic() + _START_SECONDS
        while self._client.who_has([key]).get(key) and time.monotonic() < deadline:
            time.sleep(0.01)

    def _restart(self, addresses: list[str]) -> None:
        self._client.restart_workers(addresses, timeout=_START_SECONDS, raise_for_error=False)

    def close(self) -> None:
        """Stop the processes without waiting for what they do."""
        self._running.clear()
        for part in (self._client, self._cluster):
            with suppress(Exception):  # there is nothing left to lose, and nobody to tell
                part.close(timeout=5)
        self._open.close()

    def _wait_for_start(self) -> None:
        try:
            self._client.wait_for_workers(self.slots, timeout=_START_SECONDS)
        except TimeoutError as error:
            self.close()
            raise EngineError(
                f"engine: {self.slots} worker processes must start within {_START_SECONDS:.0f} s, "
                "some did not; use fewer --workers"
            ) from error

    def _require_life(self) -> None:
        if self._cluster.status.name in ("failed", "closed", "closing"):
            raise EngineError("engine: the worker processes must stay up, they are gone; run again to resume")


class _Habits(WorkerPlugin):
    """How a worker process behaves: deaf to Ctrl-C, which the driver handles, and quiet on the terminal."""

    name = "ganbench-habits"

    def __init__(self, log: str, path: list[str]) -> None:
        self.log = log
        self.path = path

    def setup(self, worker: Any) -> None:
        """Take on the habits, in the process that is to have them."""
        with suppress(ValueError):  # only a main thread may say so
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.path.extend(entry for entry in self.path if entry not in sys.path)
        with suppress(OSError):
            handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            for stream in (1, 2):
                os.dup2(handle, stream)
            os.close(handle)


@dataclass(frozen=True, slots=True)
class _Done:
    """What a worker process answers: why the cohort failed, if it did, and how full the process is now."""

    error: str
    memory: int
    address: str


def _train(worker: str, job: CohortJob) -> _Done:
    """Run in the worker process."""
    here = get_worker()
    error = execute(
        worker, job, lambda step, seen=None: here.log_event(_TOPIC, [job.cohort, step, dict(seen or {})])
    )
    return _Done(error, own_bytes(), here.address)


def _error_of(future: Any) -> str:
    if future.status == "cancelled":
        return "the cohort was cancelled"
    error = future.exception()
    return WORKER_DIED if isinstance(error, KilledWorker) else describe(error)


def worker_settings() -> dict[str, Any]:
    """What Dask and the libraries in its workers are told before a worker starts."""
    environment = {
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
        "TORCHINDUCTOR_COMPILE_THREADS": 1,  # a worker has one core; a pool of compilers would fight for it
        "TORCHINDUCTOR_CACHE_DIR": str(inductor_cache()),
    }
    return {
        "distributed.nanny.pre-spawn-environ": environment,
        # One death is enough: the sweep itself decides on a second try.
        "distributed.scheduler.allowed-failures": 0,
        "distributed.admin.tick.limit": "1h",
        # So long after a replacement Dask looks whether the process is there; one that is just being replaced
        # again it would take for lost and give up for good.
        "distributed.deploy.lost-worker-timeout": "30d",
        # Samples of the stack hold on to what a cohort leaves: 60 MB more after each.
        "distributed.worker.profile.enabled": False,
        "distributed.scheduler.http.routes": [],
    }


def inductor_cache() -> Path:
    """Where compiled programs are kept, shared by all workers and by later runs."""
    chosen = os.environ.get("TORCHINDUCTOR_CACHE_DIR")
    # PyTorch writes its own default, which the next reboot deletes, into the environment once it is imported.
    if chosen and not Path(chosen).name.startswith("torchinductor_"):
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "ganbench" / "inductor"
