"""Capacity measured in four ways: widths, parameters, FLOPs, and what the discriminator can in fact tell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports import parts, words
from reports.contrasts import MIN_PAIRS, Resampling
from reports.factors import where
from reports.figures.curves import FAILURE, SCORE, Axis, Series, panel
from reports.matching import IDENTITY, RATES
from reports.parts import Figure, Row, Table
from reports.phase.association import association
from reports.proportions import FailureRate
from reports.say import Text, say
from reports.stats import Floats, Interval, iqm
from reports.summaries import datasets

MEASURES = {
    "widths": "ratio of widths",
    "parameters": "ratio of parameters",
    "flops": "ratio of FLOPs",
    "advantage": "AUC of the discriminator",
}
"""By what capacity is told: discriminator over generator, the last one as measured at the end of training."""
BINS, _TOLD = 6, 2
_CAPACITY = {"generator_width", "discriminator_width", "generator_depth", "discriminator_depth"}


@dataclass(frozen=True, slots=True)
class Bin:
    """Runs of about the same capacity: ``at`` is their median measure."""

    at: float
    failure: FailureRate
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One measure on one dataset.

    Args:
        failure, score: rank correlations with the measure, between runs alike in all but capacity and seed.
        runs, seeds: behind the correlation with failure. alike: another measure that ranks just the same.
    """

    dataset: str
    measure: str
    bins: tuple[Bin, ...]
    failure: Interval
    score: Interval
    runs: int
    seeds: int

    @property
    def sign(self) -> int:
        """+1 more failures at more capacity, -1 fewer, 0 not certain."""
        return (
            int(np.sign(self.failure.estimate))
            if self.failure.excludes_zero and self.runs >= MIN_PAIRS
            else 0
        )


def relations(runs: pd.DataFrame, resampling: Resampling) -> list[Relation]:
    """Relate failure and score to every measure, on each dataset on which widths vary."""
    return [
        relation
        for dataset in datasets(runs)
        if (part := runs[runs["dataset"] == dataset])["capacity_ratio"].nunique() > 1
        for name, values in measured(part).items()
        for relation in _relation(part, dataset, name, values, resampling)
    ]


def measured(runs: pd.DataFrame) -> Mapping[str, Floats]:
    """Every measure of each run; NaN where its record lacks it."""
    told = {
        "widths": runs["capacity_ratio"],
        "parameters": runs["discriminator_params"] / runs["generator_params"],
        "flops": runs["discriminator_flops"] / runs["generator_flops"],
        "advantage": runs["auc_real_fake"],
    }
    finite = {name: values.to_numpy(dtype=float) for name, values in told.items()}
    return {name: np.where(np.isfinite(values), values, math.nan) for name, values in finite.items()}


def _relation(
    runs: pd.DataFrame, dataset: str, name: str, values: Floats, resampling: Resampling
) -> Sequence[Relation]:
    if np.unique(values[~np.isnan(values)]).size < 2:
        return []
    contexts, seeds = _contexts(runs), runs["seed"].to_numpy(dtype=float)
    found = {}
    for ending in ("failure", "score"):
        rng = resampling.rng(f"capacity {dataset} {ending}")  # the same seeds are drawn for every measure
        y = runs[ending].to_numpy(dtype=float)
        found[ending] = association(values, y, contexts, seeds, reps=resampling.reps, rng=rng)
    failure, amount, kept = found["failure"]
    return [
        Relation(
            dataset, name, _bins(runs, values), failure, found["score"][0], amount, len(set(seeds[kept]))
        )
    ]


def _contexts(runs: pd.DataFrame) -> Any:
    """Number what runs share apart from capacity and seed."""
    fields = [name for name in IDENTITY if name not in _CAPACITY | RATES | {"seed"}]
    ratio = (runs["discriminator_lr"] / runs["generator_lr"]).map(lambda value: float(f"{value:.6g}"))
    table = runs.assign(ratio=ratio, rate=runs["lr_scale"].fillna(runs["generator_lr"]))
    varied = [name for name in (*fields, "ratio", "rate") if table[name].nunique(dropna=False) > 1]
    if not varied:
        return np.zeros(len(runs), dtype=np.int64)
    return table.groupby(varied, dropna=False).ngroup().to_numpy(dtype=np.int64)


def _bins(runs: pd.DataFrame, values: Floats) -> tuple[Bin, ...]:
    """Few levels as they are; many in bins of about as many runs, equal values together."""
    known = values[~np.isnan(values)]
    levels = np.unique(known)
    edges = levels[1:] if len(levels) <= BINS else np.unique(np.quantile(known, np.arange(1, BINS) / BINS))
    codes = np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="right"))
    failure, score = (runs[name].to_numpy(dtype=float) for name in ("failure", "score"))
    found = []
    for code in range(len(edges) + 1):
        own = codes == code
        if own.any():
            scores = score[own][~np.isnan(score[own])]
            found.append(Bin(float(np.median(values[own])), FailureRate.of(failure[own]), iqm(scores)))
    return tuple(found)


def figures(found: Sequence[Relation], runs: pd.DataFrame) -> list[Figure]:
    """Draw the measures beside each other, for the datasets with most runs."""
    return [
        _figure(
            [relation for relation in found if relation.dataset == dataset],
            where(runs[runs["dataset"] == dataset]),
        )
        for dataset in list(dict.fromkeys(relation.dataset for relation in found))[:_TOLD]
    ]


