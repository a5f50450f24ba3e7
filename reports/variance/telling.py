"""The shares in sentences: what explains most, how certain that is, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reports import words
from reports.bands import told_levels
from reports.contrasts import MIN_SEEDS
from reports.say import Text, say
from reports.stats import Interval
from reports.variance.blocks import Block, NoBlock
from reports.variance.effects import RANK, SCORE, STABLE, Explained, Lead
from reports.variance.factors import level_name
from reports.variance.shares import CHANCE, FACTOR, HIGHER, SEED, TOTAL, Term


def term_name(found: Block, term: Term) -> Text:
    """Name a term: its factors, joined by a cross."""
    if term.kind == HIGHER:
        return say("three or more together")
    if term.kind == SEED:
        return say("seed, the same in all cells")
    if term.kind == CHANCE:
        return say("left to chance")
    names = [found.factors[axis].name for axis in term.axes]
    if term.kind == TOTAL:
        return say("{factor}, with all it takes part in", factor=names[0])
    if len(names) == 1:
        return names[0]
    return say("{first} × {second}", first=names[0], second=names[1])


def share_text(value: Interval) -> Text:
    """Spell a share of variance with its interval."""
    if not value.known:
        return say("{share}", share=words.percent(value.estimate))
    return say(
        "{share} {span}",
        share=words.percent(value.estimate),
        span=words.span(value.low, value.high, share=True),
    )


def point(found: Explained) -> Text:
    """Say which factor explains most of a measure on a dataset."""
    block = found.block
    where = say("{dataset}, {measure}", dataset=words.label(block.dataset), measure=say(found.measure))
    if found.lead is None:
        return say(
            "{where}: there is no variance to explain, all {runs} runs are alike in it.",
            where=where, runs=f"{block.places.size:,}",
        )  # fmt: skip
    return say(
        "{where} ({runs} runs, {seeds} seeds): {most} {lead} {joint} {chance}",
        where=where, runs=f"{block.places.size:,}", seeds=len(block.seeds), most=_most(found, found.lead),
        lead=_lead(block, found.lead), joint=_joint(found), chance=_chance(found),
    )  # fmt: skip


def _most(found: Explained, lead: Lead) -> Text:
    named = {"factor": term_name(found.block, lead.first.term), "share": share_text(lead.first.omega)}
    if lead.first.omega.known and lead.first.omega.low <= 0:
        return say(
            "no factor explains a share that is certainly above zero; {factor} most, {share}.", **named
        )
    return say("{factor} explains most by itself, ω² {share}.", **named)


def _lead(block: Block, lead: Lead) -> Text:
    seeds, second = len(block.seeds), term_name(block, lead.next.term)
    if not lead.ahead.known:
        return say(
            "Whether it leads {next} cannot be said from {seeds} seeds, {needed} are needed.",
            next=second, seeds=seeds, needed=MIN_SEEDS,
        )  # fmt: skip
    ahead = say(
        "{points} {span}",
        points=words.points(lead.ahead.estimate),
        span=words.span(lead.ahead.low, lead.ahead.high, share=True),
    )
    if lead.certain:
        return say("Its lead over {next} is certain, {ahead}.", next=second, ahead=ahead)
    return say("Its lead over {next} is not certain, {ahead}.", next=second, ahead=ahead)


def _joint(found: Explained) -> Text:
    joint = found.joint
    if joint is None or joint.omega.estimate <= 0:
        return say("No two factors together explain more than each by itself.")
    return say(
        "Of pairs beyond that {pair} explains most, {share}.",
        pair=term_name(found.block, joint.term), share=share_text(joint.omega),
    )  # fmt: skip


def _chance(found: Explained) -> Text:
    left = found.of(CHANCE)[0]
    return say("Chance keeps {share}.", share=share_text(left.omega))


def balance(found: Block) -> Text:
    """Say what the shares rest on: the levels, and what was left out to have every combination."""
    levels = _joined(
        [
            say(
                "{factor} {levels}",
                factor=factor.name, levels=told_levels(row, partial(level_name, factor.column)),
            )
            for factor, row in zip(found.factors, found.levels, strict=True)
        ]
    )  # fmt: skip
    told = {
        "dataset": words.label(found.dataset), "levels": levels, "seeds": len(found.seeds),
        "runs": f"{found.places.size:,}", "all": f"{len(found.runs):,}", "left": f"{found.left_out:,}",
    }  # fmt: skip
    if found.left_out:
        return say(
            "{dataset}: the grid is not full. Its largest full part has {runs} of {all} runs with their "
            "recipe's own settings: {levels}; {seeds} seeds each. {left} runs are left out.",
            **told,
        )
    return say(
        "{dataset}: the grid is full and balanced, {runs} runs with their recipe's own settings: {levels}; "
        "{seeds} seeds each.",
        **told,
    )


def _joined(texts: Sequence[Text]) -> Text:
    """Join texts so that each can still be told in another language."""
    if len(texts) == 1:
        return texts[0]
    return say("{first}; {rest}", first=texts[0], rest=_joined(texts[1:]))


def pooling(found: Block) -> list[Text]:
    """Say how many rates the levels of the learning rate stand for."""
    if not found.pools.pooled or all(factor.column != "lr_scale" for factor in found.factors):
        return []
    named = {"dataset": words.label(found.dataset)}
    return [
        *found.pools.notes,
        say(
            "{dataset}: a band is named by its middle, and of runs alike in all but the rate the one nearest "
            "to it counts.",
            **named,
        ),
    ]


def together(found: Block) -> list[Text]:
    """Say which factors change with others and cannot be told apart from them."""
    return [
        say(
            "{dataset}: {factor} changes together with {others}; the share is that of all of them.",
            dataset=words.label(found.dataset), factor=factor.name,
            others=words.listed([name.replace("_", " ") for name in factor.with_it]),
        )
        for factor in found.factors
        if factor.with_it
    ]  # fmt: skip


def obstacle(found: NoBlock) -> Text:
    """Say why a dataset's variance cannot be split."""
    named = {"dataset": words.label(found.dataset), "runs": f"{found.runs:,}"}
    if not found.runs:
        return say("{dataset}: no run with its recipe's own settings has a score.", **named)
    if len(found.factors) < 2:
        varied = words.listed([factor.name for factor in found.factors]) or say("nothing")
        return say(
            "{dataset}: shares need two factors, {varied} varied in {runs} runs.", **named, varied=varied
        )
    if found.seeds < 2:
        return say("{dataset}: shares need two seeds, all {runs} runs have the same.", **named)
    return say(
        "{dataset}: the grid is not balanced; in its {runs} runs no two levels of two factors were run in "
        "all combinations under two seeds.",
        **named,
    )


