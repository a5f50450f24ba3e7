"""Cause 1: generator and discriminator of unequal capacity.

The claim is judged at both ends of the ratio against equal widths, all recipes together; whether it is the
ratio or the discriminator's absolute size is told apart by a second generator width.
"""

from __future__ import annotations

import math

import pandas as pd

from reports import words
from reports.bands import told_levels
from reports.causes.capacity_views import figures, table
from reports.contrasts import DECIDES, Contrast, contrast, family
from reports.findings import Evidence, Finding, combine, verdict_of
from reports.matching import CAPACITY, pairs
from reports.say import say
from reports.staging import rate_groups, spread, stage
from reports.summaries import levels, recipes
from reports.telling import by_group, told, unvaried

_NEAR_EQUAL = 1.5
_HELD = (
    ("network", "network"),
    ("generator_depth", "generator depth"),
    ("discriminator_depth", "discriminator depth"),
    ("batch_size", "batch size"),
    ("update_order", "update order"),
)
_RATE, _WIDTH = "rate", "width"


def capacity(evidence: Evidence) -> Finding:
    """Judge whether unequal widths make runs fail more often than equal ones."""
    scene = stage(evidence.own, "capacity_ratio")
    found = family(
        [item for runs, first in scene.every for item in _contrasts(evidence, runs, decisive=first)]
    )
    decisive = [item for item in found if item.decisive]
    chosen = scene.chosen
    return Finding(
        key="capacity",
        kind="cause",
        title="Unequal capacity of generator and discriminator",
        claim="Training is unstable because generator and discriminator are of unequal capacity.",
        varied=_varied(chosen),
        contrasts=tuple(found),
        verdict=combine(map(verdict_of, decisive)),
        points=tuple(map(told, decisive)) or (_unjudged(evidence.own),),
        notes=tuple(by_group([item for item in found if item.role in (_RATE, _WIDTH)])),
        runs=len(chosen),
        seeds=int(chosen["seed"].nunique()),
        figures=figures(evidence, chosen),
        tables=table(evidence, chosen),
        not_measured=(
            "Capacity stands for the width of the hidden layers; depth and other networks may act "
            "differently.",
            *unvaried(chosen, _HELD),
            *scene.gaps("the capacity ratio"),
        ),
    )


def equal_level(ratios: list[float]) -> float:
    """Ratio that stands for equal capacity: the one nearest to 1, NaN if none is within a factor of 1.5.

    Example:
        >>> equal_level([0.125, 0.5, 1.0, 4.0]), equal_level([0.125, 4.0])
        (1.0, nan)
    """
    near = min(ratios, key=lambda ratio: (abs(math.log(ratio)), ratio), default=math.inf)
    return near if abs(math.log(near)) <= math.log(_NEAR_EQUAL) else math.nan


def _contrasts(evidence: Evidence, runs: pd.DataFrame, *, decisive: bool) -> list[Contrast]:
    ratios = levels(runs, "capacity_ratio")
    equal = equal_level(ratios)
    if math.isnan(equal):
        return []
    dataset = words.label(runs["dataset"].iloc[0])
    ends = [ratio for ratio in (ratios[0], ratios[-1]) if ratio != equal]
    every = words.within(dataset, "all recipes")
    groups = [(every, runs, DECIDES if decisive else "")]
    groups += [
        (words.within(every, rate), part, _RATE if decisive else "") for rate, part in rate_groups(runs)
    ]
    pooled = [
        _against(evidence, part, (ratio, equal), group, role)
        for group, part, role in groups
        for ratio in ends
    ]
    return [*pooled, *_each_recipe(evidence, runs, equal, dataset), *_widths(evidence, runs, dataset)]


def _against(
    evidence: Evidence, runs: pd.DataFrame, ratios: tuple[float, float], group: str, role: str = ""
) -> Contrast:
    at, (ratio, equal) = runs["capacity_ratio"], ratios
    return contrast(
        pairs(runs[at == ratio], runs[at == equal], CAPACITY),
        name=say("{treated}, against {baseline}", treated=_wide(ratio), baseline=_wide(equal)),
        group=group,
        sides=(_wide(ratio), _wide(equal)),
        claimed=1,
        resampling=evidence.resampling,
        role=role,
    )


def _wide(ratio: float) -> str:
    if ratio == 1:
        return say("equal widths")
    shown = words.ratio(ratio)
    if ratio > 1:
        return say("a discriminator {ratio} times as wide as the generator", ratio=shown)
    return say("a discriminator {ratio} as wide as the generator", ratio=shown)


def _each_recipe(evidence: Evidence, runs: pd.DataFrame, equal: float, dataset: str) -> list[Contrast]:
    found = []
    for variant in recipes(runs):
        for width in levels(runs, "generator_width"):
            part = runs[(runs["variant"] == variant) & (runs["generator_width"] == width)]
            at = say("generator width {width:g}", width=width)
            group = words.within(words.within(dataset, words.label(variant)), at)
            if equal not in set(part["capacity_ratio"]):
                continue
            found += [
                _against(evidence, part, (ratio, equal), group)
                for ratio in levels(part, "capacity_ratio")
                if ratio != equal
            ]
    return found


def _widths(evidence: Evidence, runs: pd.DataFrame, dataset: str) -> list[Contrast]:
    """Compare generator widths at the same ratio, and at the same discriminator."""
    counts = runs["generator_width"].value_counts()
    main, found = counts.index[0], []
    for width in (float(other) for other in sorted(counts.index) if other != main):
        sides = (runs[runs["generator_width"] == width], runs[runs["generator_width"] == main])
        for same, free, also in (
            (say("same ratio"), CAPACITY | {"generator_width"}, ("capacity_ratio",)),
            (say("same discriminator"), {"generator_width"}, ()),
        ):
            values = {"same": same, "width": width, "main": main}
            found.append(
                contrast(
                    pairs(*sides, free, also),
                    name=say("{same}, generator width {width:g} against {main:g}", **values),
                    group=words.within(words.within(dataset, "all recipes"), same),
                    sides=(
                        say("generator width {width:g}", width=width),
                        say("{main:g} at the {same}", main=main, same=same),
                    ),
                    claimed=0,
                    resampling=evidence.resampling,
                    role=_WIDTH,
                )
            )
    return found


def _varied(runs: pd.DataFrame) -> str:
    if not len(runs):
        return "Nothing: every run of a dataset has the same capacity ratio."
    ratios = told_levels(levels(runs, "capacity_ratio"), words.ratio)
    rest = spread(runs, [("generator_width", "generator width"), ("data_size", "data size")])
    return say(
        "Discriminator width over generator width: {ratios}; {rest}; recipes {recipes} with their own "
        "settings. Each run is compared with the run that equals it in all else, seed included.",
        ratios=ratios,
        rest=rest,
        recipes=words.listed([words.label(name) for name in recipes(runs)]),
    )


def _unjudged(runs: pd.DataFrame) -> str:
    ratios = levels(runs, "capacity_ratio")
    if len(ratios) < 2:
        return "Not measured: the capacity ratio takes fewer than two values."
    if math.isnan(equal_level(ratios)):
        return "Not measured: no run has a capacity ratio near 1 to compare with."
    return "Not measured: on no dataset does the capacity ratio take two values."
