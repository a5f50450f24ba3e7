"""Stored runs of a results folder, for label flips and for the calibration gate."""

from __future__ import annotations

from pathlib import Path

from bench.detectors.flips import JudgedRun
from bench.detectors.tally import Rate
from bench.records.schema import FAILED, STABLE
from bench.records.store import open_store
from bench.verdict.calibrate import by_recipe, cells_of, judge_all
from bench.verdict.thresholds import DEFAULT

GATED = "digits"
"""The gate is claimed on digits only (bench/verdict/DECISIONS.md)."""
ENOUGH_SEEDS = 10
"""Of a cell for its share of stable seeds to be held against the gate."""


def runs_of(folder: Path) -> list[JudgedRun]:
    """Every stored run that was ever judged.

    Raises:
        ValueError: there is none. StoreError: the folder holds no results.
    """
    with open_store(folder) as store:
        records = [
            record
            for record in store.load_runs(evaluations=True)
            if record.status != FAILED and "context" in record.evidence
        ]
    if not records:
        raise ValueError(f"{folder}: must hold a judged run, got none; train some first")
    return [JudgedRun.of(record) for record in records]


def gate_of(folder: Path) -> dict[str, Rate]:
    """Stable seeds of the cell with most seeds of each recipe on digits, under the current limits.

    Of the profile ``held-out`` these are the cells that the pilot found best, with seeds of their own.

    Raises:
        ValueError: no cell on digits has seeds enough. StoreError: the folder holds no results.
    """
    with open_store(folder) as store:
        judged = judge_all(store.load_runs(evaluations=True), [DEFAULT])
    groups = {recipe: runs for (dataset, recipe), runs in by_recipe(judged).items() if dataset == GATED}
    cells = {recipe: max(cells_of(runs), key=len) for recipe, runs in groups.items()}
    found = {
        recipe: Rate(sum(run.verdicts[0].state == STABLE for run in cell), len(cell))
        for recipe, cell in cells.items()
        if len(cell) >= ENOUGH_SEEDS
    }
    if not found:
        raise ValueError(
            f"{folder}: must hold {ENOUGH_SEEDS} seeds of a cell on {GATED} to check the gate on, got none; "
            "train it with: ganbench run held-out"
        )
    return found
