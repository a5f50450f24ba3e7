"""Remedy: a tuned learning rate, chosen on some seeds and judged on others.

Judging on the seeds that chose would show an improvement even where there is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from reports import words
from reports.bands import bands, pooled, told_levels
from reports.causes.loss import own_rate
from reports.contrasts import DECIDES, Contrast, contrast, family
from reports.findings import Evidence, Finding, combine, verdict_of
from reports.matching import IDENTITY, RATES, pairs
from reports.parts import Cell, Figure, Table, amount
from reports.remedies.views import differences
from reports.say import say
from reports.staging import rated, stage
from reports.summaries import levels, recipes
from reports.telling import titled, told, unvaried

_NEAR_OWN = 1.5
_HELD = (("network", "network"), ("optimizer", "optimizer"), ("steps", "generator updates"))


def tuning(evidence: Evidence) -> Finding:
    """Judge whether the best rate of each cell, found on seeds A, beats the recipe's own rate on seeds B."""
    runs, unrated = rated(evidence.own)
    scene = stage(runs, "lr_scale")
    chosen = scene.chosen
    found = family(
        [item for runs, first in scene.every for item in _contrasts(evidence, runs, decisive=first)]
    )
    decisive = [item for item in found if item.decisive]
    choosing, judging = split(chosen)
    return Finding(
        key="tuning",
        kind="remedy",
        title="A tuned learning rate",
        claim="Carefully chosen training parameters make training stable.",
        varied=_varied(chosen, choosing, judging),
        contrasts=tuple(found),
        verdict=combine(map(verdict_of, decisive)),
        points=tuple(map(told, decisive)) or (_unjudged(chosen),),
        notes=tuple(_notes(found)),
        runs=len(chosen),
        seeds=int(chosen["seed"].nunique()),
        figures=_figures(found, pd.concat([part for part, _ in scene.every] or [chosen])),
        tables=_choices(chosen, choosing),
        not_measured=(
            "Only the learning rate was tuned, both players' together; betas, penalty weights and critic "
            "steps were not.",
            *unvaried(chosen, _HELD),
            *scene.gaps("the learning rate"),
            *unrated,
        ),
    )


def split(runs: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Share the seeds out: the first half (rounded down) chooses, the rest judges.

    Example:
        >>> split(pd.DataFrame({"seed": [0.0, 1.0, 2.0, 3.0, 4.0]}))
        ([0.0, 1.0], [2.0, 3.0, 4.0])
    """
    seeds = levels(runs, "seed")
    half = len(seeds) // 2
    return seeds[:half], seeds[half:]


def choose(runs: pd.DataFrame, seeds: Sequence[float]) -> pd.DataFrame:
    """Pick the rate with the best mean score of each cell on some seeds, the lower of two equally good.

    Returns:
        One row per cell: the fields of IDENTITY but rates and seed, and ``lr_scale``.
    """
    keys = _cell_keys()
    known = runs[runs["seed"].isin(seeds)].dropna(subset=["score"])
    means = known.groupby([*keys, "lr_scale"], dropna=False, as_index=False)["score"].mean()
    ranked = means.sort_values(["score", "lr_scale"], ascending=[False, True], kind="stable")
    return ranked.drop_duplicates(keys)[[*keys, "lr_scale"]]


def _cell_keys() -> list[str]:
    return [name for name in IDENTITY if name not in RATES and name != "seed"]


def _contrasts(evidence: Evidence, runs: pd.DataFrame, *, decisive: bool) -> list[Contrast]:
    own = own_rate(levels(runs, "lr_scale"))
    choosing, judging = split(runs)
    if abs(math.log(own)) > math.log(_NEAR_OWN) or not choosing:
        return []
    held_out = runs[runs["seed"].isin(judging)]
    tuned = held_out.merge(choose(runs, choosing), on=[*_cell_keys(), "lr_scale"])
    dataset = words.label(runs["dataset"].iloc[0])
    groups = [("all recipes", tuned, held_out, DECIDES if decisive else "")]
    groups += [
        (words.label(name), *(part[part["variant"] == name] for part in (tuned, held_out)), "")
        for name in recipes(runs)
    ]
    return [
        contrast(
            pairs(part, base[base["lr_scale"] == own], RATES),
            name=say(
                "rate tuned on {seeds} against {own}",
                seeds=words.count(len(choosing), "other seed"),
                own=words.times(own),
            ),
            group=words.within(dataset, group),
            sides=(say("the tuned rate"), say("the recipe's own ({own})", own=words.times(own))),
            claimed=-1,
            resampling=evidence.resampling,
            role=role,
        )
        for group, part, base, role in groups
    ]


def _notes(found: Sequence[Contrast]) -> list[str]:
    each = [item for item in found if not item.decisive and not item.obstacle]
    return [titled("Recipe by recipe", [_renamed(item) for item in each])] if each else []


def _renamed(item: Contrast) -> Contrast:
    return replace(item, name=words.innermost(item.group))


def _figures(found: Sequence[Contrast], runs: pd.DataFrame) -> tuple[Figure, ...]:
    title = "Tuned against own learning rate, on seeds that did not choose it"
    named = [(item.group, words.innermost(item.group), item) for item in found]
    return differences("tuning", title, named, runs)


def _choices(runs: pd.DataFrame, seeds: Sequence[float]) -> tuple[Table, ...]:
    """Tabulate how often each rate was the best one of a cell."""
    if not seeds:
        return ()
    best = choose(runs, seeds)
    found = bands(levels(runs, "lr_scale"))
    best, rows = pooled(best, "lr_scale", found), []
    for recipe in sorted(set(best["recipe"])):
        picked = best[best["recipe"] == recipe]["lr_scale"]
        counts = (amount(int((picked == scale).sum())) for scale in found.edges)
        rows.append([Cell(words.label(recipe)), *counts])
    columns = ("recipe", *map(found.name, found.edges))
    return (Table.of("In how many cells each rate was the best", columns, rows),)


def _varied(runs: pd.DataFrame, choosing: Sequence[float], judging: Sequence[float]) -> str:
    if not len(runs):
        return "Nothing: every run has its recipe's one learning rate."
    scales = told_levels(levels(runs, "lr_scale"), words.times)
    first, second = (words.listed([f"{seed:g}" for seed in seeds]) or "none" for seeds in (choosing, judging))
    return say(
        "Learning rates {scales} of each recipe's own. For each cell the rate with the best mean score over "
        "seeds {choosing} was chosen; tuned and own rate are compared on seeds {judging} only.",
        scales=scales,
        choosing=first,
        judging=second,
    )


def _unjudged(runs: pd.DataFrame) -> str:
    scales = levels(runs, "lr_scale")
    if len(scales) < 2:
        return "Not measured: the learning rate takes fewer than two values."
    if abs(math.log(own_rate(scales))) > math.log(_NEAR_OWN):
        return "Not measured: no run has its recipe's own learning rate to compare with."
    return "Not measured: with one seed there is none left to judge a choice on."
