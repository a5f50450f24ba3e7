"""What is said to help, each as one change between two runs that are alike in all else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from reports import words
from reports.matching import DATA, IDENTITY, RATES, RECIPE
from reports.remedies.tuning import choose, split
from reports.say import Text, say

Pick = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of one change, each priced by itself: together opposite ones would cancel.

    Nor is then any run in two pairs, as the one run without augmentation is beside each with one.

    Args:
        of: the level of each run. side: which side has several, ``treated`` or ``baseline``.
        short, title: names of one level, as the remedy's own.
    """

    of: Callable[[pd.DataFrame], pd.Series]
    side: str
    short: Callable[[str], str]
    title: Callable[[str], Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One change.

    Args:
        key: short name for files, short: for figures. title: what a reader calls it.
        treated, baseline: of all judged runs those with the change and those without.
        free: config fields that the change moves; also: further columns that both sides share.
        absent: what a grid must vary for it to be measured. levels: of a change that has several.
    """

    key: str
    short: str
    title: Text
    treated: Pick
    baseline: Pick
    free: frozenset[str]
    also: tuple[str, ...] = ()
    absent: Text
    levels: Levels | None = None


def each_level(remedy: Remedy, runs: pd.DataFrame) -> tuple[Remedy, ...]:
    """One remedy per level that was run; a change of one level, or of none yet, as it is."""
    if remedy.levels is None:
        return (remedy,)
    several: Pick = getattr(remedy, remedy.levels.side)
    names = sorted(remedy.levels.of(several(runs)).unique())
    return tuple(_at(remedy, remedy.levels, several, str(name)) for name in names) or (remedy,)


def _at(remedy: Remedy, levels: Levels, several: Pick, name: str) -> Remedy:
    def alone(runs: pd.DataFrame) -> pd.DataFrame:
        """Runs of this level among those of the remedy."""
        side = several(runs)
        return side[levels.of(side) == name]

    named = replace(
        remedy, key=f"{remedy.key}:{name}", short=levels.short(name), title=levels.title(name), levels=None
    )
    return replace(named, treated=alone) if levels.side == "treated" else replace(named, baseline=alone)


def _recipe(name: str) -> Pick:
    return lambda runs: runs[runs["own"] & (runs["recipe"] == name)]


def _largest(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs with most data of their dataset."""
    return runs[runs["data_size"] == runs.groupby("dataset")["data_size"].transform("max")]


def _smaller(runs: pd.DataFrame) -> pd.DataFrame:
    return runs[runs["data_size"] == runs.groupby("dataset")["data_size"].transform("min")].drop(
        _largest(runs).index, errors="ignore"
    )


def _rated(runs: pd.DataFrame) -> pd.DataFrame:
    own = runs[runs["own"]].dropna(subset=["lr_scale"])
    _, judging = split(own)
    return own[own["seed"].isin(judging)]


def _tuned(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs at the rate that was best on the first half of the seeds, on the other half."""
    own = runs[runs["own"]].dropna(subset=["lr_scale"])
    choosing, _ = split(own)
    if not choosing:
        return own.iloc[:0]
    keys = [name for name in IDENTITY if name not in RATES and name != "seed"]
    held_out = _rated(runs)
    best = held_out.reset_index().merge(choose(own, choosing), on=[*keys, "lr_scale"])["index"]
    return held_out.loc[best]


def _one_rate(runs: pd.DataFrame) -> pd.DataFrame:
    return runs[runs["generator_lr"] == runs["discriminator_lr"]]


def _rates(runs: pd.DataFrame) -> pd.Series:
    """The discriminator's learning rate over the generator's, as people write it."""
    return (runs["discriminator_lr"] / runs["generator_lr"]).map(words.ratio).astype(str)


def _two_rates(key: str, short: Text, title: Text, pick: Pick) -> Remedy:
    return Remedy(
        key=key,
        short=short,
        title=title,
        treated=pick,
        baseline=_one_rate,
        free=frozenset({"discriminator_lr"}),
        absent=say("no grid varies the discriminator's learning rate alone"),
        levels=Levels(
            of=_rates,
            side="treated",
            short=lambda ratio: say("{remedy}, {level}", remedy=short, level=f"×{ratio}"),
            title=lambda ratio: say(
                "Discriminator's learning rate {ratio} of the generator's, against the same",
                ratio=f"×{ratio}",
            ),
        ),
    )


def _against(key: str, title: Text, treated: str, baseline: str) -> Remedy:
    return Remedy(
        key=key,
        short=f"{treated} / {baseline}",
        title=title,
        treated=_recipe(treated),
        baseline=_recipe(baseline),
        free=RECIPE | RATES,
        also=("lr_scale",),
        absent=say("no grid holds both {left} and {right}", left=treated, right=baseline),
    )


REMEDIES: tuple[Remedy, ...] = (
    _against("wgan", say("Wasserstein with clipping, against minimax"), "wgan", "mmgan"),
    _against("wgan-gp", say("Wasserstein with penalty, against minimax"), "wgan-gp", "mmgan"),
    _against("wgan-gp-ns", say("Wasserstein with penalty, against non-saturating"), "wgan-gp", "nsgan"),
    _against("r1", say("R1 penalty, against non-saturating"), "nsgan-r1", "nsgan"),
    _against("relativistic", say("Relativistic with R1 and R2, against R1 alone"), "rpgan-r1r2", "nsgan-r1"),
    Remedy(
        key="tuned-rate",
        short=say("tuned rate"),
        title=say("Learning rate tuned on other seeds, against the recipe's own"),
        treated=_tuned,
        baseline=lambda runs: _rated(runs)[lambda part: part["lr_scale"] == 1.0],
        free=RATES,
        absent=say("no grid varies the learning rate over two seeds or more"),
    ),
    _two_rates(
        "faster-discriminator",
        say("faster D"),
        say("Faster discriminator, against one learning rate"),
        lambda runs: runs[runs["discriminator_lr"] > runs["generator_lr"]],
    ),
    _two_rates(
        "slower-discriminator",
        say("slower D"),
        say("Slower discriminator, against one learning rate"),
        lambda runs: runs[runs["discriminator_lr"] < runs["generator_lr"]],
    ),
    Remedy(
        key="augmentation",
        short=say("augmented"),
        title=say("Augmentation, against none"),
        treated=lambda runs: runs[runs["augmentation"] != "none"],
        baseline=lambda runs: runs[runs["augmentation"] == "none"],
        free=frozenset({"augmentation"}),
        absent=say("no grid varies the augmentation"),
        levels=Levels(
            of=lambda runs: runs["augmentation"],
            side="treated",
            short=words.label,
            title=lambda name: say("Augmentation by {name}, against none", name=words.label(name)),
        ),
    ),
    Remedy(
        key="more-data",
        short=say("more data"),
        title=say("All data, against fewest"),
        treated=_largest,
        baseline=_smaller,
        free=DATA,
        absent=say("no grid varies the number of training samples"),
    ),
    Remedy(
        key="cleaner-data",
        short=say("cleaner data"),
        title=say("Clean data, against spoiled"),
        treated=lambda runs: runs[runs["defect"] == "none"],
        baseline=lambda runs: runs[runs["defect"] != "none"],
        free=frozenset({"defect"}),
        absent=say("no grid varies the defects of training data"),
        levels=Levels(
            of=lambda runs: runs["defect"],
            side="baseline",
            short=lambda name: say("clean / {name}", name=words.label(name)),
            title=lambda name: say("Clean data, against {defect}", defect=words.label(name)),
        ),
    ),
)
"""In the order of the page; a further remedy is one entry, its levels are priced one by one.

The averaged generator, which is no other run but another reading of the same one, is in average.py.
"""
