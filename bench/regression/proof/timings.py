"""Real times of one tree against itself, kept so that whole comparisons can be drawn from them again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.regression.pairs import Paired, Sitting
from bench.regression.trees import Tree

Floats = NDArray[np.float64]

KEPT = Path(__file__).with_name("timings.csv")
COLUMNS = ("sitting", "pair", "workload", "base_seconds", "head_seconds")
BLOCK = 5
"""Neighbouring pairs that are drawn together: machines drift, and neighbours share the drift."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Pairs of times of one tree against itself.

    Shapes:
        of each workload: (pairs, 2), base and head, in the order in which they were taken.
    """

    pairs: Mapping[str, Floats]

    @property
    def noise(self) -> dict[str, float]:
        """Standard deviation of the log-ratio of a pair, by workload."""
        return {
            name: float(np.log(times[:, 1] / times[:, 0]).std(ddof=1)) for name, times in self.pairs.items()
        }


def recorded(sittings: Sequence[Paired]) -> Recorded:
    """Join sittings; pairs with a time that is missing are left out."""
    names = sorted(set.intersection(*(set(sitting.base) for sitting in sittings)))
    joined = {
        name: np.concatenate([np.array([sitting.base[name], sitting.head[name]]).T for sitting in sittings])
        for name in names
    }
    return Recorded({name: _finite(times) for name, times in joined.items()})


def save(sittings: Sequence[Paired], path: Path = KEPT) -> None:
    """Write the times as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, sitting in enumerate(sittings):
            for name in sitting.base:
                for pair, times in enumerate(zip(sitting.base[name], sitting.head[name], strict=True)):
                    writer.writerow([number, pair, name, *(f"{seconds:.6g}" for seconds in times)])


def read(path: Path = KEPT) -> Recorded:
    """Read kept times."""
    rows: dict[str, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["workload"], []).append(
                (float(row["base_seconds"]), float(row["head_seconds"]))
            )
    return Recorded({name: _finite(np.array(times)) for name, times in rows.items()})


def _finite(times: Floats) -> Floats:
    return times[np.isfinite(times).all(axis=1)]


def replay(
    times: Recorded, slower: Mapping[str, float], base: Tree, rng: np.random.Generator
) -> Callable[..., Sitting]:
    """A stand-in for ``pairs.measure`` that draws kept pairs instead of starting processes.

    Blocks of neighbouring pairs are drawn at random, all workloads of a pair together, and sides are swapped
    at random: whatever one side had over the other by itself is gone.

    Args:
        slower: by workload, what head takes of base's time, e.g. 1.1; others are equal.
        base: the tree that is called base.
    """
    stream = _drawn(times, rng)
    waiting: dict[str, Sitting] = {}

    def measured(tree: Tree, names: Sequence[str]) -> Sitting:
        """The side of the next pair that is asked for."""
        side = "base" if tree is base else "head"
        if side not in waiting:
            pair = next(stream)
            waiting["base"] = Sitting({name: pair[name][0] for name in pair})
            waiting["head"] = Sitting({name: pair[name][1] * slower.get(name, 1.0) for name in pair})
        found = waiting.pop(side)
        return Sitting({name: found.seconds[name] for name in names})

    return measured


def _drawn(times: Recorded, rng: np.random.Generator) -> Iterator[dict[str, tuple[float, float]]]:
    count = min(map(len, times.pairs.values()))
    while True:
        start, swapped = int(rng.integers(0, count)), rng.integers(0, 2, BLOCK)
        for place, swap in enumerate(swapped):
            at = (start + place) % count
            yield {
                name: (float(pairs[at, swap]), float(pairs[at, 1 - swap]))
                for name, pairs in times.pairs.items()
            }
