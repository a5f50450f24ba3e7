"""What a catalogue must hold: the patterns that the code says, and the words that the templates have."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
from jinja2 import nodes

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS
from bench.records.detectors import REFERENCE
from reports.matching import IDENTITY
from reports.say import Catalogue

REPORTS = Path(__file__).parents[1]
_APART = ("languages", "ledger", "diagnosis")
"""Folders whose texts are on no page that has another language."""
_FILTERS = ("t", "filled", "joined", "count")


def patterns() -> Mapping[str, str]:
    """Every pattern that is said, by code or template, with the file that says it."""
    found: dict[str, str] = {}
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for pattern in _said(call):
                found.setdefault(pattern, str(path.relative_to(REPORTS)))
    for path in templates():
        for pattern in _in_template(path):
            found.setdefault(pattern, str(path.relative_to(REPORTS)))
    return found


def constants() -> set[str]:
    """Every string that stands in the code or in a template: what a catalogue may have an entry for."""
    found = set(patterns())
    for path in modules():
        module = ast.parse(path.read_text(encoding="utf-8"))
        found |= {
            node.value
            for node in ast.walk(module)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in templates():
        tree = _parsed(path)
        found |= {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    return found


def unused(catalogue: Catalogue) -> list[str]:
    """Entries of a catalogue that nothing says any more."""
    fields = {name.replace("_", " ") for name in IDENTITY}
    shown = constants() | _column_texts() | set(_requirement_texts()) | fields
    return [pattern for pattern in catalogue if pattern not in shown]


def _column_texts() -> set[str]:
    every = [*RUN_COLUMNS.values(), *EVALUATION_COLUMNS.values()]
    return {text for column in every for text in (column.unit, column.meaning)}


def _requirement_texts() -> Iterator[str]:
    for each in json.loads(REFERENCE.read_text(encoding="utf-8"))["requirements"]:
        yield from (each["name"], each["wanted"])


def lacking(catalogue: Catalogue) -> Mapping[str, str]:
    """Patterns that a catalogue has no entry for, with the file that says them."""
    return {pattern: where for pattern, where in patterns().items() if pattern not in catalogue}


def modules() -> list[Path]:
    """The modules whose texts may be on the page of a report."""
    found = sorted(REPORTS.rglob("*.py"))
    return [path for path in found if path.relative_to(REPORTS).parts[0] not in _APART]


def templates() -> list[Path]:
    """Its templates."""
    return [
        REPORTS / "templates" / name for name in ("base.html", "page.html", "parts.html", "comparison.html")
    ]


def _said(call: ast.Call) -> Iterator[str]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [_constant(argument) for argument in call.args[:2]]
    if function == "say" and texts and texts[0]:
        yield texts[0]
    if function == "joined":
        yield texts[1] if len(texts) > 1 and texts[1] else "{left} {right}"
    if function == "count" and len(texts) > 1 and texts[1]:
        yield counted(texts[1])


def counted(thing: str) -> str:
    """The pattern of ``words.count`` for a thing."""
    return f"{{amount}} {thing}s"


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _parsed(path: Path) -> nodes.Template:
    return jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def _in_template(path: Path) -> Iterator[str]:
    for use in _parsed(path).find_all(nodes.Filter):
        if use.name not in _FILTERS:
            continue
        inside = use.args[0] if use.args else use.node
        if isinstance(inside, nodes.Const) and isinstance(inside.value, str):
            yield counted(inside.value) if use.name == "count" else inside.value
        if use.name in ("t", "filled") and isinstance(use.node, nodes.Const):
            yield str(use.node.value)
