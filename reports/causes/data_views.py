"""What cause 3 shows: failure, score, the discriminator's gap and memorisation against data size."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from reports import parts, words
from reports.factors import where
from reports.figures.curves import FAILURE, SCORE, Axis, Measure, Series, panel
from reports.findings import Evidence
from reports.matching import DATA, complete
from reports.parts import Cell, Figure, Panel, Row, Table
from reports.say import joined, say
from reports.staging import rate_groups
from reports.stats import Interval
from reports.summaries import SUMMARY_COLUMNS, Summary, by_level, levels, middle, recipes, summary_cells

_EXTRA = (
    (Measure("AUC train–holdout", line=0.5), "auc_train_holdout", None),
    (Measure("coverage", (-0.02, 1.02)), "coverage", "coverage_copy"),
    (Measure("data copying C_T", line=-3.0), "data_copying", None),
    (Measure("authentic share", (-0.02, 1.02)), "authenticity", None),
)
_DISTANCE = (Measure("distance", log=True), "distance", "distance_copy")
"""The other scale of the score: what it is the logarithm of."""
_COPY = say("perfect copy")
_TITLE = "Failure, score, discriminator gap and memorisation against data size"


def copy_score(runs: pd.DataFrame) -> pd.Series:
    """What a faithful copy of each run's training samples would score, on the scale of the score.

    Source:
        The normalised log distance of the verdicts, with the copy's distance in place of the generator's.
    """
    floor, start, copy = (
        runs[f"distance_{name}"].to_numpy(dtype=float) for name in ("floor", "start", "copy")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.log(copy / floor) / np.log(start / floor)
    return pd.Series(1 - np.clip(q, 0, 1), index=runs.index)


def figures(evidence: Evidence, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw every measure against the data size, one line per recipe; a figure for each learning rate."""
    block = complete(runs, DATA, "data_size") if len(runs) else runs
    if not len(block):
        return ()
    groups = rate_groups(block) or [("", block)]
    return tuple(
        _figure(evidence, complete(part, DATA, "data_size"), rate, f"data-size-{index}")
        for index, (rate, part) in enumerate(groups)
    )


def _figure(evidence: Evidence, block: pd.DataFrame, rate: str, key: str) -> Figure:
    found = {
        variant: by_level(part, "data_size", evidence.resampling, f"{key} {variant}")
        for variant in recipes(block)
        if len(part := block[block["variant"] == variant])
    }
    extra = {
        (variant, column): _levels(evidence, block[block["variant"] == variant], column, key)
        for variant in found
        for _, column, _ in (*_EXTRA, _DISTANCE)
    }
    failure, score = (_verdict_panel(block, found, measure) for measure in (FAILURE, SCORE))
    panels = [failure, _on_two_scales(score, block, extra)]
    panels += [
        _extra_panel(block, extra, measure, column, copy)
        for measure, column, copy in _EXTRA
        if block[column].notna().any()
    ]
    caption = say(
        "{runs} whose cell was run at every data size, {seeds}; capacity ratios pooled. Bars: Wilson 95 % "
        "for failure rates, stratified bootstrap else. Dashed: what a perfect copy of that many training "
        "samples would get, mean of several draws. Dotted: no gap (AUC 0.5), limit of copying (C_T = −3).",
        runs=words.count(len(block), "run"),
        seeds=words.count(int(block["seed"].nunique()), "seed"),
    )
    title = words.clauses([_TITLE, rate] if rate else [_TITLE])
    return Figure(key, title, caption, tuple(panels), _table(title, block, found, extra), where(block))


def _on_two_scales(
    score: Panel, runs: pd.DataFrame, extra: dict[tuple[str, str], dict[float, Interval]]
) -> Panel:
    if not (runs["distance"] > 0).any():
        return score
    distance = replace(_extra_panel(runs, extra, *_DISTANCE), scale=_DISTANCE[0].name)
    return replace(score, scale=SCORE.name, other=distance)


def _verdict_panel(runs: pd.DataFrame, found: dict[str, dict[float, Summary]], measure: Measure) -> Panel:
    series = [
        Series(
            words.label(variant),
            {
                math.log10(size): summary.failure.interval if measure is FAILURE else summary.score
                for size, summary in series.items()
            },
            recipes(runs)[variant],
        )
        for variant, series in found.items()
    ]
    if measure is SCORE:
        series.append(_copies(runs.assign(copy=copy_score(runs)), "copy"))
    return panel(_against(measure), series, _axis(runs), measure)


def _extra_panel(
    runs: pd.DataFrame,
    found: dict[tuple[str, str], dict[float, Interval]],
    measure: Measure,
    column: str,
    copy: str | None,
) -> Panel:
    series = [
        Series(
            words.label(variant),
            {math.log10(size): point for size, point in points.items()},
            recipes(runs)[variant],
        )
        for (variant, name), points in found.items()
        if name == column
    ]
    if copy:
        series.append(_copies(runs, copy))
    return panel(_against(measure), series, _axis(runs), measure)


def _against(measure: Measure) -> str:
    return words.sentence(say("{measure} against data size", measure=measure.name))


def _copies(runs: pd.DataFrame, column: str) -> Series:
    medians = runs.groupby("data_size")[column].median().dropna()
    return Series(
        _COPY, {math.log10(size): Interval(float(at)) for size, at in medians.items()}, reference=True
    )


def _levels(evidence: Evidence, runs: pd.DataFrame, column: str, key: str) -> dict[float, Interval]:
    variant = runs["variant"].iloc[0]
    return {
        size: middle(
            runs[runs["data_size"] == size], column, evidence.resampling, f"{key} {variant} {size:g}"
        )
        for size in levels(runs, "data_size")
    }


def _axis(runs: pd.DataFrame) -> Axis:
    sizes = levels(runs, "data_size")
    return Axis(tuple(map(math.log10, sizes)), tuple(f"{size:,.0f}" for size in sizes), "training samples")


def _table(
    title: str,
    runs: pd.DataFrame,
    found: dict[str, dict[float, Summary]],
    extra: dict[tuple[str, str], dict[float, Interval]],
) -> Table:
    rows: list[Row] = []
    copies = runs.assign(copy=copy_score(runs)).groupby("data_size")["copy"].median()
    for variant, series in found.items():
        for size, summary in series.items():
            row: list[Cell | str] = [words.label(variant), parts.amount(size), *summary_cells(summary)]
            for _, column, _ in (*_EXTRA, _DISTANCE):
                point = extra[variant, column][size]
                shown = joined([words.fixed(point.estimate), words.span(point.low, point.high)])
                row.append(Cell(shown, point.estimate))
            rows.append([*row, parts.score(float(copies.get(size, math.nan)))])
    names = (measure.name for measure, _, _ in (*_EXTRA, _DISTANCE))
    return Table.of(
        title, ("recipe", "training samples", *SUMMARY_COLUMNS, *names, "score of a perfect copy"), rows
    )
