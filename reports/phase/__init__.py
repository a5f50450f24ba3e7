"""Phase diagrams: where runs fail over capacity, learning rate, data size and recipe, and where that ends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.contrasts import Resampling
from reports.frame import Results
from reports.phase import capacity, heat, views
from reports.phase.frontier import Judged, judged
from reports.phase.planes import RATE, planes, rate_bands
from reports.phase.rows import FILES, rows
from reports.say import Text, say
from reports.section import Part, Section


def build(results: Results, resampling: Resampling) -> Section:
    """Draw the planes, the measures of capacity, and the plane of data size and recipe."""
    runs = results.frames.judged
    found = judged(planes(runs), resampling)
    related = capacity.relations(runs, resampling)
    heats = heat.heat(runs, resampling)
    places = views.links(runs)
    points = [*views.points(found), *capacity.points(related), *heat.points(heats)]
    return Section(
        key="phase",
        title=say("Where does stability end?"),
        name=say("Phase diagrams"),
        points=tuple(points) if len(runs) else (say("No run has a verdict."),),
        notes=(
            *_pooling(runs, found),
            *views.notes(found),
            *capacity.notes(runs, related),
            *heat.notes(runs, heats),
        ),
        figures=(
            *views.figures(found, places),
            *capacity.figures(related, runs),
            *heat.figures(heats, places),
        ),
        tables=(*views.boundaries(found), *capacity.table(related)),
        rows=rows(found, related, heats),
    )


def _pooling(runs: pd.DataFrame, found: Sequence[Judged]) -> list[Text]:
    """Say how the rates of planes are pooled."""
    pools = rate_bands(runs)
    if not pools.pooled or not any(item.plane.axis == RATE for item in found):
        return []
    return [*pools.notes, say("A plane shows each band at its middle.")]


PART = Part(build, FILES)
