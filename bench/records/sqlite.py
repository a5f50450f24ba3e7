"""The SQLite file of a results folder: how it is opened, made, recognised and refused."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

from bench.records.columns import EVALUATION_COLUMNS
from bench.records.schema import SCHEMA_VERSION

FILE_NAME = "results.sqlite"
APPLICATION_ID = 0x67616E62
"""Written into the file's header ("ganb"), so that another program's database is never taken for ours."""

EVALUATION_NAMES = tuple(name for name in EVALUATION_COLUMNS if name not in ("run_id", "step"))
"""Columns that evaluations hold as numbers, in their order."""

_NETWORK_FILE_SYSTEMS = re.compile(r"nfs|cifs|smb|lustre|gpfs|beegfs|ceph|afs|fuse\.sshfs|9p")
BUSY_SECONDS = 30.0

_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE configs (run_id TEXT PRIMARY KEY, config TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    key INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, outcome TEXT NOT NULL,
    state TEXT NOT NULL, mechanisms TEXT NOT NULL, onset_step INTEGER, thresholds TEXT NOT NULL,
    cohort TEXT NOT NULL, cohort_members INTEGER NOT NULL, mode TEXT NOT NULL, machine TEXT NOT NULL,
    finished_at TEXT NOT NULL, error TEXT NOT NULL, evidence TEXT NOT NULL, metrics TEXT NOT NULL,
    speed TEXT NOT NULL, artifacts TEXT NOT NULL, traces BLOB NOT NULL
);
CREATE TABLE grids (grid TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (grid, run_id)) WITHOUT ROWID;
CREATE TABLE evaluations (
    run INTEGER NOT NULL REFERENCES runs(key) ON DELETE CASCADE, step INTEGER NOT NULL,
    {", ".join(f"{name} REAL" for name in EVALUATION_NAMES)},
    histogram TEXT NOT NULL, statuses TEXT NOT NULL, extra TEXT NOT NULL, PRIMARY KEY (run, step)
) WITHOUT ROWID;
CREATE TABLE failures (
    key INTEGER PRIMARY KEY, cohort TEXT NOT NULL, run_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL
);
"""


class StoreError(ValueError):
    """A results folder that cannot be used: one line that says what must hold and what to do."""


def is_results_file(path: Path) -> bool:
    """Tell our database from any other file by the first 100 bytes, without opening it."""
    try:
        with path.open("rb") as stream:
            header = stream.read(100)
    except OSError:
        return False
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def connect(folder: Path, *, create: bool) -> sqlite3.Connection:
    """Open the database of a results folder; read-only unless ``create``.

    Raises:
        StoreError: there is no database, it is not ours, it is damaged, or a newer schema made it.
    """
    path = folder / FILE_NAME
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
            return _open_writable(path)
        return _open_readable(path)
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        # SQLite quotes the bytes it cannot read, and Python's module then fails to decode what it says.
        raise StoreError(
            f"{path}: must be a readable results store, got {error}; use a copy of it, or another folder"
        ) from error


def _open_writable(path: Path) -> sqlite3.Connection:
    if not path.exists() or path.stat().st_size == 0:
        _make(path)
    _refuse_foreign(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    _refuse_newer(connection, path)
    connection.execute(f"PRAGMA journal_mode={_journal_mode(path.parent)}")
    # FULL: a spool file is deleted once its run is committed, so the commit itself must survive a power cut.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    _add_missing_columns(connection)
    return connection


def _make(path: Path) -> None:
    """Make an empty store under another name first, so that a killed driver leaves none that is half made."""
    draft = path.with_name(f"{path.name}.new")
    for left in (draft, draft.with_name(f"{draft.name}-journal")):
        left.unlink(missing_ok=True)
    connection = sqlite3.connect(draft, isolation_level=None)
    connection.executescript(
        # Without a journal beside it, which a driver that dies here would leave: the draft is made anew.
        f"PRAGMA journal_mode=OFF;PRAGMA application_id={APPLICATION_ID};{_TABLES}"
        f"INSERT INTO meta VALUES ('schema_version', '{SCHEMA_VERSION}');"
    )
    connection.close()
    draft.replace(path)


def _open_readable(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise StoreError(
            f"{path.parent}: must be a results folder, found no {FILE_NAME}; make one with ganbench run"
        )
    _refuse_foreign(path)
    address = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _refuse_newer(connection, path)
    except sqlite3.OperationalError:
        # A folder on read-only media has no place for the shared memory that WAL wants.
        connection.close()
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
        _refuse_newer(connection, path)
    return connection


def _refuse_foreign(path: Path) -> None:
    if not is_results_file(path):
        raise StoreError(
            f"{path}: must be a store made by ganbench, got another or a damaged file; use another folder"
        )


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    version = int(row[0]) if row and str(row[0]).isdigit() else -1
    if not 1 <= version <= SCHEMA_VERSION:
        connection.close()
        raise StoreError(
            f"{path.parent}: must be of schema {SCHEMA_VERSION} or older, "
            f"got schema {row[0] if row else 'none'}; use the ganbench that made it, or another folder"
        )


def _add_missing_columns(connection: sqlite3.Connection) -> None:
    """Let a folder grow with the metrics: a column that is new since it was made is added empty."""
    present = evaluation_columns_of(connection)
    for name in EVALUATION_NAMES:
        if name not in present:
            connection.execute(f"ALTER TABLE evaluations ADD COLUMN {name} REAL")


def evaluation_columns_of(connection: sqlite3.Connection) -> set[str]:
    """List the columns that this file's evaluations table has."""
    return {row[1] for row in connection.execute("PRAGMA table_info(evaluations)")}


def _journal_mode(folder: Path) -> str:
    """WAL needs shared memory, which network file systems do not give; they get a rollback journal."""
    return "DELETE" if _NETWORK_FILE_SYSTEMS.search(_file_system(folder)) else "WAL"


def _file_system(folder: Path) -> str:
    import psutil

    resolved = str(folder.resolve())
    mounts = [part for part in psutil.disk_partitions(all=True) if _lies_below(resolved, part.mountpoint)]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else ""


def _lies_below(path: str, mountpoint: str) -> bool:
    return path == mountpoint or path.startswith(mountpoint.rstrip("/") + "/")
