"""Stability statistics in sentences and figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from reports import parts, words
from reports.contrasts import MIN_PAIRS
from reports.figures import forest
from reports.figures.curves import Axis, Measure, Series
from reports.figures.curves import panel as curves
from reports.parts import Figure, Panel, Row, Table
from reports.say import Text, say
from reports.stability.improving import Improvement
from reports.stability.profiles import LEVELS, Profile, Reached
from reports.stability.robustness import Range
from reports.stability.summed import Summed
from reports.stats import Interval
from reports.variants import rank

REFERENCE = "nsgan"
_UNIT = forest.Scale(say("score"))
Known = tuple[Sequence[Summed], Sequence[Profile], Sequence[Reached], Sequence[Improvement], Sequence[Range]]


def points(
    sums: Sequence[Summed], reached: Sequence[Reached], better: Sequence[Improvement], found: Sequence[Range]
) -> list[Text]:
    """Tell of each dataset what lost most again, what got there most often, and which rates are forgiven."""
    said = []
    for name in _datasets(sums):
        part = [item for item in sums if item.dataset == name and item.runs >= MIN_PAIRS]
        if part:
            said.append(_regret(part))
        hits = [item for item in reached if item.dataset == name and item.runs >= MIN_PAIRS]
        if hits:
            said.append(_soonest(hits))
    said += [_forgiving(found, name) for name in _datasets(found)]
    return said


def _regret(part: Sequence[Summed]) -> Text:
    worst = max(part, key=lambda item: item.measures["regret"].estimate)
    best = max(part, key=lambda item: item.measures["last"].estimate)
    regret, last = worst.measures["regret"], best.measures["last"]
    return say(
        "{dataset}: {worst} loses most of its best score again, {regret} {span} by the end; the best last "
        "score is that of {best}, {last} {other} (IQM of {runs}).",
        dataset=words.label(worst.dataset), worst=words.label(worst.recipe),
        regret=words.fixed(regret.estimate), span=words.span(regret.low, regret.high),
        best=words.label(best.recipe), last=words.fixed(last.estimate),
        other=words.span(last.low, last.high), runs=words.count(best.runs, "run"),
    )  # fmt: skip


def _soonest(hits: Sequence[Reached]) -> Text:
    target = max(item.target for item in hits)
    part = [item for item in hits if item.target == target]
    best = max(part, key=lambda item: item.share.estimate)
    return say(
        "{dataset}: a score of {target} is reached most often by {recipe}, in {share} {span} of {runs}; "
        "median {seconds} s of training, misses counted as infinite.",
        dataset=words.label(best.dataset), target=words.number(target), recipe=words.label(best.recipe),
        share=words.percent(best.share.estimate),
        span=words.span(best.share.low, best.share.high, share=True),
        runs=words.count(best.runs, "run"), seconds=_seconds(best.seconds),
    )  # fmt: skip


def _forgiving(found: Sequence[Range], name: str) -> Text:
    part = [item for item in found if item.dataset == name]
    widest = max(part, key=lambda item: item.decades.estimate)
    narrow = min(part, key=lambda item: item.decades.estimate)
    return say(
        "{dataset}: within twice its best distance stay {widest} over {most} {span} decades of learning "
        "rate (best score {high}) and {narrow} over {least} {other} (best score {low}).",
        dataset=words.label(name), widest=words.label(widest.recipe),
        most=words.fixed(widest.decades.estimate),
        span=words.span(widest.decades.low, widest.decades.high), high=words.fixed(widest.best),
        narrow=words.label(narrow.recipe), least=words.fixed(narrow.decades.estimate),
        other=words.span(narrow.decades.low, narrow.decades.high), low=words.fixed(narrow.best),
    )  # fmt: skip


def notes(compared: bool, ranged: bool) -> tuple[Text, ...]:
    """Say how things were measured, or what was not."""
    said = []
    if compared:
        said.append(
            say(
                "Recipes are compared over the settings and seeds that all of them share. Area: mean score "
                "over all planned steps, 0 before the first and after a divergence. Regret: best less last "
                "evaluation; the best of a curve is chosen by looking at it, so some regret is noise."
            )
        )
    if ranged:
        said.append(
            say(
                "The range of learning rates is that of the recipe's own two rates together; a recipe that "
                "is bad at every rate has a long range too, so its best score stands beside it. Ranges "
                "marked ≥ end where the rates that were tried end."
            )
        )
    else:
        said.append(
            say("No recipe was run at three learning rates in one setting: their range is not measured.")
        )
    return tuple(said)


def figures(
    sums: Sequence[Summed], shares: Sequence[Profile], reached: Sequence[Reached],
    better: Sequence[Improvement], found: Sequence[Range],
) -> tuple[Figure, ...]:  # fmt: skip
    """Draw each dataset's measures and profiles, then improvement and ranges."""
    drawn = []
    for name in _datasets(sums):
        parted = [
            [item for item in every if item.dataset == name] for every in (sums, shares, reached, better)
        ]
        drawn += [_curves(*parted[:2]), _reached(parted[2]), _improving(parted[3])]  # type: ignore[arg-type]
    return (
        *(item for item in drawn if item is not None),
        *(_ranges(found, name) for name in _datasets(found)),
    )


