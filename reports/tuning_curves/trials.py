"""Which runs are trials of one search: the same settings and seeds for every recipe that is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.factors import where
from reports.stats import Floats

SPACE = ("lr_scale", "capacity_ratio", "generator_width", "data_size", "seed")
"""What a trial draws: settings that every recipe can take, and its luck."""
FEWEST, SHARE = 20, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """One search on one dataset.

    Args:
        scores: by recipe, the score of every trial, in the same order of trials.
        seconds: by recipe, mean training seconds of a trial.
        space: each varied field with its levels. where: which cells the trials are of.
    """

    dataset: str
    scores: Mapping[str, Floats]
    seconds: Mapping[str, float]
    space: Mapping[str, tuple[float, ...]]
    where: str = ""

    @property
    def trials(self) -> int:
        """Trials of each recipe."""
        return len(next(iter(self.scores.values())))


def search(runs: pd.DataFrame, dataset: str) -> Search | None:
    """Find the trials that recipes share; None where fewer than two recipes share enough of them."""
    found = shared(runs)
    if not found:
        return None
    levels = {name: tuple(sorted(set(next(iter(found.values()))[name]))) for name in SPACE}
    return Search(
        dataset,
        {name: part["score"].to_numpy(dtype=np.float64) for name, part in found.items()},
        {name: float(part["train_seconds"].mean()) for name, part in found.items()},
        {name: values for name, values in levels.items() if len(values) > 1},
        where(pd.concat(found.values())),
    )


def shared(runs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Runs of each recipe at the settings and seeds that recipes share, in one order; empty where too few.

    Args:
        runs: judged runs of recipes' own settings, of one dataset. A recipe with less than half of the
            largest recipe's trials is left out, so that it does not shrink the search of all others.
    """
    known = runs.dropna(subset=["score", *SPACE]).drop_duplicates(["recipe", *SPACE])
    keys = {name: set(map(tuple, part[list(SPACE)].to_numpy())) for name, part in known.groupby("recipe")}
    most = max(map(len, keys.values()), default=0)
    recipes = [name for name in keys if len(keys[name]) >= SHARE * most]
    common = set.intersection(*(keys[name] for name in recipes)) if len(recipes) > 1 else set()
    if len(common) < FEWEST:
        return {}
    order = sorted(common)
    index = list(SPACE)
    return {
        name: known[known["recipe"] == name].set_index(index, drop=False).loc[order].reset_index(drop=True)
        for name in recipes
    }
