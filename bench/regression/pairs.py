"""Times of two trees side by side: fresh processes, one thread, by turns AB, BA, AB, ..."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.regression.child import ChildError, ask
from bench.regression.trees import Tree

TIMEOUT = 600.0
"""Seconds after which a process that times is given up."""

Times = Mapping[str, float]
Measure = Callable[[Tree, Sequence[str]], "Sitting"]


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one process measured: seconds by workload, NaN where it failed, and why."""

    seconds: Times
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paired:
    """Times of both trees: ``base[name][i]`` and ``head[name][i]`` were taken side by side."""

    base: Mapping[str, Sequence[float]]
    head: Mapping[str, Sequence[float]]
    errors: Mapping[str, str]


def measure(tree: Tree, names: Sequence[str], python: str = sys.executable) -> Sitting:
    """Time workloads of one tree in a process of their own."""
    try:
        told = ask("timed.py", tree, names, python=python, timeout=TIMEOUT)
    except ChildError as error:
        return _nothing(names, str(error))
    return Sitting(
        {name: float(told[name].get("seconds", math.nan)) for name in names},
        {name: told[name]["error"] for name in names if "error" in told[name]},
    )


def in_pairs(
    base: Tree,
    head: Tree,
    names: Sequence[str],
    pairs: int,
    measured: Measure = measure,
    told: Callable[[int], object] = lambda done: None,
) -> Paired:
    """Time both trees so many times by turns, after one pair that is not counted.

    Args:
        base, head: the trees. names: workloads. pairs: how many count.
        measured: times one tree once; a test puts its own here.
        told: is called with the number of pairs done.
    """
    times: dict[str, dict[str, list[float]]] = {
        "base": {n: [] for n in names},
        "head": {n: [] for n in names},
    }
    errors: dict[str, str] = {}
    sides = (("base", base), ("head", head))
    left = list(names)
    for index in range(-1, pairs):
        for side, tree in sides if index % 2 == 0 else sides[::-1]:
            sitting = measured(tree, left)
            errors |= {
                name: f"{side}: {reason}" for name, reason in sitting.errors.items() if name not in errors
            }
            if index >= 0:
                for name in names:
                    times[side][name].append(sitting.seconds.get(name, math.nan))
        if index < 0:
            left = [name for name in left if name not in errors]  # what never runs is not tried thirty times
            if not left:
                break
        told(index + 1)
    return Paired(times["base"], times["head"], errors)


def _nothing(names: Sequence[str], reason: str) -> Sitting:
    return Sitting(dict.fromkeys(names, math.nan), dict.fromkeys(names, reason))
