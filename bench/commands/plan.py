"""ganbench plan: what a profile would train and take; trains nothing and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, told_plainly
from bench.commands.known import KNOWN
from bench.commands.run import MOST_RUNS, RunOptions, check, planned, require_no_grid, skips, workers_of

if TYPE_CHECKING:
    from bench.plan import Plan, PlannedCohort

_MOST_LINES = 60


def plan(source: str, overrides: Sequence[str], seeds: int | None, options: RunOptions) -> int:
    """Print runs, cohorts, skipped cells and the estimate."""
    check(options)
    if source in KNOWN:
        require_no_grid(source, overrides, seeds, options)
        print(f"{source}: {KNOWN[source].summary}; {KNOWN[source].takes}")
        return DONE
    with told_plainly():
        if not options.yes_really and (lines := _too_many(source, overrides, seeds)):
            print("\n".join(lines))
            return DONE
        made, out = planned(source, overrides, seeds, options)
        for line in describe(made, *remaining(made, out), out, workers_of(options)):
            print(line)
    return DONE


def _too_many(source: str, overrides: Sequence[str], seeds: int | None) -> list[str]:
    """Count the runs of a profile that is too large to be built; nothing for any other."""
    from bench.profile.read import count_unchecked

    counts = count_unchecked(source, overrides, seeds)
    total = sum(counts.values())
    if total <= MOST_RUNS:
        return []
    lines = [f"{source}: {total:,} runs, those that grids share counted twice"]
    lines += [f"  grid {name}: {runs:,} runs" for name, runs in counts.items()]
    return [*lines, f"more than {MOST_RUNS:,}: neither checked nor planned run by run; --yes-really does"]


def describe(
    plan: Plan, left: Sequence[PlannedCohort], stored: int, out: Path, workers: int
) -> Iterable[str]:
    """The lines of a plan, of which ``left`` is still to be trained and so many runs are in the folder."""
    waiting = sum(len(cohort.configs) for cohort in left)
    if plan.profile is not None:
        about = plan.profile.description
        yield f"{plan.profile.name}: {about}" if about else plan.profile.name
    yield f"{plan.runs} runs, {stored} of them in {out} already"
    for name, configs in plan.grids.items():
        yield f"  grid {name}: {len(configs)} runs"
    yield from skips(plan)
    compiled = sum(cohort.compiled for cohort in left)
    modes = f"{compiled} compiled and {len(left) - compiled} eager"
    yield f"{len(left)} cohorts to train, {modes}, the longest first:"
    for cohort in left[:_MOST_LINES]:
        yield f"  {_cohort_line(cohort)}"
    if len(left) > _MOST_LINES:
        yield f"  and {len(left) - _MOST_LINES} shorter ones"
    yield estimate(plan, left, waiting, workers)


def estimate(plan: Plan, left: Sequence[PlannedCohort], waiting: int, workers: int) -> str:
    """Say what the rest takes on this machine."""
    from bench.machine import gemm_gflops
    from bench.plan import makespan
    from bench.progress import duration

    if not left:
        return "nothing to train"
    gflops = gemm_gflops()
    pace = plan.model.reference_gflops / gflops
    seconds = plan.model.start_seconds + makespan([cohort.seconds * pace for cohort in left], workers)
    memory = max(cohort.bytes for cohort in left)
    return (
        f"estimated with {workers} workers at {gflops:.0f} GFLOP/s each: about {duration(seconds)}, "
        f"{memory / 1e9:.1f} GB of memory per worker, {waiting * plan.model.run_bytes / 1e6:.0f} MB of disk"
    )


def _cohort_line(cohort: PlannedCohort) -> str:
    config = cohort.configs[0]
    mode = "compiled" if cohort.compiled else "eager"
    return (
        f"{cohort.cohort}  {len(cohort.configs):3d} x {config.recipe} on {config.dataset}, widths "
        f"{_widths(cohort)}, n_critic {config.n_critic}, "
        f"{config.steps} steps, {mode}, {cohort.seconds:.0f} s"
    )


def _widths(cohort: PlannedCohort) -> str:
    """Each pair of widths once, narrow ones padded to the widest."""
    pairs = {(config.generator_width, config.discriminator_width) for config in cohort.configs}
    return ", ".join(f"{generator}/{discriminator}" for generator, discriminator in sorted(pairs))


def remaining(plan: Plan, out: Path) -> tuple[Sequence[PlannedCohort], int]:
    """What a folder lacks of a plan, as ``run`` would train it, and how many of its runs it holds.

    A cohort that died in its hand-over counts on both sides: ``run`` trains it again whole.
    """
    from bench.records.sqlite import FILE_NAME
    from bench.records.store import open_store
    from bench.resume import cut_off

    if not (out / FILE_NAME).exists():
        return plan.cohorts, 0
    with open_store(out) as store:
        done, cut = store.finished_ids(), cut_off(plan, store.endings())
    return plan.remaining(done, cut), len(plan.ids & done)
