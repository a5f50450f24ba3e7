"""ganbench dirac and run dirac: the published radii beside ours, and an exit code that tells a difference."""

from __future__ import annotations

import csv

import pytest

import bench.cli
import bench.dirac
from bench.dirac import CASES


@pytest.fixture
def trained(monkeypatch):
    """Radii as published, without the 20 seconds that training all of them takes; tests/gans trains them."""

    def set_off(case_off: int = -1) -> None:
        pairs = [(case, case.published * (1.01 if i == case_off else 1.0)) for i, case in enumerate(CASES)]
        monkeypatch.setattr(bench.dirac, "radii", lambda: iter(pairs))

    set_off()
    return set_off


def test_every_published_radius_stands_beside_ours_and_in_the_table(trained, tmp_path, capsys) -> None:
    assert bench.cli.main(["dirac", "--csv", str(tmp_path / "dirac.csv")]) == 0

    said = capsys.readouterr().out
    assert said.count("\n") == len(CASES) + 3
    assert "27 of 27 radii agree with the published to 0.001 relative" in said
    with (tmp_path / "dirac.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["published"]) for row in rows] == [case.published for case in CASES]
    assert {row["agrees"] for row in rows} == {"True"}


def test_one_that_differs_is_named_and_ends_with_one(trained, capsys) -> None:
    trained(case_off=4)

    assert bench.cli.main(["dirac"]) == 1
    said = capsys.readouterr().out
    assert said.count("  differs\n") == 1
    assert "26 of 27 radii agree" in said


def test_the_preset_runs_and_plans_by_its_name(trained, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)

    assert bench.cli.main(["plan", "dirac"]) == 0
    assert bench.cli.main(["run", "dirac"]) == 0
    assert "table: results/dirac/dirac.csv" in capsys.readouterr().out
    assert (tmp_path / "results" / "dirac" / "dirac.csv").exists()


def test_a_table_that_cannot_be_written_is_one_line(trained, tmp_path, capsys) -> None:
    assert bench.cli.main(["dirac", "--csv", str(tmp_path)]) == 2

    assert "must be a file that can be written, got Is a directory" in capsys.readouterr().err


def test_a_case_trains_in_the_ordinary_trainer(monkeypatch) -> None:
    monkeypatch.setattr(bench.dirac, "CASES", CASES[:1])
    monkeypatch.setattr(bench.dirac, "STEPS", 2)

    ((case, radius),) = bench.dirac.radii()

    assert case == CASES[0]
    assert radius == pytest.approx(2**0.5, rel=0.05)
    assert radius != pytest.approx(2**0.5, rel=1e-6)
