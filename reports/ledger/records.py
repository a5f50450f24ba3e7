"""What the ledger keeps of a results folder: one small CSV per preset, from which it can be written again."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from reports.files import frame_csv, write
from reports.frame import load

FOLDER = Path(__file__).with_name("records")
"""The records that the project's own ledger is written from."""

TABLES = {
    "dirac": {"quantity", "source", "expected", "ours", "difference", "agrees"},
    "floors": {"quantity", "data", "source", "expected", "ours", "agrees"},
}
"""Presets that write one table of known numbers in place of a results store; the columns a table needs."""

COLUMNS = (
    "run_id", "grids", "dataset", "recipe", "network", "generator_width", "capacity_ratio",
    "discriminator_norm", "generator_lr", "discriminator_lr", "beta1", "n_critic", "data_size",
    "augmentation", "batch_size", "steps", "seed", "status", "outcome", "state", "fid", "fid_last",
    "fid_floor", "modes", "mode_kl", "high_quality", "coverage", "train_seconds",
)  # fmt: skip
"""Columns of ``runs.csv`` that some anchor is judged by, and those that say which run it was."""

Records = Mapping[str, pd.DataFrame]
"""Preset to its runs."""


class LedgerError(ValueError):
    """A folder or a file that no ledger can be written from; the message is one line with a remedy."""


def keep(results: Iterable[Path], folder: Path) -> list[Path]:
    """Write the records of some results folders, named after their presets, in place of older ones.

    Raises:
        LedgerError: a folder holds neither runs nor a table of known numbers.
        bench.records.store.StoreError: it holds no results, or those of a newer schema.
    """
    return [_kept(each, folder) for each in results]


def _kept(results: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        if (table := results / f"{name}.csv").is_file():
            return Path(shutil.copyfile(table, folder / table.name))
    found = load(results)
    if found.frames.runs.empty:
        raise LedgerError(f"{results}: must hold finished runs, got none; ganbench run {found.profile} first")
    runs = found.frames.runs.sort_values("run_id")
    return write(folder / f"{found.profile}.csv", frame_csv(runs, COLUMNS))


def read(folder: Path) -> Records:
    """The records that were kept, by preset.

    Raises:
        LedgerError: a file is damaged.
    """
    return {path.stem: _table(path) for path in sorted(folder.glob("*.csv"))}


def _table(path: Path) -> pd.DataFrame:
    with contextlib.suppress(pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        table = pd.read_csv(path, keep_default_na=False, na_values=[""])
        wanted = TABLES.get(path.stem, set(COLUMNS))
        if wanted <= set(table.columns):
            return table
    raise LedgerError(
        f"{path}: must be a table that ganbench ledger kept, got another; give its results folder"
    )
