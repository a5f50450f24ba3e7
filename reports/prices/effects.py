"""What each remedy did and what it cost: paired by seed, every level of a change by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.contrasts import DECIDES, Contrast, Resampling, contrast, family
from reports.matching import pairs
from reports.prices.budgets import BUDGETS, curves, equal
from reports.prices.remedies import REMEDIES, Remedy, each_level
from reports.prices.verdicts import UNKNOWN, Equal, verdict
from reports.significance import sign_flip
from reports.stats import Floats, Interval, bootstrap, iqm_difference, level_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One remedy at one level, measured.

    Args:
        remedy: what was changed. contrast: failure rate and final score, paired.
        scores: by budget, what it did to the score at equal steps, samples or seconds.
        level: what those intervals are worth.
        slower: treated over baseline, seconds per generator step; geometric median of pairs.
        verdict: a word of verdicts.py, of the failure rate and the final score.
        paired: ids of the runs on either side.
    """

    remedy: Remedy
    contrast: Contrast
    scores: Mapping[str, Equal]
    level: str
    slower: Interval
    verdict: str
    paired: frozenset[str] = frozenset()


def effects(judged: pd.DataFrame, evaluations: pd.DataFrame, resampling: Resampling) -> list[Price]:
    """Measure every remedy at each level that was run; scores at equal budgets are not corrected yet.

    Failure rates and final scores are, by Holm, each a family over all of them.
    """
    known = curves(judged, evaluations)
    numbered = judged.assign(position=np.arange(len(judged), dtype=float)).assign(
        pace=judged["train_seconds"] / judged["steps_done"].clip(lower=1)
    )
    remedies = [level for remedy in REMEDIES for level in each_level(remedy, judged)]
    found = [_paired(remedy, numbered) for remedy in remedies]
    judgements = family(
        [_contrast(remedy, joined, resampling) for remedy, joined in zip(remedies, found, strict=True)]
    )
    return [
        _price(remedy, effect, joined, judged["run_id"].to_numpy(), known, resampling)
        for remedy, effect, joined in zip(remedies, judgements, found, strict=True)
    ]


def _paired(remedy: Remedy, runs: pd.DataFrame) -> pd.DataFrame:
    """Join treated runs with their baselines."""
    values = ("failure", "score", "position", "pace")
    return pairs(remedy.treated(runs), remedy.baseline(runs), remedy.free, remedy.also, values)


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
        paired=frozenset(named["treated"]) | frozenset(named["baseline"]),
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
        return UNKNOWN
    rng = resampling.rng(f"price {remedy.key} {budget}")
    labels = named["cell"].to_numpy()[both].tolist()
    found = iqm_difference(treated[both], baseline[both], labels, reps=resampling.reps, rng=rng)
    p = sign_flip(treated[both] - baseline[both], rng)
    seeds = int(named["seed"][both].nunique())
    return Equal(difference=found, pairs=int(both.sum()), seeds=seeds, p=p)


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
