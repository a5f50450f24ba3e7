"""A history of comparisons as one HTML file that needs no network and no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports import html, words
from reports.files import write
from reports.history.charts import panel
from reports.parts import Cell, Table, value


def write_page(history: Mapping[str, Any], path: Path) -> Path:
    """Write the page, whole or not at all.

    Args:
        history: strict JSON values, as ``bench.regression.history.told.to_mapping`` gives them.

    Raises:
        OSError: the place cannot be written to.
    """
    return write(Path(path), render(history))


def render(history: Mapping[str, Any]) -> str:
    """Spell the page; whatever came from outside is escaped."""
    revisions = [line["revision"] for line in history["lines"]]
    worse = [item for item in _changes(history) if item[1]["worse"] and item[1]["confirmed"]]
    content = {
        "title": "History of speed and quality",
        "lead": _lead(history, len(worse)),
        "worse": [_sentence(name, change, revisions) for name, change in worse],
        "panels": [panel(series, revisions) for series in history["benchmarks"]],
        "changes": _change_table(history, revisions),
        "lines": _line_table(history),
        "rule": history["rule"],
    }
    return html.render("history.html", content)


def _changes(history: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(series["name"], change) for series in history["benchmarks"] for change in series["changes"]]


def _lead(history: Mapping[str, Any], worse: int) -> str:
    revisions = words.count(len(history["lines"]), "revision")
    benchmarks = words.count(len(history["benchmarks"]), "benchmark")
    found = words.count(worse, "regression") if worse else "no regression"
    return f"{revisions}, {benchmarks}, {found}."


def _sentence(name: str, change: Mapping[str, Any], revisions: Sequence[str]) -> str:
    rise = f"{100 * (change['ratio'] - 1):.1f} %"
    return f"{words.label(name, 60)} rose by {rise} at {words.label(revisions[change['at']], 40)}."


def _change_table(history: Mapping[str, Any], revisions: Sequence[str]) -> Table:
    rows = [
        [
            Cell(name),
            Cell(revisions[change["at"]]),
            value(change["before"]),
            value(change["after"]),
            value(change["ratio"]),
            Cell(f"{change['p']:.1g}", change["p"]),
            Cell("yes" if change["confirmed"] else "not yet"),
        ]
        for name, change in _changes(history)
    ]
    columns = ("benchmark", "first revision", "level before", "level after", "ratio", "p", "confirmed")
    return Table.of("Changes for good", columns, rows)


def _line_table(history: Mapping[str, Any]) -> Table:
    columns = tuple(history["columns"])
    rows = [[Cell(str(line[column])) for column in columns] for line in history["lines"]]
    return Table.of("What was measured", columns, rows)
