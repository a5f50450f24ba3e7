"""ganbench dirac and run dirac: the published radii beside ours, and an exit code that tells a difference."""

from __future__ import annotations

import csv

import pytest

import bench.cli
import bench.dirac
import bench.dirac_table
from bench.commands.known import KNOWN
from bench.dirac import CASES, LAW_ORDERS, Pair, pairs
from gans.losses import LOSSES
from gans.regularizers import REGULARIZERS

FEW = (Pair("minimax", "r1", 0.3), Pair("hinge", "gradient_penalty", 0.35), Pair("hinge", "spectral", 1.0))


@pytest.fixture
def trained(monkeypatch):
    """Radii as published, without the time that training all of them takes; tests/gans trains them."""

    def set_off(case_off: int = -1) -> None:
        pairs = [(case, case.published * (1.01 if i == case_off else 1.0)) for i, case in enumerate(CASES)]
        monkeypatch.setattr(bench.dirac_table, "radii", lambda: iter(pairs))

    monkeypatch.setattr(bench.dirac_table, "pairs", lambda: (FEW, []))
    monkeypatch.setattr(bench.dirac_table, "LAW_STEPS", 3)
    set_off()
    return set_off


def test_the_list_of_profiles_says_how_many_runs_the_table_trains() -> None:
    trained = len(CASES) + len(pairs()[0]) * len(LAW_ORDERS)

    assert KNOWN["dirac"].amount == f"{trained} runs"


def test_every_radius_that_is_known_stands_beside_ours_and_in_the_table(trained, tmp_path, capsys) -> None:
    assert bench.cli.main(["dirac", "--csv", str(tmp_path / "dirac.csv")]) == 0

    said = capsys.readouterr().out
    assert "27 of 27 radii agree with the published to 0.001 relative" in said
    assert "9 of 9 radii agree with the closed forms to 0.001 relative" in said
    with (tmp_path / "dirac.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    published = [row for row in rows if row["source"] == "published"]
    assert [float(row["expected"]) for row in published] == [case.published for case in CASES]
    assert {row["agrees"] for row in published} == {"True"}


def test_eigenvalues_and_borders_stand_beside_their_closed_forms(trained, tmp_path, capsys) -> None:
    assert bench.cli.main(["dirac", "--csv", str(tmp_path / "dirac.csv")]) == 0

    said = capsys.readouterr().out
    assert "-0.15-0.477i, -0.15+0.477i      (0.05, 10.025)\n" in said
    assert "none                            no border: its kink at slope 0 leaves no Jacobian\n" in said
    assert "8 of 8 parts of eigenvalues agree with them to 1e-06" in said
    assert "2 of 2 borders of stability" in said
    with (tmp_path / "dirac.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    notes = {row["note"] for row in rows if row["regularizer"] == "spectral"}
    unknown = [row for row in rows if row["note"].startswith("its kink")]
    assert [(row["expected"], row["ours"], row["agrees"]) for row in unknown] == [("", "", "")] * 2
    assert "it normalises matrices, and the one weight here is a number" in notes


def test_one_that_differs_is_named_and_ends_with_one(trained, capsys) -> None:
    trained(case_off=4)

    assert bench.cli.main(["dirac"]) == 1
    said = capsys.readouterr().out
    assert said.count("  differs\n") == 1
    assert "26 of 27 radii agree" in said


def test_an_eigenvalue_that_differs_is_named_and_ends_with_one(trained, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench.dirac_table, "eigenvalues", lambda *pair: (-0.15 + 0.5j, -0.15 - 0.5j))

    assert bench.cli.main(["dirac"]) == 1
    assert "  differs\n" in capsys.readouterr().out


def test_a_member_without_a_law_is_named(trained, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench.dirac, "pairs", lambda: ((), ["loss 'margin'"]))

    assert bench.cli.main(["dirac"]) == 0
    assert "loss 'margin': has no law in bench/dirac_laws.py" in capsys.readouterr().out


def test_all_pairs_are_those_of_the_registries() -> None:
    known, unknown = bench.dirac.pairs()

    assert {pair[:2] for pair in known} == {(loss, each) for loss in LOSSES for each in REGULARIZERS}
    assert unknown == []


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
