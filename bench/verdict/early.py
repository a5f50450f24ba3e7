"""What can be said of a run that is still training: its verdict so far, and whether it is past hope.

A run is looked at ten times in its life. Before its end little is certain: what the final window alone
measures (precision, coverage) is missing, so nothing is called converged, and most failures may heal. Only a
few that lasted did not heal in stored runs; those are what ``--stop-early`` ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.diagnostics.arrays import median
from bench.records.schema import OUTCOMES, UNSTABLE, EvaluationRecord
from bench.verdict.context import Context
from bench.verdict.outcome import find_outcome
from bench.verdict.series import Series
from bench.verdict.thresholds import DEFAULT, Thresholds

LOOKS = 10
"""Looks in the life of a run: to judge it at every probe would cost more than 1 % of its training."""
OPEN = "open"
"""What is said of a run that shows no failure (yet)."""
NONFINITE = "diverged:nonfinite"
HOPELESS = frozenset({"collapsed:total", "no-progress", "diverged:late", "oscillating:mode-hopping"})
"""Endings that rarely heal once they last. Partial collapse is none of them: of 253 pilot runs that showed it
half way, 37 ended stable and 15 undecided."""


@dataclass(frozen=True, slots=True)
class Look:
    """One run at one step.

    Args:
        outcome: if training ended here; OPEN if that is no failure.
        q: median over the final window of a run that ended here. q_now: of the last three evaluations.
    """

    step: int
    outcome: str
    q: float
    q_now: float


def due(probe: int, evaluations: int) -> bool:
    """Whether a run is looked at after a probe: at every tenth of its probes, from the first quarter on.

    Args:
        probe: its index, from 0. evaluations: how many there are in a whole run.

    Example:
        >>> [probe + 1 for probe in range(40) if due(probe, 40)]
        [12, 16, 20, 24, 28, 32, 36, 40]
        >>> [probe + 1 for probe in range(4) if due(probe, 4)]
        [1, 2, 3, 4]
    """
    every = max(1, evaluations // LOOKS)
    return (probe + 1) % every == 0 and 4 * (probe + 1) >= evaluations


def look(
    evaluations: Sequence[EvaluationRecord],
    context: Context,
    *,
    diverged_step: int | None = None,
    thresholds: Thresholds = DEFAULT,
) -> Look:
    """Judge a run as if it ended at its last evaluation.

    Raises:
        ValueError: there is no evaluation.
    """
    if not evaluations:
        raise ValueError("look: must have an evaluation, got none; look after the first probe")
    last = evaluations[-1].step
    with np.errstate(all="ignore"):  # what overflows here is data; every result is checked for NaN
        series = Series(tuple(evaluations), as_ended(context, last), thresholds, diverged_step)
        rule, _ = find_outcome(series)
        failed = OUTCOMES[rule.label] == UNSTABLE
        outcome = rule.label if failed else OPEN
        return Look(last, outcome, series.q_window, median(series.q[-int(thresholds.late_evaluations) :]))


def as_ended(context: Context, step: int) -> Context:
    """The context of a run that ends at this step, whatever was planned."""
    return replace(context, steps=max(step, 1))


def hopeless(looks: Sequence[Look], steps: int, thresholds: Thresholds = DEFAULT) -> str:
    """Say why a run will not recover; an empty text while it may.

    Not finite is final at once. Else the last ``stop_looks`` looks must all show one of HOPELESS, the last of
    them after ``stop_share`` of the planned steps, and the latest q must not lie ``stop_delta_q`` below that
    of the first of them: a run that is open, still gets nearer or has just healed is never hopeless.

    Args:
        looks: at one run, oldest first. steps: planned.

    Example:
        >>> bad = [Look(step, "collapsed:total", 0.7, 0.7) for step in (400, 500, 600)]
        >>> hopeless(bad, 1000), hopeless(bad[1:], 1000)
        ('collapsed:total', '')
    """
    if not looks:
        return ""
    if looks[-1].outcome == NONFINITE:
        return NONFINITE
    lasting = max(1, int(thresholds.stop_looks))
    streak = 0
    while streak < len(looks) and looks[-1 - streak].outcome in HOPELESS:
        streak += 1
    if streak < lasting or looks[-1].step < thresholds.stop_share * steps:
        return ""
    gained = looks[-streak].q - looks[-1].q_now
    return looks[-1].outcome if gained < thresholds.stop_delta_q or math.isnan(gained) else ""


def replay(
    evaluations: Sequence[EvaluationRecord],
    context: Context,
    *,
    diverged_step: int | None = None,
    thresholds: Thresholds = DEFAULT,
) -> Look | None:
    """Where ``--stop-early`` would have ended a stored run; None where it would have trained to its end.

    A run that stopped being finite ends there with or without it, so for such a run it is None too.
    """
    if diverged_step is not None:
        return None
    planned, looks = context.evaluations, list[Look]()
    for probe in range(min(len(evaluations), planned - 1)):
        if due(probe, planned):
            looks.append(look(evaluations[: probe + 1], context, thresholds=thresholds))
            if hopeless(looks, context.steps, thresholds):
                return looks[-1]
    return None
