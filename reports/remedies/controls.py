"""Controls of the Wasserstein remedy: equal critic steps, one common optimizer, critic steps alone.

Which of them can be had is read from the runs, not from the names of grids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from reports import words
from reports.contrasts import Contrast, contrast
from reports.findings import Evidence
from reports.matching import RATES, RECIPE, pairs
from reports.say import joined, say

STEPS, COMMON, ALONE = "equal critic steps", "one common optimizer", "critic steps alone"
CONTROLS = {
    STEPS: "a Wasserstein recipe and minimax or nsgan with the same number of critic steps",
    COMMON: "a Wasserstein recipe and minimax or nsgan under one optimizer and one learning rate",
    ALONE: "a recipe against itself with another number of critic steps",
}
"""Each control with what it compares."""

COMPARED = ("minimax", "non_saturating", "wasserstein")
"""Losses of the runs that are compared."""
_OPTIMIZER = {"optimizer", "beta1", "beta2"}


def controls(evidence: Evidence, runs: pd.DataFrame) -> list[Contrast]:
    """Compare under every control that some runs of one dataset allow."""
    plain = runs[runs["loss"].isin(("minimax", "non_saturating")) & (runs["regularizer"] == "none")]
    critics = runs[runs["loss"] == "wasserstein"]
    found = []
    for left, right in _recipe_pairs(critics, plain):
        found += _equal_steps(evidence, left, right)
        found += _common_optimizer(evidence, left, right)
    return [*found, *_steps_alone(evidence, runs)]


def _recipe_pairs(critics: pd.DataFrame, plain: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    for _, left in critics.groupby("recipe", sort=True):
        for _, right in plain.groupby("recipe", sort=True):
            yield left, right


def _equal_steps(evidence: Evidence, left: pd.DataFrame, right: pd.DataFrame) -> list[Contrast]:
    free = (RECIPE | RATES) - {"n_critic"}
    sides = [part[part["departs"].isin(("", "steps"))].dropna(subset=["lr_scale"]) for part in (left, right)]
    found = []
    for steps in sorted(set(sides[0]["n_critic"]) & set(sides[1]["n_critic"])):
        first, second = (side[side["n_critic"] == steps] for side in sides)
        paired = pairs(first, second, free, also=("lr_scale",))
        under = say(", {steps} each", steps=words.count(int(steps), "critic step"))
        found += _compared(evidence, paired, _names(left, right), under, STEPS)
    return found


def _common_optimizer(evidence: Evidence, left: pd.DataFrame, right: pd.DataFrame) -> list[Contrast]:
    found = []
    for optimizer in sorted(set(left["optimizer"]) & set(right["optimizer"])):
        first, second = (part[part["optimizer"] == optimizer] for part in (left, right))
        paired = pairs(first, second, RECIPE - _OPTIMIZER)
        under = say(", both with {optimizer}", optimizer=words.label(optimizer))
        found += _compared(evidence, paired, _names(left, right), under, COMMON)
    return found


def _steps_alone(evidence: Evidence, runs: pd.DataFrame) -> list[Contrast]:
    found = []
    for recipe, part in runs.groupby("recipe", sort=True):
        own, other = part[part["departs"] == ""], part[part["departs"] == "steps"]
        for steps in sorted(set(other["n_critic"])):
            paired = pairs(other[other["n_critic"] == steps], own, {"n_critic"})
            own_steps = words.listed([f"{level:g}" for level in sorted(set(own["n_critic"]))])
            changed = words.count(int(steps), "critic step")
            name = say("{recipe} with {steps}", recipe=words.label(recipe), steps=changed)
            found += _compared(evidence, paired, (name, say("its own {steps}", steps=own_steps)), "", ALONE)
    return found


def _against(sides: Sequence[str]) -> str:
    return say("{treated} against {baseline}", treated=sides[0], baseline=sides[1])


def _names(left: pd.DataFrame, right: pd.DataFrame) -> tuple[str, str]:
    return words.label(left["recipe"].iloc[0]), words.label(right["recipe"].iloc[0])


def _compared(
    evidence: Evidence, paired: pd.DataFrame, sides: Sequence[str], under: str, group: str
) -> list[Contrast]:
    if not len(paired):
        return []
    return [
        contrast(
            paired,
            name=joined([_against(sides), under], "{left}{right}"),
            group=group,
            sides=(sides[0], sides[1]),
            claimed=-1,
            resampling=evidence.resampling,
        )
    ]
