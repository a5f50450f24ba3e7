"""Is head worse than base? Non-inferiority of paired seeds on pinned cells, in three answers.

Not shown to differ is not shown to be equal: a comparison that cannot tell is *inconclusive* and never green.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.regression.cells import FEWEST_SEEDS
from bench.regression.outcome import INCONCLUSIVE, NO_WORSE, REFUSED, WORSE, Answer, Row

Floats = NDArray[np.float64]

MARGIN = 0.20
"""Share by which the distance may grow and coverage may shrink."""
STABLE_MARGIN = 0.20
"""Points by which the share of stable runs may shrink."""
WORSE_CONFIDENCE, NO_WORSE_CONFIDENCE = 0.975, 0.95
"""Of the lower limit, above which all is worse, and of the upper one, below which all is no worse.

Six measures are looked at, each twice before it fails: at 0.95 either way 2 % of comparisons of equal quality
failed, and 0.5 % do so (drawn again from kept runs, ``bench.regression.proof.redrawn``).
"""
LEVEL = f"{WORSE_CONFIDENCE:.1%} below, {NO_WORSE_CONFIDENCE:.0%} above"

Outcomes = Mapping[str, Any]
"""What training a cell with some seeds came to: final numbers by seed, and what measured them."""


def judge_cell(name: str, base: Outcomes, head: Outcomes) -> list[Row]:
    """Judge one cell: one row for its distance, one for coverage, one for P(stable)."""
    trouble = _trouble(base, head)
    if trouble:
        return [refused(f"quality/{name}", trouble)]
    shared = sorted({*base["seeds"], *head["seeds"]}, key=int)
    sides = [[outcomes["seeds"].get(seed, {}) for seed in shared] for outcomes in (base, head)]
    measured = [
        _measured(f"quality/{name}/{measure}", measure, sides, sign)
        for measure, sign in (("distance", 1), ("coverage", -1))
    ]
    return [*measured, _stability(f"quality/{name}/stable", sides)]


def refused(name: str, reason: str) -> Row:
    """A row of what cannot be compared."""
    nan = math.nan
    return Row(
        name=name, kind="quality", unit="", base=nan, head=nan, ratio=nan, answer=REFUSED, reason=reason
    )


def non_inferior(logs: Floats, limit: float) -> tuple[Answer, float, float]:
    """Judge paired log-ratios of which larger is worse, by Student's t.

    Returns:
        ``no worse`` if the upper limit is below ``limit``; else ``worse`` if the whole interval lies above
        zero; else ``inconclusive``. Then both limits.

    Source:
        Wellek 2010, "Testing Statistical Hypotheses of Equivalence and Noninferiority", section 2.2 (the
        inclusion principle).

    Example:
        >>> non_inferior(np.array([0.01, -0.02, 0.0, 0.01, 0.02]), 0.18)[0]
        'no worse'
        >>> non_inferior(np.array([0.5, 0.6, 0.4, 0.5, 0.55]), 0.18)[0]
        'worse'
        >>> non_inferior(np.array([-0.9, 1.0, 0.8, -0.7, 0.1]), 0.18)[0]
        'inconclusive'
    """
    mean, error = float(logs.mean()), float(logs.std(ddof=1)) / math.sqrt(len(logs))
    low, high = (
        mean + sign * float(stats.t.ppf(confidence, len(logs) - 1)) * error
        for sign, confidence in ((-1, WORSE_CONFIDENCE), (1, NO_WORSE_CONFIDENCE))
    )
    if high < limit:
        return NO_WORSE, low, high
    return (WORSE if low > 0 else INCONCLUSIVE), low, high


def _trouble(base: Outcomes, head: Outcomes) -> str:
    for side, outcomes in (("base", base), ("head", head)):
        if "error" in outcomes:
            return f"{side}: {outcomes['error']}"
        if len(outcomes["seeds"]) < FEWEST_SEEDS:
            return f"{side}: {len(outcomes['seeds'])} seeds have a result, at least {FEWEST_SEEDS} are needed"
    if base.get("cell") != head.get("cell"):
        return "the cell itself was changed: its settings are other ones in base"
    if base["measured_by"] != head["measured_by"]:
        return f"measured by {base['measured_by']!r} in base and by {head['measured_by']!r} in head"
    floors = [
        _median([row.get("floor", math.nan) for row in side["seeds"].values()]) for side in (base, head)
    ]
    if all(map(math.isfinite, floors)) and not math.isclose(*floors, rel_tol=1e-3):
        return f"real data score {floors[0]:.4g} against real data in base and {floors[1]:.4g} in head"
    return ""


def _measured(name: str, measure: str, sides: Sequence[Sequence[Mapping[str, Any]]], sign: int) -> Row:
    base, head = (np.array([row.get(measure, math.nan) for row in side], dtype=float) for side in sides)
    known = np.isfinite(base) & np.isfinite(head) & (base > 0) & (head > 0)
    # A seed that has a number on one side only is a change that no ratio can tell.
    lost = int((np.isfinite(base) & ~np.isfinite(head)).sum())
    if known.sum() < FEWEST_SEEDS:
        return refused(name, f"only {int(known.sum())} seeds have a {measure} on both sides")
    logs = sign * np.log(head[known] / base[known])
    answer, low, high = non_inferior(logs, math.log1p(MARGIN))
    reason = _said(answer, measure)
    if lost:
        answer, reason = WORSE, f"{lost} seeds have no {measure} any more; {reason}"
    return Row(
        name=name,
        kind="quality",
        unit="",
        base=float(np.median(base[known])),
        head=float(np.median(head[known])),
        ratio=math.exp(float(logs.mean())),
        low=math.exp(low),
        high=math.exp(high),
        level=LEVEL,
        n=int(known.sum()),
        margin=1 + MARGIN,
        answer=answer,
        reason=reason,
    )


def _stability(name: str, sides: Sequence[Sequence[Mapping[str, Any]]]) -> Row:
    """Share of stable runs, by Newcombe's limits of the difference."""
    base, head = (np.array([row.get("state") == "stable" for row in side]) for side in sides)
    low, high = _newcombe(base, head)
    lost = float(base.mean() - head.mean())
    answer: Answer = NO_WORSE if high < STABLE_MARGIN else WORSE if low > 0 else INCONCLUSIVE
    return Row(
        name=name,
        kind="quality",
        unit="share",
        base=float(base.mean()),
        head=float(head.mean()),
        ratio=1 + lost,
        low=1 + low,
        high=1 + high,
        level=f"{LEVEL}; ratio is 1 + points lost",
        n=len(base),
        margin=1 + STABLE_MARGIN,
        answer=answer,
        reason=_said(answer, "share of stable runs"),
    )


def _newcombe(base: NDArray[np.bool_], head: NDArray[np.bool_]) -> tuple[float, float]:
    """Limits of base's share less head's, by the square-and-add method on Wilson's limits.

    Source:
        Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
        Leaving the pairing out widens the limits where seeds agree.
    """
    p, q = float(base.mean()), float(head.mean())
    (lowest, _), (_, most) = (_wilson(side, WORSE_CONFIDENCE) for side in (base, head))
    (_, largest), (least, _) = (_wilson(side, NO_WORSE_CONFIDENCE) for side in (base, head))
    return p - q - math.hypot(p - lowest, most - q), p - q + math.hypot(largest - p, q - least)


def _wilson(runs: NDArray[np.bool_], confidence: float) -> tuple[float, float]:
    """One-sided limits of a share, each at the confidence."""
    found = stats.binomtest(int(runs.sum()), len(runs)).proportion_ci(2 * confidence - 1, "wilson")
    return float(found.low), float(found.high)


def _said(answer: Answer, measure: str) -> str:
    return {
        NO_WORSE: f"{measure} within the margin",
        WORSE: f"{measure} worse",
        INCONCLUSIVE: f"{measure} may be worse or not: more seeds would tell",
    }[answer]


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return float(np.median(known)) if known else math.nan
