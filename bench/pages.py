"""The one door from bench to reports: the page that a user asks for in the end is written through here.

Everything else in bench knows nothing of reports, which reads records and never trains. Two places open the
door, because a user stands at them: the command line and ``Monitor.report``; bench/speed times it. What lies
behind it is imported by the call, so that neither help nor a training loop waits for the drawing of figures.
``tests/test_imports.py`` lists who may open it, and finds imports that are spelled as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
"""What a report can be read in; the catalogues are in reports/languages."""

WriteReport = Callable[..., Path]
"""Writes the report of a results folder, in ``lang`` too where given, and tells where."""

WritePage = Callable[[Mapping[str, Any], Path], Path]
"""Makes an HTML page of a diagnosis's values and tells where."""

WriteComparison = Callable[..., Path]
"""Compares two results folders, writes the page to a folder (the second's report where None), in
``lang`` too where given, and tells where."""

WriteHistory = Callable[[Mapping[str, Any], Path], Path]
"""Makes the page of a history's values and tells where."""

LedgerPage = Callable[[Sequence[Path], Path | None], str]
"""Makes the reproduction ledger's text of results folders and kept records."""


def write_report(folder: Path, lang: str = "en") -> Path:
    """Write the report of a results folder; the page in that language of LANGUAGES, English beside it."""
    from reports import languages
    from reports.build import write_report as write

    return write(folder, language=languages.LANGUAGES[lang])


def write_comparison(first: Path, second: Path, out: Path | None = None, lang: str = "en") -> Path:
    """Write the page that sets two results folders side by side, in that language too; its path."""
    from reports import languages
    from reports.comparison import write_comparison as write

    return write(first, second, out, language=languages.LANGUAGES[lang])


def write_diagnosis(diagnosis: Mapping[str, Any], path: Path) -> Path:
    """Write the page of a diagnosis, as ``bench.monitor.telling.to_mapping`` spells it."""
    from reports.diagnosis import write_page

    return write_page(diagnosis, path)


def write_history(history: Mapping[str, Any], path: Path) -> Path:
    """Write the page of a history, as ``bench.regression.history.told.to_mapping`` spells it."""
    from reports.history import write_page

    return write_page(history, path)


def ledger_page(results: Sequence[Path], records: Path | None) -> str:
    """Keep the records of results folders; the reproduction ledger that all that are kept make.

    Args:
        records: folder of kept records; None for the project's own.

    Raises:
        ValueError: a folder or a kept file that cannot be read.
    """
    from reports.ledger.page import text
    from reports.ledger.records import FOLDER, keep, read

    keep(results, records or FOLDER)
    return text(read(records or FOLDER), preset_grids())


def preset_grids() -> dict[str, list[Mapping[str, Any]]]:
    """The grids of every preset as its file spells them: unchecked, so that no data set is looked for."""
    from bench.profile.read import FOLDER
    from bench.profile.text import parse

    files = sorted(FOLDER.glob("*.toml"))
    return {path.stem: parse(path.name, path.read_text("utf-8"))["grid"] for path in files}
