"""How runs ended: outcome counts, the undecided share, mechanism flags, and modes covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from bench.records.schema import MECHANISMS, OUTCOMES, STABLE, UNDECIDED, UNSTABLE
from reports import parts, words
from reports.bands import RATES, bands, pooled
from reports.contrasts import Resampling
from reports.figures import bars, forest
from reports.parts import Cell, Figure, Panel, Row, Table
from reports.proportions import FailureRate
from reports.say import joined, say
from reports.stats import Interval
from reports.summaries import datasets, levels, middle, recipes

OUTCOME_COLOURS: Mapping[str, str] = {
    "converged": "#1f9370",
    "still-improving": "#97a3af",
    "stalled-low-quality": "#5d8fb8",
    "no-progress": "#33506e",
    "degrading": "#c2698a",
    "oscillating:quality": "#9b82c9",
    "oscillating:mode-hopping": "#62459a",
    "collapsed:partial": "#dd8a2c",
    "collapsed:total": "#92500f",
    "diverged:late": "#c04a50",
    "diverged:nonfinite": "#7d2230",
    "invalid": "#cfd5db",
}
"""Good to bad, neighbours apart in lightness; the numbers stand in the table too."""
STATE_COLOURS: Mapping[str, str] = {STABLE: "#1f9370", UNSTABLE: "#c45a2a", UNDECIDED: "#97a3af"}
"""Colours of the three states."""


def outcome_figures(runs: pd.DataFrame) -> list[Figure]:
    """Draw and tabulate how the runs of each recipe ended, one panel per dataset."""
    seen = [name for name in OUTCOME_COLOURS if (runs["outcome"] == name).any()]
    if not seen:
        return []
    panels: list[Panel] = []
    rows: list[Row] = []
    for dataset in datasets(runs):
        part = runs[runs["dataset"] == dataset]
        counts = {variant: _counts(part[part["variant"] == variant], seen) for variant in recipes(part)}
        stacks = [bars.Stack(name, _shares(found)) for name, found in counts.items()]
        colours = {name: OUTCOME_COLOURS[name] for name in seen}
        title = words.clauses([words.label(dataset), words.count(len(part), "run")])
        panels.append(bars.panel(title, stacks, colours, "share of runs", share=True))
        for variant, found in counts.items():
            numbers = (parts.amount(count) for count in found.values())
            rows.append(
                [words.label(dataset), words.label(variant), parts.amount(sum(found.values())), *numbers]
            )
    title = "Outcomes per dataset and recipe"
    caption = "Each run has one outcome; all but converged and still-improving are failures."
    data = Table.of(title, ("dataset", "recipe", "runs", *seen), rows)
    return [Figure("outcome-counts", title, caption, tuple(panels), data)]


def _counts(runs: pd.DataFrame, seen: Sequence[str]) -> dict[str, int]:
    return {name: int((runs["outcome"] == name).sum()) for name in seen}


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    whole = max(1, sum(counts.values()))
    return {name: count / whole for name, count in counts.items()}


def mechanism_table(runs: pd.DataFrame) -> Table:
    """Tabulate how often each flag was raised among the runs of each outcome."""
    rows: list[Row] = []
    for outcome in OUTCOMES:
        flags = [text.split() for text in runs[runs["outcome"] == outcome]["mechanisms"]]
        if flags:
            shares = (sum(name in raised for raised in flags) / len(flags) for name in MECHANISMS)
            rows.append([outcome, parts.amount(len(flags)), *map(parts.share, shares)])
    return Table.of("Mechanism flags by outcome, share of its runs", ("outcome", "runs", *MECHANISMS), rows)


def undecided_sentence(runs: pd.DataFrame) -> str:
    """Say how many runs were still improving when their budget ended, and what they could change."""
    rate = FailureRate.of(runs["failure"].to_numpy(dtype=float))
    if not rate.runs:
        return "There are no runs."
    if not rate.undecided:
        runs = words.count(rate.runs, "run")
        return say("None of {runs} was still improving when its budget ended.", runs=runs)
    low, high = rate.bounds
    return say(
        "{undecided:,} of {runs} ({share}) were still improving when their budget ended. They are counted "
        "neither as failed nor as stable: {failed} of the decided runs failed; had every undecided run "
        "become stable it would be {low} of all, had every one failed {high}.",
        undecided=rate.undecided,
        runs=words.count(rate.runs, "run"),
        share=words.percent(rate.undecided_share),
        failed=words.percent(rate.interval.estimate),
        low=words.percent(low),
        high=words.percent(high),
    )


def undecided_figure(runs: pd.DataFrame) -> list[Figure]:
    """Draw and tabulate the three states per recipe and learning rate, rates of a random search in bands."""
    stacks, rows, found = [], [], bands(levels(runs, "lr_scale"))
    placed = pooled(runs, "lr_scale", found)
    for variant in recipes(placed):
        part = placed[placed["variant"] == variant]
        for scale in levels(part, "lr_scale") or [float("nan")]:
            chosen = part[part["lr_scale"] == scale] if scale == scale else part
            rate, name = FailureRate.of(chosen["failure"].to_numpy(dtype=float)), words.label(variant)
            spelled = found.name(scale) if scale == scale else words.times(scale)
            at = joined([name, spelled]) if scale == scale else name
            sizes = {STABLE: rate.stable, UNSTABLE: rate.failed, UNDECIDED: rate.undecided}
            stacks.append(bars.Stack(at, {state: size / rate.runs for state, size in sizes.items()}))
            rows.append([name, Cell(spelled, scale), *_rate_cells(rate)])
    if not stacks:
        return []
    title = "Stable, failed and undecided by recipe and learning rate"
    panel = bars.panel(title, stacks, STATE_COLOURS, "share of runs", share=True)
    columns = (
        "recipe",
        RATES if found.pooled else "learning rate",
        "runs",
        "undecided",
        "share",
        "95 %",
        "P(failure) of decided",
        "bounds",
    )
    caption = words.sentences(
        [
            say("All datasets and cells together. × is the multiple of the recipe's own learning rate."),
            *found.notes,
        ]
    )
    return [Figure("undecided", title, caption, (panel,), Table.of(title, columns, rows))]


def _rate_cells(rate: FailureRate) -> list[Cell | str]:
    undecided = FailureRate(rate.undecided, rate.decided, 0).interval
    return [
        parts.amount(rate.runs),
        parts.amount(rate.undecided),
        parts.share(undecided.estimate),
        words.span(undecided.low, undecided.high, share=True),
        parts.share(rate.interval.estimate),
        words.span(*rate.bounds, share=True),
    ]


_MODES = (("modes", "modes with at least one sample"), ("high_quality", "share of samples near a mode"))


def mode_figures(runs: pd.DataFrame, resampling: Resampling) -> list[Figure]:
    """Draw modes covered and sample quality per recipe, for all datasets with known modes."""
    mixtures = runs[runs["high_quality"].notna()]
    if not len(mixtures):
        return []
    panels: list[Panel] = []
    rows: list[Row] = []
    for dataset in datasets(mixtures):
        drawn, lines = _modes(mixtures[mixtures["dataset"] == dataset], words.label(dataset), resampling)
        panels += drawn
        rows += lines
    title = "Mode collapse on mixtures with known modes"
    columns = (
        "dataset", "recipe", "runs", "seeds", "collapsed", "modes", "interval", "high quality", "interval",
        "modes in all",
    )  # fmt: skip
    caption = say(
        "{runs}, {seeds}; IQM with stratified bootstrap. Line: all modes of the data.",
        runs=words.count(len(mixtures), "run"),
        seeds=words.count(int(mixtures["seed"].nunique()), "seed"),
    )
    return [Figure("modes", title, caption, tuple(panels), Table.of(title, columns, rows))]


def _modes(runs: pd.DataFrame, dataset: str, resampling: Resampling) -> tuple[list[Panel], list[Row]]:
    places, total = recipes(runs), float(runs["modes_total"].max())
    found = {
        (variant, column): middle(
            runs[runs["variant"] == variant], column, resampling, f"modes {dataset} {variant}"
        )
        for variant in places
        for column, _ in _MODES
    }
    panels = [
        forest.panel(
            say("{dataset}: {measure}", dataset=dataset, measure=name),
            [forest.Row(variant, found[variant, column], place) for variant, place in places.items()],
            forest.Scale(name, share=column != "modes", line=total if column == "modes" else None),
        )
        for column, name in _MODES
    ]
    rows: list[Row] = []
    for variant in places:
        part = runs[runs["variant"] == variant]
        rows.append(
            [
                dataset,
                words.label(variant),
                parts.amount(len(part)),
                parts.amount(int(part["seed"].nunique())),
                parts.amount(int(part["outcome"].str.startswith("collapsed").sum())),
                *(cell for column, _ in _MODES for cell in _with_span(found[variant, column])),
                parts.amount(total),
            ]
        )
    return panels, rows


def _with_span(interval: Interval) -> list[Cell | str]:
    return [parts.score(interval.estimate), words.span(interval.low, interval.high)]
