"""Stored runs as the detector benchmark reads them: the gate counts the cell that has seeds enough."""

from __future__ import annotations

import pytest
from bench_helpers import make_config, make_record

from bench.detectors.folders import gate_of, runs_of
from bench.detectors.tally import Rate
from bench.records.schema import EvaluationRecord
from bench.records.store import StoreError, open_store
from bench.verdict import Context, judge, with_verdict

CONTEXT = Context(
    kind="images", steps=400, evaluations=40, samples=697, reference_samples=697, data_size=1100,
    modes_total=10, data_range=2.0, distance_floor=1.7, distance_start=264.0, precision_floor=0.97,
    coverage_floor=0.97, decision_point=0.0,
)  # fmt: skip


def run(distance, **changes):
    values = {
        "finite_fraction": 1.0, "max_abs": 1.0, "distance": distance, "precision": 0.9, "recall": 0.9,
        "density": 1.0, "coverage": 0.9, "modes_strict": 10.0, "mode_kl": 0.01, "pairwise_ratio": 1.0,
    }  # fmt: skip
    evaluations = tuple(EvaluationRecord(step=10 * (place + 1), values=values) for place in range(40))
    record = make_record(make_config(**{"dataset": "digits", **changes}), evaluations=evaluations)
    return with_verdict(record, judge(evaluations, CONTEXT))


def folder_of(path, *records):
    with open_store(path, create=True) as store:
        store.ingest(list(records))
    return path


def test_the_gate_counts_the_cell_with_ten_seeds_and_not_a_better_one_with_few(tmp_path):
    many = [run(1.8 if seed < 7 else 250.0, seed=seed) for seed in range(10)]
    few = [run(1.7, seed=seed, generator_lr=0.5) for seed in range(3)]
    folder = folder_of(tmp_path / "results", *many, *few)

    assert gate_of(folder) == {many[0].config["recipe"]: Rate(7, 10)}
    assert len(runs_of(folder)) == 13


def test_a_folder_without_seeds_enough_is_refused_in_one_line(tmp_path):
    folder = folder_of(tmp_path / "results", *(run(1.8, seed=seed) for seed in range(9)))
    elsewhere = folder_of(tmp_path / "ring", *(run(1.8, seed=seed, dataset="ring8") for seed in range(10)))

    for each in (folder, elsewhere):
        with pytest.raises(ValueError, match=r"must hold 10 seeds of a cell on digits.*run held-out"):
            gate_of(each)
    with pytest.raises(StoreError):
        gate_of(tmp_path / "absent")
