"""Which modes of a mixture runs cover, drawn at the true centres: a map for each recipe."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from reports import parts, words
from reports.factors import where
from reports.figures import discs
from reports.figures.discs import Place
from reports.frame import Results
from reports.parts import Figure, Panel, Row, Table
from reports.pictures import file_name
from reports.say import Text, say
from reports.summaries import datasets, recipes

STRICT_SHARE = 0.2
"""A mode is covered when it has this part of its fair share, as in ``bench.metrics.mode_counts``."""
_AXIS = (-4.0, -2.0, 0.0, 2.0, 4.0)
_MOST_BYTES, _MOST_MODES = 1_000_000, 400

KNOWN: Mapping[str, tuple[Place, ...]] = {
    "ring8": tuple((math.cos(at * math.pi / 4), math.sin(at * math.pi / 4)) for at in range(8)),
    "grid25": tuple((x, y) for x in _AXIS for y in _AXIS),
}
"""Centres of the project's own mixtures (``gans.data.toy``): folders of older runs do not tell them."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What the runs of one recipe cover.

    Args:
        look: the recipe's place, which gives colour and mark.
        shares: of runs that cover each mode. runs: how many; silent: further ones that left no counts.
    """

    variant: str
    look: int
    shares: tuple[float, ...]
    runs: int
    silent: int


def figures(results: Results) -> tuple[list[Figure], list[Text]]:
    """Draw each mixture, and say of which there is no map and why."""
    runs = results.frames.judged
    mixtures = runs[runs["high_quality"].notna()]
    drawn: list[Figure] = []
    said: list[Text] = []
    for dataset in datasets(mixtures):
        part = runs[runs["dataset"] == dataset]
        found = covered(part, results.histograms)
        places = centers(dataset, results.folder)
        why = _obstacle(found, places)
        if why:
            said.append(say("{dataset}: no map of its modes, {why}.", dataset=words.label(dataset), why=why))
        else:
            drawn.append(_figure(part, dataset, places, found))
    return drawn, said


def covered(runs: pd.DataFrame, histograms: Mapping[str, Sequence[float]]) -> list[Covered]:
    """Count for each recipe which modes its runs cover at their last evaluation.

    Args:
        runs: of one mixture. histograms: run id to the share of its samples in each mode.
    """
    modes = max((len(histograms.get(run, ())) for run in runs["run_id"]), default=0)
    found = []
    for variant, look in recipes(runs).items():
        part = runs[runs["variant"] == variant]
        counted = [
            hits(histograms.get(run, ()), modes)
            for run, status in zip(part["run_id"], part["status"], strict=True)
            if len(histograms.get(run, ())) == modes or status == "diverged"
        ]
        if counted and modes:
            shares = tuple(sum(each) / len(counted) for each in zip(*counted, strict=True))
            found.append(Covered(variant, look, shares, len(counted), len(part) - len(counted)))
    return found


def hits(histogram: Sequence[float], modes: int) -> tuple[bool, ...]:
    """Which modes have a fifth of their fair share; a run without samples, as after divergence, has none.

    Example:
        >>> hits((0.5, 0.05, 0.04, 0.0), 4), hits((), 2)
        ((True, True, False, False), (False, False))
    """
    least = STRICT_SHARE / max(modes, 1) - 1e-9
    return tuple(share >= least for share in histogram) or (False,) * modes


def centers(dataset: str, folder: Path | None) -> tuple[Place, ...]:
    """Read the true centres that the runs left in their folder; else those that are known; else none."""
    if folder is not None:
        found = _read(folder / "artifacts" / f"modes-{file_name(dataset)}.json")
        if found:
            return found
    return KNOWN.get(dataset, ())


def _read(path: Path) -> tuple[Place, ...]:
    """Places of a file; none where it is missing, damaged, or of another dimension than the plane."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return ()
        rows = json.loads(path.read_text(encoding="utf-8"))["centers"]
        places = tuple((float(x), float(y)) for x, y in rows)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()
    return places if all(math.isfinite(at) for place in places for at in place) else ()


def _obstacle(found: Sequence[Covered], places: Sequence[Place]) -> str:
    if not found:
        return say("for its records hold no counts per mode")
    if not places:
        return say("for its true centres in the plane are not known")
    if len(places) != len(found[0].shares) or len(places) > _MOST_MODES:
        return say(
            "for it has {modes} counts and {centers} centres", modes=len(found[0].shares), centers=len(places)
        )
    return ""


def _figure(runs: pd.DataFrame, dataset: str, places: Sequence[Place], found: Sequence[Covered]) -> Figure:
    title = say("Modes covered on {dataset}, at their true centres", dataset=words.label(dataset))
    caption = say(
        "{runs}, {seeds}, at their last evaluation. A full disc: all runs of the recipe cover this mode; an "
        "empty ring: none does. Covered: a fifth of the mode's fair share of samples. Diverged runs cover "
        "none. Above each map stands its recipe's mark. {silent}",
        runs=words.count(sum(item.runs for item in found), "run"),
        seeds=words.count(int(runs["seed"].nunique()), "seed"),
        silent=_silent(sum(item.silent for item in found)),
    )
    panels = tuple(_panel(item, places) for item in found)
    key = "".join(letter if letter.isalnum() else "-" for letter in f"mode-map-{dataset}")
    return Figure(key, title, caption, panels, _table(title, places, found), where(runs))


def _silent(runs: int) -> str:
    if not runs:
        return say("Every run left its counts.")
    return say("{runs} without counts per mode are left out.", runs=words.count(runs, "run"))


def _panel(item: Covered, places: Sequence[Place]) -> Panel:
    drawn = discs.panel(words.label(item.variant), places, item.shares, item.look)
    return replace(drawn, recipe=words.label(item.variant))


def _table(title: str, places: Sequence[Place], found: Sequence[Covered]) -> Table:
    rows: list[Row] = [
        [parts.amount(at + 1), discs.spelled(place), *(parts.share(item.shares[at]) for item in found)]
        for at, place in enumerate(places)
    ]
    columns = ("true mode", "centre", *(words.label(item.variant) for item in found))
    return Table.of(title, columns, rows)
