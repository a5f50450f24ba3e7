"""Attribution by intervention: which of three remedies failing cells owe their recovery to."""

from __future__ import annotations

from collections.abc import Iterator

from reports import words
from reports.contrasts import MIN_PAIRS, MIN_SEEDS, Resampling
from reports.frame import Results
from reports.interventions.answers import Answers, answers
from reports.interventions.estimates import SCORE, STABLE, Attribution
from reports.interventions.shapley import FACTORS, PAIRS
from reports.interventions.views import COLUMNS, MOST_CELLS, csv_rows, figure, table
from reports.say import Text, say
from reports.section import Part, Section
from reports.stats import Interval

__all__ = ["PART", "section"]

_NAMES = {"C": "capacity", "L": "the loss", "D": "data"}


def section(results: Results, resampling: Resampling) -> Section:
    """Judge the factorials of remedies that a folder holds, and say what is missing where it holds none."""
    found = answers(results.frames.judged, resampling)
    there = bool(found.cells)
    return Section(
        key="interventions",
        title=say("Which cause was it? Remedies tried one by one and together"),
        name=say("Interventions"),
        points=tuple(_points(found)),
        notes=tuple(_notes(found)),
        figures=(figure(found, results.frames.judged),) if there else (),
        tables=(table(found),) if there else (),
        rows={"interventions.csv": list(csv_rows(found))},
    )


PART = Part(
    section,
    {"interventions.csv": ("failing cells under every set of three remedies, and their shares", COLUMNS)},
    attribution=True,
)
"""The part of the page."""


def _points(found: Answers) -> Iterator[Text]:
    if not found.cells:
        yield say(
            "Not measured: no grid holds a failing cell with every set of the three remedies. "
            "ganbench attribute DIR trains some."
        )
        return
    stable, score = found.pooled[STABLE], found.pooled[SCORE]
    if not stable.enough:
        yield say(
            "Nothing is claimed: {pairs} pairs of runs ({distinct} different ones) on {seeds} fresh seeds, "
            "at least {least} on {few} are needed.",
            pairs=stable.pairs, distinct=stable.distinct, seeds=stable.seeds, least=MIN_PAIRS, few=MIN_SEEDS,
        )  # fmt: skip
        return
    yield _total(stable, len(found.cells))
    if stable.explained:
        yield _shared(stable)
        yield _leader(stable)
        yield from _together(stable)
    elif score.explained:
        yield say(
            "The score rises all the same, by {rise} {span}.",
            rise=words.signed(score.total.estimate), span=words.span(score.total.low, score.total.high),
        )  # fmt: skip


def _total(item: Attribution, cells: int) -> Text:
    values = {
        "none": words.percent(item.values[""].estimate), "all": words.percent(item.values["CLD"].estimate),
        "rise": _points_of(item.total), "pairs": item.pairs, "seeds": item.seeds, "cells": cells,
    }  # fmt: skip
    if item.explained:
        return say(
            "With all three remedies {all} of runs are stable, without any {none}: {rise}, over {pairs} "
            "pairs of runs of {cells} failing cells on {seeds} fresh seeds.",
            **values,
        )
    return say(
        "Not explained by these three: with all remedies {all} of runs are stable, without any {none} "
        "({rise}), over {pairs} pairs of runs of {cells} failing cells on {seeds} fresh seeds.",
        **values,
    )


def _points_of(value: Interval) -> str:
    return f"{words.points(value.estimate)} {words.span(value.low, value.high, share=True)}"


def _shared(item: Attribution) -> Text:
    return say(
        "Of that, by Shapley's rule, {c} are due to capacity, {l} to the loss and {d} to data.",
        **{letter.lower(): _points_of(item.shares[letter]) for letter in FACTORS},
    )


def _leader(item: Attribution) -> Text:
    if len(item.factors) < 2:
        return say("Only one remedy changes these cells; there is nothing to share out.")
    if item.dominant:
        return say(
            "Most is due to {name}: its share exceeds each other's, by intervals.",
            name=say(_NAMES[item.dominant]),
        )
    return say("None dominates: no share is shown to exceed both others.")


def _together(item: Attribution) -> Iterator[Text]:
    """Interactions that are shown to be there."""
    for pair in PAIRS:
        both = item.interactions[pair]
        if both.excludes_zero:
            values = {"first": say(_NAMES[pair[0]]), "second": say(_NAMES[pair[1]]), "more": _points_of(both)}
            if both.estimate > 0:
                yield say(
                    "Remedies of {first} and {second} need each other: together {more} beyond the sum.",
                    **values,
                )
            else:
                yield say(
                    "Remedies of {first} and {second} replace each other: {more} beyond the sum.", **values
                )


def _notes(found: Answers) -> Iterator[Text]:
    yield say(
        "Remedies: a discriminator as wide as its generator; loss and regularizer of nsgan-r1 with the "
        "cell's own optimizer, rates and critic steps; all training samples. Nothing else changes."
    )
    if found.cells:
        yield say(
            "A cell chosen because it failed gets better by chance: seeds on which it ran elsewhere in this "
            "folder are never used here. Undecided runs count as not stable. All seeds alike give a bar "
            "without width; that is not certainty. These runs take no part in the claims. "
            "Bars speak of these cells on other seeds, not of others."
        )
    for cell in found.cells[:MOST_CELLS]:
        yield from _of_cell(cell.name, cell.factors, cell.undecided, cell.reused, cell.incomplete)
    if len(found.cells) > MOST_CELLS:
        yield say(
            "{left} further cells are in interventions.csv and in all cells together.",
            left=len(found.cells) - MOST_CELLS,
        )
    for gap in found.gaps[:MOST_CELLS]:
        yield say("Grid {grid} holds no whole factorial: {why}.", grid=words.label(gap.grid), why=gap.why)


def _of_cell(name: str, factors: str, undecided: int, reused: int, incomplete: int) -> Iterator[Text]:
    there = [letter for letter in FACTORS if letter not in factors]
    if there:
        yield say(
            "{cell}: already at its remedy in {letters}, whose share is 0.",
            cell=name,
            letters=", ".join(there),
        )
    if undecided:
        yield say("{cell}: {count} of its runs are undecided.", cell=name, count=undecided)
    if reused:
        yield say("{cell}: {count} seeds are left out, it ran on them elsewhere.", cell=name, count=reused)
    if incomplete:
        yield say(
            "{cell}: {count} seeds are left out, a set lacks a judged run.", cell=name, count=incomplete
        )
