"""A comparison for people and programs: plain text, Markdown, JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bench.regression import exchange
from bench.regression.outcome import MEANINGS, Comparison, Row

HEADINGS = ("benchmark", "base", "head", "ratio", "limits", "n", "answer", "why")


def text(comparison: Comparison) -> str:
    """Spell a table for a terminal, and the answer below it."""
    rows = [HEADINGS, *map(_cells, comparison.rows)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([*lines, "", *comparison.notes, _ending(comparison)])


def markdown(comparison: Comparison) -> str:
    """Spell a table for a job summary.

    Example:
        >>> print(markdown(Comparison(base="a", head="b", rows=())).splitlines()[0])
        ### b against a: no baseline
    """
    lines = [f"### {comparison.head} against {comparison.base}: {comparison.answer}", ""]
    lines += [_piped(HEADINGS), _piped(["---"] * len(HEADINGS))]
    lines += [_piped(_cells(row)) for row in comparison.rows]
    return "\n".join([*lines, "", *comparison.notes, ""])


def to_json(comparison: Comparison) -> str:
    """Spell strict JSON: what is not a finite number is null."""
    content = {**asdict(comparison), "answer": comparison.answer}
    return json.dumps(_strict(content), indent=1, allow_nan=False) + "\n"


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "text": text,
    "markdown": markdown,
    "json": to_json,
    "bmf": exchange.bencher,
    "github-action-benchmark": exchange.github_action,
    "pytest-benchmark": exchange.pytest_benchmark,
}
"""How a comparison can be spelled."""


def _ending(comparison: Comparison) -> str:
    answer = comparison.answer
    return f"{comparison.head} against {comparison.base}: {answer} ({MEANINGS[answer]})"


def _cells(row: Row) -> tuple[str, ...]:
    limits = f"[{row.low:.3f}, {row.high:.3f}]" if math.isfinite(row.low) else ""
    return (
        row.name, _number(row.base, row.unit), _number(row.head, row.unit),
        f"{row.ratio:.3f}" if math.isfinite(row.ratio) else "n/a", limits, str(row.n), row.answer, row.reason,
    )  # fmt: skip


def _number(value: float, unit: str) -> str:
    return f"{value:.4g} {unit}".strip() if math.isfinite(value) else "n/a"


def _piped(cells: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _strict(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _strict(item) for key, item in value.items()}
    return [_strict(item) for item in value] if isinstance(value, list | tuple) else value
