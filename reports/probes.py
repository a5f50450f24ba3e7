"""Each run's probes as numbers: a frame for every run would take most of a report's time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports.stats import Floats


def probes_of(runs: pd.Series, evaluations: pd.DataFrame, columns: Sequence[str]) -> list[Floats]:
    """Some columns of each run's evaluations, in their order; of a run without any an empty array.

    Args:
        runs: run ids.

    Shapes:
        each: (probes, columns).

    Example:
        >>> table = pd.DataFrame({"run_id": ["b", "a", "b"], "q": [0.9, 0.5, 0.4]})
        >>> [each.tolist() for each in probes_of(pd.Series(["a", "b", "c"]), table, ["q"])]
        [[[0.5]], [[0.9], [0.4]], []]
    """
    kept = evaluations[evaluations["run_id"].isin(set(runs))]
    values = kept[list(columns)].to_numpy(dtype=float)
    codes, names = pd.factorize(kept["run_id"])
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    found = {name: values[order[ends[at] : ends[at + 1]]] for at, name in enumerate(names)}
    nothing = np.empty((0, len(columns)))
    return [found.get(run, nothing) for run in runs]
