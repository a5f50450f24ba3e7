"""From what was seen of a training to what can be said: outcome, mechanisms, how sure, what to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.monitor.hypotheses import (
    AT_WORK,
    EXCLUDED,
    OPEN,
    SUSPECTED,
    Experiment,
    Standing,
    next_experiment,
    standings,
)
from bench.monitor.measurable import Diagnostic, measurable
from bench.monitor.observed import QUALITY, Observed
from bench.monitor.scales import UNKNOWN
from bench.records.schema import OUTCOMES, STABLE, UNDECIDED
from bench.verdict import DEFAULT, Thresholds, Verdict, judge, window_start
from bench.verdict import mechanisms as rules

NOT_MEASURED, NOT_APPLICABLE = "not measured", "not applicable"

NOT_JUDGED, NONE_SHOWN = "not-judged", "no-failure-shown"
"""No outcome could be found; none of the failures that were looked for, but not all was looked for."""

DIVERGED = "diverged:nonfinite"

FEWEST_VALUES = 4
"""Quality at fewer steps is no curve."""

SPOILT = 0.05
"""Share of rows with a problem above which a log counts as damaged."""

CONFIDENCE_RULE = (
    "high if nothing stood in for what the rules ask for, medium if one thing did, low if more; none where "
    "no outcome could be named"
)

WORDS: Mapping[str, str] = {
    DIVERGED: "numbers stopped being finite, or samples left the range of the data tenfold",
    "oscillating:mode-hopping": "the generator moves between modes and holds few of them at a time",
    "collapsed:total": "one sample, one class or one mode is left",
    "diverged:late": "it had learned, and ended where it began",
    "no-progress": "it never got away from the untrained generator",
    "collapsed:partial": "samples look good, but modes, classes or variety are missing",
    "oscillating:quality": "quality swings far more than its measurement noise, and comes back",
    "still-improving": "quality still improves: the budget ended first",
    "degrading": "quality was getting worse when it ended",
    "stalled-low-quality": "it stopped learning short of what real data score",
    "converged": "finite, covered, precise and steady",
    NONE_SHOWN: "none of the failures that these columns can show; whether it converged was not measured",
    NOT_JUDGED: "no outcome can be named",
}
"""Each outcome in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One flag: how it stands, on what grounds, with its numbers and limits.

    Args:
        status: AT_WORK, SUSPECTED (what is known of its rule holds, the rest was not measured), OPEN,
            EXCLUDED (measured, and not so), NOT_MEASURED or NOT_APPLICABLE.
        grounds: what its numbers are: measured, or what stood in.
    """

    name: str
    status: str
    detail: str
    grounds: str
    numbers: Mapping[str, float | None]
    limits: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Everything that is said about one training run.

    Args:
        outcomes: the outcomes that remain; one where the data decide. reason: why none could be named.
        onset_step: the step from which the outcome held.
        confidence: high, medium, low or none, by CONFIDENCE_RULE; doubts: what lowered it.
        diagnostics: which diagnostics the data allow.
        standings, experiment: explanations left, and what would tell them apart.
        verdicts: one per measuring stick.
    """

    observed: Observed
    outcomes: tuple[str, ...]
    reason: str
    onset_step: int | None
    confidence: str
    doubts: tuple[str, ...]
    mechanisms: tuple[Mechanism, ...]
    diagnostics: tuple[Diagnostic, ...]
    standings: tuple[Standing, ...]
    experiment: Experiment | None
    verdicts: tuple[Verdict, ...]

    @property
    def failed(self) -> bool:
        """Whether every outcome that remains is a failure."""
        quiet = (NOT_JUDGED, NONE_SHOWN)
        return all(
            name not in quiet and OUTCOMES.get(name) not in (STABLE, UNDECIDED) for name in self.outcomes
        )


def diagnose(observed: Observed, thresholds: Thresholds = DEFAULT) -> Diagnosis:
    """Say what can be said of a training; never raises on what was observed."""
    verdicts = tuple(
        judge(observed.evaluations, context, diverged_step=observed.diverged_step, thresholds=thresholds)
        for context in observed.contexts
    )
    outcomes, reason = _outcomes(observed, verdicts)
    mechanisms = _mechanisms(observed, verdicts)
    doubts = _doubts(observed, outcomes)
    stands = standings(outcomes, _standing_of(mechanisms))
    return Diagnosis(
        observed=observed,
        outcomes=outcomes,
        reason=reason,
        onset_step=next((each.onset_step for each in verdicts if each.outcome in outcomes), None),
        confidence="none" if outcomes == (NOT_JUDGED,) else ("high", "medium", "low")[min(len(doubts), 2)],
        doubts=doubts,
        mechanisms=mechanisms,
        diagnostics=measurable(observed),
        standings=stands,
        experiment=next_experiment(stands),
        verdicts=verdicts,
    )


def _outcomes(observed: Observed, verdicts: Sequence[Verdict]) -> tuple[tuple[str, ...], str]:
    if observed.unclear:
        return (NOT_JUDGED,), observed.unclear
    if any(verdict.outcome == DIVERGED for verdict in verdicts):  # it needs no quality, and no scale of it
        return (DIVERGED,), ""
    if not verdicts:
        return (NOT_JUDGED,), "there is nothing to judge"
    if not observed.has(QUALITY):
        return (NOT_JUDGED,), "no quality of samples was measured, and losses alone name no outcome"
    values = sum(QUALITY in record.values for record in observed.evaluations)
    if values < FEWEST_VALUES:
        return (NOT_JUDGED,), f"quality was measured at {values} steps, and a curve needs {FEWEST_VALUES}"
    named = dict.fromkeys(outcome_of(verdict) for verdict in verdicts)
    if len(named) > 1:
        named.pop(NOT_JUDGED, None)
    reason = verdicts[0].evidence["detail"] if list(named) == [NOT_JUDGED] else ""
    return tuple(named), reason


