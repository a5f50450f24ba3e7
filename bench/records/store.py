"""The results store: one SQLite file per folder, written by the driver alone, read by everyone.

A run is stored once: a second record of the same run is ignored, except that a run which failed through our
own fault gives way to one that did not, and one that was ended early to a whole one. Planned runs are stored
too, so that readers can say what is missing.
"""

from __future__ import annotations

import functools
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from numpy.typing import NDArray

from bench.records.checking import check_whole
from bench.records.damage import named_damage, told
from bench.records.encoding import dumps, loads
from bench.records.evaluation_table import read_columns
from bench.records.rows import RUN_FIELDS, evaluation_of, evaluation_rows, run_of, run_row
from bench.records.schema import FAILED, STOPPED, EvaluationRecord, RunRecord
from bench.records.sqlite import EVALUATION_NAMES, StoreError, connect, evaluation_columns_of
from gans.config import RunConfig, run_id

__all__ = ["Ending", "Failure", "Store", "StoreError", "open_store"]

_RUN_SQL = ", ".join(f"runs.{name}" for name in RUN_FIELDS)


@functools.lru_cache(maxsize=128)
def _insertion(table: str, fields: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})"


def _worth(status: str) -> int:
    """Order of worth: our own failure, the start of a run, a whole run."""
    return {FAILED: 0, STOPPED: 1}.get(status, 2)


_INSERT_RUN = _insertion("runs", (*RUN_FIELDS, "traces"))


