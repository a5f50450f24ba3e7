"""``python -m reports.languages [PAGE...]``: what catalogues lack, and the English left on pages."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.records.columns import RUN_COLUMNS
from reports.languages import LANGUAGES
from reports.languages.leftover import leftover
from reports.languages.scan import lacking, unused


def main(pages: Sequence[str]) -> int:
    """Print one line per fault; 1 if there is any."""
    lines = [
        f"{code}: {where}: lacks {pattern!r}"
        for code, language in LANGUAGES.items()
        if language.catalogue
        for pattern, where in lacking(language.catalogue).items()
    ]
    lines += [
        f"{code}: nothing says {pattern!r}"
        for code, language in LANGUAGES.items()
        for pattern in unused(language.catalogue)
    ]
    for page in pages:
        found = leftover(Path(page).read_text(encoding="utf-8"), _names(Path(page).with_name("runs.csv")))
        lines += [f"{page}: in English: {text}" for text in found]
    print("\n".join(lines) or "nothing is lacking")
    return bool(lines)


def _names(runs: Path) -> set[str]:
    """Names of data sets, networks and the like: whatever the columns of text beside the page hold."""
    if not runs.exists():
        return set()
    with runs.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [name for name, column in RUN_COLUMNS.items() if column.unit == "text" and name != "error"]
    return {row[name] for row in rows for name in texts if row.get(name)}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
