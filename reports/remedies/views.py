"""What a remedy shows: differences of failure rate and score with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import parts, words
from reports.contrasts import Contrast, Effect
from reports.factors import where
from reports.figures import forest
from reports.parts import Cell, Figure, Table
from reports.say import joined, say, shaped
from reports.variants import rank

CONTRAST_COLUMNS = (
    "comparison", "runs of", "treated", "baseline", "difference", "interval", "p adjusted", "if undecided",
    "pairs", "seeds", "agree",
)  # fmt: skip
"""Headings of ``contrast_table``."""

_FAILURE = forest.Scale(
    "difference in percentage points; left of 0: fewer failures", share=True, difference=True, line=0.0
)
_SCORE = forest.Scale("difference of IQM scores; right of 0: better", difference=True, line=0.0)


def differences(
    key: str, title: str, named: Sequence[tuple[str, str, Contrast]], runs: pd.DataFrame
) -> tuple[Figure, ...]:
    """Draw contrasts twice, failure rate and score.

    Args:
        named: for each contrast the name of its row, the recipe whose colour it takes, and itself.
        runs: what was compared, for the link to their cells.
    """
    drawn = [(name, recipe, item) for name, recipe, item in named if item.failure.pairs or item.score.pairs]
    if not drawn:
        return ()
    panels = tuple(
        forest.panel(
            heading,
            [
                forest.Row(
                    name, getattr(item, measure).difference, rank(recipe), item.decisive, recipe=recipe
                )
                for name, recipe, item in drawn
            ],
            scale,
        )
        for measure, heading, scale in (("failure", "Failure rate", _FAILURE), ("score", "Score", _SCORE))
    )
    caption = (
        "Pairs of runs with the same seed and the same cell in all else. Bars: Newcombe 95 % for failure "
        "rates, paired stratified bootstrap for scores. Strong: the comparisons that decide."
    )
    data = contrast_table(title, [item for _, _, item in drawn])
    return (Figure(key, title, caption, panels, data, where(runs)),)


def contrast_table(caption: str, contrasts: Sequence[Contrast]) -> Table:
    """Tabulate contrasts: a row for the failure rate and one for the score of each."""
    rows = [_row(item, effect) for item in contrasts for effect in (item.failure, item.score) if effect.pairs]
    return Table.of(caption, ("measure", *CONTRAST_COLUMNS), rows)


def _row(item: Contrast, effect: Effect) -> list[Cell | str]:
    rate = effect.measure == "failure rate"
    show = parts.share if rate else parts.score
    difference = effect.difference
    low, high = effect.bounds
    moved = rate and effect.undecided > 0
    return [
        shaped(effect.measure.replace(" ", "\N{NO-BREAK SPACE}"), effect.measure),
        item.name,
        item.group,
        show(effect.treated.estimate),
        show(effect.baseline.estimate),
        Cell(
            words.points(difference.estimate) if rate else words.signed(difference.estimate),
            difference.estimate,
        ),
        joined(
            [words.span(difference.low, difference.high, share=rate), effect.level],
            "{left}\N{NO-BREAK SPACE}{right}",
        ),
        Cell(_p(effect), effect.p_adjusted),
        words.span(low, high, share=True) if moved else "–",
        parts.amount(effect.pairs),
        parts.amount(effect.seeds),
        Cell(f"{effect.agreeing}/{effect.seeds}", effect.agreeing),
    ]


def _p(effect: Effect) -> str:
    if not effect.family:
        return "not judged"
    shown = "< 0.001" if effect.p_adjusted < 0.001 else words.fixed(effect.p_adjusted, 3)
    return say("{p} ({correction}, {family})", p=shown, correction=effect.correction, family=effect.family)
