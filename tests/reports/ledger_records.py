"""Records for tests of the ledger: runs and known numbers as its CSV files hold them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.pages import preset_grids
from reports.ledger import command as commands
from reports.ledger import page as pages
from reports.ledger.records import COLUMNS, FOLDER, read

PRESETS = preset_grids()


def text(records) -> str:
    return pages.text(records, PRESETS)


def command(preset: str, table: pd.DataFrame) -> str:
    return commands.command(preset, table, PRESETS.get(preset, ()))


def runs(**columns) -> pd.DataFrame:
    """Runs that differ in what is given and agree in the rest."""
    usual = {
        "run_id": "0", "grids": "one-step", "dataset": "mnist", "recipe": "nsgan", "network": "dcgan",
        "generator_width": 16, "capacity_ratio": 1.0, "discriminator_norm": "none", "generator_lr": 1e-4,
        "discriminator_lr": 1e-4, "beta1": 0.5, "n_critic": 1, "data_size": 60_000,
        "augmentation": "none", "batch_size": 64, "steps": 500, "seed": 0, "status": "finished",
        "outcome": "converged", "state": "stable", "fid": 1.0, "fid_last": 1.0, "fid_floor": 0.1,
        "modes": 10.0, "mode_kl": 1.0,
        "high_quality": 0.5, "coverage": 0.5, "train_seconds": 1.0,
    }  # fmt: skip
    assert tuple(usual) == COLUMNS
    count = max(len(values) for values in columns.values())
    return pd.DataFrame({name: columns.get(name, [value] * count) for name, value in usual.items()})


def lattice(ratio: float, *, diverged: bool = False) -> pd.DataFrame:
    """Two losses over six rates, the first worse by some factor."""
    rates = [10.0**-k for k in range(6)]
    better = np.linspace(1, 2, 6)
    return runs(
        recipe=["mmgan"] * 6 + ["nsgan"] * 6,
        generator_lr=rates * 2,
        fid=[*(ratio * better), *better],
        status=["diverged" if diverged else "finished"] * 6 + ["finished"] * 6,
    )


def known(**columns) -> pd.DataFrame:
    """A table of closed forms: two published radii, unless it is told otherwise."""
    usual = {
        "quantity": ["radius after 500 steps"] * 2, "source": ["published"] * 2, "expected": [1.0, 2.0],
        "ours": [1.0005, 2.0], "difference": [5e-4, 0.0], "agrees": [True, True],
    }  # fmt: skip
    return pd.DataFrame({**usual, **columns})


def kept(preset: str) -> pd.DataFrame:
    """The project's own records of a preset."""
    return read(FOLDER)[preset]
