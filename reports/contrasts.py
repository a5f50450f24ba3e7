"""Paired contrasts: what one change did to the failure rate and to the score, between runs alike in all else.

Failure decides first, score second. The comparisons that a claim's verdict rests on are corrected by Holm,
all others, which only map the grid, by Benjamini and Hochberg.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reports import words
from reports.proportions import FailureRate, mcnemar, newcombe_paired, wilson
from reports.say import say
from reports.significance import benjamini_hochberg, holm, seed_interval, sign_flip
from reports.stats import Floats, Interval, improvement, iqm_sides, level_of

MIN_PAIRS = 20
"""Pairs of runs below which nothing is claimed, of rates decided ones (metrics.md E5)."""
DECIDES = "decides"
"""Role of a contrast that a claim's verdict rests on."""
MIN_SEEDS = 3
"""Seeds below which nothing is claimed."""
WORTH = 0.05
"""Smallest difference that counts, of failure rates and of scores: the step in q that verdicts take for a
change (still-improving); a smaller one may be certain and still does not matter."""
_ALPHA = {"Holm": 0.05, "BH": 0.10}  # metrics E4: confirmatory, exploratory
_ADJUST = {"Holm": holm, "BH": benjamini_hochberg}


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are drawn: repetitions and the seed of their randomness."""

    reps: int = 2000
    seed: int = 0

    def rng(self, purpose: str) -> np.random.Generator:
        """Return a generator of its own for each purpose: no number depends on what was drawn before."""
        return np.random.default_rng([self.seed, *purpose.encode()])


DEFAULT = Resampling()
"""What reports use unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Treated less baseline in one measure.

    Args:
        measure: ``failure rate`` or ``score``.
        treated, baseline: the value of either side; difference: treated less baseline.
        level: what the difference's interval is worth.
        pairs: pairs of runs that it rests on; for the failure rate, both of a pair are decided.
        seeds, agreeing: seeds behind it, and how many of them point the way the difference does.
        by_seed: the difference with seeds as the only replication.
        undecided: runs of either side that are; bounds: what they could make of the difference.
        p, p_adjusted: of "no difference", and corrected over its family.
        correction, family: ``Holm`` or ``BH``, and over how many comparisons.
    """

    measure: str
    treated: Interval
    baseline: Interval
    difference: Interval
    level: str
    pairs: int
    seeds: int
    agreeing: int
    by_seed: Interval
    undecided: int = 0
    bounds: tuple[float, float] = (math.nan, math.nan)
    p: float = math.nan
    p_adjusted: float = math.nan
    correction: str = ""
    family: int = 0

    @property
    def obstacle(self) -> str:
        """Why it cannot be judged, else empty."""
        if not self.pairs:
            kind = "decided pair" if self.undecided else "pair"
            return say("no {kind} of runs differs in this alone", kind=kind)
        if self.seeds < MIN_SEEDS:
            return _too_few(words.count(self.seeds, "seed"), MIN_SEEDS)
        if self.pairs < MIN_PAIRS:
            decided = words.count(self.pairs, "decided pair")
            return _too_few(decided if self.undecided else words.count(self.pairs, "pair"), MIN_PAIRS)
        return ""

    @property
    def certain(self) -> bool:
        """Whether the corrected p is small (see _ALPHA) and the interval excludes zero."""
        return self.p_adjusted <= _ALPHA.get(self.correction, 0.0) and self.difference.excludes_zero

    @property
    def sign(self) -> int:
        """+1 or -1 where the difference is certain and large enough to count, else 0."""
        if not self.certain or abs(self.difference.estimate) < WORTH:
            return 0
        return 1 if self.difference.estimate > 0 else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One change, judged by failure rate and score.

    Args:
        name: what is compared, e.g. ``discriminator 1/8 as wide against equal``.
        group: which runs, e.g. ``digits, all recipes``.
        treated, baseline: short names of the two sides.
        claimed: what the claim says the change does to harm: +1 more, -1 less, 0 something.
        cells: matched cells behind it.
        improvement: probability that a treated run scores above a baseline run of its cell.
        role: what it is for: DECIDES, or a word of the claim's own.
    """

    name: str
    group: str
    treated: str
    baseline: str
    claimed: int
    failure: Effect
    score: Effect
    cells: int
    improvement: float
    role: str = ""

    @property
    def decisive(self) -> bool:
        """Whether the claim's verdict rests on it."""
        return self.role == DECIDES

    @property
    def obstacle(self) -> str:
        """Why neither measure can be judged, else empty."""
        return self.failure.obstacle if self.score.obstacle else ""

    @property
    def harm(self) -> frozenset[int]:
        """Signs of harm that were shown: +1 more failures or lower scores, -1 the reverse."""
        return frozenset({self.failure.sign, -self.score.sign} - {0})


