"""Evaluations of all runs as columns of numbers, for readers of very many."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHUNK_ROWS = 20_000


def read_columns(
    connection: sqlite3.Connection, wanted: Sequence[str], stored: Collection[str]
) -> dict[str, NDArray[Any]]:
    """Read columns of the evaluations table, in order of run id and step.

    Args:
        wanted: names of columns besides ``run_id`` and ``step``.
        stored: those that the table has; a wanted one that it lacks, as that of an older store, is NaN.

    Shapes:
        result: one array of the same length per column: text, int64 for ``step``, else float64.
    """
    present = [name if name in stored else "NULL" for name in wanted]
    rows = connection.execute(f"SELECT run, step{''.join(', ' + name for name in present)} FROM evaluations")
    (count,) = connection.execute("SELECT COUNT(*) FROM evaluations").fetchone()
    values = _matrix(rows, count, len(wanted) + 2)
    ids = dict(connection.execute("SELECT key, run_id FROM runs"))
    # One text object for all probes of a run.
    names_of = np.array([ids.get(key, "") for key in range(max(ids, default=0) + 1)], dtype=object)
    run_ids = names_of[values[0].astype(np.int64)]
    order = np.lexsort((values[1], _ranks(names_of)[values[0].astype(np.int64)]))
    for column in values:  # one by one and in place: a second matrix would not fit beside the first
        column[:] = column[order]
    columns = {"run_id": run_ids[order], "step": values[1].astype(np.int64)}
    return columns | dict(zip(wanted, values[2:], strict=True))


def _ranks(names: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _matrix(rows: sqlite3.Cursor, count: int, width: int) -> NDArray[np.float64]:
    """Gather rows of numbers, NULL as NaN, in chunks: Python floats all at once would fill the memory.

    Shapes:
        result: (width, rows), so that each column lies in one piece.
    """
    found, start = np.empty((width, count)), 0
    while chunk := rows.fetchmany(min(_CHUNK_ROWS, count - start)) if start < count else []:
        found[:, start : start + len(chunk)] = np.array(chunk, dtype=np.float64).T
        start += len(chunk)
    return found[:, :start]
