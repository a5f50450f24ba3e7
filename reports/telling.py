"""Contrasts in words: each sentence is put together from signs, numbers and obstacles."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.contrasts import WORTH, Contrast, Effect
from reports.say import joined, say

_FULL = 2


def told(contrast: Contrast) -> str:
    """One contrast as a sentence: rates, difference, score, runs and seeds, and what it shows."""
    if contrast.obstacle:
        return say("Not measured: {name} ({obstacle}).", name=contrast.name, obstacle=contrast.obstacle)
    failure, score = contrast.failure, contrast.score
    said = [] if failure.obstacle else [_rates(contrast)]
    if not score.obstacle:
        said.append(say("score {change}", change=_change(score)))
    size = failure if not failure.obstacle else score
    if failure.obstacle:
        why = {"name": contrast.name, "obstacle": failure.obstacle}
        said.insert(0, say("failure rates not comparable for {name} ({obstacle})", **why))
    return words.sentence(
        say(
            "{numbers} ({pairs}, {seeds}); {reading}{doubt}.",
            numbers=joined(said, "{left}; {right}"),
            pairs=words.count(size.pairs, "pair"),
            seeds=words.count(size.seeds, "seed"),
            reading=_reading(contrast),
            doubt=_doubt(contrast),
        )
    )


def by_group(contrasts: Sequence[Contrast]) -> list[str]:
    """Tell contrasts group by group, each group named by the last part of its name."""
    groups: dict[str, list[Contrast]] = {}
    for item in contrasts:
        groups.setdefault(words.innermost(item.group), []).append(item)
    return [titled(name, items) for name, items in groups.items()]


def titled(name: str, contrasts: Sequence[Contrast]) -> str:
    """Tell contrasts under a name."""
    return say("{name}. {told}", name=words.sentence(name), told=grouped(contrasts))


def _rates(contrast: Contrast) -> str:
    failure = contrast.failure
    return say(
        "{rate} of runs failed with {treated}, {other} with {baseline}: {change}",
        rate=words.percent(failure.treated.estimate),
        treated=contrast.treated,
        other=words.percent(failure.baseline.estimate),
        baseline=contrast.baseline,
        change=_change(failure),
    )


def _change(effect: Effect) -> str:
    difference = effect.difference
    if effect.measure == "score":
        return words.change(difference.estimate, difference.low, difference.high)
    interval = words.span(difference.low, difference.high, share=True)
    return joined([words.points(difference.estimate), interval])


def _reading(contrast: Contrast) -> str:
    failure, score = contrast.failure.sign, -contrast.score.sign
    effects = [effect for effect in (contrast.failure, contrast.score) if not effect.obstacle]
    if failure and score and failure != score:
        return say("failure rate and score disagree")
    if failure:
        return say("more failures") if failure > 0 else say("fewer failures")
    if score:
        alone = [] if contrast.failure.obstacle else [say("the failure rate shows no difference")]
        moved = say("the score is lower") if score > 0 else say("the score is higher")
        return words.clauses([*alone, moved])
    if any(effect.certain for effect in effects):
        return _saturated(say("no difference that counts (of {worth} or more)", worth=WORTH), contrast)
    if any(effect.difference.excludes_zero for effect in effects):
        return say("no difference shown after correction for the other comparisons")
    return _saturated(say("no difference shown"), contrast)


def _saturated(reading: str, contrast: Contrast) -> str:
    """Add where failure rates could not differ, because all runs or none failed."""
    rates = {contrast.failure.treated.estimate, contrast.failure.baseline.estimate}
    if contrast.failure.obstacle or rates not in ({1.0}, {0.0}):
        return reading
    every = rates == {1.0}
    return words.clauses([reading, say("every run failed") if every else say("no run failed")])


def _doubt(contrast: Contrast) -> str:
    """What speaks against a difference that was shown: seeds that disagree, undecided runs."""
    effect = contrast.failure if contrast.failure.sign or not contrast.score.sign else contrast.score
    if not effect.sign:
        return ""
    doubts: list[str] = []
    if effect.by_seed.known and not effect.by_seed.excludes_zero:
        agree = say(", though only {n} of {seeds} seeds agree", n=effect.agreeing, seeds=effect.seeds)
        few = say(", though {seeds} seeds are too few to rule out chance between them", seeds=effect.seeds)
        doubts.append(agree if effect.agreeing < effect.seeds else few)
    low, high = effect.bounds
    if effect.undecided and low <= 0 <= high:
        undecided = words.count(effect.undecided, "undecided run")
        doubts.append(say(", though {undecided} could undo it", undecided=undecided))
    return joined(doubts, "{left}{right}")


def unvaried(runs: pd.DataFrame, factors: Sequence[tuple[str, str]]) -> list[str]:
    """Say which factors stood still, so that nothing can be said about them.

    Args:
        runs: the runs behind a claim.
        factors: column and the words for it.
    """
    still = []
    for column, name in factors:
        levels = runs[column].unique()
        if len(levels) == 1:
            level = levels[0]
            shown = words.label(level) if isinstance(level, str) else words.number(float(level))
            still.append(say("{name} ({level})", name=name, level=shown or "none"))
    return [say("Held fixed: {factors}.", factors=words.listed(still))] if still else []


def grouped(contrasts: Sequence[Contrast]) -> str:
    """Tell many contrasts at once, gathered by what they show; two or fewer are told in full."""
    if len(contrasts) <= _FULL:
        return words.sentences([told(item) for item in contrasts])
    groups: dict[str, list[str]] = {}
    for item in contrasts:
        shown, reading = (item.name, _unmeasured(item)) if item.obstacle else _short(item)
        groups.setdefault(reading, []).append(shown)
    shown_first = sorted(groups, key=lambda reading: (reading.startswith("not "), reading.startswith("no ")))
    return words.sentences(
        [
            say("{reading}: {shown}.", reading=words.sentence(name), shown=words.clauses(groups[name]))
            for name in shown_first
        ]
    )


def _unmeasured(contrast: Contrast) -> str:
    return say("not measured, {obstacle}", obstacle=contrast.obstacle)


def _short(contrast: Contrast) -> tuple[str, str]:
    failure, score = contrast.failure, contrast.score
    numbers = [] if failure.obstacle else [_change(failure)]
    if failure.obstacle or (score.sign and failure.sign in (0, score.sign)):
        numbers.append(say("score {change}", change=_change(score)))
    numbers.append(words.count(score.pairs if failure.obstacle else failure.pairs, "pair"))
    shown = {"name": contrast.name, "numbers": words.clauses(numbers), "doubt": _doubt(contrast)}
    return say("{name} ({numbers}{doubt})", **shown), _reading(contrast)
