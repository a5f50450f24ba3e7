"""ganbench cluster: a scheduler and workers on this machine, for one driver or several."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from bench.commands.endings import DONE, OUR_FAULT, CommandError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_PORTS = 65_535


def cluster(
    workers: int | None, host: str, port: int, tls: tuple[Path, Path, Path] | None, gpus: int = 0
) -> int:
    """Start them, say how to use them, and stay until interrupted."""
    _check(workers, host, port, tls, gpus)
    from bench.engines.remote import Address
    from bench.engines.workers import started
    from bench.machine import physical_cores

    scheme = "dask+tls" if tls else "dask"
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    address = Address(f"{'tls' if tls else 'tcp'}://{place}", *(tls or ()))
    count = workers or physical_cores()
    try:
        with started(address, count, silence=logging.CRITICAL, gpus=gpus):
            print(
                f"{count} workers; use them with: ganbench run PROFILE --engine {scheme}://{place}",
                flush=True,
            )
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        print("stopped")
        return DONE
    except (OSError, RuntimeError, TimeoutError) as error:
        reason = " ".join(str(error).split())[:160]
        raise CommandError(
            [f"cluster: must be able to listen on {place}, got {reason!r}"], OUR_FAULT
        ) from error


def _check(workers: int | None, host: str, port: int, tls: tuple[Path, Path, Path] | None, gpus: int) -> None:
    lines = []
    if workers is not None and workers < 1:
        lines.append(f"--workers: must be an integer >= 1, got {workers}; leave it out for one per core")
    if gpus < 0:
        lines.append(f"--gpus: must be an integer >= 0, got {gpus}; 1 if this machine has a GPU")
    if not 0 < port <= _MOST_PORTS:
        lines.append(f"--port: must be from 1 to {_MOST_PORTS}, got {port}; the usual one is 8786")
    if host not in _LOOPBACK and tls is None:
        lines.append(
            f"--host: must be this machine's own address without --tls, got {host!r}; whoever reaches a Dask "
            "scheduler can run code on it: give --tls, or use an ssh tunnel"
        )
    lines += _wrong_tls(tls)
    if lines:
        raise CommandError(lines)


def _wrong_tls(tls: tuple[Path, Path, Path] | None) -> list[str]:
    from bench.engines.choice import EngineNameError, check_tls

    if tls is None:
        return []
    try:
        check_tls(tls)
    except EngineNameError as error:
        return [str(error)]
    return []
