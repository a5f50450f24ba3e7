"""ganbench rerun: one stored run again, alone, beside what was stored."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.commands.endings import DONE, OUR_FAULT, CommandError, told_plainly
from bench.commands.run import RunOptions, check

if TYPE_CHECKING:
    from bench.records.schema import RunRecord

_SHOWN = ("q", "score", "distance", "fid", "fid_ema", "precision", "recall", "coverage", "modes")
_TOLERANCE = 1e-3
"""Relative difference of the distance from which on two runs count as parted."""


def rerun(out: Path, run: str, device: str) -> int:
    """Train one run of a folder again and print both results; the folder is not changed."""
    check(RunOptions(device=device))
    from bench.records.store import open_store

    with told_plainly():
        with open_store(out) as store:
            stored = store.load_run(run)
        for line in _introduction(stored):
            print(line, flush=True)
        again = _train(stored, device)
        for line in compare(stored, again):
            print(line)
    return DONE


def compare(stored: RunRecord, again: RunRecord) -> Iterable[str]:
    """The lines that set two records of one run side by side."""
    yield f"{'':20}{'stored':>28}{'again':>28}"
    for name in ("status", "outcome", "state", "onset_step", "mode", "cohort_members"):
        yield f"{name:20}{getattr(stored, name)!s:>28}{getattr(again, name)!s:>28}"
    for name in _SHOWN:
        left, right = (record.metrics.get(name, math.nan) for record in (stored, again))
        if not (math.isnan(left) and math.isnan(right)):
            yield f"{name:20}{left:>28.6g}{right:>28.6g}"
    parted = parting_step(stored, again)
    if parted is None:
        yield f"equal: the distance agrees to {_TOLERANCE:g} at every evaluation"
    else:
        yield (
            f"parted: the distance differs by more than {_TOLERANCE:g} from step {parted} on; "
            "rounding differs between modes, machines and versions, and training amplifies it"
        )


def parting_step(stored: RunRecord, again: RunRecord) -> int | None:
    """The first evaluated step at which the distances of two records differ, None if they never do."""
    others = {
        evaluation.step: evaluation.values.get("distance", math.nan) for evaluation in again.evaluations
    }
    for evaluation in stored.evaluations:
        left, right = evaluation.values.get("distance", math.nan), others.get(evaluation.step, math.nan)
        both_undefined = math.isnan(left) and math.isnan(right)
        if not both_undefined and not math.isclose(left, right, rel_tol=_TOLERANCE):
            return evaluation.step
    return None


def _introduction(stored: RunRecord) -> Iterable[str]:
    config = stored.config
    yield (
        f"run {stored.run_id}: {config['recipe']} on {config['dataset']}, widths {config['generator_width']}/"
        f"{config['discriminator_width']}, rates {config['generator_lr']:g}/{config['discriminator_lr']:g}, "
        f"data size {config['data_size']}, seed {config['seed']}, {config['steps']} steps, {stored.mode}"
    )


def _train(stored: RunRecord, device: str) -> RunRecord:
    from bench.engines.serial import SerialEngine
    from bench.jobs import CohortJob
    from bench.records import spool
    from gans.config import from_mapping

    with tempfile.TemporaryDirectory(prefix="ganbench-rerun-") as folder:
        config = from_mapping(stored.config)
        engine = SerialEngine(lambda cohort, step, seen: None)
        engine.submit(CohortJob("rerun", (config,), stored.mode == "compiled", folder, device))
        completion = engine.next_completed(0.0)
        records = [item[1] for item in spool.read_all(folder) if not isinstance(item, spool.Damaged)]
    if len(records) != 1:
        reason = completion.error if completion and completion.error else "the worker handed no record over"
        raise CommandError([f"run {stored.run_id}: must train again, failed with {reason}"], OUR_FAULT)
    return records[0]
