"""Remedies with their price: what each did at equal steps, samples and seconds, and what a step costs."""

from __future__ import annotations

from reports import words
from reports.contrasts import Resampling
from reports.frame import Results
from reports.prices import leak, views
from reports.prices.average import Averaging
from reports.prices.together import Prices, prices
from reports.prices.verdicts import HURTS, NOT_MEASURED, NOTHING
from reports.say import Text, say
from reports.section import Part, Section


def build(results: Results, resampling: Resampling) -> Section:
    """Price every remedy of the registry and the averaged generator."""
    found = prices(results.frames.judged, results.frames.evaluations, resampling)
    return Section(
        key="prices",
        title=say("Remedies with their price"),
        name=say("Prices"),
        points=tuple(map(views.point, found.measured))
        or (say("No remedy has pairs of runs enough to be priced."),),
        notes=(
            *_overview(found),
            *_missing(found),
            *leak.told(results.frames.judged),
            *_average(found.average),
            *_method(found),
        ),
        figures=views.figure(found, results.frames.judged),
        tables=(views.table(found),),
        rows={"prices.csv": views.rows(found)},
    )


def _overview(found: Prices) -> list[Text]:
    """Say plainly which remedies did nothing or harm, over whole runs and at each equal budget."""
    told = []
    for word, pattern in (
        (HURTS, "Hurts rather than helps: {names}."),
        (NOTHING, "No difference shown: {names}."),
    ):
        names = [item.remedy.title for item in found.remedies if item.verdict == word]
        if names:
            told.append(say(pattern, names=words.listed(names)))
    for budget, pattern in (
        ("steps", "Hurts at equal steps: {names}."),
        ("samples", "Hurts at equal samples: {names}."),
        ("seconds", "Hurts at equal seconds: {names}."),
    ):
        names = [item.remedy.title for item in found.remedies if item.scores[budget].verdict == HURTS]
        if names:
            told.append(say(pattern, names=words.listed(names)))
    return told


def _missing(found: Prices) -> list[Text]:
    return [
        say(
            "Not measured: {remedy} ({reason}).",
            remedy=item.remedy.title,
            reason=item.contrast.obstacle if item.contrast.score.pairs else item.remedy.absent,
        )
        for item in found.remedies
        if item.verdict == NOT_MEASURED
    ]


def _average(average: Averaging) -> list[Text]:
    score, runs = average.score, words.count(average.score.pairs, "run")
    if not score.measured:
        return [say("Not measured: {remedy} ({runs}).", remedy=views.AVERAGED, runs=runs)]
    return [
        say(
            "{remedy}: {verdict}, score {change} {span} ({runs}). A run is timed with its averaging, so what "
            "that costs is not known.",
            remedy=views.AVERAGED,
            verdict=score.verdict,
            change=words.signed(score.difference.estimate),
            span=words.span(score.difference.low, score.difference.high),
            runs=runs,
        )
    ]


def _method(found: Prices) -> list[Text]:
    failures, scores, budgets = found.families
    return [
        say(
            "Holm corrects over {failures} failure rates, over {scores} final scores, and over {budgets} "
            "scores at equal budgets, the averaged generator's among them. Failure rates are of whole runs: "
            "a verdict needs the whole curve, so they are not compared at equal samples or seconds. A run "
            "that diverged scores 0 from there on. A recipe is compared as a whole: with its loss come its "
            "optimizer and critic steps, and what these do alone is among the claims above.",
            failures=failures,
            scores=scores,
            budgets=budgets,
        )
    ]


PART = Part(build, {"prices.csv": ("one row per remedy and level", views.COLUMNS)})
