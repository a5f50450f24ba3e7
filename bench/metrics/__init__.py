"""Numbers from samples: fidelity, coverage, modes, distances, memorisation, and what real data score."""

from bench.metrics.catalog import METRICS, TIERS, Metric, register
from bench.metrics.comparison import Comparison
from bench.metrics.measure import Measurement, measure, measure_many, measure_memorisation
from bench.metrics.reference import Reference, reference_for
from bench.metrics.result import STATUSES, MetricResult

__all__ = [
    "METRICS",
    "STATUSES",
    "TIERS",
    "Comparison",
    "Measurement",
    "Metric",
    "MetricResult",
    "Reference",
    "measure",
    "measure_many",
    "measure_memorisation",
    "reference_for",
    "register",
]
