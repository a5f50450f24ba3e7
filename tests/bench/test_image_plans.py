"""Profiles of pictures and presets are planned whole; missing data are told before anything trains."""

from __future__ import annotations

from functools import partial

import pytest
import torch

import bench.cli
from bench.plan import make_plan
from bench.profile import read_profile
from gans.data import DATASETS, Dataset, load

RUNS = {
    "images": 165,
    "full": 1422,
    "metz-stacked": 24,
    "lucic": 130,
    "lucic-lattice": 156,
    "diffaugment": 40,
    "pacgan-ring": 50,
    "pacgan-grid": 50,
}
"""Runs of each, multiplied out from its lists, those that two grids share once."""

SIZED = {"mnist": 1, "fashion-mnist": 1, "stacked-mnist": 3, "cifar10": 3}


def sized(name: str, channels: int) -> Dataset:
    """As many pictures as the real set has, all but the held-out ones black, in next to no memory."""
    train = torch.zeros(1, channels, 28, 28).expand(60_000, channels, 28, 28)
    holdout = torch.rand(8, channels, 28, 28, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(60_000) % 10
    return Dataset(name, train, holdout, labels, labels[:8], classes=10, bounded=True)


@pytest.fixture
def sized_sets(monkeypatch):
    """Sets of the real sizes in place of files."""
    for name, channels in SIZED.items():
        monkeypatch.setitem(DATASETS._entries, name, partial(sized, name, channels))
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.parametrize("name", RUNS)
def test_a_profile_is_planned_without_a_cell_that_is_skipped(name, sized_sets):
    plan = make_plan(read_profile(name))

    assert plan.skipped == ()
    assert plan.runs == RUNS[name]
    assert all(cohort.seconds > 0 for cohort in plan.cohorts)


def test_outliers_of_a_data_set_that_is_not_there_are_one_line_and_no_skipped_cell(data_root, capsys):
    line = ["plan", "smoke", "--set", "defect=none,outliers@cifar10:0.2"]

    assert bench.cli.main(line) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("ganbench: dataset 'cifar10': must be in one of ")
    assert "ganbench data cifar10 --download" in told


def test_outliers_that_do_not_fit_skip_their_cells_alone(capsys):
    assert bench.cli.main(["plan", "smoke", "--set", "defect=none,outliers@ring8:0.2"]) == 0
    told = capsys.readouterr().out

    assert "defect: outliers must come from data of the kind of 'digits'" in told
