"""Every factorial of a folder judged by itself and all together: what the page and the file show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reports.contrasts import Resampling
from reports.interventions.estimates import MEASURES, Attribution, adjusted, attribute
from reports.interventions.factorials import Factorial, Gap, find


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the interventions of a folder say.

    Args:
        cells: the factorials. gaps: grids that hold none.
        by_cell: measure to one attribution per cell. pooled: measure to that of all cells together.
    """

    cells: Sequence[Factorial]
    gaps: Sequence[Gap]
    by_cell: Mapping[str, Sequence[Attribution]]
    pooled: Mapping[str, Attribution]


def answers(runs: pd.DataFrame, resampling: Resampling) -> Answers:
    """Judge the factorials among the judged runs."""
    cells, gaps = find(runs)
    if not cells:
        return Answers(cells, gaps, {}, {})
    by_cell = {
        measure: adjusted(
            [attribute([item], measure, resampling, f"{item.grid} {item.name} {measure}") for item in cells]
        )
        for measure in MEASURES
    }
    pooled = {
        measure: attribute(cells, measure, resampling, f"interventions {measure}") for measure in MEASURES
    }
    return Answers(cells, gaps, by_cell, pooled)
