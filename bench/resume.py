"""Which cohorts of a plan a results folder can go on with, and so train before what must begin anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.checkpoints import Held
from bench.plan import Plan, PlannedCohort, longest_first
from bench.records.schema import FAILED
from bench.records.store import Ending
from gans.config import cohort_key, run_id
from gans.padding import program_config


@dataclass(frozen=True)
class Agenda:
    """What is left to train.

    Args:
        cohorts: the longest first.
        ended: cohorts whose checkpoints nobody needs any more. notes: lines for the user.
    """

    cohorts: tuple[PlannedCohort, ...]
    ended: tuple[str, ...]
    notes: tuple[str, ...]


def cut_off(plan: Plan, endings: Mapping[str, Ending]) -> frozenset[str]:
    """Cohorts that handed over some of their runs and then died.

    A cohort is not cut off for runs that ``--stop-early`` ended, nor where those that are there were
    trained in other cohorts, as before seeds were added.
    """
    return frozenset(cohort.cohort for cohort in plan.cohorts if _is_cut_off(cohort, endings))


def _is_cut_off(cohort: PlannedCohort, endings: Mapping[str, Ending]) -> bool:
    ends = [endings.get(run_id(config)) for config in cohort.configs]
    there = [end for end in ends if end is not None and end.status != FAILED]
    return len(there) < len(ends) and any(end.cohort == cohort.cohort for end in there)


def agenda(plan: Plan, finished: Collection[str], held: Sequence[Held], cut: Collection[str] = ()) -> Agenda:
    """Put the cohorts that were cut off back together, whole, and plan the rest around them.

    Members that have been handed over already train along: without them the others would round otherwise.
    A checkpoint that holds runs of another plan is left alone.

    Args:
        cut: cohorts of the plan that died while they handed over (``cut_off``).
    """
    done = set(finished)
    again: list[PlannedCohort] = []
    notes, ended = [], []
    for each in held:
        if not each.ids & plan.ids:
            continue
        if each.ids <= set(finished):
            ended.append(each.cohort)
        elif each.other:
            notes.append(f"checkpoint of cohort {each.cohort} (step {each.step}) is not used: {each.other}")
        elif each.ids <= plan.ids and (each.ids - done) and (cohort := _planned(plan, each)) is not None:
            again.append(cohort)
            done |= each.ids
            notes.append(f"cohort {each.cohort} goes on from step {each.step} of {each.configs[0].steps}")
    cohorts = longest_first([*again, *plan.remaining(done, cut)])
    return Agenda(cohorts, tuple(ended), tuple(notes))


def _planned(plan: Plan, held: Held) -> PlannedCohort | None:
    """The cohort as it was planned; None where this plan would train its members in another way."""
    key = cohort_key(program_config(held.configs[0], compiled=held.compiled))
    kin = [cohort for cohort in plan.cohorts if cohort.key == key and cohort.compiled == held.compiled]
    if not kin:
        return None
    share = len(held.configs) / len(kin[0].configs)
    return replace(
        kin[0],
        cohort=held.cohort,
        configs=held.configs,
        seconds=kin[0].seconds * share,
        bytes=kin[0].bytes * share,
    )
