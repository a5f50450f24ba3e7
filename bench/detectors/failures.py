"""What a planted failure is, and those that every dataset can have.

Severity is a number that grows with the harm. A fault's load is what its rule measures over the rule's limit,
so it reaches 1 at the severity at which the failure starts to count (see severity.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.detectors import loads
from bench.detectors import samplers as plant
from bench.detectors.staging import EVALUATIONS, Script, levels_for
from bench.verdict import window_start

DIGITS, RING, GRID = "digits", "ring8", "grid25"
WINDOW = EVALUATIONS - window_start(EVALUATIONS)
AROUND = (0.5, 0.8, 1.0, 1.25)
"""Shares of the threshold severity at which recall is scored beside twice that severity."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of failure on one dataset.

    Args:
        name: what fails. outcomes: the verdicts that count as finding it, the planted one first.
        script: the run with the failure at a severity.
        load: what the rule measures over its limit.
        search: severities between which the threshold lies; equal ends: there it lies, by construction.
        whole: the severity counts something.
        mechanism: the flag that counts as finding it instead of an outcome.
        around: multiples of the threshold severity to score besides 2.
    """

    name: str
    dataset: str
    outcomes: tuple[str, ...]
    script: Callable[[float], Script]
    load: loads.Load
    search: tuple[float, float]
    whole: bool = False
    mechanism: str = ""
    around: tuple[float, ...] = AROUND

    @property
    def key(self) -> str:
        """Fault and dataset."""
        return f"{self.dataset}: {self.name}"


PARTIAL, TOTAL = "collapsed:partial", "collapsed:total"
SWINGS = ("oscillating:quality",)
POOR = ("stalled-low-quality", "no-progress")
COUNTED = (1.0, 3.0, 4.0)


def common(name: str) -> tuple[Fault, ...]:
    """Failures that any dataset with modes or classes can have, on one of them."""
    kinds = (_collapsed, _poor, _far, _broken, _hopping, _swinging, _drifting)
    return tuple(fault for plant in kinds for fault in plant(name))


def _collapsed(name: str) -> tuple[Fault, ...]:
    return (
        Fault(
            name="classes missing", dataset=name, outcomes=(PARTIAL,), whole=True, search=(1, 1),
            script=lambda m: Script(name, plant.dropped(round(m))), load=loads.missing, around=COUNTED,
        ),
        Fault(
            name="classes uneven", dataset=name, outcomes=(PARTIAL,), search=(2.0, 12.0),
            script=lambda ratio: Script(name, plant.uneven(ratio)), load=loads.kl,
        ),
        Fault(
            name="mostly one sample", dataset=name, outcomes=(TOTAL,), search=(0.5, 8.0),
            script=lambda odds: Script(name, plant.mostly_one(odds)), load=loads.pairwise,
        ),
    )  # fmt: skip


def _poor(name: str) -> tuple[Fault, ...]:
    return (
        Fault(
            name="noise", dataset=name, outcomes=POOR, search=(0.2, 1.5) if name == DIGITS else (0.005, 0.1),
            script=lambda sd: Script(name, plant.noisy(sd)), load=loads.quality,
        ),
        Fault(
            name="uniform noise among", dataset=name, outcomes=POOR, search=(0.02, 2.0),
            script=lambda odds: Script(name, plant.uniform_among(odds)), load=loads.quality,
        ),
    )  # fmt: skip


def _far(name: str) -> tuple[Fault, ...]:
    search = (2.0, 16.0) if name == DIGITS else (0.4, 3.0)
    return (
        Fault(
            name="never learned", dataset=name, outcomes=("no-progress",), search=search,
            script=lambda severity: replace(_spoilt(name, severity), onset=0),
            load=loads.distance_of_best,
        ),
        Fault(
            name="late divergence", dataset=name, outcomes=("diverged:late",), search=search,
            script=lambda severity: replace(_spoilt(name, severity), onset=window_start(EVALUATIONS) + 4),
            load=loads.distance_at_end,
        ),
    )  # fmt: skip


def _spoilt(name: str, severity: float) -> Script:
    # Images are bounded: noise cannot take them as far away as an untrained generator is, fading does.
    return Script(name, plant.faded(1 / severity) if name == DIGITS else plant.noisy(severity))


def _broken(name: str) -> tuple[Fault, ...]:
    return (
        Fault(
            name="scale growth", dataset=name, outcomes=("diverged:nonfinite",), search=(5.0, 80.0),
            script=lambda final: Script(name, plant.growing(final ** (1 / (EVALUATIONS - 21)))),
            load=loads.range_reached,
        ),
        Fault(
            name="not a number", dataset=name, outcomes=("diverged:nonfinite",), whole=True, search=(1, 1),
            script=lambda rows: Script(name, plant.broken(round(rows))),
            load=loads.unfinite, around=COUNTED,
        ),
    )  # fmt: skip


def _hopping(name: str) -> tuple[Fault, ...]:
    held = 1 if name == RING else 2
    return (
        Fault(
            name="hopping", dataset=name, outcomes=("oscillating:mode-hopping",), whole=True, search=(1, 5),
            script=lambda more: Script(name, plant.rotating(held, held + round(more))),
            load=loads.hops, around=(0.5, 1.0),
        ),
        Fault(
            name="hopping slowly", dataset=name, outcomes=("oscillating:mode-hopping",), search=(0.5, 0.5),
            script=lambda speed: Script(name, plant.rotating(2, period=round(1 / speed))),
            load=loads.moves,
            around=(0.5, 2 / 3, 1.0),
        ),
    )  # fmt: skip


def _swinging(name: str) -> tuple[Fault, ...]:
    search = (0.05, 1.0) if name == DIGITS else (0.03, 0.6)
    return (
        Fault(
            name="swinging fast", dataset=name, outcomes=SWINGS, search=search,
            script=lambda size: Script(name, plant.shifted(size, 2.6)), load=loads.amplitude,
        ),
        Fault(
            name="swinging slowly", dataset=name, outcomes=SWINGS, search=(0.05, 1.0),
            script=lambda swing: Script(name, plant.swaying(0.2, swing, 5.0)), load=loads.rhythm,
        ),
        Fault(
            name="circling", dataset=name, outcomes=SWINGS, search=search,
            script=lambda size: Script(name, plant.shifted(size, 10.0), averaged=plant.perfect),
            load=loads.amplitude,
        ),
    )  # fmt: skip


def _drifting(name: str) -> tuple[Fault, ...]:
    return (
        Fault(
            name="still improving", dataset=name, outcomes=("still-improving",), search=(0.06, 0.3),
            script=lambda fall: _trend(name, 0.15 + fall, 0.15), load=loads.falling,
        ),
        Fault(
            name="degrading", dataset=name, outcomes=("degrading",), search=(0.08, 0.35),
            script=lambda rise: _trend(name, 0.15, 0.15 + rise), load=loads.rising,
        ),
    )  # fmt: skip


def _trend(name: str, begin: float, end: float) -> Script:
    """Flat, then from ``begin`` to ``end`` within the final window, in normalised log distance."""
    onset = 12
    flat = EVALUATIONS - onset - WINDOW
    slope = (end - begin) / WINDOW
    moves = [begin + slope * (place + 0.5) for place in range(WINDOW)]
    if end < begin:  # what still falls has been falling all along
        moves = [end - slope * (place + 0.5) for place in reversed(range(flat + WINDOW))]
        flat = 0
    path = [begin] * flat + moves
    return Script(name, plant.along(levels_for(name, [min(each, 0.85) for each in path])), onset=onset)
