"""Remedies with their price: what each did at equal steps, samples and seconds, and what a step costs."""

from __future__ import annotations

from reports import words
from reports.contrasts import Resampling
from reports.frame import Results
from reports.prices import views
from reports.prices.average import Averaging, averaging
from reports.prices.effects import HURTS, NOT_MEASURED, NOTHING, Price, prices
from reports.say import Text, say
from reports.section import Part, Section


def build(results: Results, resampling: Resampling) -> Section:
    """Price every remedy of the registry and the averaged generator."""
    frames = results.frames
    found = prices(frames.judged, frames.evaluations, resampling)
    average = averaging(frames.judged, frames.evaluations, resampling)
    measured = [item for item in found if item.verdict != NOT_MEASURED]
    return Section(
        key="prices",
        title=say("Remedies with their price"),
        name=say("Prices"),
        points=tuple(map(views.point, measured))
        or (say("No remedy has pairs of runs enough to be priced."),),
        notes=(*_overview(found), *_missing(found), *_average(average), *_method(found)),
        figures=views.figure(found, average),
        tables=(views.table(found, average),),
        rows={"prices.csv": views.rows(found, average)},
    )


def _overview(found: list[Price]) -> list[Text]:
    """Say plainly which remedies did nothing or harm."""
    told = []
    for word, pattern in (
        (HURTS, "Hurts rather than helps: {names}."),
        (NOTHING, "No difference shown: {names}."),
    ):
        names = [item.remedy.title for item in found if item.verdict == word]
        if names:
            told.append(say(pattern, names=words.listed(names)))
    dear = [item.remedy.title for item in found if HURTS in {each.verdict for each in item.scores.values()}]
    if dear:
        told.append(
            say("Hurts the score at equal steps, samples or seconds: {names}.", names=words.listed(dear))
        )
    return told


def _missing(found: list[Price]) -> list[Text]:
    return [
        say(
            "Not measured: {remedy} ({reason}).",
            remedy=item.remedy.title,
            reason=item.contrast.obstacle if item.contrast.score.pairs else item.remedy.absent,
        )
        for item in found
        if item.verdict == NOT_MEASURED
    ]


def _average(average: Averaging) -> list[Text]:
    if average.verdict == NOT_MEASURED:
        return [
            say(
                "Not measured: {remedy} ({runs}).",
                remedy=views.AVERAGED,
                runs=words.count(average.runs, "run"),
            )
        ]
    return [
        say(
            "{remedy}: {verdict}, score {change} {span} ({runs}).",
            remedy=views.AVERAGED,
            verdict=average.verdict,
            change=words.signed(average.difference.estimate),
            span=words.span(average.difference.low, average.difference.high),
            runs=words.count(average.runs, "run"),
        )
    ]


def _method(found: list[Price]) -> list[Text]:
    return [
        say(
            "Holm corrects over {count} remedies that were measured, failure rates and final scores each, "
            "and over them at all three budgets together. The averaged generator is another reading of the "
            "same runs: its p stands alone. A run that diverged scores 0 from there on. A recipe is compared "
            "as a whole: with its loss come its optimizer and critic steps, and what these do alone is among "
            "the claims above.",
            count=sum(item.verdict != NOT_MEASURED for item in found),
        )
    ]


PART = Part(build, {"prices.csv": ("one row per remedy", views.COLUMNS)})