def _curves(sums: Sequence[Summed], shares: Sequence[Profile]) -> Figure:
    dataset, level = sums[0].dataset, sums[0].level
    title = say("Scores of runs on {dataset}", dataset=words.label(dataset))
    measures = {"best": say("best"), "last": say("last"), "area": say("area under the curve"),
                "regret": say("regret")}  # fmt: skip
    panels = [_measure(label, name, sums) for name, label in measures.items()]
    axis = Axis(LEVELS, tuple(f"{level:g}" for level in LEVELS), say("score"))
    lines = [
        Series(item.recipe, {one.above: one.share for one in shares if one.recipe == item.recipe},
               place=rank(item.recipe))
        for item in sums
    ]  # fmt: skip
    profile = curves(
        say("Performance profile"), lines, axis, Measure(say("runs above"), (-0.02, 1.02), share=True)
    )
    caption = say(
        "{runs} of each recipe in {settings} settings, {seeds}; IQM with stratified bootstrap, {level}, "
        "shares with Wilson limits for runs within settings, {other}. The profile is the share of runs whose "
        "last score is above each value.",
        runs=words.count(sums[0].runs, "run"), settings=sums[0].cells,
        seeds=words.count(sums[0].seeds, "seed"), level=level, other=shares[0].level,
    )  # fmt: skip
    rows: list[Row] = [
        [words.label(one.recipe), parts.score(one.above), parts.share(one.share.estimate),
         words.span(one.share.low, one.share.high, share=True)]
        for one in shares
    ]  # fmt: skip
    data = Table.of(title, ("recipe", "score", "runs above", "interval"), rows)
    return Figure(_key("stability", dataset), title, caption, (*panels, profile), data)


def _measure(label: Text, name: str, sums: Sequence[Summed]) -> Panel:
    shown = [forest.Row(item.recipe, item.measures[name], rank(item.recipe)) for item in sums]
    return forest.panel(label, shown, _UNIT)


