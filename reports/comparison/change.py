"""What changed in the runs that two folders share: failure rates, scores and outcomes, paired, B less A."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.records.schema import OUTCOMES
from reports import parts, words
from reports.comparison.matched import Matched, counted, disjoint
from reports.contrasts import DECIDES, MIN_PAIRS, MIN_SEEDS, WORTH, Contrast, Resampling, contrast, family
from reports.figures import forest
from reports.parts import Figure, Panel, Row, Table
from reports.remedies.views import contrast_table
from reports.say import Text, say
from reports.section import Section
from reports.summaries import datasets, recipes
from reports.telling import told

_OVERALL = say("all runs in both")
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Flips:
    """How runs in both ended: alike to the last digit, with the same outcome, or turned over."""

    pairs: int
    identical: int
    same_outcome: int
    now_fail: int
    now_stable: int


def contrasts(found: Matched, resampling: Resampling) -> list[Contrast]:
    """Compare B with A overall, on each dataset, and for each recipe on it; overall decides."""
    if not len(found.pairs):
        return []
    runs = found.both_a
    groups: list[tuple[str, pd.Series]] = [(_OVERALL, pd.Series(True, index=runs.index))]
    for dataset in datasets(runs):
        here, name = runs["dataset"] == dataset, words.label(dataset)
        groups.append((name, here))
        groups += [
            (words.within(name, words.label(variant)), here & (runs["variant"] == variant))
            for variant in recipes(runs[here])
        ]
    return family([_contrast(found, name, chosen, resampling) for name, chosen in groups])


def _contrast(found: Matched, group: str, chosen: pd.Series, resampling: Resampling) -> Contrast:
    return contrast(
        found.part(chosen), name=say("B against A"), group=group, sides=("B", "A"), claimed=0,
        resampling=resampling, role=DECIDES if group == _OVERALL else "",
    )  # fmt: skip


def flips(found: Matched) -> Flips:
    """Count pairs by how they ended."""
    a, b = found.both_a, found.both_b
    scores = [side["score"].to_numpy(dtype=float) for side in (a, b)]
    alike = (scores[0] == scores[1]) | (np.isnan(scores[0]) & np.isnan(scores[1]))
    same = (a["outcome"] == b["outcome"]).to_numpy()
    failure = [side["failure"].to_numpy(dtype=float) for side in (a, b)]
    return Flips(
        len(a), int((alike & same).sum()), int(same.sum()),
        int(((failure[0] == 0) & (failure[1] == 1)).sum()),
        int(((failure[0] == 1) & (failure[1] == 0)).sum()),
    )  # fmt: skip


def change(found: Matched, compared: Sequence[Contrast]) -> Section:
    """Tell and draw what changed."""
    if not len(found.pairs):
        return Section(
            key="change", title=_TITLE, name=say("Runs in both"),
            points=(say("No run of A has a counterpart in B: {why}.", why=_why_none(found)),),
        )  # fmt: skip
    ended = flips(found)
    alike = ended.identical == ended.pairs
    return Section(
        key="change",
        title=_TITLE,
        name=say("Runs in both"),
        points=(_alike(ended),) if alike else (_alike(ended), told(compared[0]), _turned(ended)),
        notes=() if alike else _notes(),
        figures=() if alike else _figures(found, compared),
        tables=() if alike else _tables(found, compared),
    )


def _tables(found: Matched, compared: Sequence[Contrast]) -> tuple[Table, ...]:
    return _crossed(found), _largest(found), contrast_table(say("B against A"), compared)


def _why_none(found: Matched) -> Text:
    for side in (found.a, found.b):
        if not len(side.runs):
            return say("{side} has no run with a verdict", side=side.letter)
    apart = disjoint(found.a.runs, found.b.runs)
    if "dataset" in apart:
        return say("they have no dataset in common")
    if "seed" in apart:
        return say("they have no seed in common, and runs are paired by seed")
    return say("every run of one differs from every run of the other in more than one setting")


_TITLE = say("What changed in the runs that are in both")


def _alike(ended: Flips) -> Text:
    named = {
        "pairs": counted(ended.pairs), "same": f"{ended.same_outcome:,}", "alike": f"{ended.identical:,}",
    }  # fmt: skip
    if ended.identical == ended.pairs:
        return say("{pairs} in both, all ended alike: same outcome, same score to the last digit.", **named)
    return say(
        "{pairs} in both. {same} have the same outcome, {alike} of them the same score to the last digit.",
        **named,
    )


def _turned(ended: Flips) -> Text:
    if not ended.now_fail and not ended.now_stable:
        return say("No run turned from stable to failed or from failed to stable.")
    return say(
        "Stable in A and failed in B: {worse}; failed in A and stable in B: {better}.",
        worse=counted(ended.now_fail), better=counted(ended.now_stable),
    )  # fmt: skip


def _notes() -> tuple[Text, ...]:
    return (
        say(
            "Failure rates: decided pairs, Newcombe's paired interval and McNemar's test. Scores: paired "
            "bootstrap of the IQM. Nothing is judged below {pairs} pairs or {seeds} seeds; a difference "
            "counts from {worth} on. Holm for the whole, Benjamini–Hochberg for datasets and recipes.",
            pairs=MIN_PAIRS,
            seeds=MIN_SEEDS,
            worth=WORTH,
        ),
    )


def _figures(found: Matched, compared: Sequence[Contrast]) -> tuple[Figure, ...]:
    shown = [item for item in compared if not item.obstacle]
    if not shown:
        return ()
    title = say("B less A")
    panels = (_panel(shown, "failure"), _panel(shown, "score"))
    caption = say(
        "{pairs} pairs of runs, {seeds} seeds; groups of {least} pairs or more. B is better left of the line "
        "on the first, right of it on the second. Bands: failure rate 95 % (Newcombe, paired), score {level} "
        "(paired bootstrap).",
        pairs=f"{len(found.pairs):,}", seeds=int(found.pairs["seed"].nunique()), least=MIN_PAIRS,
        level=shown[0].score.level,
    )  # fmt: skip
    return (Figure("change", title, caption, panels, contrast_table(title, shown)),)


def _panel(shown: Sequence[Contrast], measure: str) -> Panel:
    rate = measure == "failure"
    rows = [
        forest.Row(item.group, (item.failure if rate else item.score).difference, -1, item.decisive)
        for item in shown
        if not (item.failure if rate else item.score).obstacle
    ]
    name = say("P(failure), points") if rate else say("score")
    return forest.panel(name, rows, forest.Scale(name, share=rate, difference=True, line=0.0))


def _crossed(found: Matched) -> Table:
    """Count outcomes of A against outcomes of B."""
    counts = pd.crosstab(found.both_a["outcome"], found.both_b["outcome"])
    seen = [name for name in (*OUTCOMES, *counts.index, *counts.columns) if name in counts.index]
    across = [name for name in (*OUTCOMES, *counts.columns) if name in counts.columns]
    seen, across = list(dict.fromkeys(seen)), list(dict.fromkeys(across))
    rows: list[Row] = [[name, *(_number(int(counts.loc[name, other])) for other in across)] for name in seen]
    return Table.of(say("Outcome in A (rows) and in B (columns), runs"), ("A \\ B", *across), rows)


def _number(runs: int) -> parts.Cell:
    """Spell a count so that the few outcomes that changed stand out among the many that nobody has."""
    return parts.amount(runs) if runs else parts.Cell("·", 0.0)


def _largest(found: Matched) -> Table:
    """List the runs whose state turned or whose score moved most."""
    a, b = found.both_a, found.both_b
    moved = (b["score"] - a["score"]).to_numpy(dtype=float)
    turned = (a["state"] != b["state"]).to_numpy()
    order = np.lexsort((np.arange(len(a)), -np.abs(np.nan_to_num(moved)), ~turned))
    kept = [row for row in order if turned[row] or abs(np.nan_to_num(moved[row])) > 0][:_LISTED]
    rows: list[Row] = [
        [
            words.label(a["dataset"].iloc[row]), words.label(a["variant"].iloc[row]),
            words.ratio(float(a["capacity_ratio"].iloc[row])), words.times(float(a["lr_scale"].iloc[row])),
            parts.amount(float(a["data_size"].iloc[row])), parts.amount(float(a["seed"].iloc[row])),
            a["outcome"].iloc[row], b["outcome"].iloc[row],
            parts.score(float(a["score"].iloc[row])), parts.score(float(b["score"].iloc[row])),
        ]
        for row in kept
    ]  # fmt: skip
    columns = (
        "dataset", "recipe", "ratio", "rate", "data", "seed", "outcome in A", "in B", "score in A", "in B",
    )  # fmt: skip
    return Table.of(say("Runs that turned over, then those whose score moved most"), columns, rows)
