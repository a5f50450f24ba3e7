"""Records to data frames, and what is missing from them.

``frames`` needs no store; ``load`` reads a results folder through ``bench.records``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.records.columns import EVALUATION_COLUMNS, RUN_COLUMNS, Column
from bench.records.schema import RunRecord, only_attribution
from bench.records.store import open_store
from reports.evidence import Spelled
from reports.rows import run_names, run_row, text


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """What was measured, as two tables.

    Args:
        runs: one row per run: RUN_COLUMNS, then CONFIG_EXTRAS and DERIVED; in order of run id.
        evaluations: one row per probe: EVALUATION_COLUMNS; in order of run id and step.
    """

    runs: pd.DataFrame
    evaluations: pd.DataFrame

    @property
    def judged(self) -> pd.DataFrame:
        """Runs with a verdict: all but those that failed through our own fault."""
        return self.runs[self.runs["judged"]]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """A results folder as the report sees it.

    Args:
        planned: grid name to how many runs it wants; empty where no plan is known.
        absent: grid name to how many of those have no record.
        attempts: how many attempts at cohorts failed on the way.
        environment: environment.json, empty where there is none.
        evidence: run id to what its verdict rests on, as the record holds it.
        histograms: run id to the share of its samples in each mode or class at its last evaluation.
    """

    frames: Frames
    folder: Path | None = None
    profile: str = ""
    planned: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    environment: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    histograms: Mapping[str, Sequence[float]] = field(default_factory=dict)


def frames(records: Iterable[RunRecord], grids: Mapping[str, Sequence[str]] | None = None) -> Frames:
    """Turn records into frames.

    Args:
        records: run records, with or without evaluations; of two with one id the later counts.
        grids: names of the grids of each run id.
    """
    by_id = {record.run_id: record for record in records}
    kept = [by_id[name] for name in sorted(by_id)]
    return Frames(_run_frame(kept, grids or {}), _evaluation_frame(kept))


def _run_frame(records: Iterable[RunRecord], grids: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """One row per record, as they come: none is kept, together they take more room than their table."""
    table: dict[str, list[Any]] = {name: [] for name in run_names()}
    for record in records:
        row = run_row(record, grids.get(record.run_id, ()))
        for name, column in table.items():
            column.append(row[name])
    runs = _typed(pd.DataFrame(table), RUN_COLUMNS)
    runs["score"] = runs["score"].mask(runs["score"].isna() & (runs["status"] == "diverged"), 0.0)
    runs = runs.astype({"failure": float, "judged": bool, "own": bool})
    return runs.copy()  # the copy joins columns into blocks: slices get fast


def load(folder: Path) -> Results:
    """Read a results folder.

    Raises:
        bench.records.store.StoreError: the folder holds no results, or those of a newer schema.
    """
    with open_store(folder) as store:
        grids, missing = store.grids(), store.missing()
        runs, evidence = _run_frame(store.each_run(), grids), Spelled(store.spelled_evidence())
        probes, profile, attempts = store.evaluation_columns(), store.meta("profile"), len(store.failures())
        histograms = store.last_histograms()
    known = _samples_seen(probes["step"], probes["samples_seen"], probes["run_id"], runs.set_index("run_id"))
    probes["samples_seen"] = known
    return Results(
        Frames(runs, _known(probes)),
        folder,
        _profile_name(profile),
        _per_grid(grids, set(grids)),
        _per_grid(grids, set(missing)),
        attempts,
        _environment(folder),
        evidence,
        histograms,
    )


def _known(probes: Mapping[str, Any]) -> pd.DataFrame:
    """The columns of a store as a frame that shares their memory."""
    rows, names = len(probes["run_id"]), {run: text(run) for run in set(probes["run_id"])}
    # A folder of an older version lacks columns that came later.
    data = {name: probes.get(name, np.full(rows, math.nan)) for name in EVALUATION_COLUMNS}
    data |= {"run_id": [names[run] for run in probes["run_id"]], "step": probes["step"].astype(float)}
    return pd.DataFrame(data, copy=False)


def observed(results: Results) -> Results:
    """The results without the runs that only try remedies on cells chosen because they failed.

    Of few cells and on seeds of their own, they would weigh unduly among the others, and split their seeds.
    """
    runs = results.frames.runs
    apart = np.array([only_attribution(str(names).split()) for names in runs["grids"]], dtype=bool)
    if not apart.any():
        return results
    probes, left = results.frames.evaluations, runs[~apart]
    kept = probes[probes["run_id"].isin(left["run_id"])]
    return replace(results, frames=Frames(left.reset_index(drop=True), kept.reset_index(drop=True)))


def _typed(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Give text columns strings and all others numbers, whatever a record held."""
    for name, column in columns.items():
        if column.unit == "text":
            frame[name] = [text(value) for value in frame[name]]
        else:
            frame[name] = pd.to_numeric(frame[name], errors="coerce").astype(float)
    return frame


def _evaluation_frame(records: Sequence[RunRecord]) -> pd.DataFrame:
    pairs = [(record, item) for record in records for item in record.evaluations]
    data: dict[str, list[Any]] = {
        name: [item.values.get(name, math.nan) for _, item in pairs] for name in EVALUATION_COLUMNS
    }
    data["run_id"] = [record.run_id for record, _ in pairs]
    data["step"] = [item.step for _, item in pairs]
    frame = _typed(pd.DataFrame(data), EVALUATION_COLUMNS)
    per_step = [samples_per_step(record.config) for record, _ in pairs]
    seen = frame["step"].to_numpy() * np.array(per_step, dtype=float)
    return frame.assign(samples_seen=np.where(frame["samples_seen"].isna(), seen, frame["samples_seen"]))


def samples_per_step(config: Mapping[str, Any] | pd.DataFrame) -> Any:
    """Real samples that a generator step takes: of one config, or of each row of a frame of runs.

    Example:
        >>> samples_per_step({"n_critic": 5, "batch_size": 64})  # older configs know no packing
        320
    """
    return config["n_critic"] * config["batch_size"] * config.get("packing", 1)


def _samples_seen(steps: Any, known: Any, ids: Any, runs: pd.DataFrame) -> Any:
    per_step = samples_per_step(runs).reindex(ids).to_numpy()
    return np.where(np.isnan(known), steps * per_step, known)


def _per_grid(grids: Mapping[str, Sequence[str]], wanted: set[str]) -> dict[str, int]:
    counts = dict.fromkeys(sorted({name for names in grids.values() for name in names}), 0)
    for run in wanted:
        for name in grids.get(run, ()):
            counts[name] += 1
    return counts


def _profile_name(meta: Any) -> str:
    if isinstance(meta, Mapping):
        meta = meta.get("name", "")
    return meta if isinstance(meta, str) else ""


def _environment(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
