"""The one verdict of a monitored run: what its diagnosis names, in the form of our own runs."""

from __future__ import annotations

import math
from dataclasses import replace

from bench.monitor.diagnosis import NOT_JUDGED, Diagnosis, outcome_of
from bench.monitor.marks import one_context
from bench.monitor.scales import Meaning
from bench.verdict import Verdict, judge


def agreed(diagnosis: Diagnosis, meaning: Meaning) -> Verdict:
    """The verdict of a diagnosis: its outcome where one remains, else ``invalid`` with the reason.

    q and score need a known floor: of several that were tried they are NaN, though the outcome is the same.
    """
    named = [each for each in diagnosis.verdicts if (outcome_of(each),) == diagnosis.outcomes]
    if not named:
        return _unjudged(diagnosis, meaning)
    if len(diagnosis.verdicts) == 1:
        return named[0]
    return replace(named[0], q=math.nan, q_best=math.nan, score=math.nan)


def _unjudged(diagnosis: Diagnosis, meaning: Meaning) -> Verdict:
    observed = diagnosis.observed
    # A context without a floor has no scale, under which no outcome but divergence can be named.
    context = replace(one_context(observed.contexts, meaning), distance_floor=math.nan)
    verdict = judge(() if observed.unclear else observed.evaluations, context)
    several = diagnosis.outcomes != (NOT_JUDGED,)
    detail = f"{' or '.join(diagnosis.outcomes)} remain" if several else diagnosis.reason
    return replace(verdict, evidence={**verdict.evidence, "detail": detail})
