"""What a run leaves behind: its run record, its evaluation records, and every column they hold.

Nothing here trains, measures or stores; the store is in store.py, the hand-over files in spool.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.records.encoding import dumps, loads

SCHEMA_VERSION = 1
"""Written into every results folder; a folder of a newer version is refused."""

FINISHED, DIVERGED, FAILED, STOPPED = "finished", "diverged", "failed", "stopped"
STATUSES = (FINISHED, DIVERGED, FAILED, STOPPED)
"""finished: all steps done; diverged: stopped being finite; failed: our own fault (no verdict); stopped:
ended early as past hope, because that was asked for: the start of a run, judged at its last probe."""

STABLE, UNSTABLE, UNDECIDED = "stable", "failed", "undecided"
STATES = (STABLE, UNSTABLE, UNDECIDED)
"""The three states that statistics count; undecided is still-improving, outside P(failure)."""

OUTCOMES: Mapping[str, str] = {
    "invalid": UNDECIDED,
    "diverged:nonfinite": UNSTABLE,
    "oscillating:mode-hopping": UNSTABLE,
    "collapsed:total": UNSTABLE,
    "diverged:late": UNSTABLE,
    "no-progress": UNSTABLE,
    "collapsed:partial": UNSTABLE,
    "oscillating:quality": UNSTABLE,
    "still-improving": UNDECIDED,
    "degrading": UNSTABLE,
    "stalled-low-quality": UNSTABLE,
    "converged": STABLE,
}
"""Each exclusive ending of a run (metrics.md D2 names) with the state that statistics give it."""

MECHANISMS = (
    "D-dominated",
    "vanishing-gradient",
    "G-dominated",
    "D-overfit",
    "memorising",
    "critic-unconstrained",
    "rotational",
)
"""Independent flags on why a run ended as it did; its evidence says which of them could be measured."""


ATTRIBUTION = "attribution-"
"""How the names of grids begin whose runs try remedies on cells that were chosen because they failed."""


def only_attribution(grids: Sequence[str]) -> bool:
    """Whether a run, by the names of its grids, was made to try remedies and for nothing else.

    Example:
        >>> only_attribution(["attribution-x"]), only_attribution(["attribution-x", "main"])
        (True, False)
    """
    return bool(grids) and all(name.startswith(ATTRIBUTION) for name in grids)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRecord:
    """One probe of one run: the metrics and diagnostics at one generator update.

    Args:
        step: generator updates done when the probe was taken.
        values: scalar columns of EVALUATION_COLUMNS; NaN or absent where not measured.
        histogram: share of samples per class or mode, empty where there are none.
        statuses: metric name to status, only where it is not ``ok``.
    """

    step: int
    values: Mapping[str, float]
    histogram: tuple[float, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One finished run.

    Args:
        run_id, config: the identity (``gans.config``), config as a plain mapping.
        status: one of STATUSES. outcome: a key of OUTCOMES. state: one of STATES.
        mechanisms: a subset of MECHANISMS. onset_step: first step at which the outcome held.
        evidence: the numbers and thresholds behind outcome and mechanisms, JSON values.
        metrics: headline values, columns of RUN_COLUMNS.
        speed: seconds, steps and bytes, columns of RUN_COLUMNS.
        cohort, cohort_members, mode: who trained together; "eager" or "compiled".
        machine: id of the machine record in the meta table.
        traces: per-step series, name to list of float, thinned to at most 500 points.
        artifacts: file name to SHA-256, below artifacts/<run_id>/.
        error: the reason of a FAILED run, else empty.
    """

    run_id: str
    config: Mapping[str, Any]
    status: str
    outcome: str
    state: str
    mechanisms: tuple[str, ...]
    onset_step: int | None
    evidence: Mapping[str, Any]
    thresholds: str
    metrics: Mapping[str, float]
    speed: Mapping[str, float]
    cohort: str
    cohort_members: int
    mode: str
    machine: str
    finished_at: str
    traces: Mapping[str, list[float]] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    evaluations: tuple[EvaluationRecord, ...] = ()


def to_json(record: RunRecord) -> str:
    """Spell a record as strict JSON with its keys in order, as ``encoding.dumps`` does."""
    return dumps(asdict(record), sort_keys=True)


def from_json(text: str) -> RunRecord:
    """Read a record back.

    Raises:
        ValueError: the text is no JSON, or not the JSON of a run record.
    """
    try:
        fields = loads(text)
        evaluations = tuple(
            EvaluationRecord(**{**item, "histogram": tuple(item["histogram"])})
            for item in fields.pop("evaluations")
        )
        fields["mechanisms"] = tuple(fields["mechanisms"])
        return RunRecord(evaluations=evaluations, **fields)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"record: must be the JSON of a run record, got {text[:60]!r}; {error}") from error
