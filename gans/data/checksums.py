"""Checksums of data files: computed once per file, then remembered while the file stays as it is."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from gans.data.places import DataError, prepared_folder

NOTES = "checksums.json"


def require_checksum(path: Path, algorithm: str, expected: str, *, named: Path) -> None:
    """See that a file has the content it is known for.

    A file that was verified before is not read again while its path, size and
    time of change are the same.

    Args:
        algorithm: a name that hashlib knows, such as "sha256".
        named: the file that the user knows, of which ``path`` may be the unpacked content.

    Raises:
        DataError: the file has another content.
    """
    found = checksum(path, algorithm)
    if found != expected:
        raise DataError(
            f"{named}: must have the {algorithm} {expected[:12]}..., got {found[:12]}...; "
            "it is damaged or another file: delete it and get it again"
        )


def checksum(path: Path, algorithm: str) -> str:
    """Hexadecimal checksum of a file, from the notes where it stands there."""
    status = path.stat()
    key = f"{algorithm}:{path.resolve()}:{status.st_size}:{status.st_mtime_ns}"
    known = _read_notes()
    if key not in known:
        with path.open("rb") as stream:
            known[key] = hashlib.file_digest(stream, algorithm).hexdigest()
        _write_notes({**_read_notes(), key: known[key]})
    return known[key]


@contextlib.contextmanager
def written_atomically(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content appears at ``path`` whole when the block ends, or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_notes() -> dict[str, str]:
    try:
        notes = json.loads((prepared_folder() / NOTES).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in notes.items()} if isinstance(notes, dict) else {}


def _write_notes(notes: dict[str, str]) -> None:
    # A cache that cannot be written costs time, not the data.
    with contextlib.suppress(OSError), written_atomically(prepared_folder() / NOTES) as stream:
        stream.write(json.dumps(notes, indent=0, sort_keys=True).encode())
