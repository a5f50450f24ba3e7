"""One driver per results folder: a lock that a dead driver cannot keep and a live one is named by."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from bench.machine import host
from bench.timestamp import now

FILE_NAME = "driver.lock"
_ATTEMPTS = 10


class FolderLockedError(ValueError):
    """Another driver works in the folder; the message names it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process id, host, and when it took the lock (UTC, ISO 8601)."""

    pid: int
    host: str
    started: str


@contextmanager
def driver_lock(out: Path, on_takeover: Callable[[Holder], None] = lambda holder: None) -> Iterator[None]:
    """Hold the folder's driver lock within the block.

    The operating system drops the lock with the process, however that ends; the text in the file says to
    others who it was.

    Args:
        on_takeover: told whose lock was found abandoned.

    Raises:
        FolderLockedError: a live driver holds it, or one on another host, which cannot be looked at.
    """
    path = out / FILE_NAME
    stream = _acquire(path)
    try:
        left = _read(stream)
        if left is not None:
            if left.host != host():
                raise FolderLockedError(_refusal(out, left, f"delete {path} if that machine is gone"))
            on_takeover(left)
        _write(stream, Holder(os.getpid(), host(), now()))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        stream.close()


def holder_of(out: Path) -> Holder | None:
    """Who drives a folder right now, as far as can be told from here; None for nobody."""
    try:
        stream = (out / FILE_NAME).open("r+", encoding="utf-8")
    except OSError:
        return None
    with stream:
        holder = _read(stream)
        if holder is None or holder.host != host():
            return holder
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return holder
        except OSError:  # a file system without locks leaves only the process to ask
            return holder if _is_alive(holder.pid) else None
        return None


def _acquire(path: Path) -> IO[str]:
    for _ in range(_ATTEMPTS):
        stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8")
        try:
            _lock(stream, path)
        except BaseException:
            stream.close()
            raise
        # Between opening and locking, the last holder may have deleted this very file.
        with suppress(FileNotFoundError):
            if os.fstat(stream.fileno()).st_ino == path.stat().st_ino:
                return stream
        stream.close()
    raise FolderLockedError(f"{path}: must hold still to be locked, changed {_ATTEMPTS} times; try again")


def _lock(stream: IO[str], path: Path) -> None:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderLockedError(_refusal(path.parent, _read(stream), "wait for it or stop it")) from None
    except OSError:
        holder = _read(stream)
        if holder is not None and holder.host == host() and _is_alive(holder.pid):
            raise FolderLockedError(_refusal(path.parent, holder, "wait for it or stop it")) from None


def _refusal(out: Path, holder: Holder | None, advice: str) -> str:
    who = f"process {holder.pid} on {holder.host} since {holder.started}" if holder else "another process"
    return f"{out}: must have one driver at a time, got {who}; {advice}"


def _read(stream: IO[str]) -> Holder | None:
    stream.seek(0)
    try:
        fields = json.loads(stream.read(4096))
        return Holder(int(fields["pid"]), str(fields["host"]), str(fields["started"]))
    except (ValueError, KeyError, TypeError):
        return None


def _write(stream: IO[str], holder: Holder) -> None:
    stream.seek(0)
    stream.truncate()
    stream.write(json.dumps(asdict(holder)))
    stream.flush()
    os.fsync(stream.fileno())


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
