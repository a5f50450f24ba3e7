"""What cause 2 shows: failure rate and score over the plane of recipe and learning rate."""

from __future__ import annotations

import pandas as pd

from reports import parts, words
from reports.figures import plane
from reports.figures.curves import FAILURE, SCORE, Measure
from reports.findings import Evidence
from reports.matching import RATES, complete
from reports.parts import Figure, Row
from reports.stats import Interval
from reports.summaries import Summary, by_level, levels, recipes, summary_table

_AXIS = "learning rate over the recipe's own"


def figures(evidence: Evidence, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw the plane twice: failure rate and score."""
    found: dict[str, dict[float, Summary]] = {}
    for variant in recipes(runs) if len(runs) else {}:
        block = complete(runs[runs["variant"] == variant], RATES, "lr_scale")
        if len(block):
            found[variant] = by_level(block, "lr_scale", evidence.resampling, f"plane {variant}")
    if not found:
        return ()
    scales = levels(runs, "lr_scale")
    names = [words.label(variant) for variant in found], [words.times(scale) for scale in scales]
    panels = tuple(
        plane.panel(
            f"{measure.name.capitalize()}, recipe by learning rate",
            _values(found, measure),
            _AXIS,
            names,
            measure,
        )
        for measure in (FAILURE, SCORE)
    )
    runs_in = sum(summary.runs for series in found.values() for summary in series.values())
    caption = (
        f"{words.count(runs_in, 'run')} whose cell was run at every rate of its recipe, "
        f"{words.count(int(runs['seed'].nunique()), 'seed')}; capacity ratios and data sizes pooled. In "
        "brackets: Wilson 95 % for failure rates; stratified bootstrap for scores, its worth is in the "
        "data."
    )
    rows: list[tuple[Row, Summary]] = [
        ([words.label(variant), parts.Cell(words.times(scale), scale)], summary)
        for variant, series in found.items()
        for scale, summary in series.items()
    ]
    title = "Failure rate and score by recipe and learning rate"
    data = summary_table(title, ("recipe", "learning rate"), rows)
    return (Figure("loss-plane", title, caption, panels, data),)


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
