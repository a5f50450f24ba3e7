"""A history in words and as plain values: what ``list`` and ``changes`` print and what the page shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bench.regression.history.changes import CONFIRMED, LEVEL, MAGNITUDE, Change, changes
from bench.regression.history.log import ABOUT, History

RULE = (
    f"A change for good is a split of the history whose sides differ by {MAGNITUDE:.0%} or more at "
    f"p ≤ {LEVEL:g}, neighbouring revisions counted as far as they are independent; it is confirmed once "
    f"{CONFIRMED} more revisions follow. Ratios are times or losses over those of the pinned reference, "
    "measured side by side: above 1 is worse."
)


def found(history: History) -> dict[str, tuple[Change, ...]]:
    """Changes of every benchmark, looked for in each stretch of one reference."""
    return {name: _found(history, name) for name in history.benchmarks}


def _found(history: History, name: str) -> tuple[Change, ...]:
    series = history.series(name)
    told: list[Change] = []
    for start, end in history.stretches():
        told += [change.moved(start) for change in changes(series[start:end])]
    return tuple(told)


def to_mapping(history: History) -> dict[str, Any]:
    """Strict JSON values: NaN is null."""
    benchmarks = [
        {
            "name": name,
            "ratios": [ratio if math.isfinite(ratio) else None for ratio in history.series(name)],
            "changes": [_spelled(change) for change in each],
        }
        for name, each in found(history).items()
    ]
    lines = [dict(line.about) for line in history.lines]
    return {"rule": RULE, "columns": list(ABOUT), "lines": lines, "benchmarks": benchmarks}


def _spelled(change: Change) -> dict[str, Any]:
    return {**asdict(change), "ratio": change.ratio, "worse": change.worse}


def listed(history: History) -> str:
    """Spell one line per revision: what it is, and its worst ratio."""
    if not history.lines:
        return "the history is empty; begin it with: ganbench regress history append --reference REV"
    rows = []
    for line in history.lines:
        worst = max(line.ratios.items(), key=lambda item: item[1], default=("nothing measured", math.nan))
        about: Mapping[str, str] = line.about
        measured = f"{len(line.ratios):>3} benchmarks, largest {worst[1]:.3f} ({worst[0]})"
        rows.append(
            f"{line.revision:<20} {about['measured_at']:<20} {about['answer']:<13} {measured} "
            f"against {line.reference}"
        )
    return "\n".join(rows)


def changed(history: History) -> str:
    """Spell every change, regressions first."""
    lines = [
        (not (change.worse and change.confirmed), _said(history, name, change))
        for name, each in found(history).items()
        for change in each
    ]
    return "\n".join(text for _, text in sorted(lines)) or "no change for good was found"


def _said(history: History, name: str, change: Change) -> str:
    kind = ("regression" if change.worse else "gain") if change.confirmed else "perhaps, not yet confirmed"
    at = history.lines[change.at].revision
    levels = f"{change.before:.3f} to {change.after:.3f}"
    return f"{name}: {kind} at {at}, {levels} (ratio {change.ratio:.3f}, p {change.p:.1g})"


def regressed(history: History) -> bool:
    """Whether the present level of any benchmark is a confirmed change for the worse."""
    latest = [each[-1] for each in found(history).values() if each]
    return any(change.worse and change.confirmed for change in latest)
