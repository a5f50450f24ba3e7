"""What cause 2 shows: failure rate and score over the plane of recipe and learning rate."""

from __future__ import annotations

import pandas as pd

from reports import parts, words
from reports.contrasts import MIN_PAIRS
from reports.factors import where
from reports.figures import plane
from reports.figures.curves import FAILURE, SCORE, Measure
from reports.findings import Evidence
from reports.matching import RATES, RECIPE, rectangles
from reports.parts import Figure, Row
from reports.say import say
from reports.stats import Interval
from reports.summaries import Summary, by_level, levels, recipes, summary_table

_AXIS = "learning rate over the recipe's own"


def figures(evidence: Evidence, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw the plane over each full sub-grid of recipes and rates: the finest, and the one with most runs."""
    if not len(runs):
        return ()
    blocks = rectangles(runs, RECIPE | RATES, "lr_scale", "variant")
    return tuple(_plane(evidence, block, cells, index) for index, (block, cells) in enumerate(blocks))


def _plane(evidence: Evidence, runs: pd.DataFrame, cells: int, index: int) -> Figure:
    found = {
        variant: by_level(
            runs[runs["variant"] == variant], "lr_scale", evidence.resampling, f"plane {index} {variant}"
        )
        for variant in recipes(runs)
    }
    names = [words.label(variant) for variant in found], [words.times(at) for at in levels(runs, "lr_scale")]
    panels = tuple(
        plane.panel(words.sentence(measure.name), _values(found, measure), _AXIS, names, measure)
        for measure in (FAILURE, SCORE)
    )
    settings = say("the same setting") if cells == 1 else say("the same {cells} settings", cells=cells)
    title = say("Recipe and learning rate in {settings} of all else", settings=settings)
    caption = say(
        "{runs}: every recipe at every rate in {settings} of capacity ratio, data size and all else, "
        "{seeds} each. In brackets: Wilson 95 % for failure rates; stratified bootstrap for scores, its "
        "worth is in the data. A square of fewer than {pairs} runs is a map, no claim.",
        runs=words.count(len(runs), "run"),
        settings=settings,
        seeds=words.count(int(runs["seed"].nunique()), "seed"),
        pairs=MIN_PAIRS,
    )
    rows: list[tuple[Row, Summary]] = [
        ([words.label(variant), parts.Cell(words.times(scale), scale)], summary)
        for variant, series in found.items()
        for scale, summary in series.items()
    ]
    data = summary_table(title, ("recipe", "learning rate"), rows)
    return Figure(f"loss-plane-{index}", title, caption, panels, data, where(runs))


def _values(
    found: dict[str, dict[float, Summary]], measure: Measure
) -> dict[tuple[str, str], tuple[Interval, int]]:
    return {
        (words.label(variant), words.times(scale)): (
            summary.failure.interval if measure is FAILURE else summary.score,
            summary.runs,
        )
        for variant, series in found.items()
        for scale, summary in series.items()
    }