def outcome_of(verdict: Verdict) -> str:
    """The outcome of a verdict, with the two kinds of ``invalid`` told apart."""
    if verdict.outcome != "invalid":
        return verdict.outcome
    return NONE_SHOWN if verdict.evidence["rule"] == "undecidable" else NOT_JUDGED


def _doubts(observed: Observed, outcomes: Sequence[str]) -> tuple[str, ...]:
    doubts = []
    if outcomes != (DIVERGED,):
        doubts = [
            why for name, why in observed.stand_ins.items() if name in ("distance_start", "step", "samples")
        ]
        if "distance_floor" in observed.stand_ins:
            same = "; all give the same outcome" if len(outcomes) == 1 else ""
            doubts.append(f"{observed.stand_ins['distance_floor']}{same}")
        if any("precision_floor" in name for name in observed.stand_ins):
            doubts.append(observed.stand_ins["precision_floor, recall_floor, coverage_floor"])
        values = sum(QUALITY in record.values for record in observed.evaluations)
        if values and values - window_start(values) < DEFAULT.window_min:
            doubts.append(
                f"the final window holds {values - window_start(values)} values of quality, fewer than "
                f"{DEFAULT.window_min:g}"
            )
    if observed.lost_from is not None:
        doubts.append(
            f"quality was not finite from step {observed.lost_from:,} on; what came before is judged"
        )
    spoilt = sum(problem.count for problem in observed.problems if problem.spoils)
    rows = observed.counts.get("rows", 0)
    if rows and spoilt > SPOILT * rows:
        doubts.append(f"{spoilt} problems in {rows} rows")
    return tuple(doubts)


def _mechanisms(observed: Observed, verdicts: Sequence[Verdict]) -> tuple[Mechanism, ...]:
    if not verdicts:
        return ()
    found = [verdict.evidence["mechanisms"] for verdict in verdicts]
    dominated = _dominated(found, observed)
    return tuple(_mechanism(name, [each[name] for each in found], observed, dominated) for name in found[0])


def _mechanism(
    name: str, found: Sequence[Mapping[str, Any]], observed: Observed, dominated: str
) -> Mechanism:
    first = found[len(found) // 2]
    status, detail = first["status"], first["detail"]
    bound = "auc_real_fake" in observed.bounds
    half = status == rules.NOT_MEASURED and bool(first["numbers"])  # one of two things it asks for is known
    if status == rules.MEASURED or half:
        detail = "" if half else detail
        flags = [each["flagged"] for each in found]
        status = AT_WORK if all(flags) else SUSPECTED if any(flags) else EXCLUDED
        if name == "D-dominated":
            status = dominated
        elif name == "vanishing-gradient" and status == EXCLUDED:
            status = _vanished(first, dominated)
        elif name == "G-dominated" and bound:
            status, detail = NOT_MEASURED, "a lower bound of the discriminator's AUC cannot show it weak"
    elif status == rules.NOT_APPLICABLE and observed.contexts[0].regularizer == UNKNOWN:
        status, detail = _unconstrained(observed.contexts[0].loss)
    else:
        status = status.replace("_", " ")  # as NOT_MEASURED and NOT_APPLICABLE spell it
    used = [why for column, why in observed.stand_ins.items() if column in first["numbers"]]
    return Mechanism(
        name=name,
        status=status,
        detail=detail,
        grounds="; ".join(used) or ("measured" if first["status"] == rules.MEASURED or half else ""),
        numbers=first["numbers"],
        limits=first["limits"],
    )


def _dominated(found: Sequence[Mapping[str, Any]], observed: Observed) -> str:
    """D-dominated asks for two things; where only one is known it is suspected or open, not excluded."""
    flags = [each["D-dominated"]["flagged"] for each in found]
    first = found[0]["D-dominated"]
    if not first["numbers"]:
        return NOT_MEASURED
    if any(flags):
        return AT_WORK if all(flags) else SUSPECTED
    winning = first["numbers"]["share"] >= first["limits"]["share"]
    if winning and not (observed.has(QUALITY) and first["numbers"]["delta_q"] is not None):
        return SUSPECTED
    return OPEN if not winning and "auc_real_fake" in observed.bounds else EXCLUDED


def _vanished(finding: Mapping[str, Any], dominated: str) -> str:
    """A signal that died under a discriminator of which not enough is known."""
    died = [
        name
        for name in ("gain", "gradient")
        if (value := finding["numbers"].get(name)) is not None and value <= finding["limits"][name]
    ]
    if died and dominated in (SUSPECTED, OPEN):
        return SUSPECTED
    return EXCLUDED


def _unconstrained(loss: str) -> tuple[str, str]:
    needed = "needs penalty_deviation or clip_saturation"
    if loss in ("", "wasserstein"):
        return NOT_MEASURED, needed
    return NOT_APPLICABLE, f"the loss {loss!r} asks for no bound; where a penalty sets one: {needed}"


def _standing_of(mechanisms: Sequence[Mechanism]) -> dict[str, str]:
    words = {NOT_MEASURED: OPEN}
    return {
        each.name: words.get(each.status, each.status) for each in mechanisms if each.status != NOT_APPLICABLE
    }
