"""Remedy: a Wasserstein loss in place of minimax, at each capacity ratio.

A Wasserstein recipe also brings its own optimizer, rate and critic steps; controls.py takes these apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.contrasts import DECIDES, Contrast, contrast, family
from reports.findings import Evidence, Finding, combine, verdict_of
from reports.matching import RATES, RECIPE, pairs
from reports.parts import Figure
from reports.remedies.controls import COMPARED, CONTROLS, controls
from reports.remedies.views import differences
from reports.say import say, shaped
from reports.staging import rate_groups, rated, spread, stage
from reports.summaries import levels, recipes
from reports.telling import by_group, titled, told, unvaried

_LOSSES = ("minimax", "wasserstein")
_RATE = "rate"
_HELD = (("network", "network"), ("steps", "generator updates"), ("batch_size", "batch size"))


def wasserstein(evidence: Evidence) -> Finding:
    """Judge whether Wasserstein recipes fail less than minimax, and what is left under equal conditions."""
    own, unrated = rated(evidence.own)
    scene = stage(own[own["loss"].isin(_LOSSES)], "loss")
    found = family(
        [item for runs, first in scene.every for item in _contrasts(evidence, runs, decisive=first)]
    )
    decisive = [item for item in found if item.decisive]
    chosen = scene.chosen
    return Finding(
        key="wasserstein",
        kind="remedy",
        title="Wasserstein losses",
        claim="Wasserstein GANs train more stably than the original, minimax GAN.",
        varied=_varied(chosen),
        contrasts=tuple(found),
        verdict=combine(map(verdict_of, decisive)),
        points=tuple(map(told, decisive))
        or ("Not measured: no Wasserstein run has a minimax run to be compared with.",),
        notes=(*by_group([item for item in found if item.role == _RATE]), *_notes(found)),
        runs=len(chosen),
        seeds=int(chosen["seed"].nunique()),
        figures=(
            *_by_ratio(found, chosen, scene.dataset),
            *_by_control(found, _controlled(evidence, chosen)),
        ),
        tables=(),
        not_measured=(*_absent(found), *unvaried(chosen, _HELD), *scene.gaps("the loss"), *unrated),
    )


def _contrasts(evidence: Evidence, runs: pd.DataFrame, *, decisive: bool) -> list[Contrast]:
    minimax, dataset = runs[runs["loss"] == "minimax"], runs["dataset"].iloc[0]
    found = []
    for variant in recipes(runs[runs["loss"] == "wasserstein"]):
        part = runs[runs["variant"] == variant]
        groups = [("all ratios", part, DECIDES if decisive else "")]
        groups += [(rate, side, _RATE if decisive else "") for rate, side in rate_groups(part)]
        groups += [
            (
                say("capacity ratio {ratio}", ratio=words.ratio(ratio)),
                part[part["capacity_ratio"] == ratio],
                "",
            )
            for ratio in levels(part, "capacity_ratio")
        ]
        found += [
            contrast(
                pairs(side, minimax, RECIPE | RATES, also=("lr_scale",)),
                name=say("{treated} against {baseline}", treated=words.label(variant), baseline="minimax"),
                group=words.within(words.label(dataset), where),
                sides=(words.label(variant), "minimax"),
                claimed=-1,
                resampling=evidence.resampling,
                role=role,
            )
            for where, side, role in groups
        ]
    judged = evidence.frames.judged
    return [*found, *(controls(evidence, judged[judged["dataset"] == dataset]) if decisive else [])]


def _notes(found: Sequence[Contrast]) -> list[str]:
    notes = []
    for name in CONTROLS:
        group = [item for item in found if item.group == name]
        if group:
            notes.append(titled(name, group))
    return notes


def _absent(found: Sequence[Contrast]) -> list[str]:
    there = {item.group for item in found}
    return [
        say("No control of this kind was run: {control}.", control=said)
        for name, said in CONTROLS.items()
        if name not in there
    ]


def _by_ratio(found: Sequence[Contrast], runs: pd.DataFrame, dataset: str) -> tuple[Figure, ...]:
    rows = [item for item in found if item.group.startswith(f"{dataset}, ")]
    title = "Wasserstein recipes against minimax at each capacity ratio"
    named = [
        (words.clauses([item.treated, words.innermost(item.group)]), item.treated, item) for item in rows
    ]
    return differences("wasserstein-ratio", title, named, runs)


def _by_control(found: Sequence[Contrast], runs: pd.DataFrame) -> tuple[Figure, ...]:
    named = [
        (_short(item.name), item.treated.split(" with ")[0], item) for item in found if item.group in CONTROLS
    ]
    return differences("wasserstein-controls", "The same under equal conditions", named, runs)


def _controlled(evidence: Evidence, chosen: pd.DataFrame) -> pd.DataFrame:
    """What the controls may compare: the losses of either side, in any setting, on the same data."""
    judged = evidence.frames.judged
    return judged[judged["dataset"].isin(chosen["dataset"]) & judged["loss"].isin(COMPARED)]


def _short(name: str) -> str:
    return shaped(name.replace(" against ", " vs ").removesuffix(" each"), name)


def _varied(runs: pd.DataFrame) -> str:
    if not len(runs):
        return "Nothing: no dataset was run with both a minimax and a Wasserstein loss."
    factors = [("capacity_ratio", "capacity ratio"), ("data_size", "data size")]
    return say(
        "Recipes {recipes}, each with its own optimizer and critic steps, at the same multiples of their own "
        "rates; {levels}.",
        recipes=words.listed([words.label(name) for name in recipes(runs)]),
        levels=spread(runs, factors),
    )