def _reached(found: Sequence[Reached]) -> Figure:
    dataset = found[0].dataset
    title = say("Runs that reach a score on {dataset}", dataset=words.label(dataset))
    targets = sorted({item.target for item in found})
    panels = tuple(
        forest.panel(
            say("score at least {target}", target=words.number(target)),
            [forest.Row(one.recipe, one.share, rank(one.recipe)) for one in found if one.target == target],
            forest.Scale(say("share of runs"), share=True),
        )
        for target in targets
    )
    caption = say(
        "{runs} of each recipe; Wilson 95 %. Times are medians and quartiles of training seconds, runs that "
        "never get there counted as ∞.", runs=words.count(found[0].runs, "run"),
    )  # fmt: skip
    rows: list[Row] = [
        [words.label(one.recipe), parts.score(one.target), parts.share(one.share.estimate),
         words.span(one.share.low, one.share.high, share=True), _seconds(one.seconds), _seconds(one.early),
         _seconds(one.late)]
        for one in found
    ]  # fmt: skip
    columns = ("recipe", "score", "reached", "95 %", "median seconds", "first quartile", "third quartile")
    return Figure(_key("reached", dataset), title, caption, panels, Table.of(title, columns, rows))


def _improving(found: Sequence[Improvement]) -> Figure | None:
    against = [_seen_from(item) for item in found if REFERENCE in (item.recipe, item.other)]
    if not against:
        return None
    dataset = found[0].dataset
    title = say("Probability of ending above {recipe} on {dataset}", recipe=REFERENCE,
                dataset=words.label(dataset))  # fmt: skip
    shown = [forest.Row(item.recipe, item.probability, rank(item.recipe)) for item in against]
    panel = forest.panel(title, shown, forest.Scale(say("probability"), share=True, line=0.5))
    caption = say(
        "In {settings} settings alike, {runs} of each recipe: how often a run ends above one of {recipe}, "
        "ties half. Seeds of both resampled within settings, {level}. All pairs are in improvement.csv.",
        settings=against[0].settings, runs=words.count(against[0].runs, "run"), recipe=REFERENCE,
        level=against[0].level,
    )  # fmt: skip
    rows: list[Row] = [
        [words.label(item.recipe), parts.share(item.probability.estimate),
         words.span(item.probability.low, item.probability.high, share=True)]
        for item in against
    ]  # fmt: skip
    data = Table.of(title, ("recipe", "probability", "interval"), rows)
    return Figure(_key("improvement", dataset), title, caption, (panel,), data)


def _seen_from(item: Improvement) -> Improvement:
    if item.other == REFERENCE:
        return item
    found = item.probability
    turned = Interval(1 - found.estimate, 1 - found.high, 1 - found.low)
    return replace(item, recipe=item.other, other=item.recipe, probability=turned)


def _ranges(found: Sequence[Range], name: str) -> Figure:
    part = [item for item in found if item.dataset == name]
    title = say(
        "Decades of learning rate within twice the best distance on {dataset}", dataset=words.label(name)
    )
    shown = [forest.Row(item.recipe, item.decades, rank(item.recipe)) for item in part]
    panel = forest.panel(title, shown, forest.Scale(say("decades")))
    caption = say(
        "Up to {rates} learning rates over {tried} decades, {seeds}; medians of seeds at each rate, seeds "
        "resampled for the interval ({level}).",
        rates=max(item.rates for item in part), tried=words.fixed(max(item.tried for item in part)),
        seeds=words.count(max(item.seeds for item in part), "seed"), level=part[0].level,
    )  # fmt: skip
    rows: list[Row] = [
        [words.label(item.recipe), ("≥ " if item.edge else "") + words.fixed(item.decades.estimate),
         words.span(item.decades.low, item.decades.high), parts.score(item.best), parts.amount(item.rates),
         parts.amount(item.settings), parts.amount(item.seeds)]
        for item in part
    ]  # fmt: skip
    columns = ("recipe", "decades", "interval", "best score", "learning rates", "settings", "seeds")
    return Figure(_key("robustness", name), title, caption, (panel,), Table.of(title, columns, rows))


def _seconds(seconds: float) -> str:
    return "∞" if math.isinf(seconds) else words.number(seconds)


def _datasets(found: Sequence[Summed] | Sequence[Range]) -> list[str]:
    return list(dict.fromkeys(item.dataset for item in found))


def _key(kind: str, dataset: str) -> str:
    return f"{kind}-{dataset}".replace(":", "-")
