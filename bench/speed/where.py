"""Where the machine seconds of a results folder went.

Usage: ``python -m bench.speed.where FOLDER --wall SECONDS [--workers N]``; the seconds are those of the
whole sweep.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from bench.records.store import open_store

PARTS = {
    "discriminator updates": "discriminator_seconds",
    "generator updates": "generator_seconds",
    "drawing data": "data_seconds",
    "other training": "other_seconds",
    "evaluation and handing over": "eval_seconds",
    "compilation and first calls": "compile_seconds",
}


def shares(seconds: Mapping[str, float], wall: float, workers: int) -> list[tuple[str, float, float]]:
    """Split the seconds of all workers: what, seconds, share; what nothing accounts for comes last.

    Args:
        seconds: sums over runs of the columns of ``report/runs.csv``.

    Example:
        >>> found = shares({"train_seconds": 6.0, "generator_seconds": 4.0, "eval_seconds": 2.0}, 5.0, 2)
        >>> [(what, spent) for what, spent, _ in found if spent]
        [('generator updates', 4.0), ('other training', 2.0), ('evaluation and handing over', 2.0), \
('starting, loading, waiting', 2.0)]
    """
    parts = ("discriminator_seconds", "generator_seconds", "data_seconds")
    inside = sum(seconds.get(name, 0.0) for name in parts)
    known = {**seconds, "other_seconds": seconds.get("train_seconds", 0.0) - inside}
    rows = [(what, known.get(column, 0.0)) for what, column in PARTS.items()]
    whole = wall * workers
    rows.append(("starting, loading, waiting", whole - sum(spent for _, spent in rows)))
    return [(what, spent, spent / whole) for what, spent in rows]


def main() -> None:
    """Print the table, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--wall", type=float, required=True, help="seconds of the sweep by the clock on the wall"
    )
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with open_store(chosen.folder) as store:
        speeds = [record.speed for record in store.each_run()]
    names = {name for speed in speeds for name in speed if name.endswith("_seconds")}
    sums = {name: sum(speed.get(name, 0.0) for speed in speeds) for name in names}
    print(
        f"| of {len(speeds)} runs in {chosen.wall:.0f} s on {chosen.workers} workers | s | % |\n|---|---|---|"
    )
    for what, spent, share in shares(sums, chosen.wall, chosen.workers):
        print(f"| {what} | {spent:.0f} | {100 * share:.1f} |")


if __name__ == "__main__":
    main()
