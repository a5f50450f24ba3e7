"""Cause 2: a badly designed loss, or badly chosen parameters.

The loss: minimax against every other recipe at the same multiple of its own learning rate. The parameters:
each other rate against the recipe's own, recipe by recipe, in either direction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from reports import words
from reports.bands import Bands, bands, nearest, told_levels
from reports.causes.loss_views import figures
from reports.contrasts import DECIDES, Contrast, contrast, family
from reports.findings import NOT_MEASURED, Evidence, Finding, combine, verdict_of
from reports.matching import RATES, RECIPE, pairs
from reports.say import say
from reports.staging import rated, spread, stage
from reports.summaries import levels, recipes
from reports.telling import grouped, titled, unvaried

_HELD = (
    ("network", "network"),
    ("batch_size", "batch size"),
    ("latent_dim", "latent size"),
    ("update_order", "update order"),
    ("steps", "generator updates"),
)


def loss(evidence: Evidence) -> Finding:
    """Judge whether minimax fails more than other losses, and whether the learning rate decides."""
    runs, unrated = rated(evidence.own)
    scene = stage(runs.assign(loss_or_rate=runs["recipe"] + runs["lr_scale"].astype(str)), "loss_or_rate")
    found = family(
        [item for part, first in scene.every for item in _contrasts(evidence, part, decisive=first)]
    )
    decisive = [item for item in found if item.decisive]
    chosen = scene.chosen
    return Finding(
        key="loss",
        kind="cause",
        title="A badly designed loss or badly chosen parameters",
        claim="Training is unstable because the loss is badly designed or parameters are badly chosen.",
        varied=_varied(chosen),
        contrasts=tuple(found),
        verdict=combine(map(verdict_of, decisive)),
        points=_points(decisive),
        notes=_pooling(chosen),
        runs=len(chosen),
        seeds=int(chosen["seed"].nunique()),
        figures=figures(evidence, chosen),
        tables=(),
        not_measured=(
            "Momentum, penalty weights and separate rates of the two players were left at each recipe's "
            "own values.",
            *unvaried(chosen, _HELD),
            *scene.gaps("loss and learning rate"),
            *_too_few(decisive, chosen),
            *unrated,
        ),
    )


def _pooling(runs: pd.DataFrame) -> tuple[str, ...]:
    """Say how many rates are compared as how few."""
    found = bands(levels(runs, "lr_scale"))
    if not found.pooled:
        return ()
    compared = say("For each setting and seed the run nearest to the middle of a band is compared.")
    return (*found.notes, compared)


def own_rate(scales: Sequence[float]) -> float:
    """The scale nearest to 1 by factor, the lower of two equally near; NaN where there is none.

    Example:
        >>> own_rate([0.3, 1.0, 3.0]), own_rate([0.5, 2.0])
        (1.0, 0.5)
    """
    return min(scales, key=lambda scale: (round(abs(math.log(scale)), 9), scale), default=math.nan)


def _contrasts(evidence: Evidence, runs: pd.DataFrame, *, decisive: bool) -> list[Contrast]:
    dataset, role = words.label(runs["dataset"].iloc[0]), DECIDES if decisive else ""
    found = bands(levels(runs, "lr_scale"))
    at_rates = nearest(runs, found)
    minimax = runs[runs["loss"] == "minimax"]
    losses = [
        contrast(
            pairs(minimax, runs[runs["variant"] == variant], RECIPE | RATES, also=("lr_scale",)),
            name=say("{treated} against {baseline}", treated="minimax", baseline=words.label(variant)),
            group=words.within(dataset, "same multiple of own rate"),
            sides=("minimax", words.label(variant)),
            claimed=1,
            resampling=evidence.resampling,
            role=role,
        )
        for variant in (recipes(runs[runs["loss"] != "minimax"]) if len(minimax) else ())
    ]
    rates = []
    for variant in recipes(runs):
        part = at_rates[at_rates["variant"] == variant]
        rates += _rates(evidence, part, found, dataset, words.label(variant), role)
    return [*losses, *_judgeable(rates), *_rates(evidence, at_rates, found, dataset, "all recipes", "")]


def _rates(
    evidence: Evidence, runs: pd.DataFrame, found: Bands, dataset: str, who: str, role: str
) -> list[Contrast]:
    """Compare every rate, or band of rates, with the own one, of one recipe or of all of them together."""
    scales = levels(runs, "lr_scale")
    own, at = own_rate(scales), "{who} at {rate} own rate"
    return [
        contrast(
            pairs(runs[runs["lr_scale"] == scale], runs[runs["lr_scale"] == own], RATES),
            name=say(
                "{who} at {rate} own rate against {own}",
                who=who,
                rate=found.name(scale),
                own=found.name(own),
            ),
            group=words.within(dataset, who),
            sides=(say(at, who=who, rate=found.name(scale)), found.name(own)),
            claimed=0,
            resampling=evidence.resampling,
            role=role,
        )
        for scale in scales
        if scale != own
    ]


def _judgeable(rates: Sequence[Contrast]) -> list[Contrast]:
    """Let only rates decide that enough runs were made at; if there are none, all say what is missing."""
    if all(item.obstacle for item in rates):
        return list(rates)
    return [replace(item, role="") if item.obstacle else item for item in rates]


def _too_few(decisive: Sequence[Contrast], runs: pd.DataFrame) -> list[str]:
    """Name recipes that ran at several rates, too seldom to judge any of them."""
    judged = {words.innermost(item.group) for item in decisive if not item.claimed}
    several = runs.groupby("variant")["lr_scale"].nunique()
    names = [words.label(name) for name in recipes(runs) if several[name] > 1]
    left = [name for name in names if name not in judged]
    if not left:
        return []
    return [
        say("Too few runs to judge the learning rate of {recipes} by itself.", recipes=words.listed(left))
    ]


def _points(decisive: Sequence[Contrast]) -> tuple[str, ...]:
    parts = [
        ("Loss", [item for item in decisive if item.claimed]),
        ("Learning rate", [item for item in decisive if not item.claimed]),
    ]
    said = tuple(_point(name, group) for name, group in parts if group)
    return said or (
        "Not measured: of the runs whose recipe has its own settings no two differ in the loss alone or in "
        "the learning rate alone.",
    )


def _point(name: str, contrasts: Sequence[Contrast]) -> str:
    verdict = combine(map(verdict_of, contrasts))
    if verdict == NOT_MEASURED:
        return titled(name, contrasts)
    return say("{name}: {verdict}. {told}", name=name, verdict=verdict, told=grouped(contrasts))


def _varied(runs: pd.DataFrame) -> str:
    if not len(runs):
        return "Nothing: every run has the same loss and the same learning rate."
    factors = [("data_size", "data size"), ("capacity_ratio", "capacity ratio")]
    scales = told_levels(levels(runs, "lr_scale"), words.times)
    return say(
        "Recipes {recipes} with their own optimizer and critic steps, learning rates {scales} of each "
        "recipe's own; {levels}.",
        recipes=words.listed([words.label(name) for name in recipes(runs)]),
        scales=scales,
        levels=spread(runs, factors),
    )
