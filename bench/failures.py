"""What is stored of a run that our own fault kept from a verdict."""

from __future__ import annotations

from dataclasses import asdict

from bench import machine
from bench.plan import PlannedCohort
from bench.records.schema import FAILED, RunRecord
from gans.config import RunConfig, run_id


def failed_record(config: RunConfig, cohort: PlannedCohort, reason: str, at: str) -> RunRecord:
    """A run that our own fault kept from a verdict."""
    return RunRecord(
        run_id=run_id(config),
        config=asdict(config),
        status=FAILED,
        outcome="invalid",
        state="undecided",
        mechanisms=(),
        onset_step=None,
        evidence={},
        thresholds="",
        metrics={},
        speed={},
        cohort=cohort.cohort,
        cohort_members=len(cohort.configs),
        mode="compiled" if cohort.compiled else "eager",
        machine=machine.machine_id(),
        finished_at=at,
        error=reason,
    )
