"""Cells that cannot be trained: ``ganbench run`` says which, and refuses a profile of nothing else."""

import pytest

import bench.cli

PROFILE = """
name = "cells"
compile = "never"
[[grid]]
name = "g"
dataset = "ring8"
recipe = "nsgan"
generator_width = 4
capacity_ratio = {ratios}
data_size = 500
batch_size = 16
steps = 4
evaluations = 4
seeds = 1
"""
REASON = "skipped 1 cells of grid g: capacity_ratio 0.01 times generator_width 4 must be"


@pytest.fixture
def profile(tmp_path, monkeypatch):
    """Write a profile with some capacity ratios into an empty current folder; reports cost nothing."""

    def write(*ratios):
        (tmp_path / "cells.toml").write_text(PROFILE.format(ratios=list(ratios)))
        return "cells.toml"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench.cli, "write_report", lambda folder: folder / "report.html")
    return write


def test_a_run_says_which_cells_it_leaves_out_and_trains_the_rest(profile, capsys):
    code = bench.cli.main(["run", profile(0.01, 1.0), "--engine", "serial", "--plain"])
    said = capsys.readouterr().out

    assert code == 0
    assert REASON in said
    assert "1 of 1 runs are in results/cells, 1 of them new" in said


def test_a_run_of_which_every_cell_is_skipped_is_refused_with_the_reasons(profile, capsys, tmp_path):
    code = bench.cli.main(["run", profile(0.01, 0.02), "--engine", "serial", "--plain"])
    said = capsys.readouterr()

    assert code == 2
    assert said.out.count("skipped 1 cells of grid g: ") == 2
    (line,) = said.err.splitlines()
    assert line.startswith(
        "ganbench: cells.toml: must have a cell that can be trained, got all of them skipped;"
    )
    assert not (tmp_path / "results").exists()
