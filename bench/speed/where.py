"""Where the machine seconds of a results folder went, how long each cohort compiled, the largest process.

Usage: ``python -m bench.speed.where FOLDER --wall SECONDS [--workers N]``; the seconds are those of the
whole sweep.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.records.store import StoreError, open_store

PARTS = {
    "discriminator updates": "discriminator_seconds",
    "generator updates": "generator_seconds",
    "drawing data": "data_seconds",
    "evaluation, handing over": "eval_seconds",
    "compilation and first calls": "compile_seconds",
}
"""What a worker does, and the column of ``report/runs.csv`` that has a run's share of it."""

LONG = 5.0
"""Seconds: a program that the compiler's cache knows takes less."""


def shares(
    speeds: Sequence[Mapping[str, float]], wall: float, workers: int
) -> list[tuple[str, float, float]]:
    """Split the seconds of all workers: what, seconds, share; what nothing accounts for comes last.

    Args:
        speeds: of each run its columns of PARTS.

    Example:
        >>> found = shares([{"generator_seconds": 4.0}, {"eval_seconds": 2.0}], 5.0, 2)
        >>> [(what, spent) for what, spent, _ in found if spent]
        [('generator updates', 4.0), ('evaluation, handing over', 2.0), ('starting, loading, waiting', 4.0)]
    """
    rows = [(what, sum(speed.get(column, 0.0) for speed in speeds)) for what, column in PARTS.items()]
    whole = wall * workers
    rows.append(("starting, loading, waiting", whole - sum(spent for _, spent in rows)))
    return [(what, spent, spent / whole) for what, spent in rows]


def compiling(spent: Iterable[tuple[str, float]]) -> str:
    """Say how many cohorts compiled for long, from pairs of a run's cohort and its share of the seconds.

    Example:
        >>> compiling([("a", 4.0), ("a", 4.0), ("b", 3.0)])
        '1 of 2 cohorts compiled for more than 5 s, 8 s together, the longest 8.0 s; the others 3 s together'
    """
    cohorts: defaultdict[str, float] = defaultdict(float)
    for cohort, seconds in spent:
        cohorts[cohort] += seconds
    long = [seconds for seconds in cohorts.values() if seconds > LONG]
    rest = sum(cohorts.values()) - sum(long)
    return (
        f"{len(long)} of {len(cohorts)} cohorts compiled for more than {LONG:.0f} s, {sum(long):.0f} s "
        f"together, the longest {max(long, default=0.0):.1f} s; the others {rest:.0f} s together"
    )


def main() -> None:
    """Print the table, as Markdown, and two sentences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wall", type=float, required=True, help="seconds that the sweep took")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    if not (chosen.wall > 0 and chosen.workers > 0):
        parser.error("--wall and --workers: must be above 0")
    try:
        with open_store(chosen.folder) as store:
            runs = [(record.cohort, record.speed) for record in store.each_run()]
    except StoreError as error:
        parser.error(str(error))
    print(
        f"| of {len(runs)} runs in {chosen.wall:.0f} s on {chosen.workers} workers | s | % |\n|---|---|---|"
    )
    for what, spent, share in shares([speed for _, speed in runs], chosen.wall, chosen.workers):
        print(f"| {what} | {spent:.0f} | {100 * share:.1f} |")
    print(f"\n{compiling((cohort, speed.get('compile_seconds', 0.0)) for cohort, speed in runs)}")
    print(
        f"largest process: {max((speed.get('peak_rss_mb', 0.0) for _, speed in runs), default=0.0):,.0f} MB"
    )


if __name__ == "__main__":
    main()
