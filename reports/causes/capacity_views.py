"""What cause 1 shows: failure rate and score against the capacity ratio, per recipe and generator width."""

from __future__ import annotations

import math

import pandas as pd

from reports import parts, words
from reports.figures.curves import FAILURE, SCORE, Axis, Measure, Series, panel
from reports.findings import Evidence
from reports.matching import CAPACITY, complete
from reports.parts import Figure, Panel, Row, Table
from reports.stats import Interval
from reports.summaries import Summary, by_level, levels, middle, recipes, summary_table

_BANDS = "Bars: Wilson 95 % for failure rates; stratified bootstrap for scores, its worth is in the data."


def figures(evidence: Evidence, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw one figure of the main generator width and, if there is a second one, one that compares widths."""
    if not len(runs):
        return ()
    main = runs[runs["generator_width"] == runs["generator_width"].value_counts().index[0]]
    first = _figure(evidence, complete(main, CAPACITY, "capacity_ratio"), "capacity-ratio")
    several = [name for name, part in runs.groupby("variant") if part["generator_width"].nunique() > 1]
    if not several:
        return first
    shared = runs[runs["variant"].isin(several)]
    block = complete(shared, CAPACITY | {"generator_width"}, "generator_width", also=("capacity_ratio",))
    return (*first, *_figure(evidence, block, "capacity-widths"))


def table(evidence: Evidence, runs: pd.DataFrame) -> tuple[Table, ...]:
    """Tabulate the discriminator at each ratio: how often it dominates, how well it tells real from fake."""
    rows: list[Row] = []
    for ratio in levels(runs, "capacity_ratio"):
        part = runs[runs["capacity_ratio"] == ratio]
        telling = middle(part, "auc_real_fake", evidence.resampling, f"capacity {ratio:g}")
        rows.append(
            [
                parts.Cell(words.ratio(ratio), ratio),
                parts.amount(len(part)),
                parts.share(_flagged(part, "D-dominated")),
                parts.share(_flagged(part, "vanishing-gradient")),
                parts.share(_flagged(part, "G-dominated")),
                parts.score(telling.estimate),
                words.span(telling.low, telling.high),
            ]
        )
    if not rows:
        return ()
    columns = (
        "capacity ratio",
        "runs",
        "D-dominated",
        "vanishing gradient",
        "G-dominated",
        "AUC real–fake",
        "interval",
    )
    return (Table.of("State of the discriminator by capacity ratio, all recipes", columns, rows),)


def _flagged(runs: pd.DataFrame, mechanism: str) -> float:
    flags = [mechanism in text.split() for text in runs["mechanisms"]]
    return sum(flags) / len(flags) if flags else math.nan


def _figure(evidence: Evidence, runs: pd.DataFrame, key: str) -> tuple[Figure, ...]:
    if not len(runs):
        return ()
    found = {
        (variant, width): by_level(part, "capacity_ratio", evidence.resampling, f"{key} {variant} {width:g}")
        for variant in recipes(runs)
        for width in levels(runs, "generator_width")
        if len(part := runs[(runs["variant"] == variant) & (runs["generator_width"] == width)])
    }
    panels = [
        _panel(runs, found, variant, measure) for measure in (FAILURE, SCORE) for variant in recipes(runs)
    ]
    widths = levels(runs, "generator_width")
    title = "Failure rate and score against the capacity ratio"
    if len(widths) > 1:
        title = "The same ratios at another generator width"
    caption = (
        f"{words.count(len(runs), 'run')} whose cell was run at every "
        f"{'width' if len(widths) > 1 else 'ratio'}, {words.count(int(runs['seed'].nunique()), 'seed')}, "
        f"generator width {words.listed([f'{width:g}' for width in widths])}; learning rates and data sizes "
        f"pooled. {_BANDS}"
    )
    rows: list[tuple[Row, Summary]] = [
        ([words.label(variant), parts.amount(width), parts.Cell(words.ratio(ratio), ratio)], summary)
        for (variant, width), series in found.items()
        for ratio, summary in series.items()
    ]
    data = summary_table(title, ("recipe", "generator width", "capacity ratio"), rows)
    return (Figure(key, title, caption, tuple(panels), data),)


def _panel(
    runs: pd.DataFrame, found: dict[tuple[str, float], dict[float, Summary]], variant: str, measure: Measure
) -> Panel:
    ratios = levels(runs, "capacity_ratio")
    axis = Axis(
        tuple(math.log2(ratio) for ratio in ratios),
        tuple(words.ratio(ratio) for ratio in ratios),
        "discriminator width / generator width",
    )
    series = [
        Series(
            f"generator width {width:g}",
            {math.log2(ratio): _point(summary, measure) for ratio, summary in summaries.items()},
            recipes(runs)[variant],
            dash,
        )
        for dash, (width, summaries) in enumerate(
            (width, summaries) for (name, width), summaries in found.items() if name == variant
        )
    ]
    return panel(f"{words.label(variant)}, {measure.name}", series, axis, measure)


def _point(summary: Summary, measure: Measure) -> Interval:
    return summary.failure.interval if measure is FAILURE else summary.score
