"""Hand-over files from workers to the driver: a finished run is on disk whole or not at all.

A file is its own SHA-256 on the first line and the run record as JSON on the second, named after the run.
Writing goes to a temporary name, is fsynced and renamed, so a reader never sees half a file; a file that was
damaged later fails its digest, is set aside under another name, and its run is trained again.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from bench.records.checking import check_record
from bench.records.schema import RunRecord, from_json, to_json
from gans.config import from_mapping, run_id

FOLDER = "spool"
SUFFIX = ".run"
_NAME = re.compile(r"[0-9a-f]{16}\.run")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A spool file that could not be believed: where it was set aside, and why."""

    path: Path
    reason: str


def write(out: Path | str, record: RunRecord) -> Path:
    """Put one finished run into ``<out>/spool/`` so that it survives the death of this process.

    Raises:
        ValueError: the record's run_id is not the name of its config.
    """
    _check_identity(record)
    folder = Path(out) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{record.run_id}{SUFFIX}"
    temporary = folder / f".{record.run_id}.{os.getpid()}.tmp"
    text = to_json(record)
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(f"{_digest(text)}\n{text}\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(final)
    sync_folder(folder)
    return final


def read(path: Path) -> RunRecord:
    """Read one spool file and check its name, its digest and its identity.

    Raises:
        ValueError: the file is not what ``write`` wrote under this name.
    """
    if not _NAME.fullmatch(path.name):
        raise ValueError(f"spool: a file must be named <16 hex digits>{SUFFIX}, got {path.name[:80]!r}")
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"spool: {path.name} must be a file, got a link, a folder or a pipe")
    try:
        digest, text, rest = path.read_text(encoding="utf-8").split("\n")
    except ValueError as error:  # undecodable text, or other than two lines
        raise ValueError(f"spool: {path.name} must hold two lines of text; it is damaged") from error
    if rest or digest != _digest(text):
        raise ValueError(f"spool: {path.name} must match the SHA-256 on its first line; it is damaged")
    record = from_json(text)
    check_record(record)
    _check_identity(record)
    if record.run_id != path.stem:
        raise ValueError(f"spool: {path.name} must hold the run it is named after, got {record.run_id!r}")
    return record


def waiting(out: Path | str) -> list[Path]:
    """List the files that wait to be ingested, in order of name."""
    return sorted(path for path in (Path(out) / FOLDER).glob(f"*{SUFFIX}") if not path.name.startswith("."))


def read_all(out: Path | str) -> Iterator[tuple[Path, RunRecord] | Damaged]:
    """Read every waiting file; a damaged one is renamed to ``*.damaged`` and reported in its place."""
    for path in waiting(out):
        try:
            yield path, read(path)
        except ValueError as error:
            aside = _aside(path)
            path.replace(aside)
            yield Damaged(aside, str(error))


def _aside(path: Path) -> Path:
    """The first free name for a damaged file, so that it replaces none that was set aside before."""
    names = chain([f"{path.name}.damaged"], (f"{path.name}.{number}.damaged" for number in count(2)))
    return next(place for place in map(path.with_name, names) if not os.path.lexists(place))


def remove_drafts(out: Path | str) -> None:
    """Delete what writers left unfinished when they died; a draft of a live process is left alone."""
    for path in (Path(out) / FOLDER).glob(".*.tmp"):
        writer = path.name.split(".")[-2]
        if not (writer.isdigit() and _is_alive(int(writer))):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


def _check_identity(record: RunRecord) -> None:
    named = run_id(from_mapping(record.config))
    if record.run_id != named:
        raise ValueError(
            f"spool: run_id must be {named!r}, the name of the record's config, got {record.run_id!r}"
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the file system knows how to sync a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