def _figure(found: Sequence[Relation], cells: str) -> Figure:
    dataset = found[0].dataset
    title = say("Failures by four measures of capacity on {dataset}", dataset=words.label(dataset))
    caption = say(
        "All runs of the dataset, up to {seeds} seeds; points are medians of levels or of {bins} bins of "
        "about as many runs. Filled: failure rate of decided runs, bars: Wilson 95 %. Open: score, IQM. "
        "Points pool recipes, rates and data sizes; the correlations compare within them.",
        seeds=max(relation.seeds for relation in found), bins=BINS,
    )  # fmt: skip
    key = f"capacity-measures-{dataset}".replace(":", "-")
    return Figure(key, title, caption, tuple(map(_panel, found)), _bins_table(title, found), cells)


def _panel(relation: Relation) -> parts.Panel:
    ratio = relation.measure != "advantage"
    places = [math.log2(item.at) if ratio else item.at for item in relation.bins]
    ticks = tuple(
        words.ratio(float(f"{item.at:.2g}")) if ratio else words.fixed(item.at) for item in relation.bins
    )
    rates = [item.failure.interval for item in relation.bins]
    scores = [Interval(item.score) for item in relation.bins]
    series = [
        Series(say(FAILURE.name), dict(zip(places, rates, strict=True)), 0, mark="●"),
        Series(say(SCORE.name), dict(zip(places, scores, strict=True)), 2, 1, mark="◇"),
    ]
    name = say(MEASURES[relation.measure])
    return panel(name, series, Axis(tuple(places), ticks, name), FAILURE)


def _bins_table(title: str, found: Sequence[Relation]) -> Table:
    columns = ("measure", "at", "runs", "failed", "undecided", "P(failure)", "95 %", "score (IQM)")
    rows: list[Row] = [
        [
            say(MEASURES[relation.measure]), parts.value(item.at), parts.amount(item.failure.runs),
            parts.amount(item.failure.failed), parts.amount(item.failure.undecided),
            parts.share(item.failure.interval.estimate),
            words.span(item.failure.interval.low, item.failure.interval.high, share=True),
            parts.score(item.score),
        ]
        for relation in found
        for item in relation.bins
    ]  # fmt: skip
    return Table.of(title, columns, rows)


def table(found: Sequence[Relation]) -> tuple[Table, ...]:
    """Tabulate the correlations."""
    if not found:
        return ()
    columns = ("dataset", "measure", "runs", "seeds", "with failure", "interval", "with score", "interval")
    rows: list[Row] = [
        [
            words.label(item.dataset), say(MEASURES[item.measure]), parts.amount(item.runs),
            parts.amount(item.seeds), *_signed(item.failure), *_signed(item.score),
        ]
        for item in found
    ]  # fmt: skip
    return (Table.of(say("Rank correlation of failure and score with capacity"), columns, rows),)


def _signed(rho: Interval) -> tuple[parts.Cell, str]:
    return parts.Cell(words.signed(rho.estimate), rho.estimate), words.span(rho.low, rho.high)


def points(found: Sequence[Relation]) -> list[Text]:
    """Say for each dataset whether the relation depends on the measure."""
    names = list(dict.fromkeys(relation.dataset for relation in found))[:_TOLD]
    return [_point([relation for relation in found if relation.dataset == name]) for name in names]


def _point(found: Sequence[Relation]) -> Text:
    told = words.enumerated(
        [
            say(
                "{measure} {rho}", measure=say(MEASURES[item.measure]),
                rho=words.change(item.failure.estimate, item.failure.low, item.failure.high),
            )
            for item in found
        ]
    )  # fmt: skip
    return say(
        "{dataset}: rank correlation of failure with capacity: {told}. {verdict}",
        dataset=words.label(found[0].dataset), told=told, verdict=_verdict(found),
    )  # fmt: skip


def _verdict(found: Sequence[Relation]) -> Text:
    signs = {item.sign for item in found}
    if signs == {0}:
        return say("By none of these measures is the relation certain.")
    if signs == {1}:
        return say("By every measure more capacity of the discriminator goes along with more failures.")
    if signs == {-1}:
        return say("By every measure more capacity of the discriminator goes along with fewer failures.")
    return say(
        "The answer depends on the measure: more failures by {more}, fewer by {fewer}, not certain by "
        "{open}.",
        more=_names(found, 1), fewer=_names(found, -1), open=_names(found, 0),
    )  # fmt: skip


def _names(found: Sequence[Relation], sign: int) -> str:
    named = [say(MEASURES[item.measure]) for item in found if item.sign == sign]
    return words.listed(named) if named else say("none")


def notes(runs: pd.DataFrame, found: Sequence[Relation]) -> list[Text]:
    """Say what is missing and how to read the rest."""
    said = []
    lacking = [
        say(MEASURES[name])
        for name, values in (measured(runs).items() if len(runs) else ())
        if np.isnan(values).all()
    ]
    if lacking:
        said.append(
            say("No record holds what these measures need: {measures}.", measures=words.listed(lacking))
        )
    if not found:
        return [*said, say("The capacity ratio did not vary: failures cannot be related to it.")]
    return [
        *said,
        say(
            "Rank correlations compare runs alike in all but capacity and seed; intervals resample seeds "
            "for all of them together, Student's t. With one generator width the three ratios rank alike. A "
            "relation that turns back (both ends fail) has a correlation near 0: see the figure."
        ),
        say(
            "The measured AUC is that of the end of training (0.5: the discriminator cannot tell, 1: "
            "always): it is a result of the run as much as a cause."
        ),
    ]
