"""Cause 3: too few data.

The claim is judged at the smallest training set against the largest. What a perfect copy of the same images
would score stands beside it: that much is the data's own shortfall, only the rest is the training's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.causes import starved
from reports.causes.data_views import copy_score, figures
from reports.contrasts import DECIDES, Contrast, contrast, family
from reports.findings import Evidence, Finding, combine, verdict_of
from reports.matching import DATA, pairs
from reports.say import joined, say
from reports.staging import rate_groups, spread, stage
from reports.stats import Interval, iqm_difference
from reports.summaries import levels, recipes
from reports.telling import by_group, told, unvaried

_HELD = (
    ("defect", "planted defects"),
    ("augmentation", "augmentation"),
    ("network", "network"),
    ("steps", "generator updates"),
)
_RATE = "rate"
_SIGNS = (
    ("auc_train_holdout", "AUC of the discriminator between training and held-out images"),
    ("data_copying", "data-copying statistic C_T (below −3 copies)"),
    ("authenticity", "share of authentic samples"),
)


def data(evidence: Evidence) -> Finding:
    """Judge whether few training samples make runs fail, and how much of that the data alone explain."""
    scene = stage(evidence.own, "data_size")
    found = family(
        [item for runs, first in scene.every for item in _contrasts(evidence, runs, decisive=first)]
    )
    decisive = [item for item in found if item.decisive]
    chosen = scene.chosen
    short = starved.starved(chosen)
    return Finding(
        key="data",
        kind="cause",
        title="Too few training data",
        claim="Training is unstable because there are too few data, or poor ones.",
        varied=_varied(chosen),
        contrasts=tuple(found),
        verdict=combine(map(verdict_of, decisive)),
        points=tuple(map(told, decisive)) or ("Not measured: the data size takes fewer than two values.",),
        notes=(
            *by_group([item for item in found if item.role == _RATE]),
            *_notes(evidence, chosen, decisive),
            *starved.note(short, levels(chosen, "data_size")),
        ),
        runs=len(chosen),
        seeds=int(chosen["seed"].nunique()),
        figures=figures(evidence, chosen),
        tables=starved.table(short),
        not_measured=(
            *unvaried(chosen, _HELD),
            *scene.gaps("the data size"),
        ),
    )


def _contrasts(evidence: Evidence, runs: pd.DataFrame, *, decisive: bool) -> list[Contrast]:
    dataset = words.label(runs["dataset"].iloc[0])
    every = words.within(dataset, "all recipes")
    groups = [(every, runs, DECIDES if decisive else "")]
    groups += [
        (words.within(every, rate), part, _RATE if decisive else "") for rate, part in rate_groups(runs)
    ]
    groups += [
        (words.within(dataset, words.label(name)), runs[runs["variant"] == name], "")
        for name in recipes(runs)
    ]
    sizes = levels(runs, "data_size")
    return [
        contrast(
            pairs(part[part["data_size"] == size], part[part["data_size"] == sizes[-1]], DATA),
            name=say("{few:,.0f} training samples against {many:,.0f}", few=size, many=sizes[-1]),
            group=group,
            sides=(say("{size:,.0f} training samples", size=size), f"{sizes[-1]:,.0f}"),
            claimed=1,
            resampling=evidence.resampling,
            role=role if size == sizes[0] else "",
        )
        for group, part, role in groups
        for size in sizes[:-1]
    ]


def _notes(evidence: Evidence, runs: pd.DataFrame, decisive: Sequence[Contrast]) -> list[str]:
    sizes = levels(runs, "data_size")
    if len(sizes) < 2:
        return []
    few, all_of_it = (runs[runs["data_size"] == size] for size in (sizes[0], sizes[-1]))
    names = say("{few:,.0f} samples against {many:,.0f}", few=sizes[0], many=sizes[-1])
    notes = _shortfall(few, all_of_it, decisive)
    for column, name in _SIGNS:
        change = _change(evidence, few, all_of_it, column)
        if change.known:
            shown = [words.change(change.estimate, change.low, change.high)]
            if not change.excludes_zero:
                shown.append(say("no difference shown"))
            notes.append(
                say(
                    "{sign}, {sizes}: {change}.",
                    sign=words.sentence(name),
                    sizes=names,
                    change=joined(shown, "{left}; {right}"),
                )
            )
    return notes


def _shortfall(few: pd.DataFrame, many: pd.DataFrame, decisive: Sequence[Contrast]) -> list[str]:
    """Say what the data alone cost, and whether the runs lost less, as much or more."""
    copies = [float(copy_score(part).median()) for part in (few, many)]
    if any(map(math.isnan, copies)):
        return []
    cost = copies[0] - copies[1]
    sizes = [f"{part['data_size'].iloc[0]:,.0f}" for part in (few, many)]
    said = say(
        "A perfect copy of the training images would score {few} at {few_size} samples and {many} at "
        "{many_size}: {cost} is the data's own shortfall, whatever the GAN does.",
        few=words.fixed(copies[0]),
        few_size=sizes[0],
        many=words.fixed(copies[1]),
        many_size=sizes[1],
        cost=words.signed(cost),
    )
    lost = decisive[0].score if decisive else None
    if lost is None or lost.obstacle or lost.sign >= 0:
        return [said]
    change = lost.difference
    changed = say(
        "The runs themselves changed by {change}, {blame}.",
        change=words.change(change.estimate, change.low, change.high),
        blame=_blame(cost, change),
    )
    return [words.sentences([said, changed])]


def _blame(cost: float, change: Interval) -> str:
    if change.low > cost:
        return say("less than that, so the data alone can account for it")
    if cost <= change.high:
        return say("as much as that, so the data alone can account for it")
    return say("more than that, so training adds to it")


def _change(evidence: Evidence, few: pd.DataFrame, many: pd.DataFrame, column: str) -> Interval:
    paired = pairs(few, many, DATA, values=(column,)).dropna()
    return iqm_difference(
        paired[f"{column}_treated"].to_numpy(dtype=float),
        paired[f"{column}_baseline"].to_numpy(dtype=float),
        paired["cell"].tolist(),
        reps=evidence.resampling.reps,
        rng=evidence.resampling.rng(f"data {column}"),
    )


def _varied(runs: pd.DataFrame) -> str:
    if not len(runs):
        return "Nothing: every run of a dataset sees the same number of training samples."
    factors = [("data_size", "training samples"), ("capacity_ratio", "capacity ratio")]
    return say(
        "{levels}; recipes {recipes} with their own settings. Runs are scored against the same held-out "
        "samples, whatever they trained on.",
        levels=words.sentence(spread(runs, factors)),
        recipes=words.listed([words.label(name) for name in recipes(runs)]),
    )