def fragile(shares: Sequence[Explained]) -> list[Text]:
    """Say where ranks of the score, or P(stable), name another factor than the score itself."""
    found = []
    leads = {(item.block.dataset, item.measure): item.lead for item in shares}
    for (dataset, measure), lead in leads.items():
        own = leads.get((dataset, SCORE))
        if measure not in (RANK, STABLE) or lead is None or own is None:
            continue
        if lead.first.term.axes == own.first.term.axes or not lead.first.omega.low > 0:
            continue
        block = next(item.block for item in shares if item.block.dataset == dataset)
        found.append(
            say(
                "{dataset}: {other} is explained most by {factor}, the score by {first}.",
                dataset=words.label(dataset), other=say(measure), factor=term_name(block, lead.first.term),
                first=term_name(block, own.first.term),
            )
        )  # fmt: skip
    return found


def tested(shares: Sequence[Explained]) -> list[Text]:
    """Say of each factor how likely its main effect on P(stable) is if it does nothing."""
    return [
        say(
            "{dataset}, P(stable): permutation p of each factor by itself, corrected by Holm: {factors}.",
            dataset=words.label(item.block.dataset),
            factors=words.enumerated(
                [
                    say("{factor} {p}", factor=term_name(item.block, share.term), p=_p(share.p_holm))
                    for share in item.of(FACTOR)
                ]
            ),
        )
        for item in shares
        if item.measure == STABLE and item.shares
    ]


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else words.fixed(value, 3)


def steady_points(shares: Sequence[Explained], alone: Sequence[Explained]) -> list[Text]:
    """Say what explains the score among stable runs alone, beside all runs."""
    leads = {item.block.dataset: item.lead for item in shares if item.measure == SCORE}
    return [_steady(item, leads.get(item.block.dataset)) for item in alone]


def _steady(item: Explained, own: Lead | None) -> Text:
    named = {"dataset": words.label(item.block.dataset), "runs": words.count(item.runs, "stable run")}
    if item.lead is None or own is None:
        return say("{dataset}: {runs} are too few or too much alike to be split by themselves.", **named)
    first = item.lead.first
    named |= {"factor": term_name(item.block, first.term), "share": share_text(first.omega)}
    if first.omega.known and first.omega.low <= 0:
        return say(
            "{dataset}, {runs} alone: no factor explains a share of the score that is certainly above zero; "
            "{factor} most, {share}.",
            **named,
        )
    if first.term.axes == own.first.term.axes:
        return say(
            "{dataset}, {runs} alone: {factor} explains most of the score, {share}, as among all runs.",
            **named,
        )
    return say(
        "{dataset}, {runs} alone: {factor} explains most of the score, {share}; among all runs {other} does.",
        **named,
        other=term_name(item.block, own.first.term),
    )
