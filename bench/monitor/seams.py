"""Steps that begin again: whether a log goes on, was taken up from a checkpoint, or holds another run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bench.diagnostics.arrays import Floats, median

ENDS = 3
"""Values at either end of a stretch whose median stands for that end."""

CLEARLY = 0.5
"""One reading is taken where it leaves at most half the jumps of the other."""

STILL = 2.0
"""Jumps of at most so many usual differences between neighbours are no jumps."""

ADVICE = "give one log per run, a column epoch, or steps that count on"

Places = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Reading:
    """How rows whose steps go back are to be read.

    Shapes:
        offsets: (rows,), what to add to each step. seams: the places at which steps begin again.

    Args:
        counted: what counting on takes for granted; empty where steps stand as they are.
        unclear: why the log is not judged; empty where it can be.
    """

    offsets: Floats
    seams: Places
    counted: str = ""
    unclear: str = ""


def read_seams(clock: Floats, quality: Floats | None) -> Reading:
    """Read steps that begin again at the first one; steps that go back to a later one are left as they are.

    A log whose steps run through the same numbers again may count within epochs, or hold several runs one
    below the other. Quality tells: it goes on over the seam, or begins again with the steps. Where it stands
    still, both readings say the same; where it does neither, the log is not judged.

    Args:
        clock: the step of each row, finite, in the order of the log. quality: of each row, NaN for none.

    Example:
        Two epochs of six steps, while quality falls all the way; and two runs that begin alike:

        >>> again = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0] * 2)
        >>> read_seams(again, np.arange(12.0, 0.0, -1.0)).offsets.tolist()
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0]
        >>> read_seams(again, np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0] * 2)).unclear[:45]
        'steps begin again once and quality with them,'
    """
    none = Reading(np.zeros(len(clock)), np.array([], dtype=np.int_))
    back = np.flatnonzero(np.diff(clock) < 0) + 1
    if not back.size or len(np.unique(clock)) == len(clock):
        return none
    usual = usual_distance(clock)
    anew = np.abs(clock[back] - clock[0]) < usual
    if not anew.any():
        return none
    offsets = np.zeros(len(clock))
    offsets[back] = clock[back - 1] - clock[back] + usual
    counted, unclear = _meant(clock, quality, back, bool(anew.all()), usual)
    return Reading(np.cumsum(offsets), back, counted, unclear)


def usual_distance(steps: Floats) -> float:
    """The median distance from one step ahead to the next; 1 where no step goes ahead.

    Example:
        >>> usual_distance(np.array([0.0, 10.0, 20.0, 0.0])), usual_distance(np.array([3.0]))
        (10.0, 1.0)
    """
    ahead = np.diff(steps)
    return float(np.median(ahead[ahead > 0])) if (ahead > 0).any() else 1.0


def _meant(
    clock: Floats, quality: Floats | None, back: Places, all_anew: bool, usual: float
) -> tuple[str, str]:
    """Why steps are counted on, and why the log is not judged; one of them may be empty."""
    times = "once" if len(back) == 1 else f"{len(back)} times"
    counted = f"steps begin again {times} and are counted on, as if they counted within epochs"
    if not all_anew:
        return counted, f"some steps begin again and some go back to later ones ({times} in all); {ADVICE}"
    starts = clock[np.append(0, back)]
    lengths = clock[np.append(back - 1, len(clock) - 1)] - starts
    alike = bool((np.abs(lengths[:-1] - lengths[0]) <= usual).all() and lengths[-1] <= lengths[0] + usual)
    said = _quality_at(quality, back)
    if said == _GOES_ON or (alike and said in (_STANDS_STILL, _UNKNOWN)):
        return counted, ""
    if said == _BEGINS_AGAIN:
        return counted, f"steps begin again {times} and quality with them, as in several runs; {ADVICE}"
    return counted, f"steps begin again {times}, which may be epochs or several runs; {ADVICE}"


_GOES_ON, _BEGINS_AGAIN, _STANDS_STILL, _UNKNOWN, _NEITHER = range(5)


def _quality_at(quality: Floats | None, back: Places) -> int:
    """What quality does where steps begin again."""
    if quality is None:
        return _UNKNOWN
    parts = [part[np.isfinite(part)] for part in np.split(quality, back)]
    if max(len(part) for part in parts) < 2:
        return _UNKNOWN
    pairs = [(a, b) for a, b in pairwise(parts) if len(a) > 1 and len(b)]
    on = sum(abs(_end(b, first=True) - _end(a, first=False)) for a, b in pairs)
    anew = sum(abs(_end(b, first=True) - _end(a, first=True)) for a, b in pairs)
    usual = median(np.abs(np.concatenate([np.diff(part) for part in parts])))
    if max(on, anew) <= STILL * usual * len(pairs):
        return _STANDS_STILL
    if min(on, anew) > CLEARLY * max(on, anew):
        return _NEITHER
    return _GOES_ON if on < anew else _BEGINS_AGAIN


def _end(part: Floats, *, first: bool) -> float:
    count = max(1, min(ENDS, len(part) // 2))
    return median(part[:count] if first else part[-count:]) if len(part) else math.nan
