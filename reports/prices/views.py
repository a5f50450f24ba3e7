"""Prices as a table, a figure and rows of prices.csv."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from bench.records.columns import columns_of
from reports import parts, words
from reports.factors import where
from reports.figures import forest
from reports.parts import Cell, Figure, Row, Table
from reports.prices.average import Averaging
from reports.prices.budgets import BUDGETS
from reports.prices.effects import Price
from reports.prices.together import Prices
from reports.prices.verdicts import NOT_MEASURED, NOTHING, Equal
from reports.say import Text, say
from reports.stats import Interval

COLUMNS = columns_of(
    ("remedy", "text", "short name of the remedy; its level after a colon where it has several"),
    ("verdict", "text", "helps, hurts, no difference shown, mixed or not measured"),
    ("failure_difference", "", "failure rate with the remedy less without, pairs by seed"),
    ("failure_difference_low", "", "lower limit, Newcombe paired 95 %"),
    ("failure_difference_high", "", "upper limit"),
    ("failure_p_holm", "", "McNemar's p, corrected by Holm over all that were measured"),
    ("score_p_holm", "", "sign-flip p of the final score, corrected likewise"),
    *(
        (f"score_at_equal_{budget}{end}", "", f"{meaning} at equal {budget}")
        for budget in BUDGETS
        for end, meaning in (
            ("", "difference of IQM scores"), ("_low", "lower limit of it"), ("_high", "upper limit of it"),
            (
                "_p_holm",
                "sign-flip p, corrected by Holm over all that were measured, averaging and budgets together,",
            ),
        )
    ),
    *(
        (f"verdict_at_equal_{budget}", "text", f"helps, hurts, no difference, not measured at equal {budget}")
        for budget in BUDGETS
    ),
    ("level", "text", "what the limits of scores are worth"),
    (
        "step_seconds_ratio", "",
        "seconds of a generator step with the remedy over without, median of pairs; empty if untimed",
    ),
    ("step_seconds_ratio_low", "", "lower limit, bootstrap within cells"),
    ("step_seconds_ratio_high", "", "upper limit"),
    ("pairs", "", "pairs of runs; of averaging, runs"),
    ("seeds", "", "seeds that they come from"),
    ("obstacle", "text", "what was not measured and why, else empty"),
)  # fmt: skip
"""Columns of prices.csv."""

HEADINGS = (
    "remedy", "verdict", "failure rate", "interval", "score at equal steps", "at equal samples",
    "at equal seconds", "cost of a step", "pairs", "seeds", "p (Holm)",
)  # fmt: skip


def table(found: Prices) -> Table:
    """Tabulate every remedy with what it did and what it costs."""
    rows = [*map(_row, found.remedies), _average_row(found.average)]
    return Table.of(say("Remedies with their price"), HEADINGS, rows)


def _row(item: Price) -> Row:
    effect = item.contrast.failure
    scores = [_judged(item.scores[budget]) for budget in BUDGETS]
    p = min((p for p in (effect.p_adjusted, item.contrast.score.p_adjusted) if p == p), default=math.nan)
    return [
        item.remedy.title,
        item.verdict,
        Cell(words.points(effect.difference.estimate) if effect.pairs else "–", effect.difference.estimate),
        words.span(effect.difference.low, effect.difference.high, share=True),
        *scores,
        Cell(cost(item.slower), item.slower.estimate),
        parts.amount(item.contrast.score.pairs),
        parts.amount(item.contrast.score.seeds),
        parts.value(p, 2),
    ]


def _average_row(average: Averaging) -> Row:
    """One run at one step: steps and samples are equal, what averaging adds to its seconds was not timed."""
    unknown, score = Cell("–"), average.score
    return [
        AVERAGED, score.verdict, unknown, "–", _judged(score), _judged(score), unknown, unknown,
        parts.amount(score.pairs), parts.amount(score.seeds), parts.value(score.p_adjusted, 2),
    ]  # fmt: skip


AVERAGED = say("Averaged generator, against the live one of the same run")


def cost(ratio: Interval) -> str:
    """A ratio of seconds: ``×1.21 [1.10, 1.30]``."""
    if not math.isfinite(ratio.estimate):
        return "–"
    return f"{words.times(float(f'{ratio.estimate:.3g}'))} {words.span(ratio.low, ratio.high)}"


def _scored(difference: Interval, count: int) -> Cell:
    if not count or not math.isfinite(difference.estimate):
        return Cell("–", math.nan)
    shown = f"{words.signed(difference.estimate)} {words.span(difference.low, difference.high)}"
    return Cell(shown, difference.estimate)


def _judged(found: Equal) -> Cell:
    """A difference with its word, where there is one: ``−0.06 [−0.07, −0.04] hurts``."""
    cell = _scored(found.difference, found.pairs)
    if not found.pairs or found.verdict in (NOTHING, NOT_MEASURED):
        return cell
    return Cell(say("{difference}, {verdict}", difference=cell.text, verdict=found.verdict), cell.value)


def figure(found: Prices, runs: pd.DataFrame) -> tuple[Figure, ...]:
    """Draw the differences of scores at the three budgets, a panel each."""
    known = found.measured
    if not known:
        return ()
    scale = forest.Scale("difference of IQM scores; right of 0: better", difference=True, line=0.0)
    titles = {
        "steps": say("At equal generator steps"),
        "samples": say("At equal samples"),
        "seconds": say("At equal seconds"),
    }
    panels = tuple(
        forest.panel(
            titles[budget],
            [
                forest.Row(item.remedy.short, item.scores[budget].difference, place, strong=True)
                for place, item in enumerate(known)
            ],
            scale,
        )
        for budget in BUDGETS
    )
    caption = say(
        "{pairs} pairs of runs alike in all else, seed included. The richer run is read at the last "
        "evaluation within the poorer one's budget; seconds are training seconds in proportion to steps. "
        "Bars: paired stratified bootstrap, {levels}.",
        pairs=f"{sum(item.contrast.score.pairs for item in known):,}",
        levels=words.listed(sorted({item.level for item in known})),
    )
    title = say("What remedies gain for the same effort")
    shown = runs[runs["run_id"].isin(frozenset().union(*(item.paired for item in known)))]
    return (Figure("prices", title, caption, panels, table(found), where(shown)),)


def rows(found: Prices) -> list[dict[str, Any]]:
    """Spell prices.csv."""
    return [*map(_csv_row, found.remedies), _csv_average(found.average)]


def _csv_average(average: Averaging) -> dict[str, Any]:
    score = average.score
    same = {key: value for budget in ("steps", "samples") for key, value in _equal(budget, score).items()}
    return {
        **dict.fromkeys(COLUMNS, math.nan),
        **same,
        "remedy": "average",
        "verdict": score.verdict,
        "verdict_at_equal_seconds": NOT_MEASURED,
        "level": average.level,
        "pairs": score.pairs,
        "seeds": score.seeds,
        "obstacle": "seconds: a run is timed with its averaging"
        if score.measured
        else f"{score.pairs} runs have both readings",
    }


def _csv_row(item: Price) -> dict[str, Any]:
    effect = item.contrast.failure
    return {
        "remedy": item.remedy.key,
        "verdict": item.verdict,
        **_spelled("failure_difference", effect.difference),
        "failure_p_holm": effect.p_adjusted,
        "score_p_holm": item.contrast.score.p_adjusted,
        **{key: value for budget in BUDGETS for key, value in _equal(budget, item.scores[budget]).items()},
        "level": item.level,
        **_spelled("step_seconds_ratio", item.slower),
        "pairs": item.contrast.score.pairs,
        "seeds": item.contrast.score.seeds,
        "obstacle": item.contrast.obstacle,
    }


def _equal(budget: str, score: Equal) -> dict[str, Any]:
    """Columns of one budget."""
    return {
        **_spelled(f"score_at_equal_{budget}", score.difference),
        f"score_at_equal_{budget}_p_holm": score.p_adjusted,
        f"verdict_at_equal_{budget}": score.verdict,
    }


def _spelled(name: str, interval: Interval) -> dict[str, float]:
    return {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}


def point(item: Price) -> Text:
    """One remedy that was measured, as a sentence."""
    effect = item.contrast.failure
    steps, samples, seconds = (item.scores[budget] for budget in BUDGETS)
    return say(
        "{remedy}: {verdict}. Failure rate {failure}, score at equal steps {steps}, at equal samples "
        "{samples}, at equal seconds {seconds}; a step costs {cost} ({pairs}, {seeds}).",
        remedy=item.remedy.title,
        verdict=item.verdict,
        failure=say(
            "{change} {span}",
            change=words.points(effect.difference.estimate),
            span=words.span(effect.difference.low, effect.difference.high, share=True),
        ),
        steps=_judged(steps).text,
        samples=_judged(samples).text,
        seconds=_judged(seconds).text,
        cost=cost(item.slower),
        pairs=words.count(item.contrast.score.pairs, "pair"),
        seeds=words.count(item.contrast.score.seeds, "seed"),
    )
