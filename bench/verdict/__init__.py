"""How a run ended and what may be why: pure functions of stored records."""

from bench.verdict.context import Context, context_from_mapping, context_of
from bench.verdict.judging import Verdict, annotate, judge, rejudge
from bench.verdict.series import window_start
from bench.verdict.thresholds import DEFAULT, Thresholds, override

__all__ = [
    "DEFAULT",
    "Context",
    "Thresholds",
    "Verdict",
    "annotate",
    "context_from_mapping",
    "context_of",
    "judge",
    "override",
    "rejudge",
    "window_start",
]
