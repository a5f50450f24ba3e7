"""The plane of data size and recipe: failure rate, and score beside what so few data allow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import parts, words
from reports.contrasts import MIN_PAIRS, Resampling
from reports.figures import plane
from reports.figures.curves import FAILURE, SCORE
from reports.matching import DATA, complete
from reports.parts import Cell, Figure, Row, Table
from reports.proportions import FailureRate
from reports.say import Text, say
from reports.stats import Interval
from reports.summaries import datasets, levels, middle, recipes

_TOLD = 2


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """One square: a recipe at a data size.

    Args:
        score: IQM; relative: IQM of 1 - clip(q_training, 0, 1), what is lost beside the data.
        settings: settings of the recipe that were run at each of its sizes. cell: the first of its cells.
    """

    dataset: str
    variant: str
    size: float
    failure: FailureRate
    score: Interval
    relative: Interval
    settings: int
    seeds: int
    cell: str


def heat(runs: pd.DataFrame, resampling: Resampling) -> list[Heat]:
    """Sum up recipes at their data sizes: only settings that were run at each of them, rates included."""
    lost = runs["q_training"].mask(runs["q_training"].isna() & (runs["score"] == 0), 1.0)
    runs = runs.assign(relative=1 - lost.clip(0.0, 1.0))
    found = []
    for dataset in datasets(runs):
        whole = runs[runs["dataset"] == dataset]
        for variant in recipes(whole):
            part = whole[whole["variant"] == variant]
            if part["data_size"].nunique() > 1:
                found += _row(complete(part, DATA, "data_size"), dataset, variant, resampling)
    return found


def _row(runs: pd.DataFrame, dataset: str, variant: str, resampling: Resampling) -> list[Heat]:
    row = []
    for size in levels(runs, "data_size"):
        part = runs[runs["data_size"] == size]
        purpose = f"heat {dataset} {variant} {size:g}"
        score, relative = (middle(part, name, resampling, purpose) for name in ("score", "relative"))
        failure = FailureRate.of(part["failure"].to_numpy(dtype=float))
        cells, seeds = int(part["cell"].nunique()), int(part["seed"].nunique())
        row.append(
            Heat(dataset, variant, size, failure, score, relative, cells, seeds, str(part["cell"].iloc[0]))
        )
    return row


def figures(found: Sequence[Heat], links: Mapping[str, str]) -> list[Figure]:
    """Draw the plane of the datasets with most runs."""
    names = list(dict.fromkeys(item.dataset for item in found))[:_TOLD]
    return [_figure([item for item in found if item.dataset == name], links) for name in names]


def _figure(found: Sequence[Heat], links: Mapping[str, str]) -> Figure:
    dataset = words.label(found[0].dataset)
    title = say("Data size and recipe on {dataset}", dataset=dataset)
    names = tuple(dict.fromkeys(words.label(item.variant) for item in found))
    sizes = tuple(f"{size:,.0f}" for size in sorted({item.size for item in found}))
    places = {(words.label(item.variant), f"{item.size:,.0f}"): item for item in found}
    rates = {at: (item.failure.interval, item.failure.decided) for at, item in places.items()}
    known = any(math.isfinite(item.relative.estimate) for item in found)
    scores = {at: (item.relative if known else item.score, item.failure.runs) for at, item in places.items()}
    name = say("score beside what the data allow") if known else say("score")
    across = say("training samples")
    panels = (
        plane.panel(say("failure rate"), rates, across, (names, sizes), FAILURE),
        plane.panel(name, scores, across, (names, sizes), SCORE),
    )
    caption = say(
        "{runs}, {seeds}: in each row the settings that were run at each of its data sizes. Brackets: Wilson "
        "95 % of decided runs for failures; stratified bootstrap for scores.",
        runs=words.count(sum(item.failure.runs for item in found), "run"),
        seeds=words.count(max(item.seeds for item in found), "seed"),
    )  # fmt: skip
    return Figure(f"data-recipe-{found[0].dataset}".replace(":", "-"), title, caption, panels,
                  _table(title, found, links))  # fmt: skip


def _table(title: str, found: Sequence[Heat], links: Mapping[str, str]) -> Table:
    columns = (
        "recipe", "training samples", "settings", "runs", "failed", "undecided", "P(failure)", "95 %",
        "score (IQM)", "interval", "score beside what the data allow", "interval",
    )  # fmt: skip
    rows: list[Row] = [
        [
            Cell(words.label(item.variant), href=links.get(item.cell, "")), parts.amount(item.size),
            parts.amount(item.settings), parts.amount(item.failure.runs), parts.amount(item.failure.failed),
            parts.amount(item.failure.undecided), parts.share(item.failure.interval.estimate),
            words.span(item.failure.interval.low, item.failure.interval.high, share=True),
            parts.score(item.score.estimate), words.span(item.score.low, item.score.high),
            parts.score(item.relative.estimate), words.span(item.relative.low, item.relative.high),
        ]
        for item in found
    ]  # fmt: skip
    return Table.of(title, columns, rows)


def points(found: Sequence[Heat]) -> list[Text]:
    """Name the best and the worst square of each dataset, of those with runs enough for a rate."""
    names = list(dict.fromkeys(item.dataset for item in found))[:_TOLD]
    said = []
    for name in names:
        able = [item for item in found if item.dataset == name and item.failure.decided >= MIN_PAIRS]
        if len(able) < 2:
            said.append(
                say(
                    "{dataset}: fewer than two squares of data size and recipe have {least} decided runs: "
                    "no rate "
                    "is told.", dataset=words.label(name), least=MIN_PAIRS,
                )
            )  # fmt: skip
            continue
        order = np.argsort([item.failure.interval.estimate for item in able], kind="stable")
        said.append(
            say(
                "{dataset}, data size and recipe: most failures with {worst}, fewest with {best}.",
                dataset=words.label(name), worst=_told(able[order[-1]]), best=_told(able[order[0]]),
            )
        )  # fmt: skip
    return said


def _told(item: Heat) -> Text:
    rate = item.failure.interval
    return say(
        "{recipe} at {size} training samples ({rate} {span} of {runs})",
        recipe=words.label(item.variant), size=f"{item.size:,.0f}", rate=words.percent(rate.estimate),
        span=words.span(rate.low, rate.high, share=True), runs=words.count(item.failure.decided, "run"),
    )  # fmt: skip


def notes(runs: pd.DataFrame, found: Sequence[Heat]) -> list[Text]:
    """Say what the score is compared with, or what is missing."""
    if not found:
        return [say("No recipe was run at two data sizes with the same settings: there is no plane of both.")]
    if runs["q_training"].isna().all():
        return [say("What the data allow was not recorded: scores are told as they are.")]
    return [
        say(
            "The score beside what the data allow takes off what a faithful copy of the run's own training "
            "samples loses: 1 means as good as such a copy. Rows differ in their settings unless they have "
            "as many."
        )
    ]
