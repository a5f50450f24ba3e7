"""Where a claim can be judged: the dataset that decides, the others beside it, and those that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.bands import told_levels
from reports.say import joined, say
from reports.summaries import datasets

_SHARE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Runs by dataset for one factor.

    Args:
        chosen: runs of the dataset with most runs among those in which the factor varies; may be empty.
        others: runs of the further datasets in which it varies.
        still: datasets in which it does not.
    """

    chosen: pd.DataFrame
    others: tuple[pd.DataFrame, ...]
    still: tuple[str, ...]

    @property
    def every(self) -> list[tuple[pd.DataFrame, bool]]:
        """Runs of each dataset, with whether that dataset decides."""
        first = [(self.chosen, True)] if len(self.chosen) else []
        return [*first, *((runs, False) for runs in self.others)]

    @property
    def dataset(self) -> str:
        """Name of the dataset that decides."""
        return words.label(self.chosen["dataset"].iloc[0]) if len(self.chosen) else ""

    def gaps(self, factor: str) -> list[str]:
        """Say on which datasets the factor stood still."""
        if not self.still:
            return []
        where = words.listed([words.label(name) for name in self.still])
        return [say("On {datasets} {factor} did not vary.", datasets=where, factor=factor)]


def stage(runs: pd.DataFrame, column: str) -> Stage:
    """Sort datasets by whether a column varies in them."""
    parts = [(name, runs[runs["dataset"] == name]) for name in datasets(runs)]
    varied = [part for _, part in parts if part[column].nunique() > 1]
    still = tuple(name for name, part in parts if part[column].nunique() <= 1)
    return Stage(varied[0] if varied else runs.iloc[:0], tuple(varied[1:]), still)


def rated(runs: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep runs whose recipe has a learning rate of its own, and say how many have none."""
    without = int(runs["lr_scale"].isna().sum())
    note = say(
        "Left out: {runs} of recipes that have no learning rate of their own.",
        runs=words.count(without, "run"),
    )
    return runs.dropna(subset=["lr_scale"]), [note] if without else []


def rate_groups(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Split runs by learning rate where it takes two values or more, those that few runs have left out.

    What the other factors do may differ from rate to rate, so claims are told rate by rate too.
    """
    shares = runs["lr_scale"].value_counts(normalize=True)
    kept = sorted(scale for scale, share in shares.items() if share >= _SHARE)
    if len(kept) < 2:
        return []
    return [
        (say("at {rate} own rate", rate=words.times(scale)), runs[runs["lr_scale"] == scale])
        for scale in kept
    ]


def spread(runs: pd.DataFrame, factors: Sequence[tuple[str, str]]) -> str:
    """Say over which levels some factors ran: column and words for it.

    Example:
        >>> runs = pd.DataFrame({"data_size": [64.0, 1100.0], "seed": [0.0, 0.0]})
        >>> spread(runs, [("data_size", "data size"), ("seed", "seed")])
        'data size 64 and 1,100; seed 0'
    """
    said = []
    for column, name in factors:
        found = sorted(runs[column].dropna().unique())
        show = words.ratio if column == "capacity_ratio" else words.number
        texts = all(isinstance(level, str) for level in found)
        listed = words.listed([words.label(level) for level in found]) if texts else told_levels(found, show)
        said.append(words.told_by(name, listed))
    return joined(said, "{left}; {right}")
