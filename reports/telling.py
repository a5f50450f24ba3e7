"""Contrasts in words: each sentence is put together from signs, numbers and obstacles."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.contrasts import WORTH, Contrast

_FULL = 2


def told(contrast: Contrast) -> str:
    """One contrast as a sentence: rates, difference, score, runs and seeds, and what it shows."""
    if contrast.obstacle:
        return f"Not measured: {contrast.name} ({contrast.obstacle})."
    failure, score = contrast.failure, contrast.score
    rates = (
        f"{words.percent(failure.treated.estimate)} of runs failed with {contrast.treated}, "
        f"{words.percent(failure.baseline.estimate)} with {contrast.baseline}: "
        f"{words.points(failure.difference.estimate)} "
        f"{words.span(failure.difference.low, failure.difference.high, share=True)}"
    )
    quality = ""
    if score.pairs:
        quality = (
            f"; score {words.signed(score.difference.estimate)} "
            f"{words.span(score.difference.low, score.difference.high)}"
        )
    size = f"{words.count(failure.pairs, 'pair')}, {words.count(failure.seeds, 'seed')}"
    return words.sentence(f"{rates}{quality} ({size}); {_reading(contrast)}{_doubt(contrast)}.")


def _reading(contrast: Contrast) -> str:
    failure, score = contrast.failure.sign, -contrast.score.sign
    if failure and score and failure != score:
        reading = "failure rate and score disagree"
    elif failure:
        reading = "more failures" if failure > 0 else "fewer failures"
    elif score:
        reading = "the failure rate shows no difference, the score is " + ("lower" if score > 0 else "higher")
    elif contrast.failure.certain or contrast.score.certain:
        reading = f"no difference that counts (of {WORTH} or more)" + _saturation(contrast)
    elif contrast.failure.difference.excludes_zero or contrast.score.difference.excludes_zero:
        family = words.count(contrast.failure.family, "comparison")
        reading = f"no difference shown after correction for {family}"
    else:
        reading = "no difference shown" + _saturation(contrast)
    return reading


def _saturation(contrast: Contrast) -> str:
    """Say where failure rates could not differ, because all runs or none failed."""
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
        alone = f"the {effect.seeds} seeds taken as one number each leave room for none"
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
    return " ".join(f"{words.sentence(reading)}: {', '.join(items)}." for reading, items in groups.items())


def _short(contrast: Contrast) -> tuple[str, str]:
    failure, score = contrast.failure, contrast.score
    numbers = (
        f"{words.points(failure.difference.estimate)} "
        f"{words.span(failure.difference.low, failure.difference.high, share=True)}"
    )
    if score.sign and (not failure.sign or failure.sign == score.sign):
        numbers += (
            f", score {words.signed(score.difference.estimate)} "
            f"{words.span(score.difference.low, score.difference.high)}"
        )
    return f"{contrast.name} ({numbers}, {words.count(failure.pairs, 'pair')}{_doubt(contrast)})", _reading(
        contrast
    )
