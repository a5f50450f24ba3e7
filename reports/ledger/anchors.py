"""The published results that this project measures itself by, each with the claim put to our records."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.ledger import claims
from reports.ledger.claims import Claim
from reports.ledger.facts import METZ_FULL, Discussion, facts
from reports.ledger.judgement import Judgement, not_run
from reports.ledger.records import Records

LUCIC_MNIST = {"mmgan": 9.8, "nsgan": 6.8, "lsgan": 7.8, "wgan": 6.7, "wgan-gp": 20.3}
LUCIC_FASHION = {"mmgan": 29.6, "nsgan": 26.5, "lsgan": 30.7, "wgan": 21.5, "wgan-gp": 24.5}
"""Best Frechet distance of each loss, Inception features; only their order is compared."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One published result.

    Args:
        name: how the ledger calls it. source: paper and table.
        published: the claim with its numbers. preset: whose records answer it.
        budget: what ours has less of than the paper, or has otherwise; names of ``facts`` in braces.
        claim: how the records are judged; None for what is out of reach, for the reason in ``budget``.
        discussion: what we make of it where it is not reproduced, or in order only.
    """

    name: str
    source: str
    published: str
    preset: str
    budget: str
    claim: Claim | None = None
    discussion: Discussion | None = None

    def told_budget(self, records: Records) -> str:
        """The budget of the kept records."""
        return self.budget.format(**facts(self.preset, records[self.preset]))

    def told_discussion(self, records: Records) -> str:
        """The discussion, where it was written for records like the kept ones."""
        return self.discussion.said_of(facts(self.preset, records[self.preset])) if self.discussion else ""

    def judge(self, records: Records) -> Judgement:
        """What the kept records say."""
        if self.claim is None:
            return not_run(self.budget)
        runs = records.get(self.preset, pd.DataFrame())
        return not_run("no records") if runs.empty else self.claim(runs)


_MESCHEDER = "Mescheder et al. 2018"
_METZ = "Metz et al. 2017, table 1; Lin et al. 2018, table 3"
_METZ_BUDGET = "{percent} of 500,000 iterations ({iterations}), seeds: {seeds}"
_METZ_EARLY = Discussion(
    "at {percent} of the budget training has hardly begun: of the 1,000 modes both widths keep a handful, "
    "and {seeds} seeds vary as much as that",
    {"steps": 1_200, "widths": "8", "seeds": 5},
)
_DIFF_EARLY = Discussion(
    "after {steps:,} steps a small DCGAN is equally far from the data whatever their number: it has seen "
    "{fewest_data:,} images {passes} times, too few for its discriminator to know them; the effect asks for "
    "longer training or fewer data (on digits, 64 images against 1,100, the score does fall: see the "
    "standard report)",
    {"steps": 2_000, "sizes": "6000, 12000, 60000", "networks": "dcgan", "widths": "16", "seeds": 5},
)
_NDB_BINS = Discussion(
    "the count on test digits hangs on the bins: 0, 1 and 3 with three seeds of k-means, and 9 beyond 3 "
    "standard errors, which the authors' README has for a limit where their program has 4",
    {"off": ("test digits",)},
)
_LUCIC = "Lucic et al. 2018, tables of best FID"
_LATTICE_BUDGET = (
    "{discriminator_steps:,} of 15,625 discriminator steps ({percent}), networks {networks} of width "
    "{widths} in place of InfoGAN's of 64, a lattice of the search space in place of random trials, "
    "seeds: {seeds}, our classifiers' features"
)
_LATTICE_EARLY = Discussion(
    "at {percent} of the published budget {failed} of {runs} runs are judged failed, so this is the order in "
    "which losses get started, not the one in which they end",
    {"discriminator_steps": 500, "networks": "dcgan", "mostly_failed": True},
)
_LUCIC_BUDGET = (
    "{discriminator_steps:,} of 15,625 discriminator steps ({percent}), networks {networks} of width "
    "{widths} in place of InfoGAN's of 64, random trials: {trials} of 100, seeds: {seeds}, our classifiers' "
    "features"
)
_LUCIC_EARLY = Discussion(
    "at {percent} of the published budget {failed} of {runs} runs are judged failed", {}
)
_EITHER_COUNT = "; up to {most_discriminator_steps:,} discriminator steps where generator steps are equal"
_DIFF = "Zhao et al. 2020, tables of limited data"
_DIFF_BUDGET = (
    "networks {networks} of width {widths} on {datasets} for CIFAR-10's BigGAN, {steps:,} steps, seeds: "
    "{seeds}, our classifier's features"
)


_LUCIC_CLAIMS: tuple[tuple[str, str, Claim], ...] = (
    (
        "Losses on MNIST: minimax behind non-saturating",
        "MM 9.8 ± 0.9, NS 6.8 ± 0.5",
        claims.loses_to("mnist", "mmgan", "nsgan"),
    ),
    (
        "Losses on Fashion-MNIST: minimax behind non-saturating",
        "MM 29.6 ± 1.6, NS 26.5 ± 1.6",
        claims.loses_to("fashion-mnist", "mmgan", "nsgan"),
    ),
    (
        "Losses on Fashion-MNIST: non-saturating behind Wasserstein",
        "NS 26.5 ± 1.6, WGAN 21.5 ± 1.6",
        claims.loses_to("fashion-mnist", "nsgan", "wgan"),
    ),
    (
        "Order of five losses on MNIST",
        "WGAN 6.7 < NS 6.8 < LS 7.8 < MM 9.8 < WGAN-GP 20.3",
        claims.ranks_alike("mnist", LUCIC_MNIST),
    ),
    (
        "Order of five losses on Fashion-MNIST",
        "WGAN 21.5 < WGAN-GP 24.5 < NS 26.5 < MM 29.6 < LS 30.7",
        claims.ranks_alike("fashion-mnist", LUCIC_FASHION),
    ),
    (
        "Share of the search that failed",
        "outliers are marked, shares not printed",
        claims.failures_per_loss,
    ),
    (
        "WGAN-GP at equal generator steps",
        "nobody printed it: the paper counts discriminator steps",
        claims.rank_by_either_count,
    ),
)
"""What the study claims: name, published numbers, how records answer it."""

_WITHOUT_VALUE = (claims.failures_per_loss, claims.rank_by_either_count)
"""What no published number can disagree with."""


def _lucic(preset: str, how: str, budget: str, early: Discussion) -> tuple[Anchor, ...]:
    """What the study of losses claims, put to the records of one preset; names say whose records answer."""
    return tuple(
        Anchor(
            f"{name} ({how})", _LUCIC, published, preset,
            budget + (_EITHER_COUNT if claim is claims.rank_by_either_count else ""), claim,
            None if claim in _WITHOUT_VALUE else early,
        )
        for name, published, claim in _LUCIC_CLAIMS
    )  # fmt: skip


ANCHORS = (
    Anchor(
        "Dirac-GAN: radii after 500 steps",
        f"{_MESCHEDER}, notebook",
        "27 radii of nine losses and penalties in three update orders, to four digits",
        "dirac",
        "none: the published settings",
        claims.closed_forms("radius", "published", "radii", "0.001 relative"),
    ),
    Anchor(
        "Dirac-GAN: eigenvalues at the equilibrium",
        _MESCHEDER,
        "-g/2 ± sqrt(g²/4 - f'(0)²), f'(0) = 1/2 for GAN and NSGAN, 1 for WGAN; g the weight of R1",
        "dirac",
        "none: the spectrum diagnostic at the equilibrium of every loss with every regularizer; laws of "
        "least squares, hinge and relativistic loss and of R1 on both sides are ours",
        claims.closed_forms("eigenvalue", "closed form", "parts of eigenvalues", "1e-6"),
    ),
    Anchor(
        "Dirac-GAN: weights of R1 between which simultaneous steps converge",
        _MESCHEDER,
        "above h f'(0)², where |m|² = 1 - h g + h² f'(0)² is 1; below 2/h + h f'(0)²/2 by Jury's criterion",
        "dirac",
        "none: bisected over the largest eigenvalue of one turn of training",
        claims.closed_forms("border", "closed form", "borders", "1e-6"),
    ),
    Anchor(
        "Metric floors: modes, quality and divergence of real ring and grid",
        "closed forms, under the protocol of Lin et al. 2018",
        "8 and 25 modes; 1 - exp(-9/2) = 98.89 % within 3 deviations; divergence (K-1) / 2N: 0.0014, 0.0048",
        "floors",
        "none: all real samples in draws of 2,500",
        claims.known_answers(("modes", "high_quality", "mode_kl")),
    ),
    Anchor(
        "Metric floors: modes and divergence of real stacked digits",
        "simulated with a perfect classifier, under the protocol of Metz et al. 2017",
        "1,000, 999.9, 992.7 and 918 modes and divergence 0.0236, 0.0547, 0.108 and 0.224 of 25,600, 10,000, "
        "5,000 and 2,500 samples",
        "floors",
        "none: held-out digits, our classifier, 26,000 for the 25,600",
        claims.known_answers(("modes of stacked digits", "divergence of stacked digits")),
    ),
    Anchor(
        "Birthday paradox: known supports are found again",
        "Arora and Zhang 2018, calibrated in place of their human judge",
        "100, 1,000 and 10,000 known samples within a factor of 1.5; real data only a lower bound",
        "floors",
        "medians of 9 draws on digits and grid in place of faces",
        claims.known_answers(("support", "support of real data")),
    ),
    Anchor(
        "NDB: bins of MNIST that differ",
        "Richardson and Weiss 2018, self-test of the program",
        "of 100 bins 0 (held-out digits), 4 (test digits) and 11 (without the nine) beyond 4 standard errors",
        "floors",
        "none: 45,000 digits make the bins, 10,000 are sorted into them",
        claims.known_answers(("bins that differ",)),
        _NDB_BINS,
    ),
    Anchor(
        "NDB: divergence over the bins of MNIST",
        "Richardson and Weiss 2018, self-test of the program",
        "0.0014 (held-out digits), 0.0041 (test digits), 0.016 (without the nine), to 20 %",
        "floors",
        "none: 45,000 digits make the bins, 10,000 are sorted into them",
        claims.known_answers(("divergence over bins",)),
    ),
    Anchor(
        "Capacity: modes of stacked MNIST",
        _METZ,
        "D of 1/2 of G's width keeps 487.7 ± 34.6 to 628.0 ± 140.9 modes, of 1/4 30.6 ± 20.7 to 78.5 ± 17.6",
        "metz-stacked",
        _METZ_BUDGET,
        claims.modes_by_width(0.25, 0.5, "modes"),
        _METZ_EARLY,
    ),
    Anchor(
        "Capacity: divergence on stacked MNIST",
        _METZ,
        "KL 2.24 ± 0.19 to 2.58 ± 0.75 at 1/2, 5.21 ± 0.19 to 5.99 ± 0.42 at 1/4",
        "metz-stacked",
        _METZ_BUDGET,
        claims.modes_by_width(0.25, 0.5, "mode_kl"),
        _METZ_EARLY,
    ),
    Anchor(
        "Capacity: number of modes at 1/4",
        _METZ,
        "between 30 and 80 (two laboratories: 30.6 and 78.5)",
        "metz-stacked",
        _METZ_BUDGET,
        claims.modes_within(0.25, 30, 80, METZ_FULL),
        _METZ_EARLY,
    ),
    Anchor(
        "Capacity: another loss in place of a wider discriminator",
        "Karras et al. 2018, table 4 (other networks)",
        "WGAN-GP keeps hundreds of modes at 1/4",
        "metz-stacked",
        _METZ_BUDGET,
        claims.recipe_keeps_more_modes("wgan-gp", "nsgan", 0.25),
    ),
    *_lucic("lucic-lattice", "lattice", _LATTICE_BUDGET, _LATTICE_EARLY),
    *_lucic("lucic", "random search", _LUCIC_BUDGET, _LUCIC_EARLY),
    Anchor(
        "Fewer data, worse samples",
        _DIFF,
        "FID of BigGAN on CIFAR-10 with 100, 20, 10 %: 9.59, 21.58, 39.78",
        "diffaugment",
        _DIFF_BUDGET,
        claims.worsens_with_fewer_data,
        _DIFF_EARLY,
    ),
    Anchor(
        "DiffAugment where data are few",
        _DIFF,
        "a tenth of the data costs a factor of 4.1 without and 2.6 with it",
        "diffaugment",
        _DIFF_BUDGET,
        claims.augmentation_helps_where_data_are_few,
        _DIFF_EARLY,
    ),
    Anchor(
        "RpGAN + R1 + R2 keeps all 1,000 modes where R1 alone fails",
        "Huang et al. 2024 (R3GAN), table 1",
        "1,000 modes, KL 0.078; GAN + R1 + R2 693 modes; with R1 alone both fail",
        "",
        "ten million images through residual networks: days on two cores",
    ),
    Anchor(
        "PacGAN against GAN on ring and grid",
        "Lin et al. 2018, table 1",
        "ring: 6.3 ± 0.5 and 7.9 ± 0.1 modes; grid: 17.3 ± 0.8 and 23.8 ± 0.7",
        "",
        "hours a row on two cores; ganbench run pacgan-ring has packs of 1 to 3 at a tenth of the budget",
    ),
    Anchor(
        "GAN, ALI, unrolled GAN and VEEGAN on ring and grid",
        "Srivastava et al. 2017, table 1",
        "GAN 1 of 8 modes, VEEGAN 8",
        "",
        "not attempted: on the same ring PacGAN's authors find 6.3 modes for GAN, so the row is its set-up's",
    ),
)
"""Every anchor has its row in the ledger, run or not."""
