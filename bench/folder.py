"""The results folder itself: what is in it, whether it may be used, and how small files get into it whole."""

from __future__ import annotations

import os
from pathlib import Path

from bench.lock import FILE_NAME as LOCK_FILE
from bench.records.sqlite import FILE_NAME as STORE_FILE
from bench.records.sqlite import is_results_file

PROFILE_FILE, ENVIRONMENT_FILE, WORKER_LOG = "profile.toml", "environment.json", "workers.log"
ARTIFACTS, REPORT, SPOOL, CHECKPOINTS = "artifacts", "report", "spool", "checkpoints"

_OURS = frozenset(
    {
        LOCK_FILE,
        PROFILE_FILE,
        ENVIRONMENT_FILE,
        WORKER_LOG,
        ARTIFACTS,
        REPORT,
        SPOOL,
        CHECKPOINTS,
        f"{STORE_FILE}.new",
        f"{STORE_FILE}.new-journal",
    }
)


class FolderError(ValueError):
    """A folder that results cannot go to, or cannot be read from."""


def make_usable(out: Path) -> None:
    """Make the results folder where it is not there; refuse one that holds something else, or no writing.

    Raises:
        FolderError: with what is in the way; nothing was written.
    """
    require_usable(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"{out}: must be writable, got {error.strerror}; choose another with --out"
        ) from error


def require_usable(out: Path) -> None:
    """Look whether results can go to a folder, and write nothing.

    Raises:
        FolderError: with what is in the way.
    """
    if out.exists() and not out.is_dir():
        raise FolderError(f"{out}: must be a folder, got a file; choose another with --out")
    if out.is_dir():
        _refuse_foreign(out)
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK) or _is_read_only(nearest):
        raise FolderError(
            f"{out}: must be writable, got no permission at {nearest}; choose another with --out"
        )


def write_atomically(path: Path, content: str | bytes) -> None:
    """Put a small file in place whole: a reader sees the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with draft.open("wb") as stream:
        stream.write(content if isinstance(content, bytes) else content.encode())
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def _refuse_foreign(out: Path) -> None:
    store = out / STORE_FILE
    if store.exists():
        if not is_results_file(store):
            found = "got another or a damaged file"
            raise FolderError(
                f"{store}: must be a store made by ganbench, {found}; choose another with --out"
            )
        return
    foreign = sorted(path.name for path in out.iterdir() if path.name not in _OURS and not _is_draft(path))
    if foreign:
        shown = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise FolderError(f"{out}: must be empty or a results folder, got {shown}; choose another with --out")


def _is_draft(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith(".tmp")


def _is_read_only(folder: Path) -> bool:
    """A read-only file system refuses root too, whom permissions do not stop."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
