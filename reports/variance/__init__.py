"""How much of the variance of score and stability each cause explains, over the full part of each grid."""

from __future__ import annotations

from reports import words
from reports.contrasts import Resampling
from reports.frame import Results
from reports.say import Text, say
from reports.section import Part, Section
from reports.summaries import datasets
from reports.variance import telling, views
from reports.variance.blocks import Block, NoBlock, block
from reports.variance.effects import FALSE_LEADS, MEASURES, SCORE, STABLE, explained
from reports.variance.steady import steady

_TOLD = 4
"""Datasets that are told and drawn, those with most runs; all are in variance.csv."""


def build(results: Results, resampling: Resampling) -> Section:
    """Take the variance of each dataset's largest full block apart."""
    runs = results.frames.judged
    found = [block(runs[runs["dataset"] == name], name) for name in datasets(runs)]
    none = [item for item in found if isinstance(item, NoBlock)]
    blocks = sorted((item for item in found if isinstance(item, Block)), key=lambda item: -item.places.size)
    shares = [explained(item, measure, resampling) for item in blocks for measure in MEASURES]
    alone = [steady(item, resampling) for item in blocks]
    told = [item for item in shares if any(item.block is shown for shown in blocks[:_TOLD])]
    points = [telling.point(item) for item in told if item.measure in (SCORE, STABLE)]
    return Section(
        key="variance",
        title=say("How much does each cause explain?"),
        name=say("Variance explained"),
        points=tuple(points) or _nothing(none),
        notes=tuple(
            _notes(
                blocks,
                none,
                len(blocks) - _TOLD,
                [*telling.tested(told), *telling.fragile(told), *telling.steady_points(told, alone[:_TOLD])],
            )
        ),
        figures=tuple(views.figure(told)),
        tables=(views.side_by_side(told),) if told else (),
        rows={"variance.csv": views.rows([*shares, *alone], none)},
    )


def _nothing(none: list[NoBlock]) -> tuple[Text, ...]:
    if not none:
        return (say("No run has a verdict."),)
    return (say("The variance cannot be split between causes: no dataset has a full block of runs."),)


def _notes(blocks: list[Block], none: list[NoBlock], more: int, fragile: list[Text]) -> list[Text]:
    notes = [*fragile]
    for item in blocks[:_TOLD]:
        notes += [telling.balance(item), *telling.together(item), *telling.pooling(item)]
    if more > 0:
        notes.append(say("{more} further datasets are in variance.csv.", more=more))
    notes += [telling.obstacle(item) for item in none[:_TOLD]]
    if not blocks:
        return notes
    return [
        *notes,
        say(
            "A lead is certain if its interval lies above zero; of two factors that explain alike one was "
            "called so in {low} to {high} of simulated grids.",
            low=words.percent(FALSE_LEADS[0]),
            high=words.percent(FALSE_LEADS[1]),
        ),
        say(
            "Shares depend on the levels chosen: a factor that was moved further explains more. They say "
            "what made these runs differ, not what matters everywhere."
        ),
        say(
            "ω² is the share of the sum of squares less what chance alone would give; a factor that does "
            "nothing has about 0, and slightly below is possible. Failed runs count with their score, "
            "diverged ones with 0. P(stable) is 1 for stable runs and 0 for others, undecided ones too; "
            "variance.csv also has it the other way, as P(not failed). Seeds are blocks. Runs with other "
            "settings than their recipe's own are not among these."
        ),
    ]


PART = Part(build, views.FILES)
