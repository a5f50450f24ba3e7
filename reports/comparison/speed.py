"""How fast B trained against A: only where both ran on one machine does that say anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reports import parts, words
from reports.comparison.matched import Matched, counted
from reports.parts import Row, Table
from reports.say import Text, say
from reports.section import Section
from reports.summaries import datasets, recipes


def speed(found: Matched) -> Section:
    """Tell the ratio of generator updates per second, B over A, and what stands against it."""
    ratios = speed_ratios(found)
    known = np.isfinite(ratios)
    return Section(
        key="speed",
        title=say("Throughput"),
        name=say("Throughput"),
        points=tuple(_points(found, ratios[known])),
        notes=(
            say(
                "Median and middle half of the runs' ratios. No interval: runs of a cohort share one clock, "
                "and another job on the machine slows them all."
            ),
        ),
        tables=(_table(found, ratios),) if known.any() else (),
    )


def speed_ratios(found: Matched) -> np.ndarray:
    """Generator updates per second of each pair, B over A; NaN where one is unknown."""
    fast = [side["steps_per_second"].to_numpy(dtype=float) for side in (found.both_a, found.both_b)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = fast[1] / fast[0]
    return np.asarray(np.where((fast[0] > 0) & (fast[1] > 0), ratios, np.nan))


def _points(found: Matched, ratios: np.ndarray) -> Sequence[Text]:
    if not len(ratios):
        return [say("No run in both has a known speed.")]
    why = obstacles(found)
    told = say(
        "Generator updates per second, B over A: {ratio} (median of {runs}).",
        ratio=words.fixed(float(np.median(ratios))), runs=counted(len(ratios)),
    )  # fmt: skip
    return [told, *why]


def obstacles(found: Matched) -> list[Text]:
    """Say why speeds cannot be compared; none where machine, mode and cohort size are the same."""
    told = []
    if _apart(found, "machine"):
        told.append(say("That is not comparable: the machines differ or are not known."))
    if _apart(found, "mode"):
        told.append(say("Part of it is the way of running: compiled in one folder and not in the other."))
    if _apart(found, "cohort_members"):
        told.append(say("Part of it is cohorts of different size."))
    return told


def _apart(found: Matched, column: str) -> bool:
    a, b = found.both_a[column], found.both_b[column]
    if column == "machine" and ((a == "").any() or (b == "").any()):
        return True
    return bool(((a != b) & ~(a.isna() & b.isna())).any())


def _table(found: Matched, ratios: np.ndarray) -> Table:
    rows: list[Row] = []
    for dataset in datasets(found.both_a):
        here = found.both_a["dataset"] == dataset
        for variant in recipes(found.both_a[here]):
            part = pd.Series(ratios[(here & (found.both_a["variant"] == variant)).to_numpy()]).dropna()
            if len(part):
                low, middle, high = (float(part.quantile(share)) for share in (0.25, 0.5, 0.75))
                half = f"[{words.number(low)}, {words.number(high)}]"
                named = (words.label(dataset), words.label(variant))
                rows.append([*named, parts.amount(len(part)), parts.value(middle), half])
    title = say("Generator updates per second, B over A")
    return Table.of(title, ("dataset", "recipe", "runs", "median", "middle half"), rows)
