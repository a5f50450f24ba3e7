"""Contrasts in words: each sentence is put together from signs, numbers and obstacles."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.contrasts import WORTH, Contrast, Effect

_FULL = 2


def told(contrast: Contrast) -> str:
    """One contrast as a sentence: rates, difference, score, runs and seeds, and what it shows."""
    if contrast.obstacle:
        return f"Not measured: {contrast.name} ({contrast.obstacle})."
    failure, score = contrast.failure, contrast.score
    said = [] if failure.obstacle else [_rates(contrast)]
    if not score.obstacle:
        said.append(f"score {_change(score)}")
    size = failure if not failure.obstacle else score
    counts = f"{words.count(size.pairs, 'pair')}, {words.count(size.seeds, 'seed')}"
    if failure.obstacle:
        said.insert(0, f"failure rates not comparable for {contrast.name} ({failure.obstacle})")
    return words.sentence(f"{'; '.join(said)} ({counts}); {_reading(contrast)}{_doubt(contrast)}.")


def by_group(contrasts: Sequence[Contrast]) -> list[str]:
    """Tell contrasts group by group, each group named by the last part of its name."""
    groups: dict[str, list[Contrast]] = {}
    for item in contrasts:
        groups.setdefault(item.group.rsplit(", ", 1)[-1], []).append(item)
    return [f"{words.sentence(name)}. {grouped(items)}" for name, items in groups.items()]


def _rates(contrast: Contrast) -> str:
    failure = contrast.failure
    return (
        f"{words.percent(failure.treated.estimate)} of runs failed with {contrast.treated}, "
        f"{words.percent(failure.baseline.estimate)} with {contrast.baseline}: {_change(failure)}"
    )


def _change(effect: Effect) -> str:
    difference = effect.difference
    if effect.measure == "score":
        return f"{words.signed(difference.estimate)} {words.span(difference.low, difference.high)}"
    return f"{words.points(difference.estimate)} {words.span(difference.low, difference.high, share=True)}"


def _reading(contrast: Contrast) -> str:
    failure, score = contrast.failure.sign, -contrast.score.sign
    effects = [effect for effect in (contrast.failure, contrast.score) if not effect.obstacle]
    if failure and score and failure != score:
        return "failure rate and score disagree"
    if failure:
        return "more failures" if failure > 0 else "fewer failures"
    if score:
        alone = "" if contrast.failure.obstacle else "the failure rate shows no difference, "
        return f"{alone}the score is {'lower' if score > 0 else 'higher'}"
    if any(effect.certain for effect in effects):
        return f"no difference that counts (of {WORTH} or more)" + _saturation(contrast)
    if any(effect.difference.excludes_zero for effect in effects):
        return "no difference shown after correction for the other comparisons"
    return "no difference shown" + _saturation(contrast)


def _saturation(contrast: Contrast) -> str:
    """Say where failure rates could not differ, because all runs or none failed."""
    if contrast.failure.obstacle:
        return ""
    rates = {contrast.failure.treated.estimate, contrast.failure.baseline.estimate}
    return {1.0: ", every run failed", 0.0: ", no run failed"}[rates.pop()] if rates in ({1.0}, {0.0}) else ""


def _doubt(contrast: Contrast) -> str:
    """What speaks against a difference that was shown: seeds that disagree, undecided runs."""
    effect = contrast.failure if contrast.failure.sign or not contrast.score.sign else contrast.score
    if not effect.sign:
        return ""
    doubt = ""
    if effect.by_seed.known and not effect.by_seed.excludes_zero:
        agree = f"only {effect.agreeing} of {effect.seeds} seeds agree"
        alone = f"{effect.seeds} seeds are too few to rule out chance between them"
        doubt += f", though {agree if effect.agreeing < effect.seeds else alone}"
    low, high = effect.bounds
    if effect.undecided and low <= 0 <= high:
        doubt += f", though {words.count(effect.undecided, 'undecided run')} could undo it"
    return doubt


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
            still.append(f"{name} ({shown or 'none'})")
    return [f"Held fixed: {words.listed(still)}."] if still else []


def grouped(contrasts: Sequence[Contrast]) -> str:
    """Tell many contrasts at once, gathered by what they show; two or fewer are told in full."""
    if len(contrasts) <= _FULL:
        return " ".join(map(told, contrasts))
    groups: dict[str, list[str]] = {}
    for item in contrasts:
        shown, reading = (item.name, f"not measured, {item.obstacle}") if item.obstacle else _short(item)
        groups.setdefault(reading, []).append(shown)
    shown_first = sorted(groups, key=lambda reading: (reading.startswith("not "), reading.startswith("no ")))
    return " ".join(f"{words.sentence(reading)}: {', '.join(groups[reading])}." for reading in shown_first)


def _short(contrast: Contrast) -> tuple[str, str]:
    failure, score = contrast.failure, contrast.score
    numbers = [] if failure.obstacle else [_change(failure)]
    if failure.obstacle or (score.sign and failure.sign in (0, score.sign)):
        numbers.append(f"score {_change(score)}")
    pairs = words.count(score.pairs if failure.obstacle else failure.pairs, "pair")
    return f"{contrast.name} ({', '.join(numbers)}, {pairs}{_doubt(contrast)})", _reading(contrast)
