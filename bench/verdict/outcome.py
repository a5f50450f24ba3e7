"""How a run ended: one exclusive label, found by an ordered table of rules of which the first match wins.

Rules look at the samples only (breakdown.py, curve.py); why a run ended so is for mechanisms.py to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.verdict.breakdown import (
    collapsed_partial,
    collapsed_total,
    diverged_late,
    diverged_nonfinite,
    invalid,
    mode_hopping,
    no_progress,
    no_progress_gate_off,
)
from bench.verdict.curve import converged, degrading, oscillating_quality, stalled, still_improving
from bench.verdict.evidence import Evidence
from bench.verdict.quality import quality
from bench.verdict.series import Series


@dataclass(frozen=True)
class Rule:
    """One row of the table: a name of its own, the label it gives, and the function that finds it.

    The function sees the series (which carries its context and thresholds) and returns evidence, or None.
    """

    name: str
    label: str
    find: Callable[[Series], Evidence | None]


RULES: tuple[Rule, ...] = (
    Rule("invalid", "invalid", invalid),
    Rule("diverged:nonfinite", "diverged:nonfinite", diverged_nonfinite),
    Rule("oscillating:mode-hopping", "oscillating:mode-hopping", mode_hopping),
    Rule("collapsed:total", "collapsed:total", collapsed_total),
    Rule("diverged:late", "diverged:late", diverged_late),
    Rule("no-progress:gate-off", "no-progress", no_progress_gate_off),
    Rule("collapsed:partial", "collapsed:partial", collapsed_partial),
    Rule("no-progress", "no-progress", no_progress),
    Rule("oscillating:quality", "oscillating:quality", oscillating_quality),
    Rule("still-improving", "still-improving", still_improving),
    Rule("degrading", "degrading", degrading),
    Rule("stalled-low-quality", "stalled-low-quality", stalled),
    Rule("converged", "converged", converged),
)
"""Mode hopping stands before collapse because each of its snapshots is collapsed; the rest by severity."""

UNDECIDABLE = Rule("undecidable", "invalid", lambda series: None)
"""What a run gets when no rule matches: too little was measured to call it converged."""


def find_outcome(series: Series, rules: Sequence[Rule] = RULES) -> tuple[Rule, Evidence]:
    """The first rule that matches, with its evidence."""
    for rule in rules:
        evidence = rule.find(series)
        if evidence is not None:
            return rule, evidence
    numbers, limits = quality(series)
    missing = " ".join(name for name, value in numbers.items() if math.isnan(value))
    return UNDECIDABLE, Evidence(numbers, limits, detail=f"not measured in the final window: {missing}")
