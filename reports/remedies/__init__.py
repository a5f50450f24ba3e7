"""The remedies of the FAQ: one function each, from evidence to finding."""

from reports.remedies.tuning import tuning
from reports.remedies.wasserstein import wasserstein

REMEDIES = (wasserstein, tuning)
"""In the order of the FAQ; a further remedy is one function and one entry."""

__all__ = ["REMEDIES", "tuning", "wasserstein"]
