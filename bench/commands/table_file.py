"""A table of known numbers as a CSV file."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import CommandError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def write_table(file: Path, kind: type[DataclassInstance], rows: Iterable[DataclassInstance]) -> None:
    """Write rows of one kind under the names of its fields; what is not a number stays empty.

    Raises:
        CommandError: the file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow([field.name for field in fields(kind)])
            table.writerows([_cell(value) for value in astuple(row)] for row in rows)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            [f"{file}: must be a file that can be written, got {reason}; name another"]
        ) from error


def _cell(value: object) -> object:
    return "" if isinstance(value, float) and math.isnan(value) else value
