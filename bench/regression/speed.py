"""Speed of this tree against another: pairs, a re-test of what looks slower, one row per workload."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

import numpy as np

from bench.regression.decision import ALPHA, MARGIN, PAIRS, Verdict, confirmed, held, judge
from bench.regression.outcome import REFUSED, WORSE, Row
from bench.regression.pairs import Measure, Paired, in_pairs, measure
from bench.regression.trees import Tree

LEVEL = f"{1 - ALPHA:.0%}, one-sided"


def compare_speed(
    base: Tree,
    head: Tree,
    names: Sequence[str],
    *,
    pairs: int = PAIRS,
    margin: float = MARGIN,
    seed: int = 0,
    measured: Measure = measure,
    told: Callable[[str, int], object] = lambda phase, done: None,
) -> tuple[Row, ...]:
    """Time both trees and judge every workload.

    Args:
        base, head: the trees. names: workloads. pairs: of processes, one of each tree.
        margin: share by which head may be slower. seed: of the bootstrap.
        measured: times one tree once. told: is called with ``test`` or ``re-test`` and the pairs done.

    Returns:
        One row per workload, in the order of ``names``.
    """
    rng = np.random.default_rng(seed)
    first = in_pairs(base, head, names, pairs, measured, lambda done: told("test", done))
    verdicts = _judged(first, names, rng, margin)
    again = [name for name in names if verdicts[name].answer == WORSE]
    shown = first
    if again:
        second = in_pairs(base, head, again, pairs, measured, lambda done: told("re-test", done))
        verdicts = held(confirmed(verdicts, _judged(second, again, rng, margin)))
        shown = Paired(
            {**first.base, **second.base}, {**first.head, **second.head}, {**first.errors, **second.errors}
        )
    return tuple(_row(name, verdicts[name], shown, margin) for name in names)


def _judged(
    times: Paired, names: Sequence[str], rng: np.random.Generator, margin: float
) -> dict[str, Verdict]:
    return {name: judge(times.base[name], times.head[name], rng, margin=margin) for name in names}


def _row(name: str, verdict: Verdict, times: Paired, margin: float) -> Row:
    error = times.errors.get(name, "")
    return Row(
        name=name,
        kind="speed",
        unit="s",
        base=_median(times.base[name]),
        head=_median(times.head[name]),
        ratio=verdict.ratio,
        low=verdict.low,
        high=verdict.high,
        level=LEVEL,
        n=verdict.n,
        margin=1 + margin,
        answer=verdict.answer,
        base_times=tuple(times.base[name]),
        head_times=tuple(times.head[name]),
        reason=error if verdict.answer == REFUSED and error else verdict.reason,
    )


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return statistics.median(known) if known else math.nan
