"""The evaluations of a monitor as CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from bench.records.columns import EVALUATION_COLUMNS
from bench.records.schema import EvaluationRecord
from bench.verdict import Context, annotate


def write_csv(path: Path, records: Sequence[EvaluationRecord], context: Context) -> Path:
    """Write evaluations under the column names of evaluations.csv, as far as they were measured.

    The last column says of each number that is missing why it is.
    """
    rows = annotate(records, context)
    found = {name for record in rows for name, value in record.values.items() if not math.isnan(value)}
    columns = [name for name in EVALUATION_COLUMNS if name in found]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["step", *columns, "statuses"])
        for record in rows:
            numbers = [_spelled(record.values.get(name, math.nan)) for name in columns]
            said = " ".join(f"{name}={status}" for name, status in sorted(record.statuses.items()))
            writer.writerow([record.step, *numbers, said])
    return path


def _spelled(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))
