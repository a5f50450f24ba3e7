"""A machine on paper: its speed drifts, its processes scatter; times come without a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bench.regression.pairs import Sitting
from bench.regression.trees import Tree

PERSISTENCE, DRIFT, NOISE = 0.95, 0.06, 0.03
"""metrics.md F1: drift from process to process, its deviation, and the scatter of processes."""


def machine(
    slower: Mapping[str, float],
    base: Tree,
    rng: np.random.Generator,
    *,
    trend: float = 0.0,
    noise: float = NOISE,
) -> Callable[..., Sitting]:
    """A stand-in for ``pairs.measure``: AR(1) drift shared by all workloads of a process, then noise of each.

    Args:
        slower: by workload, what head takes of base's time.
        trend: by how much the machine gets slower from one process to the next, as a share.
    """
    state = {"drift": rng.normal(0, DRIFT), "done": 0.0}

    def measured(tree: Tree, names: Sequence[str]) -> Sitting:
        """One process's times, as the machine drifts on."""
        shock = DRIFT * np.sqrt(1 - PERSISTENCE**2)
        state["drift"] = PERSISTENCE * state["drift"] + rng.normal(0, shock)
        state["done"] += 1
        speed = np.exp(state["drift"] + trend * state["done"])
        own = {name: 1.0 if tree is base else slower.get(name, 1.0) for name in names}
        return Sitting({name: float(own[name] * speed * np.exp(rng.normal(0, noise))) for name in names})

    return measured