class Ending(NamedTuple):
    """How one stored run ended, and in which cohort it was trained."""

    status: str
    outcome: str
    state: str
    cohort: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt at one run: which cohort it was in, the how-manieth try, why, and when (UTC)."""

    cohort: str
    run_id: str
    attempt: int
    reason: str
    at: str


def open_store(folder: Path | str, create: bool = False) -> Store:
    """Open the store of a results folder: read-only, or, with ``create``, for the one writer.

    Raises:
        StoreError: the folder holds no store, another program's, a damaged one, or one of a newer schema.
    """
    path = Path(folder)
    return Store(path, connect(path, create=create), writable=create)


class Store:
    """An open store; use it as a context manager."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, writable: bool) -> None:
        self.folder = folder
        self._writable = writable
        self._connection = connection
        self._evaluation_names = tuple(n for n in EVALUATION_NAMES if n in evaluation_columns_of(connection))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the writer leaves one plain file behind, which readers can open anywhere."""
        if self._writable:
            with suppress(sqlite3.OperationalError):  # somebody reads it; then the next writer tidies up
                self._connection.execute("PRAGMA busy_timeout=200")
                self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.close()

    # Writing

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def ingest(self, records: Iterable[RunRecord], grids: Mapping[str, Sequence[str]] | None = None) -> int:
        """Store runs in one transaction and say how many were new.

        Args:
            records: finished runs with their evaluations.
            grids: grid names by run id, for runs that no plan has announced.
        """
        new = 0
        with self._transaction():
            for record in records:
                new += self._ingest_one(record)
                names = (grids or {}).get(record.run_id, ())
                self._connection.executemany(
                    "INSERT OR IGNORE INTO grids VALUES (?, ?)", [(name, record.run_id) for name in names]
                )
        return new

    def _ingest_one(self, record: RunRecord) -> int:
        execute = self._connection.execute
        if not self.lacks(record.run_id, record.status):
            return 0
        execute("DELETE FROM runs WHERE run_id = ?", (record.run_id,))
        execute("INSERT OR IGNORE INTO configs VALUES (?, ?)", (record.run_id, dumps(dict(record.config))))
        key = execute(_INSERT_RUN, run_row(record)).lastrowid or 0
        for fields, rows in evaluation_rows(key, record.evaluations).items():
            self._connection.executemany(_insertion("evaluations", fields), rows)
        return 1

    def lacks(self, run: str, status: str) -> bool:
        """Whether a run that ended so would be stored: there is none, or one that is worth less."""
        row = self._connection.execute("SELECT status FROM runs WHERE run_id = ?", (run,)).fetchone()
        return row is None or _worth(status) > _worth(row[0])

    def replace_verdicts(self, records: Iterable[RunRecord]) -> int:
        """Give stored runs the verdicts of these records, all in one transaction; say how many there were.

        Only what a verdict decides is taken: outcome, state, mechanisms, onset, limits, evidence and metrics.
        """
        fields = ("outcome", "state", "mechanisms", "onset_step", "thresholds", "evidence", "metrics")
        changes = ", ".join(f"{name} = ?" for name in fields)
        places = [RUN_FIELDS.index(name) for name in fields]
        stored = 0
        with self._transaction():
            for record in records:
                row = run_row(record)
                values = (*(row[place] for place in places), record.run_id)
                done = self._connection.execute(f"UPDATE runs SET {changes} WHERE run_id = ?", values)
                stored += done.rowcount
        return stored

    def plan(self, grids: Mapping[str, Sequence[RunConfig]], *, keep: bool = False) -> None:
        """Announce which runs some grids want.

        Runs that an earlier plan wanted and this one does not are forgotten, unless they are stored already,
        or ``keep`` says that these runs come on top.
        """
        with self._transaction():
            execute, many = self._connection.execute, self._connection.executemany
            if not keep:
                execute("DELETE FROM grids WHERE run_id NOT IN (SELECT run_id FROM runs)")
            for name, configs in grids.items():
                ids = [run_id(config) for config in configs]
                many("INSERT OR IGNORE INTO grids VALUES (?, ?)", [(name, run) for run in ids])
                rows = ((run, dumps(asdict(config))) for run, config in zip(ids, configs, strict=True))
                many("INSERT OR IGNORE INTO configs VALUES (?, ?)", rows)
            execute(
                "DELETE FROM configs WHERE run_id NOT IN (SELECT run_id FROM grids)"
                " AND run_id NOT IN (SELECT run_id FROM runs)"
            )

    def add_failures(self, failures: Iterable[Failure]) -> None:
        """Note failed attempts; they are never forgotten, also when a later attempt succeeds."""
        rows = [(item.cohort, item.run_id, item.attempt, item.reason, item.at) for item in failures]
        with self._transaction():
            self._connection.executemany(
                "INSERT INTO failures (cohort, run_id, attempt, reason, at) VALUES (?, ?, ?, ?, ?)", rows
            )

    def set_meta(self, key: str, value: Any) -> None:
        """Keep one JSON value under a key: a machine, the profile's name, how far the driver is."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, dumps(value)))

    # Reading

    @told
    def meta(self, key: str) -> Any:
        """Read the value kept under a key, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return loads(row[0]) if row else None

    @told
    def meta_keys(self) -> list[str]:
        """List the keys under which a value is kept."""
        return [row[0] for row in self._connection.execute("SELECT key FROM meta ORDER BY key")]

    @told
    def finished_ids(self) -> set[str]:
        """List the runs that need no more training: stored, and not failed through our own fault."""
        rows = self._connection.execute("SELECT run_id FROM runs WHERE status != ?", (FAILED,))
        return {row[0] for row in rows}

    @told
    def endings(self, of: Sequence[str] | None = None) -> dict[str, Ending]:
        """Map each stored run id, or those of a few runs, to how it ended; cheap for ten thousand runs."""
        query = "SELECT run_id, status, outcome, state, cohort FROM runs"
        if of is None:
            rows = list(self._connection.execute(query))
        else:
            one = f"{query} WHERE run_id = ?"
            rows = [row for run in of for row in self._connection.execute(one, (run,))]
        endings = {run: Ending(*rest) for run, *rest in rows}
        if not all(isinstance(word, str) for run, ending in endings.items() for word in (run, *ending)):
            raise ValueError("an ending that is no text")
        return endings

    @told
    def planned_ids(self) -> set[str]:
        """List every run that some grid wants."""
        return {row[0] for row in self._connection.execute("SELECT DISTINCT run_id FROM grids")}

    @told
    def grids(self) -> dict[str, tuple[str, ...]]:
        """Map each planned run id to the names of its grids, in order."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for name, run in self._connection.execute("SELECT grid, run_id FROM grids ORDER BY run_id, grid"):
            if not (isinstance(name, str) and isinstance(run, str)):
                raise ValueError("a grid whose name or run is no text")
            names[run].append(name)
        return {run: tuple(found) for run, found in names.items()}

    @told
    def missing(self) -> dict[str, dict[str, Any]]:
        """Map each planned run that is not stored (or only as failed) to its config."""
        rows = self._connection.execute(
            "SELECT run_id, config FROM configs"
            " WHERE run_id NOT IN (SELECT run_id FROM runs WHERE status != ?)"
            " AND run_id IN (SELECT run_id FROM grids) ORDER BY run_id",
            (FAILED,),
        )
        configs = {run: loads(config) for run, config in rows}
        for config in configs.values():
            check_whole(config)
        return configs

    @told
    def failures(self) -> list[Failure]:
        """List every failed attempt, oldest first."""
        rows = self._connection.execute(
            "SELECT cohort, run_id, attempt, reason, at FROM failures ORDER BY key"
        )
        return [Failure(*row) for row in rows]

    @told
    def load_runs(self, *, evaluations: bool = False, traces: bool = False) -> list[RunRecord]:
        """Load every stored run in order of id; evaluations and traces only on request, they are large."""
        runs = list(self.each_run(traces=traces))
        if not evaluations:
            return runs
        probes = self._evaluations_by_run()
        return [replace(run, evaluations=tuple(probes.get(run.run_id, ()))) for run in runs]

    def each_run(self, *, traces: bool = False) -> Iterator[RunRecord]:
        """Read stored runs one by one, in order of id, without evaluations: all at once fill memory."""
        extra = ", runs.traces" if traces else ", x''"
        rows = self._connection.execute(
            f"SELECT configs.config{extra}, {_RUN_SQL} FROM runs JOIN configs USING (run_id) ORDER BY run_id"
        )
        with named_damage(self.folder):
            for row in rows:
                yield run_of(row[2:], row[0], traces=row[1])

    def each_whole_run(self) -> Iterator[RunRecord]:
        """Read stored runs one by one, in order of id, with their evaluations and traces."""
        for run in self.each_run(traces=True):
            yield replace(run, evaluations=tuple(self._evaluations_by_run(run.run_id).get(run.run_id, ())))

    @told
    def spelled_evidence(self) -> dict[str, str]:
        """Map each run to its evidence as it is stored, for ``encoding.loads``: a tenth of the room."""
        return dict(self._connection.execute("SELECT run_id, evidence FROM runs ORDER BY run_id"))

    @told
    def load_run(self, prefix: str) -> RunRecord:
        """Load one run whole by its id or the start of it.

        Raises:
            StoreError: no stored run, or more than one, begins so.
        """
        rows = self._connection.execute(
            f"SELECT configs.config, runs.traces, {_RUN_SQL} FROM runs JOIN configs USING (run_id)"
            " WHERE substr(run_id, 1, ?) = ? ORDER BY run_id LIMIT 3",
            (len(prefix), prefix),
        ).fetchall()
        if len(rows) != 1 or not prefix:
            found = "none" if not rows else ", ".join(row[2] for row in rows[:2]) + " and more"
            raise StoreError(
                f"{self.folder}: a run must be named by its id or a unique start of it, got {prefix!r}, "
                f"found {found}; ids are in report/runs.csv"
            )
        run = run_of(rows[0][2:], rows[0][0], traces=rows[0][1])
        return replace(run, evaluations=tuple(self._evaluations_by_run(run.run_id).get(run.run_id, ())))

    def _evaluations_by_run(self, only: str | None = None) -> dict[str, list[EvaluationRecord]]:
        names = self._evaluation_names
        rows = self._connection.execute(
            f"SELECT runs.run_id, step, {', '.join(names)}, histogram, statuses, extra"
            f" FROM evaluations JOIN runs ON runs.key = run {'' if only is None else 'WHERE runs.run_id = ?'}"
            " ORDER BY run, step",
            () if only is None else (only,),
        )
        probes: defaultdict[str, list[EvaluationRecord]] = defaultdict(list)
        for run, *row in rows:
            probes[run].append(evaluation_of(names, tuple(row)))
        return probes

    @told
    def last_histograms(self) -> dict[str, tuple[float, ...]]:
        """Map each run to the share of its samples in each mode or class at its last evaluation."""
        rows = self._connection.execute(
            # The other columns are those of the row with the maximum: SQLite promises it for one max().
            "SELECT runs.run_id, MAX(step), histogram FROM evaluations JOIN runs ON runs.key = run"
            " GROUP BY run"
        )
        return {run: tuple(loads(histogram)) for run, _, histogram in rows}

    @told
    def evaluation_columns(self, names: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Load evaluations of all runs as columns, in order of run id and step: the fast way for many runs.

        Args:
            names: columns of EVALUATION_COLUMNS besides ``run_id`` and ``step``; all where None.

        Shapes:
            result: one array of the same length per column: text, int64 for ``step``, else float64.
        """
        wanted = tuple(self._evaluation_names if names is None else names)
        unknown = sorted(set(wanted) - set(EVALUATION_NAMES))
        if unknown:
            raise ValueError(
                f"store: evaluations have no column {unknown[0]!r}; see bench/records/columns.py"
            )
        return read_columns(self._connection, wanted, frozenset(self._evaluation_names))
