"""Faults of quality planted in copies of this tree: each must be flagged or refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.regression.cells import CELLS, PinnedCell
from bench.regression.golden import changed, compare_traces, traces
from bench.regression.outcome import REFUSED, WORSE, Row
from bench.regression.proof.copies import FAULTS, Edit, planted
from bench.regression.quality import Outcomes
from bench.regression.seeds import compare_quality, train
from bench.regression.trees import Tree


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of one fault.

    Args:
        fault: its name. answers: how each row that is not equal was answered. flagged: whether a check fails.
    """

    fault: str
    answers: tuple[str, ...]
    flagged: bool


def catch_all(
    source: Tree,
    faults: Mapping[str, tuple[Edit, ...]] = FAULTS,
    told: Callable[[str], object] = lambda what: None,
) -> list[Caught]:
    """Plant each fault and compare the copy with its source, as ``ganbench regress quality`` does."""
    before = traces(source)
    kept: dict[tuple[str, range], Outcomes] = {}

    def trained(tree: Tree, cell: PinnedCell, seeds: range) -> Outcomes:
        """The source's cells are trained once for all faults."""
        if tree is not source:
            return train(tree, cell, seeds)
        key = next(name for name, known in CELLS.items() if known is cell), seeds
        if key not in kept:
            kept[key] = train(source, cell, seeds)
        return kept[key]

    caught = []
    for fault, edits in faults.items():
        told(fault)
        with tempfile.TemporaryDirectory(prefix="ganbench-fault-") as folder:
            copy = planted(source.folder, Path(folder), edits)
            rows = compare_traces(before, traces(copy))
            if changed(rows):
                rows = (*rows, *compare_quality(source, copy, trained=trained))
        caught.append(_caught(fault, rows))
    return caught


def _caught(fault: str, rows: tuple[Row, ...]) -> Caught:
    bad = [row for row in rows if row.answer in (WORSE, REFUSED)]
    return Caught(fault, tuple(f"{row.name}: {row.answer} ({row.reason})" for row in bad), bool(bad))
