"""Putting the rows of a log in the order of training: repeated, decreasing, missing and missing-out steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Flags, Floats
from bench.monitor.observed import Problem
from bench.monitor.seams import ADVICE, Places, read_seams, usual_distance

JUMP = 5
"""A gap is a step so many times the usual distance ahead."""

MERGED = "the row repeats a step; it is merged with the row before, later cells stand"

CONFLICTS = 0.05
"""Share of the values of quality that may stand at the step of another one."""

LARGEST_STEP = 2.0**53
"""Beyond it floats skip whole numbers."""


@dataclass(frozen=True)
class Order:
    """Which row stands where.

    Shapes:
        steps: (steps,), increasing. rows: (rows kept,), places in the table. slots: (rows kept,), the step
        of each.

    Args:
        counted: why steps are no more than counted; empty where the log's own stand. unclear: why nothing
            can be judged in this order.
    """

    steps: Places
    rows: Places
    slots: Places
    problems: tuple[Problem, ...]
    counted: str = ""
    unclear: str = ""

    def gather(self, values: Floats) -> Floats:
        """Values by step; of several in one step the last that is there."""
        kept = values[self.rows]
        known = np.isfinite(kept)
        gathered = np.full(len(self.steps), math.nan)
        gathered[self.slots[known]] = kept[known]
        return gathered

    def overwrites(self, values: Floats) -> bool:
        """Whether a step holds several of these values, so that all but the last are lost."""
        slots = self.slots[np.isfinite(values[self.rows])]
        return len(np.unique(slots)) < len(slots)

    def gather_flags(self, flags: Flags) -> Flags:
        """Where any row of a step is flagged."""
        gathered = np.zeros(len(self.steps), dtype=np.bool_)
        gathered[self.slots[flags[self.rows]]] = True
        return gathered


def order_of(
    lines: Sequence[int], step: Floats | None, epoch: Floats | None, quality: Floats | None = None
) -> Order:
    """Order rows by step.

    Args:
        lines: the line of each row. step, epoch, quality: what the log says of each row; None where it has no
            such column. Quality tells epochs from several runs where steps begin again (seams.py).

    Example:
        A restart from step 10, and a row without a step:

        >>> order = order_of([2, 3, 4, 5, 6], np.array([0.0, 10.0, 20.0, 10.0, np.nan]), None)
        >>> order.steps.tolist(), order.gather(np.array([1.0, 2.0, 3.0, 4.0, 5.0])).tolist()
        ([0, 10, 20], [1.0, 4.0, 3.0])
        >>> for problem in order.problems:
        ...     print(problem)
        the row has no usable step and is left out: row 6
        the step goes back (a restart?); rows are put in order of step: row 5
        the row repeats a step; it is merged with the row before, later cells stand: row 5
    """
    numbers = np.array(lines, dtype=np.int_)
    wanted, counted = _clock(step, epoch, len(lines))
    usable = np.isfinite(wanted) & (np.abs(wanted) < LARGEST_STEP)
    places = np.flatnonzero(usable)
    known = numbers[places]
    reading = read_seams(wanted[places], None if quality is None else quality[places])
    clock = wanted[places] + reading.offsets
    back = np.flatnonzero(np.diff(clock) < 0) + 1
    steps, first, slots = np.unique(clock.astype(np.int_), return_index=True, return_inverse=True)
    repeated = np.ones(len(places), dtype=np.bool_)
    repeated[first] = False
    problems = (
        _at("the row has no usable step and is left out", numbers[~usable]),
        _at("the step begins again; steps are counted on from the row before", known[reading.seams]),
        _at("the step goes back (a restart?); rows are put in order of step", known[back]),
        _at(MERGED, known[repeated]),
        _at("steps are missing before that row", known[first[_gaps(steps)]]),
    )
    return Order(
        steps, places, slots,
        tuple(each for each in problems if each.count),
        counted or reading.counted,
        reading.unclear or _several_runs(step, epoch, quality) or _conflict(wanted, quality),
    )  # fmt: skip


def _gaps(steps: Places) -> Places:
    apart = np.diff(steps)
    found: Places = np.flatnonzero(apart > JUMP * np.median(apart)) + 1 if apart.size > 1 else apart[:0]
    return found


def _conflict(clock: Floats, quality: Floats | None) -> str:
    """Why rows of one step, one below the other, are not judged: their qualities differ."""
    if quality is None:
        return ""
    known = np.flatnonzero(np.isfinite(quality) & np.isfinite(clock))
    same = np.diff(clock[known]) == 0
    differ = np.count_nonzero(same & (np.diff(quality[known]) != 0))
    if differ <= CONFLICTS * len(known):
        return ""
    return f"{differ} times one step holds several values of quality, as of several runs; {ADVICE}"


def _several_runs(step: Floats | None, epoch: Floats | None, quality: Floats | None) -> str:
    """Why rows that could only be counted are not judged: their epochs begin again."""
    if step is not None or epoch is None:
        return ""
    known = np.isfinite(epoch)
    return read_seams(epoch[known], None if quality is None else quality[known]).unclear


def _at(what: str, rows: npt.NDArray[np.int_]) -> Problem:
    return Problem.at(what, rows.tolist())


def _clock(step: Floats | None, epoch: Floats | None, rows: int) -> tuple[Floats, str]:
    """What orders the rows, and why they are only counted where they are."""
    counted = np.arange(1, rows + 1, dtype=np.float64)
    if step is None:
        if epoch is None:
            return counted, "there is no step column: rows are counted instead"
        known = epoch[np.isfinite(epoch)]
        if np.count_nonzero(np.diff(known)) * 2 < len(known) - 1:
            return counted, "an epoch has several rows and there is no step: rows are counted instead"
        step = epoch
    elif epoch is not None:
        step = _through_epochs(step, epoch)
    whole = step[np.isfinite(step)]
    if not whole.size:
        return counted, "no row has a step that is a number: rows are counted instead"
    if (whole != np.round(whole)).any():
        return counted, "steps are not whole numbers: rows are counted instead"
    return step, ""


def _through_epochs(step: Floats, epoch: Floats) -> Floats:
    """Steps that begin again every epoch, counted through; a row without an epoch is of the last one."""
    known = np.flatnonzero(np.isfinite(step))
    steps, epochs = step[known], _carried(epoch)[known]
    again = np.append(False, (np.diff(steps) < 0) & (np.diff(epochs) > 0))
    if not again.any():
        return step
    offsets = np.where(again, np.append(0.0, steps[:-1] - steps[1:]) + usual_distance(steps), 0.0)
    through = step.copy()
    through[known] = steps + np.cumsum(offsets)
    return through


def _carried(values: Floats) -> Floats:
    """Each value that is missing replaced by the last one before it."""
    if not len(values):
        return values
    last = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), 0))
    carried: Floats = values[last]
    return carried
