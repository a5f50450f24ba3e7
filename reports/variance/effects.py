"""How much of a measure each cause explains, with intervals from resampled seeds; whether the first leads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from reports.contrasts import MIN_SEEDS, Resampling
from reports.significance import holm
from reports.stats import NOMINAL, Floats, Interval
from reports.variance.blocks import Block
from reports.variance.permuted import permutation_p
from reports.variance.shares import FACTOR, PAIR, TOTAL, Sums, Term, drawn, once, sums

SCORE, RANK, STABLE, NOT_FAILED = "score", "rank of the score", "P(stable)", "P(not failed)"
MEASURES = (SCORE, RANK, STABLE, NOT_FAILED)
"""What is explained. P(stable) counts undecided runs as not stable, P(not failed) as stable."""

MEASURED_COVERAGE: dict[int, tuple[float, float]] = {
    3: (0.98, 1.00),
    5: (0.96, 1.00),
    6: (0.95, 1.00),
    10: (0.94, 1.00),
}
"""Seeds to how often the nominal 95 % interval of ω² holds the truth, lowest and highest over 4 x 3 x 2 and
4 x 5 x 6 cells, normal, beta and two-valued numbers, factors that act and factors that do not (300 simulated
grids each; ``tests/reports/test_variance.py`` measures some of it again). The percentile interval of
the same resamples holds it in 56-79 % at 3 seeds, 64-91 % at 5 and 63-96 % at 10: it is not used."""

FALSE_LEADS = (0.02, 0.07)
"""How often one of two factors that explain alike is called certain to lead, lowest and highest over the same
kinds of grids with 3, 6 and 10 seeds (300 simulated grids each; nominal 5 %)."""


@dataclass(frozen=True, slots=True)
class Share:
    """One term's share of a measure's variance.

    Args:
        squares: sum of squares. eta, omega: η², and ω² with its interval.
        p, p_holm: permutation p of a factor's main effect on P(stable), and corrected over the factors.
    """

    term: Term
    squares: float
    eta: float
    omega: Interval
    p: float = math.nan
    p_holm: float = math.nan


@dataclass(frozen=True, slots=True)
class Lead:
    """The factor that explains most, the next, and by how much it leads; ``next`` None if there is none."""

    first: Share
    next: Share
    ahead: Interval

    @property
    def certain(self) -> bool:
        """Whether the lead's interval lies above zero."""
        return self.ahead.known and self.ahead.low > 0


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A measure taken apart over one block; no shares where all runs are alike in it.

    Args:
        taken: runs that it rests on; None: all of the block.
    """

    measure: str
    block: Block
    shares: tuple[Share, ...]
    lead: Lead | None
    taken: int | None = None

    @property
    def runs(self) -> int:
        """Runs that it rests on."""
        return self.block.places.size if self.taken is None else self.taken

    def of(self, *kinds: str) -> list[Share]:
        """List the shares of some kinds."""
        return [share for share in self.shares if share.term.kind in kinds]

    @property
    def parts(self) -> list[Share]:
        """The shares that sum to one."""
        return [share for share in self.shares if share.term.kind != TOTAL]

    @property
    def joint(self) -> Share | None:
        """The two-way interaction that explains most."""
        return max(self.of(PAIR), key=lambda share: share.omega.estimate, default=None)


def explained(found: Block, measure: str, resampling: Resampling) -> Explained:
    """Take a measure apart over a block."""
    seeds = len(found.seeds)
    values = _values(found, measure)
    data = sums(values, once(seeds))
    if not data.total[0] > 0:
        return Explained(measure, found, (), None)
    rng = resampling.rng(f"variance {found.dataset} {measure}")
    # One number of all resamples is kept for each term; runs never multiply by repetitions.
    redrawn = sums(values, drawn(seeds, resampling.reps, rng)).omega if seeds >= MIN_SEEDS else None
    shares = tuple(_share(data, row, redrawn, seeds) for row in range(len(data.terms)))
    if measure == STABLE:
        shares = _tested(shares, values, resampling, found.dataset)
    return Explained(measure, found, shares, lead_of(shares, redrawn, seeds))


def _tested(
    shares: tuple[Share, ...], values: Floats, resampling: Resampling, dataset: str
) -> tuple[Share, ...]:
    """Add to each factor the p of its main effect."""
    rng = resampling.rng(f"permuted {dataset}")
    factors = [share for share in shares if share.term.kind == FACTOR]
    found = [permutation_p(values, share.term.axes[0], resampling.reps, rng) for share in factors]
    told = [replace(share, p=p, p_holm=q) for share, p, q in zip(factors, found, holm(found), strict=True)]
    return (*told, *(share for share in shares if share.term.kind != FACTOR))


def _values(found: Block, measure: str) -> Floats:
    """Lay a measure out like the block's runs."""
    runs = found.runs
    scores = runs["score"].to_numpy(dtype=float)[found.places]
    if measure == SCORE:
        return np.asarray(scores)
    if measure == RANK:
        return np.asarray(stats.rankdata(scores, axis=None).reshape(scores.shape))
    failure = runs["failure"].to_numpy(dtype=float)[found.places]
    return np.asarray(failure == 0 if measure == STABLE else failure != 1, dtype=np.float64)


def interval(estimate: float, redrawn: Floats, seeds: int) -> Interval:
    """Student's t over seeds with the spread of resampled seeds.

    Seeds drawn with replacement spread less than seeds drawn anew, by sqrt((n - 1) / n), and few of them give
    a poor idea of the spread, for which t has n - 1 degrees of freedom. Their mean is not used: repeats among
    them let chance pass for an effect.

    Args:
        estimate: of the data themselves. redrawn: of each resample; NaN where all its runs are alike.
        seeds: how many seeds there are.
    """
    known = redrawn[np.isfinite(redrawn)]
    if seeds < MIN_SEEDS or len(known) < len(redrawn) / 2 or len(known) < 2:
        return Interval(estimate)
    spread = float(known.std(ddof=1)) * math.sqrt(seeds / (seeds - 1))
    half = float(stats.t.ppf(0.5 + NOMINAL / 2, seeds - 1)) * spread
    return Interval(estimate, max(-1.0, estimate - half), min(1.0, estimate + half))


def _share(data: Sums, row: int, redrawn: Floats | None, seeds: int) -> Share:
    omega = float(data.omega[row, 0])
    around = Interval(omega) if redrawn is None else interval(omega, redrawn[row], seeds)
    return Share(data.terms[row], float(data.squares[row, 0]), float(data.eta[row, 0]), around)


def lead_of(shares: Sequence[Share], redrawn: Floats | None, seeds: int) -> Lead | None:
    """Find the factor that explains most and its lead over the next; NaN resamples as in ``interval``."""
    rows = [row for row, share in enumerate(shares) if share.term.kind == FACTOR]
    first, second = sorted(rows, key=lambda row: -shares[row].omega.estimate)[:2]
    ahead = shares[first].omega.estimate - shares[second].omega.estimate
    if redrawn is None:
        return Lead(shares[first], shares[second], Interval(ahead))
    return Lead(shares[first], shares[second], interval(ahead, redrawn[first] - redrawn[second], seeds))
