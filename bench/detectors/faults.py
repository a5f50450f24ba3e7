"""The planted failures: what each does to the samples, how severe it can be, and what verdict must find it.

Severity is a number that grows with the harm. A fault's load is what its rule measures over the rule's limit,
so it reaches 1 at the severity at which the failure starts to count (see severity.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bench.detectors import samplers as plant
from bench.detectors.staging import EVALUATIONS, Script, levels_for
from bench.diagnostics.arrays import median, share_of
from bench.diagnostics.oscillation import amplitude_null
from bench.verdict import window_start
from bench.verdict.collapse import kl_limit
from bench.verdict.outcome import best_q, q_limit
from bench.verdict.series import Series

DIGITS, RING, GRID = "digits", "ring8", "grid25"
WINDOW = EVALUATIONS - window_start(EVALUATIONS)
AROUND = (0.5, 0.8, 1.0, 1.25)
"""Shares of the threshold severity at which recall is scored beside twice that severity."""

Load = Callable[[Series], float]


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
    load: Load
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


def faults() -> tuple[Fault, ...]:
    """All planted failures with a severity."""
    return (*(fault for each in (DIGITS, RING) for fault in _common(each)), *_digits(), *_ring(), *_grid())


def gross() -> Mapping[str, tuple[Script, tuple[str, ...]]]:
    """Failures without a scale, as strong as they come: script, and the verdicts that find them."""
    images: dict[str, tuple[plant.Sampler, tuple[str, ...]]] = {
        "one class left": (plant.classes(3), (TOTAL,)),
        "single image": (plant.constant(lambda data: data.train[0]), (TOTAL,)),
        "mean image": (plant.constant(lambda data: data.train.mean(dim=0)), (TOTAL,)),
        "one image per class": (plant.one_per_class, (PARTIAL,)),
        "8 classes missing": (plant.dropped(8), (PARTIAL,)),
    }
    points: dict[str, tuple[plant.Sampler, tuple[str, ...]]] = {
        "one mode left": (plant.classes(0), (TOTAL,)),
        "one point": (plant.constant(lambda data: data.train[0]), (TOTAL,)),
        "one point per mode": (plant.one_per_class, (PARTIAL,)),
        # Not 6: with two modes left half of all pairs lie within one, so it is a toss-up with total collapse.
        "5 modes missing": (plant.dropped(5), (PARTIAL,)),
    }
    found = {
        f"{DIGITS}: {name}": (Script(DIGITS, sampler), outcomes)
        for name, (sampler, outcomes) in images.items()
    }
    found |= {
        f"{RING}: {name}": (Script(RING, sampler), outcomes) for name, (sampler, outcomes) in points.items()
    }
    unlearned = Script(DIGITS, plant.uniform_noise, onset=0)
    return {**found, f"{DIGITS}: uniform noise": (unlearned, ("no-progress",))}


def _common(name: str) -> tuple[Fault, ...]:
    run = Script(name, None)

    def noise(sd: float) -> Script:
        return replace(run, failing=plant.noisy(sd))

    def spoilt(severity: float) -> Script:
        # Images are bounded: noise cannot take them as far away as an untrained generator is, fading does.
        return replace(run, failing=plant.faded(1 / severity)) if name == DIGITS else noise(severity)

    far = (2.0, 16.0) if name == DIGITS else (0.4, 3.0)
    swing = (0.05, 1.0) if name == DIGITS else (0.03, 0.6)
    held = 1 if name == RING else 2
    return (
        Fault(
            name="classes missing", dataset=name, outcomes=(PARTIAL,), whole=True, search=(1, 1),
            script=lambda m: replace(run, failing=plant.dropped(round(m))),
            load=_missing, around=COUNTED,
        ),
        Fault(
            name="classes uneven", dataset=name, outcomes=(PARTIAL,), search=(2.0, 12.0),
            script=lambda ratio: replace(run, failing=plant.uneven(ratio)), load=_kl,
        ),
        Fault(
            name="mostly one sample", dataset=name, outcomes=(TOTAL,), search=(0.5, 8.0),
            script=lambda odds: replace(run, failing=plant.mostly_one(odds)), load=_pairwise,
        ),
        Fault(
            name="noise", dataset=name, outcomes=POOR, search=(0.2, 1.5) if name == DIGITS else (0.005, 0.1),
            script=noise, load=_quality,
        ),
        Fault(
            name="uniform noise among", dataset=name, outcomes=POOR, search=(0.02, 2.0),
            script=lambda odds: replace(run, failing=plant.uniform_among(odds)), load=_quality,
        ),
        Fault(
            name="never learned", dataset=name, outcomes=("no-progress",), search=far,
            script=lambda severity: replace(spoilt(severity), onset=0),
            load=lambda series: best_q(series) / series.thresholds.no_progress_q,
        ),
        Fault(
            name="late divergence", dataset=name, outcomes=("diverged:late",), search=far,
            script=lambda severity: replace(spoilt(severity), onset=window_start(EVALUATIONS) + 4),
            load=lambda series: median(series.q[-3:]) / series.thresholds.late_q,
        ),
        Fault(
            name="scale growth", dataset=name, outcomes=("diverged:nonfinite",), search=(5.0, 80.0),
            script=lambda final: replace(run, failing=plant.growing(final ** (1 / (EVALUATIONS - 21)))),
            load=_range,
        ),
        Fault(
            name="not a number", dataset=name, outcomes=("diverged:nonfinite",), whole=True, search=(1, 1),
            script=lambda rows: replace(run, failing=plant.broken(round(rows))),
            load=lambda series: float(series.raw("finite_fraction")[-1] < 1), around=COUNTED,
        ),
        Fault(
            name="hopping", dataset=name, outcomes=("oscillating:mode-hopping",), whole=True, search=(1, 5),
            script=lambda more: replace(run, failing=plant.rotating(held, held + round(more))),
            load=lambda series: series.hop / series.thresholds.hop, around=(0.5, 1.0),
        ),
        Fault(
            name="hopping slowly", dataset=name, outcomes=("oscillating:mode-hopping",), search=(0.5, 0.5),
            script=lambda speed: replace(run, failing=plant.rotating(2, period=round(1 / speed))),
            load=lambda series: series.tv_window / (series.thresholds.hop_tv_factor * series.context.tv_null),
            around=(0.5, 2 / 3, 1.0),
        ),
        Fault(
            name="swinging fast", dataset=name, outcomes=SWINGS, search=swing,
            script=lambda size: replace(run, failing=plant.shifted(size, 2.6)), load=_amplitude,
        ),
        Fault(
            name="swinging slowly", dataset=name, outcomes=SWINGS, search=(0.05, 1.0),
            script=lambda swing: replace(run, failing=plant.swaying(0.2, swing, 5.0)), load=_rhythm,
        ),
        Fault(
            name="circling", dataset=name, outcomes=SWINGS, search=swing,
            script=lambda size: replace(run, failing=plant.shifted(size, 10.0), averaged=plant.perfect),
            load=_amplitude,
        ),
        Fault(
            name="still improving", dataset=name, outcomes=("still-improving",), search=(0.06, 0.3),
            script=lambda fall: _trend(name, 0.15 + fall, 0.15), load=_falling,
        ),
        Fault(
            name="degrading", dataset=name, outcomes=("degrading",), search=(0.08, 0.35),
            script=lambda rise: _trend(name, 0.15, 0.15 + rise), load=_rising,
        ),
    )  # fmt: skip


def _digits() -> tuple[Fault, ...]:
    run = Script(DIGITS, None)
    halves = replace(run, healthy=plant.fresh, data_size=550, memory=True)
    return (
        Fault(
            name="few images", dataset=DIGITS, outcomes=(PARTIAL,), search=(4.0, 40.0),
            script=lambda share: replace(run, failing=plant.memorised(max(1, round(1100 / share)))),
            load=lambda series: _below(
                series.thresholds.intra_coverage, median(series.relative("coverage")[series.window])
            ),
        ),
        Fault(
            name="faint images", dataset=DIGITS, outcomes=POOR, search=(1.05, 2.0),
            script=lambda weakness: replace(run, failing=plant.scaled(1 / weakness)), load=_quality,
        ),
        Fault(
            name="copying", dataset=DIGITS, outcomes=(), mechanism="memorising", search=(0.02, 0.4),
            script=lambda share: replace(halves, failing=plant.copying(min(share, 1.0), jitter=0.02)),
            load=_copied,
        ),
    )  # fmt: skip


def _ring() -> tuple[Fault, ...]:
    run = Script(RING, None)
    some = replace(run, healthy=plant.fresh, data_size=1000, memory=True)
    return (
        Fault(
            name="narrow modes", dataset=RING, outcomes=(PARTIAL,), search=(1.2, 6.0),
            script=lambda thinness: replace(run, failing=plant.narrow(1 / thinness)),
            load=lambda series: _below(series.thresholds.intra_spread, series.last("mode_spread")),
        ),
        Fault(
            name="copying", dataset=RING, outcomes=(), mechanism="memorising", search=(0.02, 0.4),
            script=lambda share: replace(some, failing=plant.copying(min(share, 1.0), jitter=1e-4)),
            load=_copied,
        ),
    )  # fmt: skip


def _grid() -> tuple[Fault, ...]:
    kinds = ("classes missing", "classes uneven", "hopping slowly", "noise")
    return tuple(
        replace(fault, search=(0.02, 0.4)) if fault.name == "noise" else fault
        for fault in _common(GRID)
        if fault.name in kinds
    )


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


def _below(limit: float, value: float) -> float:
    return limit / max(value, 1e-9)


def _missing(series: Series) -> float:
    return series.context.modes_ceiling - series.last("modes_strict")


def _kl(series: Series) -> float:
    return series.last("mode_kl") / kl_limit(series)


def _pairwise(series: Series) -> float:
    return _below(series.thresholds.total_pairwise, series.last("pairwise_ratio"))


def _quality(series: Series) -> float:
    """Of all that a stable run must have, what is worst in proportion to its limit."""
    limits, known = series.thresholds, [series.q_window / q_limit(series)]
    if series.context.kind == "mixture":
        relative = share_of(series.last("high_quality"), series.context.high_quality_floor)
        return max(*known, _below(limits.stalled_high_quality, relative))
    precision, coverage = (median(series.relative(name)[series.window]) for name in ("precision", "coverage"))
    return max(*known, _below(limits.stalled_precision, precision), _below(limits.stalled_coverage, coverage))


def _range(series: Series) -> float:
    return float(series.raw("max_abs")[-1]) / (series.thresholds.range_factor * series.context.data_range)


def _amplitude(series: Series) -> float:
    return series.amplitude / (series.thresholds.amplitude * amplitude_null(series.noise))


def _rhythm(series: Series) -> float:
    """Nothing but its rhythm tells such a swing from wandering, so both have to count."""
    return min(_amplitude(series), series.thresholds.oscillation_p / max(series.rhythm.p, 1e-9))


def _falling(series: Series) -> float:
    noise = series.thresholds.trend_noise_sds * series.delta_q_noise
    return series.delta_q / min(series.thresholds.improving_delta_q, -noise)


def _rising(series: Series) -> float:
    noise = series.thresholds.trend_noise_sds * series.delta_q_noise
    return series.delta_q / max(series.thresholds.degrading_delta_q, noise)


def _copied(series: Series) -> float:
    measured = series.column("data_copying")
    known = measured[np.isfinite(measured)]
    return float(known[-1]) / series.thresholds.copying_z if known.size else math.nan
