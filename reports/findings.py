"""What a claim came to: the evidence it is judged on, the verdict that follows, and all that is shown of it.

No conclusion is written down anywhere; a verdict comes from signs and obstacles, its words from telling.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.contrasts import DEFAULT, Contrast, Resampling
from reports.frame import Frames
from reports.parts import Figure, Table

SUPPORTED, IN_PART, NOT_SUPPORTED = "supported", "supported in part", "not supported"
OPPOSITE, MIXED, NOT_MEASURED = "opposite", "mixed", "not measured"
VERDICTS = {
    SUPPORTED: "every comparison that decides shows it",
    IN_PART: "some comparisons that decide show it, or only the score does; none shows the reverse",
    MIXED: "some comparisons show it and some the reverse",
    NOT_SUPPORTED: "no comparison that decides shows it",
    OPPOSITE: "failure rates show the reverse and none shows it",
    NOT_MEASURED: "no comparison has runs and seeds enough to decide",
}
"""Each verdict with what it means."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a claim is judged on.

    Args:
        frames: what was measured.
        resampling: how intervals are drawn.
    """

    frames: Frames
    resampling: Resampling = DEFAULT

    @property
    def own(self) -> pd.DataFrame:
        """Judged runs whose recipe has its own settings."""
        judged = self.frames.judged
        return judged[judged["own"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one claim of the FAQ.

    Args:
        key: short name, used for anchors and files. kind: ``cause`` or ``remedy``.
        title, claim: heading, and the claim as the FAQ makes it.
        varied: what was varied over which levels, and what was held.
        contrasts: every comparison; those marked decisive make the verdict.
        verdict: one of VERDICTS.
        points: the verdict's reasons in words and numbers, one sentence or so each.
        notes: further sentences that follow from the numbers.
        runs, seeds: distinct runs and seeds behind it.
        figures, tables: what to show. not_measured: what the claim covers and these runs do not.
    """

    key: str
    kind: str
    title: str
    claim: str
    varied: str
    contrasts: tuple[Contrast, ...]
    verdict: str
    points: tuple[str, ...]
    notes: tuple[str, ...]
    runs: int
    seeds: int
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    not_measured: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All points in one."""
        return words.sentences(self.points)

    @property
    def decisive(self) -> tuple[Contrast, ...]:
        """The contrasts that the verdict rests on."""
        return tuple(item for item in self.contrasts if item.decisive)


def verdict_of(contrast: Contrast) -> str:
    """Judge one contrast against its claim.

    The failure rate decides. Where it shows no difference, a score as claimed supports the claim in part; a
    score to the contrary only fails to support it, for the claims are about failure.
    """
    if contrast.obstacle:
        return NOT_MEASURED
    failure, harm = contrast.failure.sign, contrast.harm
    if failure and len(harm) == 2:
        return MIXED
    as_claimed = bool(harm) and (not contrast.claimed or contrast.claimed in harm)
    if failure:
        return SUPPORTED if as_claimed else OPPOSITE
    return IN_PART if as_claimed else NOT_SUPPORTED


def combine(verdicts: Iterable[str]) -> str:
    """Join the verdicts of a claim's decisive contrasts; what was not measured has no vote.

    Example:
        >>> combine(["supported", "not supported"]), combine(["supported", "opposite"]), combine([])
        ('supported in part', 'mixed', 'not measured')
    """
    votes = set(verdicts) - {NOT_MEASURED}
    if not votes:
        return NOT_MEASURED
    shown = votes & {SUPPORTED, IN_PART}
    if MIXED in votes or (shown and OPPOSITE in votes):
        return MIXED
    if OPPOSITE in votes:
        return OPPOSITE
    if shown:
        return SUPPORTED if votes == {SUPPORTED} else IN_PART
    return NOT_SUPPORTED
