"""How often the whole procedure fails a check: rates with Wilson's limits, against what is required."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from bench.regression.outcome import WORSE, Row
from bench.regression.pairs import Sitting
from bench.regression.speed import compare_speed
from bench.regression.trees import Tree

Machine = Callable[[dict[str, float], Tree, np.random.Generator], Callable[..., Sitting]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A count of a count, and what it should be.

    Args:
        what: what was tried. hits, trials: how often it was called worse.
        least, most: requirement on the rate.
    """

    what: str
    hits: int
    trials: int
    least: float = 0.0
    most: float = 1.0

    @property
    def rate(self) -> float:
        """Share of hits."""
        return self.hits / self.trials if self.trials else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        if not self.trials:
            return math.nan, math.nan
        found = stats.binomtest(self.hits, self.trials).proportion_ci(0.95, "wilson")
        return float(found.low), float(found.high)

    @property
    def met(self) -> bool:
        """Whether the rate is within what is required."""
        return self.trials > 0 and self.least <= self.rate <= self.most

    @property
    def required(self) -> str:
        """The requirement in words; empty where there is none."""
        if self.least > 0:
            return f"at least {self.least:.0%}"
        return f"at most {self.most:.0%}" if self.most < 1 else ""


def comparisons(
    names: Sequence[str], slowed: str, factor: float, machine: Machine, trials: int, seed: int
) -> list[tuple[Row, ...]]:
    """Run the whole procedure so many times, one workload of head slowed by a factor."""
    base, head = Tree("base", Path()), Tree("head", Path())
    done = []
    for trial in range(trials):
        rng = np.random.default_rng([seed, trial])
        measured = machine({slowed: factor} if slowed else {}, base, rng)
        done.append(compare_speed(base, head, names, seed=trial, measured=measured))
    return done


def found(rows: Sequence[Sequence[Row]], name: str) -> int:
    """In how many comparisons a workload is called worse."""
    return sum(row.answer == WORSE for each in rows for row in each if row.name == name)


def failed(rows: Sequence[Sequence[Row]]) -> int:
    """How many comparisons fail because of any workload."""
    return sum(any(row.answer == WORSE for row in each) for each in rows)
