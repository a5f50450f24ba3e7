"""Tuning curves: the score that a recipe is expected to reach with a budget of trials."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.records.columns import columns_of
from reports import coverage, parts, words
from reports.contrasts import Resampling
from reports.figures.curves import Axis, Measure, Series, panel
from reports.frame import Results
from reports.parts import Cell, Figure, Table
from reports.say import Text, say
from reports.section import Part, Section
from reports.stats import Floats, Interval, Ints
from reports.summaries import datasets
from reports.tuning_curves.expected import curve
from reports.tuning_curves.trials import FEWEST, Search, search
from reports.variants import rank

COLUMNS = columns_of(
    ("dataset", "text", "whose runs"),
    ("recipe", "text", "whose trials"),
    ("trials", "", "runs that are chosen at random from its search"),
    ("seconds", "s", "training seconds that they take, mean"),
    ("expected_best", "", "expected score of the best of them, chosen without replacement"),
    ("expected_best_low", "", "lower limit, for other trials of the same search"),
    ("expected_best_high", "", "upper limit"),
    ("level", "text", "what the limits are worth: the coverage measured at so many trials, or 95 %"),
    ("of", "", "trials of the whole search"),
)
_TOLD = 3
"""Datasets that are told and drawn, those with most runs."""

Curves = Mapping[str, Sequence[Interval]]


def build(results: Results, resampling: Resampling) -> Section:
    """Draw the curves of each dataset's shared search."""
    judged = results.frames.judged
    own = judged[judged["own"]]
    names = datasets(own)[:_TOLD]
    found = [(name, search(own[own["dataset"] == name], name)) for name in names]
    known = [(item, budgets(item), _curves(item, resampling)) for _, item in found if item is not None]
    return Section(
        key="tuning-curves",
        title=say("Scores for a budget of tuning"),
        name=say("Tuning curves"),
        points=tuple(_point(*each) for each in known)
        or (say("No two recipes share {fewest} trials of one search.", fewest=FEWEST),),
        notes=(*(_space(item) for item, _, _ in known), *_method(bool(known))),
        figures=tuple(_figure(*each) for each in known),
        rows={"tuning_curves.csv": [row for each in known for row in _rows(*each)]},
    )


def budgets(item: Search) -> Ints:
    """Numbers of trials that are drawn: powers of two up to half of the search, and that half."""
    most = max(1, item.trials // 2)
    return np.array(sorted({2**power for power in range(int(math.log2(most)) + 1)} | {most}))


def _curves(item: Search, resampling: Resampling) -> Curves:
    return {
        name: curve(scores, budgets(item), resampling.reps, resampling.rng(f"tuning {item.dataset} {name}"))
        for name, scores in sorted(item.scores.items(), key=lambda entry: rank(entry[0]))
    }


def _point(item: Search, sizes: Ints, found: Curves) -> Text:
    """Name the leader of the largest budget and whom it cannot be told from."""
    last = {name: points[-1] for name, points in found.items()}
    best = max(last, key=lambda name: last[name].estimate)
    ties = [name for name in last if name != best and last[name].high >= last[best].low]
    told = say(
        "{dataset}: with {trials} trials {best} is expected to reach {score} {span}, with one {single}.",
        dataset=words.label(item.dataset), trials=int(sizes[-1]), best=best,
        score=words.fixed(last[best].estimate), span=words.span(last[best].low, last[best].high),
        single=words.fixed(found[best][0].estimate),
    )  # fmt: skip
    if ties:
        return say("{told} A tie: {names} cannot be told from it.", told=told, names=words.listed(ties))
    return say("{told} Its interval overlaps no other.", told=told)


def _space(item: Search) -> Text:
    shown = [f"{name} {', '.join(map(words.number, levels))}" for name, levels in item.space.items()]
    return say(
        "{dataset}: {trials} trials of each recipe, the same for all: {space}.",
        dataset=words.label(item.dataset), trials=item.trials, space="; ".join(shown),
    )  # fmt: skip


def _method(known: bool) -> list[Text]:
    if not known:
        return []
    return [
        say(
            "The expected best of k trials is the mean over all choices of k from the search, without "
            "replacement, up to half of it. Bands are for other trials of the same search: what share of "
            "them lies below each that was run is drawn, and no score lies outside 0 to 1. A diverged trial "
            "scores 0. Seeds are drawn as settings are, so that luck counts as it does in a search."
        )
    ]


def _figure(item: Search, sizes: Ints, found: Curves) -> Figure:
    by_trials = Axis(tuple(np.log2(sizes).tolist()), tuple(f"{size}" for size in sizes), say("trials"))
    spent = {name: np.log10(sizes * max(item.seconds[name], 1e-6)) for name in found}
    measure = Measure(say("expected best score"))
    title = say("Expected best score on {dataset}", dataset=words.label(item.dataset))
    panels = (
        panel(say("By trials"), _series(found, dict.fromkeys(found, np.log2(sizes))), by_trials, measure),
        panel(say("By training seconds"), _series(found, spent), _decades(spent), measure),
    )
    caption = say(
        "{trials} trials of each recipe. Bars: where the mean over other trials may lie, {level}.",
        trials=item.trials, level=_level(item),
    )  # fmt: skip
    key = f"tuning-{item.dataset}".replace(":", "-")
    return Figure(key, title, caption, panels, _table(title, item, sizes, found), item.where)


def _level(item: Search) -> str:
    return coverage.level(coverage.TUNING, item.trials)


def _series(found: Curves, places: Mapping[str, Floats]) -> list[Series]:
    return [
        Series(name, dict(zip(map(float, places[name]), points, strict=True)), place=rank(name))
        for name, points in found.items()
    ]


def _decades(spent: Mapping[str, Floats]) -> Axis:
    low = math.floor(min(values.min() for values in spent.values()))
    high = math.ceil(max(values.max() for values in spent.values()))
    places = tuple(float(place) for place in range(low, high + 1))
    return Axis(places, tuple(words.number(10.0**place) for place in places), say("training seconds"))


def _table(title: Text, item: Search, sizes: Ints, found: Curves) -> Table:
    rows: list[list[Cell | str]] = [
        [
            Cell(name), parts.amount(int(size)), parts.value(float(size) * item.seconds[name]),
            parts.score(point.estimate), words.span(point.low, point.high),
        ]
        for name, points in found.items()
        for size, point in zip(sizes, points, strict=True)
    ]  # fmt: skip
    return Table.of(title, ("recipe", "trials", "seconds", "expected best score", "interval"), rows)


def _rows(item: Search, sizes: Ints, found: Curves) -> list[dict[str, Any]]:
    return [
        {
            "dataset": item.dataset, "recipe": name, "trials": int(size),
            "seconds": float(size) * item.seconds[name], "expected_best": point.estimate,
            "expected_best_low": point.low, "expected_best_high": point.high, "level": _level(item),
            "of": item.trials,
        }
        for name, points in found.items()
        for size, point in zip(sizes, points, strict=True)
    ]  # fmt: skip


PART = Part(build, {"tuning_curves.csv": ("one row per dataset, recipe and number of trials", COLUMNS)})
