"""The causes of the FAQ: one function each, from evidence to finding."""

from reports.causes.capacity import capacity
from reports.causes.data import data
from reports.causes.loss import loss

CAUSES = (capacity, loss, data)
"""In the order of the FAQ; a further cause is one function and one entry."""

__all__ = ["CAUSES", "capacity", "data", "loss"]
