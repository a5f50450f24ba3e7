"""One diagnosis as one HTML file that needs no network and no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports import html, words
from reports.diagnosis.curves import panels
from reports.files import write
from reports.parts import Table


def write_page(diagnosis: Mapping[str, Any], path: Path) -> Path:
    """Write the page of a diagnosis, whole or not at all.

    Args:
        diagnosis: strict JSON values, as ``bench.monitor.telling.to_mapping`` gives them.

    Raises:
        OSError: the place cannot be written to.
    """
    return write(Path(path), render(diagnosis))


def render(diagnosis: Mapping[str, Any]) -> str:
    """Spell the page; whatever came from outside is escaped."""
    content = {
        "told": diagnosis,
        "title": f"Diagnosis of {words.label(diagnosis['source'], 80)}",
        "panels": panels(diagnosis["curves"], diagnosis["onset_step"]),
        "mechanisms": _table(
            "Mechanisms", ("mechanism", "status", "numbers", "grounds"), diagnosis["mechanisms"],
            ("name", "status", "line", "grounds"),
        ),
        "diagnostics": _table(
            "Diagnostics", ("diagnostic", "can be had", "from what, or what it would take"),
            diagnosis["diagnostics"], ("name", "allowed", "why"),
        ),
        "experiments": _experiments(diagnosis["experiment"]),
        "facts": _facts(diagnosis),
    }  # fmt: skip
    return html.render("diagnosis.html", content)


def _table(
    caption: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> Table:
    return Table.of(caption, columns, [[str(row[key]) for key in keys] for row in rows])


def _experiments(experiment: Mapping[str, Any]) -> Table:
    """Every experiment against every explanation that is left: what quality would do."""
    left = experiment["hypotheses"]
    columns = ("experiment, all else equal", *(f"if {each['claim']} ({each['status']})" for each in left))
    rows = [
        [f"{'→ ' if each['chosen'] else ''}{each['change']}", *each["predicts"]]
        for each in experiment["predictions"]
    ]
    return Table.of("What each explanation predicts for quality", columns, rows if left else [])


def _facts(diagnosis: Mapping[str, Any]) -> list[tuple[str, str]]:
    read = [f"{column} as {name}" for column, name in diagnosis["mapping"].items()]
    return [
        (
            "What was read",
            ", ".join(f"{number:,} {thing}" for thing, number in diagnosis["counts"].items()) or "–",
        ),
        ("Columns", "; ".join(read) or "–"),
        ("Not recognised", ", ".join(diagnosis["unknown"]) or "–"),
        ("Limits", f"thresholds {diagnosis['thresholds']}" if diagnosis["thresholds"] else "–"),
    ]
