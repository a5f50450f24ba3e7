"""A run record as rows of the store, and back."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bench.records.checking import check_evaluation, check_record
from bench.records.encoding import dumps, loads, pack_traces, unpack_traces
from bench.records.schema import EvaluationRecord, RunRecord
from bench.records.sqlite import EVALUATION_NAMES

RUN_FIELDS = (
    "run_id", "status", "outcome", "state", "mechanisms", "onset_step", "thresholds", "cohort",
    "cohort_members", "mode", "machine", "finished_at", "error", "evidence", "metrics", "speed", "artifacts",
)  # fmt: skip
"""Columns of the runs table that every load reads, in their order; traces are read on request."""

_JSON_FIELDS = ("evidence", "metrics", "speed", "artifacts")
_TEXTS = ("histogram", "statuses", "extra")
_KNOWN = frozenset(EVALUATION_NAMES)
_NUMBERS = frozenset({int, float, type(None)})


def run_row(record: RunRecord) -> tuple[Any, ...]:
    """Spell a run as its row: RUN_FIELDS, then the packed traces."""
    plain = {name: getattr(record, name) for name in RUN_FIELDS}
    plain["mechanisms"] = " ".join(record.mechanisms)
    for name in _JSON_FIELDS:
        plain[name] = dumps(dict(plain[name]))
    return (*plain.values(), pack_traces(record.traces))


def run_of(row: tuple[Any, ...], config: str, *, traces: bytes = b"") -> RunRecord:
    """Read a run back from its row, without evaluations.

    Raises:
        ValueError: the row is none that ``run_row`` made.
    """
    fields = dict(zip(RUN_FIELDS, row, strict=True))
    fields["mechanisms"] = tuple(fields["mechanisms"].split())
    for name in _JSON_FIELDS:
        fields[name] = loads(fields[name])
    record = RunRecord(config=loads(config), traces=unpack_traces(traces), **fields)
    check_record(record)
    return record


def evaluation_rows(
    run: int, evaluations: Iterable[EvaluationRecord]
) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Spell a run's evaluations as rows, by the columns that they fill; SQLite stores a NaN as NULL.

    What was not measured has no place in a row, and SQLite makes it NULL: of some eighty columns a row fills
    forty, and to hand over a NULL for each of the others took more time than all else.
    """
    rows: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for evaluation in evaluations:
        values, extra = evaluation.values, "{}"
        if not _KNOWN.issuperset(values):
            extra = dumps({name: value for name, value in values.items() if name not in _KNOWN})
            values = {name: value for name, value in values.items() if name in _KNOWN}
        texts = (dumps(evaluation.histogram), _statuses(tuple(evaluation.statuses.items())), extra)
        rows[("run", "step", *values, *_TEXTS)].append((run, evaluation.step, *values.values(), *texts))
    return rows


@functools.lru_cache(maxsize=64)
def _statuses(items: tuple[tuple[str, str], ...]) -> str:
    """Spell what was not measured and why: the same in most evaluations of most runs."""
    return dumps(dict(items))


def evaluation_of(names: tuple[str, ...], row: tuple[Any, ...]) -> EvaluationRecord:
    """Read back (step, values of ``names``, histogram, statuses, extra); NULL reads as NaN."""
    step, *values, histogram, statuses, extra = row
    if not set(map(type, (step, *values))) <= _NUMBERS:
        raise ValueError(f"evaluations must hold numbers, got others at step {step!r:.40}")
    measured = {name: math.nan if value is None else value for name, value in zip(names, values, strict=True)}
    evaluation = EvaluationRecord(
        step=step,
        values=_merged(measured, loads(extra)),
        histogram=tuple(loads(histogram)),
        statuses=loads(statuses),
    )
    check_evaluation(evaluation)
    return evaluation


def _merged(measured: dict[str, float], extra: Mapping[str, float]) -> dict[str, float]:
    measured.update(extra)
    return measured
