"""SCHEMA.md: every file of a report and every column in it, written from the columns themselves.

Run ``python -m reports.schema`` after a column has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.records.columns import Column
from reports.comparison.rows import FILES as COMPARISON_FILES
from reports.files import write
from reports.summary import KEYS
from reports.tables import FILES

PATH = Path(__file__).with_name("SCHEMA.md")
_HEAD = """# What a report holds

`report/` below a results folder: `index.html` for people, and the files below for programs. Written by
`python -m reports.schema` from the columns themselves; do not edit by hand.

All CSV files are UTF-8 with a comma between fields and a header line. A missing number is empty, an infinite
one is `inf` or `-inf`. Text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-` or `@`)
has an apostrophe put before it. Where the unit is empty the column is a plain number.
"""


def markdown() -> str:
    """Spell SCHEMA.md."""
    sections = [
        _section(name, about, columns) for name, (about, columns) in {**FILES, **COMPARISON_FILES}.items()
    ]
    return "\n".join([_HEAD, *sections, _summary()])


def _section(name: str, about: str, columns: Mapping[str, Column]) -> str:
    lines = [f"## {name}", "", f"{about.capitalize()}.", "", "| column | unit | meaning |", "|---|---|---|"]
    lines += [
        f"| `{column.name}` | {column.unit} | {_escaped(column.meaning)} |" for column in columns.values()
    ]
    return "\n".join([*lines, ""])


def _summary() -> str:
    head = [
        "## summary.json",
        "",
        "Strict JSON: what is not a finite number is `null`.",
        "",
        "| key | meaning |",
        "|---|---|",
    ]
    return "\n".join([*head, *(f"| `{key}` | {_escaped(meaning)} |" for key, meaning in KEYS.items()), ""])


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write(PATH, markdown())
