"""What cause 2 shows: failure rate and score over the plane of recipe and learning rate."""

from __future__ import annotations

import pandas as pd

from reports import parts, words
from reports.bands import RATES as POOLED
from reports.bands import Bands, bands, pooled
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
    pools = bands(levels(runs, "lr_scale"))
    blocks = rectangles(pooled(runs, "lr_scale", pools), RECIPE | RATES, "lr_scale", "variant")
    return tuple(_plane(evidence, block, pools, cells, index) for index, (block, cells) in enumerate(blocks))


def _plane(evidence: Evidence, runs: pd.DataFrame, pools: Bands, cells: int, index: int) -> Figure:
    found = {
        variant: by_level(
            runs[runs["variant"] == variant], "lr_scale", evidence.resampling, f"plane {index} {variant}"
        )
        for variant in recipes(runs)
    }
    names = [words.label(variant) for variant in found], [pools.name(at) for at in levels(runs, "lr_scale")]
    panels = tuple(
        plane.panel(words.sentence(measure.name), _values(found, measure, pools), _AXIS, names, measure)
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
        ([words.label(variant), parts.Cell(pools.name(scale), scale)], summary)
        for variant, series in found.items()
        for scale, summary in series.items()
    ]
    data = summary_table(title, ("recipe", POOLED if pools.pooled else "learning rate"), rows)
    return Figure(f"loss-plane-{index}", title, caption, panels, data, where(runs))


def _values(
    found: dict[str, dict[float, Summary]], measure: Measure, pools: Bands
) -> dict[tuple[str, str], tuple[Interval, int]]:
    return {
        (words.label(variant), pools.name(scale)): (
            summary.failure.interval if measure is FAILURE else summary.score,
            summary.runs,
        )
        for variant, series in found.items()
        for scale, summary in series.items()
    }
