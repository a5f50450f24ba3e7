"""All planted failures: what each does to the samples, how severe it can be, what verdict must find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bench.detectors import loads
from bench.detectors import samplers as plant
from bench.detectors.failures import DIGITS, GRID, PARTIAL, POOR, RING, TOTAL, Fault, common
from bench.detectors.staging import Script


def faults() -> tuple[Fault, ...]:
    """All planted failures with a severity."""
    return (*(fault for each in (DIGITS, RING) for fault in common(each)), *_digits(), *_ring(), *_grid())


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


def _digits() -> tuple[Fault, ...]:
    halves = Script(DIGITS, None, healthy=plant.fresh, data_size=550, memory=True)
    return (
        Fault(
            name="few images", dataset=DIGITS, outcomes=(PARTIAL,), search=(4.0, 40.0),
            script=lambda share: Script(DIGITS, plant.memorised(max(1, round(1100 / share)))),
            load=loads.uncovered,
        ),
        Fault(
            name="faint images", dataset=DIGITS, outcomes=POOR, search=(1.05, 2.0),
            script=lambda weakness: Script(DIGITS, plant.scaled(1 / weakness)), load=loads.quality,
        ),
        _copying(DIGITS, halves, jitter=0.02),
    )  # fmt: skip


def _ring() -> tuple[Fault, ...]:
    some = Script(RING, None, healthy=plant.fresh, data_size=1000, memory=True)
    return (
        Fault(
            name="narrow modes", dataset=RING, outcomes=(PARTIAL,), search=(1.2, 6.0),
            script=lambda thinness: Script(RING, plant.narrow(1 / thinness)),
            load=loads.thinness,
        ),
        _copying(RING, some, jitter=1e-4),
    )  # fmt: skip


def _grid() -> tuple[Fault, ...]:
    kinds = ("classes missing", "classes uneven", "hopping slowly", "noise")
    return tuple(
        replace(fault, search=(0.02, 0.4)) if fault.name == "noise" else fault
        for fault in common(GRID)
        if fault.name in kinds
    )


def _copying(name: str, healthy: Script, jitter: float) -> Fault:
    return Fault(
        name="copying", dataset=name, outcomes=(), mechanism="memorising", search=(0.02, 0.4),
        script=lambda share: replace(healthy, failing=plant.copying(min(share, 1.0), jitter=jitter)),
        load=loads.copied,
    )  # fmt: skip
