"""Settings that are starved of data: less variety with fewer training samples, everything else alike.

A flag of a setting, never of one run: only the grid can show that coverage or recall falls with the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from reports import parts, words
from reports.matching import DATA, pairs
from reports.parts import Row, Table
from reports.say import Text, say
from reports.stats import Floats
from reports.summaries import levels, recipes

VARIETY = ("coverage", "recall")
"""What falls in a starved setting, each as a share of what unseen real samples have."""
FALL, P = 0.1, 0.05
"""A fall counts from a tenth on, and where more seeds agree than chance would have it once in twenty."""

HEADINGS = ("recipe", "settings", "starved", "coverage falls", "recall falls", "median change of coverage")


@dataclass(frozen=True, slots=True)
class Starved:
    """One recipe's settings at the smallest data size against the largest.

    Args:
        settings: with seeds enough to be judged. falls: by measure, how many of them fall. starved: either.
        change: of relative coverage, median over settings.
    """

    recipe: str
    settings: int
    falls: dict[str, int]
    starved: int
    change: float


def falls(changes: Floats) -> bool:
    """Whether paired changes of one setting's seeds are a fall: large in the middle, and seeds agree.

    Example:
        >>> falls(np.array([-0.3, -0.2, -0.4, -0.1, -0.2])), falls(np.array([-0.3, -0.2, -0.4, 0.1]))
        (True, False)
    """
    known = changes[np.isfinite(changes)]
    if not len(known) or np.median(known) > -FALL:
        return False
    agreed = int((known < 0).sum())
    return bool(binomtest(agreed, len(known), 0.5, alternative="greater").pvalue <= P)


def starved(runs: pd.DataFrame) -> list[Starved]:
    """Judge every setting of each recipe that was run at both ends of the data size."""
    sizes = levels(runs, "data_size")
    if len(sizes) < 2:
        return []
    relative = runs.assign(**{f"{name}_relative": runs[name] / runs[f"{name}_floor"] for name in VARIETY})
    values = [f"{name}_relative" for name in VARIETY]
    few, many = (relative[relative["data_size"] == size] for size in (sizes[0], sizes[-1]))
    found = []
    for recipe in recipes(runs):
        treated, baseline = (side[side["variant"] == recipe] for side in (few, many))
        paired = pairs(treated, baseline, DATA, values=values)
        cells = [part for _, part in paired.groupby("cell") if len(part) >= _fewest()]
        if cells:
            found.append(_starved(recipe, cells))
    return found


def _fewest() -> int:
    """Seeds from which unanimity is no chance.

    Example:
        >>> _fewest()
        5
    """
    return next(count for count in range(1, 20) if 0.5**count <= P)


def _starved(recipe: str, cells: Sequence[pd.DataFrame]) -> Starved:
    changes = [{name: _change(cell, name) for name in VARIETY} for cell in cells]
    fallen = [{name: falls(each[name]) for name in VARIETY} for each in changes]
    covered = [each["coverage"] for each in changes if np.isfinite(each["coverage"]).any()]
    return Starved(
        recipe,
        settings=len(cells),
        falls={name: sum(each[name] for each in fallen) for name in VARIETY},
        starved=sum(any(each.values()) for each in fallen),
        change=float(np.median([np.nanmedian(each) for each in covered])) if covered else float("nan"),
    )


def _change(cell: pd.DataFrame, name: str) -> Floats:
    treated, baseline = (cell[f"{name}_relative_{side}"] for side in ("treated", "baseline"))
    return np.asarray(treated - baseline, dtype=np.float64)


def note(found: Sequence[Starved], sizes: Sequence[float]) -> list[Text]:
    """Say how many settings are starved, if any could be judged."""
    if not found:
        return []
    return [
        say(
            "Starved of data: in {starved} of {settings} settings coverage or recall is at least a tenth "
            "lower at {few:,.0f} training samples than at {many:,.0f}, in more seeds than chance allows.",
            starved=sum(each.starved for each in found),
            settings=sum(each.settings for each in found),
            few=sizes[0],
            many=sizes[-1],
        )
    ]


def table(found: Sequence[Starved]) -> tuple[Table, ...]:
    """Tabulate recipes, if any could be judged."""
    rows: list[Row] = [
        [
            words.label(each.recipe),
            parts.amount(each.settings),
            parts.amount(each.starved),
            *(parts.amount(each.falls[name]) for name in VARIETY),
            parts.score(each.change),
        ]
        for each in found
    ]
    title = say("Settings starved of data")
    return (Table.of(title, HEADINGS, rows),) if rows else ()
