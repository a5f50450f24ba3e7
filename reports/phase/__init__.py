"""Phase diagrams: where runs fail over capacity, learning rate, data size and recipe, and where that ends."""

from __future__ import annotations

from reports.contrasts import Resampling
from reports.frame import Results
from reports.phase import capacity, heat, views
from reports.phase.frontier import judged
from reports.phase.planes import planes
from reports.phase.rows import FILES, rows
from reports.say import say
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
        notes=(*views.notes(found), *capacity.notes(runs, related), *heat.notes(runs, heats)),
        figures=(
            *views.figures(found, places),
            *capacity.figures(related, runs),
            *heat.figures(heats, places),
        ),
        tables=(*views.boundaries(found), *capacity.table(related)),
        rows=rows(found, related, heats),
    )


PART = Part(build, FILES)
