"""What has no noise, compared without statistics: FLOPs, operators, graphs, modules, peak memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bench.regression.child import ChildError, ask
from bench.regression.outcome import NO_WORSE, REFUSED, WORSE, Answer, Row
from bench.regression.trees import Tree

MARGINS = {
    "import": 0.02,
    "flops": 0.0,
    "updates": 0.0,
    "operators": 0.02,
    "compilations": 0.0,
    "memory": 0.10,
}
"""Share by which each kind of count may grow; memory is of whole processes, whose allocator is not exact."""
UNITS = {
    "memory": "MB",
    "import": "modules",
    "updates": "updates",
    "operators": "operators",
    "flops": "FLOP",
    "compilations": "graphs",
}

Counts = Mapping[str, Any]


def counts(tree: Tree) -> Counts:
    """Every count of a tree; empty with an ``error`` where it has none."""
    try:
        found: Counts = ask("counted.py", tree)
    except ChildError as error:
        return {"error": str(error)}
    return found


ANYWHERE = ("flops", "updates")
"""Kinds of counts that are the same with any versions of the libraries, on any machine."""


def anywhere(counted: Counts) -> Counts:
    """Keep the counts that hold on other machines and with other libraries too."""
    return {name: count for name, count in counted.items() if name.partition("/")[0] in (*ANYWHERE, "error")}


def compare_counts(base: Counts, head: Counts) -> tuple[Row, ...]:
    """One row per count; a count that only head has is new and not compared."""
    if "error" in base or "error" in head:
        return (_refused("counts", str(head.get("error") or base.get("error"))),)
    return tuple(_row(name, base[name], head.get(name)) for name in sorted(base))


def _row(name: str, base: Any, head: Any) -> Row:
    if isinstance(base, str) or isinstance(head, str) or head is None:
        return _refused(name, f"base: {base}; head: {'not counted' if head is None else head}")
    kind = name.partition("/")[0]
    margin = MARGINS.get(kind, 0.0)
    ratio = head / base if base else (1.0 if head == base else math.inf)
    answer: Answer = WORSE if ratio > 1 + margin + 1e-12 else NO_WORSE
    reason = "the same" if head == base else f"{'more' if ratio > 1 else 'fewer'} than before"
    return Row(
        name=f"count/{name}", kind="count", unit=UNITS.get(kind, ""), base=float(base), head=float(head),
        ratio=ratio, margin=1 + margin, answer=answer, reason=reason, n=1,
    )  # fmt: skip


def _refused(name: str, reason: str) -> Row:
    nan = math.nan
    return Row(
        name=f"count/{name}",
        kind="count",
        unit="",
        base=nan,
        head=nan,
        ratio=nan,
        answer=REFUSED,
        reason=reason,
    )
