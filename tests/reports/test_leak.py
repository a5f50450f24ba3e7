"""The leak of an augmentation in the report: DiffAugment by its reading, ADA beside its twin."""

import dataclasses

import pytest
from report_records import QUICK, config, draws, evenly

from reports.frame import Results, frames
from reports.prices import build
from reports.prices.leak import leak, told

SEEDS = range(6)


def read(augmentation, **columns):
    """Runs with an augmentation, a run-level number of each seed in its metrics."""
    records = draws([config(seed=seed, augmentation=augmentation) for seed in SEEDS], evenly(0.5))
    return [
        dataclasses.replace(
            record, metrics={**record.metrics, **{name: of(seed) for name, of in columns.items()}}
        )
        for seed, record in zip(SEEDS, records, strict=True)
    ]


def judged(*groups):
    return frames([record for group in groups for record in group]).judged


PLAIN = read("none", ada_reading=lambda seed: 0.4 + 0.02 * seed)
"""Poor samples: ADA's probe takes four in ten for augmented."""


def test_a_reading_of_diffaugment_is_its_leak():
    runs = judged(read("diffaugment", augmentation_leak=lambda seed: 0.2 + 0.01 * (seed % 2)))

    interval, count = leak(runs, runs)

    assert (interval.estimate, count) == (pytest.approx(0.205), 6)
    assert "so it leaks" in told(runs)[0]


def test_ada_leaks_only_what_it_reads_beyond_its_twin():
    runs = judged(PLAIN, read("ada", ada_reading=lambda seed: 0.4 + 0.02 * seed + 0.01 * (-1) ** seed))

    interval, count = leak(runs[runs["augmentation"] == "ada"], runs)

    assert (interval.estimate, count) == (pytest.approx(0.0, abs=1e-9), 6)
    assert "no leak shown" in told(runs)[0]


def test_ada_without_twins_and_runs_without_a_reading_are_not_known():
    alone = judged(read("ada", ada_reading=lambda seed: 0.9))
    unread = judged(read("diffaugment"), PLAIN)

    assert ["is not known" in sentence for sentence in (*told(alone), *told(unread))] == [True, True]


def test_the_prices_name_the_leak_and_nothing_where_nothing_is_augmented():
    records = [*PLAIN, *read("ada", ada_reading=lambda seed: 0.8 + 0.01 * (seed % 2))]

    with_ada, without = (build(Results(frames(each)), QUICK).notes for each in (records, PLAIN))

    assert any("look augmented beyond their twins" in note for note in with_ada)
    assert not any("augmented" in note and "twins" in note for note in without)
