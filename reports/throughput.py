"""How fast it went: updates and samples per second per recipe and size, and where the time went."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from reports import parts, words
from reports.factors import where
from reports.figures import bars
from reports.figures.curves import Axis, Measure, Series, panel
from reports.parts import Cell, Figure, Panel, Row, Table
from reports.say import joined, say
from reports.stats import Interval
from reports.summaries import levels, recipes

_PHASES = {
    "discriminator updates": ("discriminator_seconds", "#0b62a8"),
    "generator updates": ("generator_seconds", "#dd8a2c"),
    "drawing data": ("data_seconds", "#067a5b"),
    "other training": ("", "#97a3af"),
    "evaluation": ("eval_seconds", "#a04a86"),
    "compilation": ("compile_seconds", "#c9b458"),
}
_COLUMNS = (
    "dataset", "recipe", "generator width", "discriminator width", "mode", "runs", "updates/s", "middle half",
    "samples/s", "GFLOP/s", *(say("{phase}, s", phase=phase) for phase in _PHASES), "peak MB",
)  # fmt: skip


def time_sentence(runs: pd.DataFrame) -> str:
    """Say what the machine seconds of all runs went into."""
    totals = {name: float(runs[f"{name}_seconds"].sum()) for name in ("train", "eval", "compile")}
    whole = sum(totals.values())
    if not whole > 0:
        return "No run recorded its time."
    parts_of_it = (("train", "training"), ("eval", "evaluation"), ("compile", "compilation and warm-up"))
    shares = words.clauses(
        [joined([words.percent(totals[name] / whole), said]) for name, said in parts_of_it]
    )
    return say(
        "{runs} took {time} of one core: {shares}. A run's time is its share of its cohort, so updates per "
        "second are those of the whole program, all members together.",
        runs=words.count(len(runs), "run"),
        time=words.seconds(whole),
        shares=shares,
    )


def throughput_figures(runs: pd.DataFrame) -> list[Figure]:
    """Draw updates per second against size and the split by phase, of the dataset with most runs."""
    timed = runs[runs["steps_per_second"] > 0]
    if not len(timed):
        return []
    dataset = timed["dataset"].value_counts().index[0]
    main = timed[timed["dataset"] == dataset]
    width = main["generator_width"].value_counts().index[0]
    shown = main[main["generator_width"] == width]
    title = say(
        "Throughput on {dataset}, generator width {width:g}", dataset=words.label(dataset), width=width
    )
    caption = say(
        "Median over {runs}; bars: middle half of the runs. Training alone, without evaluation, compilation "
        "and warm-up; a generator update includes its critic steps. The split is in seconds per 1,000 "
        "generator updates, all sizes together.",
        runs=words.count(len(shown), "run"),
    )
    own = shown[shown["own"] & shown["steps_per_second"].notna()]
    panels = (*([_speeds(own)] if len(own) else []), _phases(shown))
    return [Figure("throughput", title, caption, panels, _table(timed), where(shown))]


def _speeds(runs: pd.DataFrame) -> Panel:
    widths = levels(runs, "discriminator_width")
    axis = Axis(tuple(map(math.log2, widths)), tuple(f"{width:g}" for width in widths), "discriminator width")
    series = []
    for variant, place in recipes(runs).items():
        part = runs[runs["variant"] == variant]
        points = {
            math.log2(width): _quartiles(part["steps_per_second"][part["discriminator_width"] == width])
            for width in levels(part, "discriminator_width")
        }
        series.append(Series(words.label(variant), points, place))
    logarithmic, linear = (
        panel("Generator updates per second", series, axis, Measure("generator updates per second", log=log))
        for log in (True, False)
    )
    return replace(logarithmic, scale=say("logarithmic"), other=replace(linear, scale=say("linear")))


def _phases(runs: pd.DataFrame) -> Panel:
    stacks = [
        bars.Stack(variant, _per_thousand(runs[runs["variant"] == variant])) for variant in recipes(runs)
    ]
    colours = {phase: colour for phase, (_, colour) in _PHASES.items()}
    return bars.panel(
        "Seconds per 1,000 updates by phase", stacks, colours, "seconds per 1,000 updates", share=False
    )


def _per_thousand(runs: pd.DataFrame) -> dict[str, float]:
    """Median seconds of each phase per 1,000 generator updates; what training does not name is ``other``."""
    thousands = runs["steps_done"].where(runs["steps_done"] > 0) / 1000
    seconds = {phase: runs[column] / thousands for phase, (column, _) in _PHASES.items() if column}
    named = sum(
        runs[name].fillna(0) for name in ("discriminator_seconds", "generator_seconds", "data_seconds")
    )
    seconds["other training"] = ((runs["train_seconds"] - named) / thousands).clip(lower=0)
    return {phase: float(seconds[phase].median()) for phase in _PHASES if seconds[phase].notna().any()}


def _table(runs: pd.DataFrame) -> Table:
    keys = ["dataset", "variant", "generator_width", "discriminator_width", "mode"]
    rows: list[Row] = []
    for (dataset, variant, generator, discriminator, mode), part in runs.groupby(keys, sort=True):
        speed, split = _quartiles(part["steps_per_second"]), _per_thousand(part)
        rows.append(
            [
                words.label(dataset),
                words.label(variant),
                parts.amount(generator),
                parts.amount(discriminator),
                words.label(mode) or "n/a",
                parts.amount(len(part)),
                parts.value(speed.estimate),
                f"[{words.number(speed.low)}, {words.number(speed.high)}]",
                parts.value(float(part["samples_per_second"].median())),
                parts.value(float(part["flop_per_second"].median()) / 1e9),
                *(_seconds(split, phase) for phase in _PHASES),
                parts.amount(float(part["peak_rss_mb"].max())),
            ]
        )
    return Table.of(
        "Throughput per recipe and size; phases in seconds per 1,000 generator updates", _COLUMNS, rows
    )


def _seconds(split: dict[str, float], phase: str) -> Cell:
    return parts.value(split.get(phase, math.nan))


def _quartiles(values: pd.Series) -> Interval:
    low, middle, high = (float(values.quantile(share)) for share in (0.25, 0.5, 0.75))
    return Interval(middle, low, high)
