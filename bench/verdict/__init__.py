"""How a run ended and what may be why: pure functions of stored records."""

from bench.verdict.context import Context, context_from_mapping, context_of
from bench.verdict.early import Look, due, hopeless, look, replay
from bench.verdict.judging import Verdict, annotate, context_of_record, headline, judge, rejudge, with_verdict
from bench.verdict.moments import window_start
from bench.verdict.thresholds import DEFAULT, Thresholds, override, read_settings

__all__ = [
    "DEFAULT",
    "Context",
    "Look",
    "Thresholds",
    "Verdict",
    "annotate",
    "context_from_mapping",
    "context_of",
    "context_of_record",
    "due",
    "headline",
    "hopeless",
    "judge",
    "look",
    "override",
    "read_settings",
    "rejudge",
    "replay",
    "window_start",
    "with_verdict",
]