def _too_few(found: str, needed: int) -> str:
    return say("only {found}, at least {needed} are needed", found=found, needed=needed)


def contrast(
    paired: pd.DataFrame,
    *,
    name: str,
    group: str,
    sides: tuple[str, str],
    claimed: int,
    resampling: Resampling,
    role: str = "",
) -> Contrast:
    """Compare the two sides of some pairs (see ``matching.pairs``)."""
    scored = paired.dropna(subset=["score_treated", "score_baseline"])
    return Contrast(
        name=name,
        group=group,
        treated=sides[0],
        baseline=sides[1],
        claimed=claimed,
        failure=_failure(paired),
        score=_score(scored, resampling, f"{group}: {name}"),
        cells=int(paired["cell"].nunique()),
        improvement=improvement(*_sides(scored, "score"), scored["cell"].tolist()),
        role=role,
    )


def family(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Correct a claim's contrasts, each measure by itself: decisive by Holm, others by BH."""
    done = list(contrasts)
    for measure, decisive in ((m, d) for m in ("failure", "score") for d in (True, False)):
        effects = {i: getattr(item, measure) for i, item in enumerate(done) if item.decisive is decisive}
        judged = {i: effect for i, effect in effects.items() if not effect.obstacle}
        correction = "Holm" if decisive else "BH"
        adjusted = _ADJUST[correction]([effect.p for effect in judged.values()])
        for (place, effect), p in zip(judged.items(), adjusted, strict=True):
            corrected = replace(effect, p_adjusted=p, correction=correction, family=len(judged))
            done[place] = replace(done[place], **{measure: corrected})
    return done


def _sides(paired: pd.DataFrame, measure: str) -> tuple[Floats, Floats]:
    treated, baseline = (
        paired[f"{measure}_{side}"].to_numpy(dtype=float) for side in ("treated", "baseline")
    )
    return treated, baseline


def _failure(paired: pd.DataFrame) -> Effect:
    every = tuple(FailureRate.of(side) for side in _sides(paired, "failure"))
    decided = paired.dropna(subset=["failure_treated", "failure_baseline"])
    treated, baseline = (side > 0 for side in _sides(decided, "failure"))
    only_treated, only_baseline = int((treated & ~baseline).sum()), int((baseline & ~treated).sum())
    both, neither = int((treated & baseline).sum()), int((~treated & ~baseline).sum())
    by_seed, agreeing = seed_interval(treated.astype(float) - baseline, decided["seed"].tolist())
    (low, high), (base_low, base_high) = every[0].bounds, every[1].bounds
    return Effect(
        measure="failure rate",
        treated=wilson(both + only_treated, len(decided)),
        baseline=wilson(both + only_baseline, len(decided)),
        difference=newcombe_paired(both, only_treated, only_baseline, neither),
        level="95\u202f%",
        pairs=len(decided),
        seeds=int(decided["seed"].nunique()),
        agreeing=agreeing,
        by_seed=by_seed,
        undecided=every[0].undecided + every[1].undecided,
        bounds=(low - base_high, high - base_low),
        p=mcnemar(only_treated, only_baseline) if len(decided) else math.nan,
    )


def _score(scored: pd.DataFrame, resampling: Resampling, purpose: str) -> Effect:
    treated, baseline = _sides(scored, "score")
    cells, seeds, rng = scored["cell"].tolist(), scored["seed"].tolist(), resampling.rng(purpose)
    by_seed, agreeing = seed_interval(treated - baseline, seeds)
    per_cell = int(scored.groupby("cell").size().median()) if len(scored) else 0
    sides = iqm_sides(treated, baseline, cells, reps=resampling.reps, rng=rng)
    return Effect(
        measure="score",
        treated=sides[0],
        baseline=sides[1],
        difference=sides[2],
        level=level_of(per_cell, len(set(cells))),
        pairs=len(scored),
        seeds=len(set(seeds)),
        agreeing=agreeing,
        by_seed=by_seed,
        p=sign_flip(treated - baseline, rng),
    )
