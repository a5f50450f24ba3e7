"""What each remedy did and what it cost: paired by seed, judged by one corrected family."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reports.contrasts import DECIDES, MIN_PAIRS, WORTH, Contrast, Resampling, contrast, family
from reports.matching import pairs
from reports.prices.budgets import BUDGETS, curves, equal
from reports.prices.remedies import REMEDIES, Remedy
from reports.say import say
from reports.significance import holm, sign_flip
from reports.stats import Floats, Interval, bootstrap, iqm_difference, level_of

HELPS, HURTS, NOTHING = say("helps"), say("hurts"), say("no difference shown")
MIXED, NOT_MEASURED = say("mixed"), say("not measured")
_ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """What a remedy did to the score at one equal budget.

    Args:
        difference: of IQM scores, treated less baseline. pairs: of runs.
        p, p_adjusted: of no difference, by sign flips of pairs, and corrected by Holm over all remedies and
            budgets.
        verdict: helps, hurts, no difference shown or not measured.
    """

    difference: Interval
    pairs: int
    p: float = math.nan
    p_adjusted: float = math.nan

    @property
    def verdict(self) -> str:
        """A word for it: certain, and large enough to count."""
        if self.pairs < MIN_PAIRS or not self.difference.known:
            return NOT_MEASURED
        certain = self.p_adjusted <= _ALPHA and self.difference.excludes_zero
        if not certain or abs(self.difference.estimate) < WORTH:
            return NOTHING
        return HELPS if self.difference.estimate > 0 else HURTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One remedy, measured.

    Args:
        remedy: what was changed. contrast: failure rate and final score, paired.
        scores: by budget, what it did to the score at equal steps, samples or seconds.
        level: what those intervals are worth.
        slower: treated over baseline, seconds per generator step; geometric median of pairs.
        verdict: one of the five words above, of the failure rate and the final score.
    """

    remedy: Remedy
    contrast: Contrast
    scores: Mapping[str, Equal]
    level: str
    slower: Interval
    verdict: str


def prices(judged: pd.DataFrame, evaluations: pd.DataFrame, resampling: Resampling) -> list[Price]:
    """Measure every remedy; Holm over all of them, failure rates and scores each as a family."""
    known = curves(judged, evaluations)
    numbered = judged.assign(position=np.arange(len(judged), dtype=float)).assign(
        pace=judged["train_seconds"] / judged["steps_done"].clip(lower=1)
    )
    found = [_paired(remedy, numbered) for remedy in REMEDIES]
    effects = family(
        [_contrast(remedy, joined, resampling) for remedy, joined in zip(REMEDIES, found, strict=True)]
    )
    return corrected(
        [
            _price(remedy, effect, joined, judged["run_id"].to_numpy(), known, resampling)
            for remedy, effect, joined in zip(REMEDIES, effects, found, strict=True)
        ]
    )


def corrected(found: Sequence[Price]) -> list[Price]:
    """Correct the scores at equal budgets by Holm, all remedies and budgets as one family."""
    places = [(item.remedy.key, budget) for item in found for budget in item.scores]
    p = holm([item.scores[budget].p for item in found for budget in item.scores])
    adjusted = dict(zip(places, p, strict=True))
    return [
        replace(
            item,
            scores={
                budget: replace(each, p_adjusted=adjusted[item.remedy.key, budget])
                for budget, each in item.scores.items()
            },
        )
        for item in found
    ]


def _paired(remedy: Remedy, runs: pd.DataFrame) -> pd.DataFrame:
    """Join treated runs with their baselines; several levels of a change are joined one by one."""
    treated, baseline = remedy.treated(runs), remedy.baseline(runs)
    levels = [name for name in ("augmentation", "defect", "discriminator_lr") if remedy.free == {name}]
    values = ("failure", "score", "position", "pace")
    if not levels or not len(treated) or not len(baseline):
        return pairs(treated, baseline, remedy.free, remedy.also, values)
    several = treated if treated[levels[0]].nunique() > 1 else baseline
    parts = [
        pairs(part, baseline, remedy.free, remedy.also, values)
        if several is treated
        else pairs(treated, part, remedy.free, remedy.also, values)
        for _, part in several.groupby(levels[0])
    ]
    for number, part in enumerate(parts):
        part["cell"] += number * 1_000_000
    return pd.concat(parts, ignore_index=True)


def _contrast(remedy: Remedy, joined: pd.DataFrame, resampling: Resampling) -> Contrast:
    return contrast(
        joined,
        name=remedy.title,
        group=remedy.key,
        sides=(remedy.title, remedy.key),
        claimed=-1,
        resampling=resampling,
        role=DECIDES,
    )


def _price(
    remedy: Remedy,
    effect: Contrast,
    joined: pd.DataFrame,
    ids: Sequence[str],
    known: Mapping[str, Mapping[str, Floats]],
    resampling: Resampling,
) -> Price:
    named = joined.assign(
        treated=[ids[int(at)] for at in joined["position_treated"]],
        baseline=[ids[int(at)] for at in joined["position_baseline"]],
    )
    cells = named["cell"].to_numpy()
    scores = {budget: difference_at(remedy, named, known, budget, resampling) for budget in BUDGETS}
    per_cell = int(named.groupby("cell").size().median()) if len(named) else 0
    return Price(
        remedy=remedy,
        contrast=effect,
        scores=scores,
        level=level_of(per_cell, len(set(cells))),
        slower=slower(named, resampling, remedy.key),
        verdict=verdict(effect),
    )


def difference_at(
    remedy: Remedy,
    named: pd.DataFrame,
    known: Mapping[str, Mapping[str, Floats]],
    budget: str,
    resampling: Resampling,
) -> Equal:
    """Compare the scores of pairs at one equal budget; not corrected yet."""
    treated, baseline = equal(named, known, budget)
    both = np.isfinite(treated) & np.isfinite(baseline)
    if not both.any():
        return Equal(difference=Interval(math.nan), pairs=0)
    rng = resampling.rng(f"price {remedy.key} {budget}")
    labels = named["cell"].to_numpy()[both].tolist()
    found = iqm_difference(treated[both], baseline[both], labels, reps=resampling.reps, rng=rng)
    p = sign_flip(treated[both] - baseline[both], rng)
    return Equal(difference=found, pairs=int(both.sum()), p=p)


def slower(joined: pd.DataFrame, resampling: Resampling, key: str) -> Interval:
    """Median ratio of seconds per generator step, treated over baseline, bootstrapped within cells."""
    ratios = (joined["pace_treated"] / joined["pace_baseline"]).to_numpy(dtype=float)
    known = np.isfinite(ratios) & (ratios > 0)
    if not known.any():
        return Interval(math.nan)
    logs, labels = np.log(ratios[known]), joined["cell"].to_numpy()[known].tolist()
    rng = resampling.rng(f"pace {key}")
    middle = bootstrap(
        float(np.median(logs)), lambda at: np.median(logs[at], axis=1), labels, reps=resampling.reps, rng=rng
    )
    return Interval(*(float(np.exp(value)) for value in (middle.estimate, middle.low, middle.high)))


def verdict(effect: Contrast) -> str:
    """Word for a contrast: failure decides, the score speaks where failure rates show nothing."""
    if effect.obstacle:
        return NOT_MEASURED
    harm = {effect.failure.sign, -effect.score.sign} - {0}
    if len(harm) > 1:
        return MIXED
    return {frozenset(): NOTHING, frozenset({1}): HURTS, frozenset({-1}): HELPS}[frozenset(harm)]
