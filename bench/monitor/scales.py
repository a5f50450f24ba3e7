"""What quality counts as good: known where floor and start are, assumed several ways where they are not.

An outcome that is the same under every assumed floor does not depend on it; where it is not, the diagnosis
says which outcomes remain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats
from bench.records.schema import EvaluationRecord
from bench.verdict import DEFAULT, Context
from bench.verdict.context import IMAGES, MIXTURE

COVERAGE_FLOOR = 1 - 2**-5
"""Coverage of real data by as much real data, five neighbours, in closed form."""

ASSUMED = (1.0, 0.1, 0.01)
"""Floors to try where none is known, as shares of the lowest value seen."""

UNKNOWN = "unknown"
"""Count of samples and kind of regularizer where a log says nothing."""

USUAL_SAMPLES = 2500


@dataclass(frozen=True)
class Meaning:
    """What is known of a run besides its log.

    Args:
        loss: name of the loss, empty where not known. decision_point, has_gain: of that loss.
        floor: the quality of real data against real data; NaN where not known.
    """

    loss: str = ""
    decision_point: float | None = None
    has_gain: bool = True
    floor: float = math.nan


def scales(
    steps: npt.NDArray[np.int_],
    quality: Floats | None,
    evaluations: Sequence[EvaluationRecord],
    meaning: Meaning,
    stand_ins: dict[str, str],
) -> tuple[Context, ...]:
    """One context per floor that is known or has to be tried; what stood in is added to ``stand_ins``."""
    if not evaluations:
        return ()
    found = _found(evaluations)
    if "coverage" in found or "precision" in found or "recall" in found:
        stand_ins["precision_floor, recall_floor, coverage_floor"] = (
            "what real data score is not in the log: 1, 1 and 31/32 stand in"
        )
    if quality is None:
        return (_context(steps, evaluations, meaning, math.nan, math.nan),)
    known = np.flatnonzero(np.isfinite(quality))
    start, lowest = float(quality[known[0]]), float(quality[known].min())
    if steps[known[0]] > 0:
        stand_ins["distance_start"] = (
            f"the first value, at step {steps[known[0]]}, stands in for the untrained generator's"
        )
    if not math.isnan(meaning.floor):
        return (_context(steps, evaluations, meaning, meaning.floor, start),)
    stand_ins["distance_floor"] = (
        "what real data score is not in the log: floors at the lowest value seen, a tenth and a hundredth of "
        "it were tried"
    )
    highest = min(lowest, start / DEFAULT.start_over_floor)
    if not highest > 0:
        return (_context(steps, evaluations, meaning, math.nan, start),)
    return tuple(_context(steps, evaluations, meaning, highest * share, start) for share in ASSUMED)


def _context(
    steps: npt.NDArray[np.int_],
    evaluations: Sequence[EvaluationRecord],
    meaning: Meaning,
    floor: float,
    start: float,
) -> Context:
    found = _found(evaluations)
    return Context(
        kind=MIXTURE if "high_quality" in found else IMAGES,
        steps=max(1, int(steps[-1])),
        evaluations=len(evaluations),
        samples=USUAL_SAMPLES,
        reference_samples=USUAL_SAMPLES,
        data_size=USUAL_SAMPLES,
        modes_total=0,
        data_range=math.inf,
        distance_floor=floor,
        distance_start=start,
        precision_floor=1.0,
        recall_floor=1.0,
        coverage_floor=COVERAGE_FLOOR,
        loss=meaning.loss,
        decision_point=meaning.decision_point,
        has_gain=meaning.has_gain,
        regularizer=_regularizer(found),
    )


def _regularizer(found: set[str]) -> str:
    """The kind that leaves such a column behind."""
    traces = {"penalty_deviation": "gradient_penalty", "clip_saturation": "clip"}
    return next((kind for column, kind in traces.items() if column in found), UNKNOWN)


def _found(evaluations: Sequence[EvaluationRecord]) -> set[str]:
    return {name for record in evaluations for name in record.values}
