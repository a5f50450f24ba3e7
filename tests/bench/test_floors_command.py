"""ganbench floors: known answers beside those of the metrics, and what is told where one cannot be had."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

import bench.cli
import bench.floors
from bench.floors import Floor, bins, compared, stacked
from bench.floors.mixtures import mixtures
from bench.floors.supports import supports
from gans.data.places import DataError


@pytest.fixture
def few(monkeypatch):
    """Two numbers in place of all, the second off."""
    rows = [
        compared("modes", "ring8", "exact", 8.0, 0.0, 8.0),
        compared("modes", "grid25", "exact", 25, 0, 9),
    ]
    monkeypatch.setattr(bench.floors, "FLOORS", {"few": lambda: iter(rows)})


def test_real_mixtures_have_all_modes_and_the_quality_of_a_gaussian() -> None:
    rows = list(mixtures())

    assert [(row.quantity, row.data) for row in rows] == [
        (quantity, data) for data in ("ring8", "grid25") for quantity in ("modes", "high_quality", "mode_kl")
    ]
    assert all(row.agrees for row in rows)
    assert rows[1].expected == pytest.approx(1 - math.exp(-4.5))
    assert [rows[2].expected, rows[5].expected] == pytest.approx([0.0014, 0.0048], rel=0.02)


def test_known_supports_are_found_again_and_real_data_have_a_bound_alone() -> None:
    rows = list(supports())

    assert [row.expected for row in rows[:3]] == [100, 1000, 10_000]
    assert all(row.agrees for row in rows)
    assert all(row.ours > 10_000 and "lower bound" in row.note for row in rows[3:])


def test_sampling_into_bins_is_compared_with_the_published_counts_and_divergences(monkeypatch) -> None:
    generator = np.random.default_rng(3)
    own, same = generator.normal(size=(3000, 2)), generator.normal(size=(3000, 2))
    monkeypatch.setattr(bins, "NDB", (("same", 0, 0, 1, 0.004), ("shifted", 50, 30, 60, 0.1)))

    rows = list(bins._sorted_into_bins(own, {"same": same, "shifted": same + 0.8}))

    assert [row.quantity for row in rows] == ["bins that differ", "divergence over bins"] * 2
    assert rows[0].agrees
    assert rows[2].ours > 20
    assert rows[3].ours > 10 * rows[1].ours


def test_without_the_files_of_mnist_the_reason_stands_in_place_of_the_numbers(monkeypatch) -> None:
    def missing(name: str) -> None:
        raise DataError("mnist: not on disk")

    for place in (bins, stacked):
        monkeypatch.setattr(place, "load", missing)

    rows = [*bins.bins(), *stacked.stacked()]

    assert [row.expected for row in rows] == [0, 4, 11, 1000.0, 999.9, 992.7, 918.0]
    assert {(row.agrees, row.note) for row in rows} == {(None, "mnist: not on disk")}


@pytest.mark.parametrize("n, modes, reach", [row[:3] for row in stacked.KNOWN])
def test_known_modes_of_stacked_digits_are_nearly_those_of_even_triples(n, modes, reach) -> None:
    assert 1000 * (1 - 0.999**n) == pytest.approx(modes, abs=min(reach, 1.0))


def test_real_stacked_digits_have_the_known_modes_and_divergence() -> None:
    rows = list(stacked.stacked())
    if rows[0].agrees is None:
        pytest.skip(rows[0].note)

    assert [row.quantity.partition(" ")[0] for row in rows] == ["modes", "divergence"] * 4
    assert all(row.agrees for row in rows)


def test_the_table_holds_what_is_printed_and_a_difference_is_marked(few, tmp_path, capsys) -> None:
    assert bench.cli.main(["floors", "--csv", str(tmp_path / "floors.csv")]) == 0

    said = capsys.readouterr().out
    assert said.count("  differs\n") == 1
    assert "1 of 2 numbers are what they have to be" in said
    with (tmp_path / "floors.csv").open(newline="") as stream:
        assert [row["agrees"] for row in csv.DictReader(stream)] == ["True", "False"]


def test_what_was_not_taken_counts_for_neither(monkeypatch, capsys) -> None:
    row = Floor("bins that differ", "test digits", "somebody", 4, 3, 6, note="mnist: not on disk")
    monkeypatch.setattr(bench.floors, "FLOORS", {"one": lambda: iter([row])})

    assert bench.cli.main(["floors"]) == 0
    said = capsys.readouterr().out
    assert "  not taken: mnist: not on disk\n" in said
    assert "0 of 0 numbers" in said


def test_the_preset_runs_and_plans_by_its_name(few, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)

    assert bench.cli.main(["plan", "floors"]) == 0
    assert bench.cli.main(["run", "floors"]) == 0
    assert "table: results/floors/floors.csv" in capsys.readouterr().out
    assert (tmp_path / "results" / "floors" / "floors.csv").exists()


def test_a_table_that_cannot_be_written_is_one_line(few, tmp_path, capsys) -> None:
    assert bench.cli.main(["floors", "--csv", str(tmp_path)]) == 2

    assert "must be a file that can be written, got Is a directory" in capsys.readouterr().err


def test_an_unknown_profile_is_advised_of_every_preset_without_a_grid() -> None:
    from bench.commands.known import KNOWN
    from bench.profile.read import KNOWN_NUMBERS

    assert set(KNOWN) == set(KNOWN_NUMBERS)
