"""What one metric says about one draw: a value with its sample counts, spread and status."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OK = "ok"
NONFINITE_INPUT = "nonfinite_input"
TOO_FEW = "too_few"
DEGENERATE = "degenerate"
NOT_APPLICABLE = "not_applicable"
NUMERIC_WARNING = "numeric_warning"
STATUSES = (OK, NONFINITE_INPUT, TOO_FEW, DEGENERATE, NOT_APPLICABLE, NUMERIC_WARNING)
"""ok; a sample was not finite; fewer samples than the metric asks for; all samples equal or no spread;
the dataset lacks what the metric needs; the arithmetic left its safe range."""


@dataclass(frozen=True, slots=True)
class MetricResult:
    """One number and how far to trust it.

    A status other than ``ok`` beside a finite value is a caution and the value
    may be used; a value that could not be had is NaN.

    Args:
        value: the metric.
        n_real, n_fake: real and generated samples that entered.
        status: one of STATUSES.
        se: standard error, NaN where none is known.
        extra: what else the metric found, such as the null value of a test.
    """

    value: float
    n_real: int
    n_fake: int
    status: str = OK
    se: float = math.nan
    extra: Mapping[str, Any] = field(default_factory=dict)


def absent(status: str, n_real: int, n_fake: int) -> MetricResult:
    """The result of a metric that could not be taken.

    Example:
        >>> absent("too_few", n_real=697, n_fake=1)
        MetricResult(value=nan, n_real=697, n_fake=1, status='too_few', se=nan, extra={})
    """
    return MetricResult(math.nan, n_real, n_fake, status)
