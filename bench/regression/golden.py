"""Does training still do what it did? Fifty steps of every recipe, and every metric on fixed tensors.

Equal traces are equal training: quality is unchanged by construction and nothing more need run. Metrics are
looked at apart, so that a changed metric is not taken for a changed model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.regression.cells import PinnedCell
from bench.regression.child import ChildError, ask
from bench.regression.outcome import NO_WORSE, REFUSED, WARNING, Kind, Row
from bench.regression.trees import Tree

SAME_MACHINE, OTHER_MACHINE = 1e-6, 1e-3
"""Largest relative difference that counts as equal: side by side, and against numbers kept from elsewhere."""
COARSE = 10
"""How much more metrics may differ from kept ones: shares of points change by whole points."""

Traces = Mapping[str, Any]


def traces(tree: Tree, cells: Mapping[str, PinnedCell] | None = None) -> Traces:
    """Traces of a tree: recipes, and metrics on fixed tensors; an ``error`` where it has none.

    Args:
        cells: to trace in place of the registered recipes.
    """
    spelled = {name: cell.spelled() for name, cell in (cells or {}).items()}
    try:
        found: Traces = ask("traced.py", tree, [json.dumps(spelled)] if spelled else [])
    except ChildError as error:
        return {"error": str(error), "recipes": {}, "metrics": {"error": str(error)}}
    return found


def compare_traces(base: Traces, head: Traces, tolerance: float = SAME_MACHINE) -> tuple[Row, ...]:
    """One row per recipe and one for the metrics.

    Returns:
        ``no worse`` where equal; ``warning`` where training changed, for change is not yet harm; ``refused``
        where there is no trace, where it is not finite, or where a metric gives another number or is gone.
    """
    names = sorted({*base["recipes"], *head["recipes"]})
    missing = {"error": "is not registered"}
    rows = [
        _row(
            f"trace/{name}",
            base["recipes"].get(name, missing),
            head["recipes"].get(name, missing),
            tolerance,
            "training changed",
        )
        for name in names
    ]
    coarse = tolerance if tolerance <= SAME_MACHINE else COARSE * tolerance
    return (*rows, _metrics(base["metrics"], head["metrics"], coarse))


def changed(rows: Sequence[Row]) -> tuple[str, ...]:
    """Recipes whose training is not what it was."""
    return tuple(
        row.name.removeprefix("trace/") for row in rows if row.kind == "trace" and row.answer != NO_WORSE
    )


def _metrics(base: Mapping[str, Any], head: Mapping[str, Any], tolerance: float) -> Row:
    """Compare every metric that base has; one that only head has is new, which is told and no change."""
    what = "metrics give other numbers"
    if "error" in base or "error" in head:
        return _row("metrics", base, head, tolerance, what)
    known = {name: values for name, values in head["values"].items() if name in base["values"]}
    row = _row("metrics", base, {**head, "values": known}, tolerance, what)
    new = sorted(set(head["values"]) - set(known))
    return replace(row, reason=f"{row.reason}; new: {', '.join(new)}") if new else row


def _row(name: str, base: Mapping[str, Any], head: Mapping[str, Any], tolerance: float, what: str) -> Row:
    kind: Kind = "trace" if name.startswith("trace/") else "metric"
    missing = "; ".join(
        f"{side}: {values['error']}" for side, values in (("base", base), ("head", head)) if "error" in values
    )
    away, where = (math.nan, "") if missing else difference(base["values"], head["values"])
    answer, reason = NO_WORSE, "bit for bit" if _same_bits(base, head) else f"equal to {tolerance:g}"
    if missing:
        answer, reason = REFUSED, missing
    elif kind == "metric" and base["digest"] != head["digest"]:
        answer, reason = REFUSED, f"other extractors: {base['digest']} in base, {head['digest']} in head"
    elif not away <= tolerance:
        reason = f"{what}: {where} differs by {away:.2g} of its size"
        answer = WARNING if kind == "trace" and math.isfinite(away) else REFUSED
    return Row(
        name=name, kind=kind, unit="", base=1.0, head=1.0 + away, ratio=1.0 + away, margin=1.0 + tolerance,
        answer=answer, reason=reason, n=1,
    )  # fmt: skip


def _same_bits(base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    return bool(base.get("digest")) and base.get("digest") == head.get("digest")


def difference(base: Mapping[str, Sequence[float]], head: Mapping[str, Sequence[float]]) -> tuple[float, str]:
    """Largest relative difference of two sets of named numbers, and whose it is.

    Numbers that only one side has, or that are finite on one side only, differ by infinity. NaN equals NaN: a
    metric that cannot be had is the same on both sides.

    Example:
        >>> difference({"loss": [1.0, 2.0]}, {"loss": [1.0, 2.5]})
        (0.2, 'loss')
        >>> difference({"loss": [1.0]}, {"gain": [1.0]})[0]
        inf
    """
    worst, where = 0.0, ""
    for name in sorted({*base, *head}):
        one, other = base.get(name, ()), head.get(name, ())
        away = math.inf if len(one) != len(other) else max(map(_away, one, other), default=0.0)
        if away > worst:
            worst, where = away, name
    return worst, where


def _away(one: float | None, other: float | None) -> float:
    left, right = (math.nan if value is None else float(value) for value in (one, other))
    if left == right or (math.isnan(left) and math.isnan(right)):
        return 0.0
    if not (math.isfinite(left) and math.isfinite(right)):
        return math.inf
    return abs(left - right) / max(abs(left), abs(right), 1e-3)
