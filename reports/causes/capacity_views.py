"""What cause 1 shows: failure rate and score against the capacity ratio, per recipe and generator width."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from reports import parts, words
from reports.factors import where
from reports.figures.curves import FAILURE, SCORE, Axis, Measure, Series, panel
from reports.findings import Evidence
from reports.matching import CAPACITY, complete
from reports.parts import Figure, Panel, Row, Table
from reports.say import say
from reports.staging import rate_groups
from reports.stats import Interval
from reports.summaries import Summary, by_level, levels, middle, recipes, summary_table

_BANDS = "Bars: Wilson 95 % for failure rates; stratified bootstrap for scores, its worth is in the data."


@dataclass(frozen=True, slots=True)
class Lines:
    """What the lines of a panel stand for: a column, words and symbols for its levels, the figure's title."""

    column: str
    name: Callable[[float], str]
    mark: Callable[[float], str]
    title: str


_BY_RATE = Lines(
    "lr_scale",
    lambda at: say("{rate} own rate", rate=words.times(at)),
    lambda at: f"lr {words.times(at)}",
    "Failure rate and score against the capacity ratio",
)
_BY_WIDTH = Lines(
    "generator_width",
    lambda at: say("generator width {width:g}", width=at),
    lambda at: f"G {at:g}",
    "The same ratios at another generator width",
)


def figures(evidence: Evidence, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw one figure of the main generator width and, if there is a second one, one that compares widths."""
    if not len(runs):
        return ()
    main = runs[runs["generator_width"] == runs["generator_width"].value_counts().index[0]]
    groups = rate_groups(main)
    kept = pd.concat([part for _, part in groups]).sort_index() if groups else main.assign(lr_scale=1.0)
    first = _figure(evidence, complete(kept, CAPACITY, "capacity_ratio"), "capacity-ratio", _BY_RATE)
    several = [name for name, part in runs.groupby("variant") if part["generator_width"].nunique() > 1]
    if not several:
        return first
    shared = runs[runs["variant"].isin(several)]
    block = complete(shared, CAPACITY | {"generator_width"}, "generator_width", also=("capacity_ratio",))
    return (*first, *_figure(evidence, block, "capacity-widths", _BY_WIDTH))


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


def _figure(evidence: Evidence, runs: pd.DataFrame, key: str, lines: Lines) -> tuple[Figure, ...]:
    if not len(runs):
        return ()
    found = {
        (variant, line): by_level(part, "capacity_ratio", evidence.resampling, f"{key} {variant} {line:g}")
        for variant in recipes(runs)
        for line in levels(runs, lines.column)
        if len(part := runs[(runs["variant"] == variant) & (runs[lines.column] == line)])
    }
    panels = [_panel(runs, found, (variant, m), lines) for m in (FAILURE, SCORE) for variant in recipes(runs)]
    widths = words.listed([f"{width:g}" for width in levels(runs, "generator_width")])
    caption = say(
        "{runs} whose cell was run at every {level}, {seeds}, generator width {widths}; {pooled} pooled. "
        "{bands}",
        runs=words.count(len(runs), "run"),
        level="ratio" if lines is _BY_RATE else "generator width",
        seeds=words.count(int(runs["seed"].nunique()), "seed"),
        widths=widths,
        pooled="data sizes" if lines is _BY_RATE else "learning rates and data sizes",
        bands=_BANDS,
    )
    rows: list[tuple[Row, Summary]] = [
        ([words.label(variant), lines.name(line), parts.Cell(words.ratio(ratio), ratio)], summary)
        for (variant, line), series in found.items()
        for ratio, summary in series.items()
    ]
    data = summary_table(lines.title, ("recipe", "line", "capacity ratio"), rows)
    return (Figure(key, lines.title, caption, tuple(panels), data, where(runs)),)


def _panel(
    runs: pd.DataFrame,
    found: dict[tuple[str, float], dict[float, Summary]],
    shown: tuple[str, Measure],
    lines: Lines,
) -> Panel:
    (variant, measure), ratios = shown, levels(runs, "capacity_ratio")
    axis = Axis(
        tuple(math.log2(ratio) for ratio in ratios),
        tuple(words.ratio(ratio) for ratio in ratios),
        "discriminator width / generator width",
    )
    own = [(line, summaries) for (name, line), summaries in found.items() if name == variant]
    series = [
        Series(
            lines.name(line),
            {math.log2(ratio): _point(summary, measure) for ratio, summary in summaries.items()},
            recipes(runs)[variant],
            dash,
            mark=lines.mark(line),
        )
        for dash, (line, summaries) in enumerate(own)
    ]
    drawn = panel(words.clauses([words.label(variant), measure.name]), series, axis, measure)
    return replace(drawn, recipe=words.label(variant))


def _point(summary: Summary, measure: Measure) -> Interval:
    return summary.failure.interval if measure is FAILURE else summary.score
