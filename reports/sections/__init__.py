"""The parts of the page beside the claims, in its order; a further part is one function and one entry."""

from reports import interventions, phase, prices, stability, tuning_curves, variance
from reports.section import Part

PARTS: tuple[Part, ...] = (
    variance.PART,
    phase.PART,
    interventions.PART,
    prices.PART,
    stability.PART,
    tuning_curves.PART,
)
"""Each is built from the same results, with the same resampling."""

__all__ = ["PARTS"]
