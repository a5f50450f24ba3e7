"""What the ledger keeps of a results folder: one small CSV per preset, from which it can be written again."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Mapping
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

NUMBERS = {
    "expected", "ours", "difference", "generator_width", "capacity_ratio", "generator_lr", "discriminator_lr",
    "beta1", "n_critic", "data_size", "batch_size", "steps", "seed", "fid", "fid_last", "fid_floor", "modes",
    "mode_kl", "high_quality", "coverage", "train_seconds",
}  # fmt: skip
"""Columns of either kind that are computed with; a column of text under such a name is damage."""

Records = Mapping[str, pd.DataFrame]
"""Preset to its runs."""


class LedgerError(ValueError):
    """A folder or a file that no ledger can be written from; the message is one line with a remedy."""


def keep(results: Iterable[Path], folder: Path) -> list[Path]:
    """Write the records of some results folders, named after their presets, in place of older ones.

    All of them, and the kept ones of other presets, are read and checked before the first is written: a
    command that ends in an error leaves the records as they were.

    Raises:
        LedgerError: a folder holds neither runs nor a table of known numbers, two folders are of one
            preset, or the kept file of another preset is damaged.
        bench.records.store.StoreError: a folder holds no results, or those of a newer schema.
    """
    fresh = _gathered(results)
    _read_all(path for path in _files(folder) if path.stem not in fresh)
    return [write(folder / f"{preset}.csv", content) for preset, content in fresh.items()]


def _gathered(results: Iterable[Path]) -> dict[str, bytes]:
    """Preset to the content of the file that is to be kept of it."""
    contents: dict[str, bytes] = {}
    givers: dict[str, Path] = {}
    for each in results:
        for preset, content in _contents(each):
            if preset in givers:
                remedy = "give one" if preset in TABLES else "merge them first with ganbench merge"
                raise LedgerError(
                    f"ledger: must be given one results folder of a preset, got {givers[preset]} and {each} "
                    f"of {preset}; {remedy}"
                )
            contents[preset], givers[preset] = content, each
    return contents


def _contents(results: Path) -> Iterator[tuple[str, bytes]]:
    tables = [path for preset in TABLES if (path := results / f"{preset}.csv").is_file()]
    for path in tables:
        content = path.read_bytes()
        if _table(path.stem, content) is None:
            what = f"must be the table of ganbench run {path.stem}, got another"
            raise LedgerError(f"{path}: {what}; run it again")
        yield path.stem, content
    if not tables:
        yield _runs(results)


def _runs(results: Path) -> tuple[str, bytes]:
    found = load(results)
    preset, runs = found.profile, found.frames.runs.sort_values("run_id")
    if runs.empty:
        raise LedgerError(f"{results}: must hold finished runs, got none; ganbench run {preset} first")
    content = frame_csv(runs, COLUMNS).encode()
    if _table(preset, content) is None:
        raise LedgerError(
            f"{results}: must hold runs of a preset, got others, of the profile {preset!r}; "
            "give the folder of a preset (ganbench list profiles)"
        )
    return preset, content


def read(folder: Path) -> Records:
    """The records that were kept, by preset.

    Raises:
        LedgerError: a file is damaged.
    """
    return _read_all(_files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _read_all(paths: Iterable[Path]) -> Records:
    records = {}
    for path in paths:
        table = _table(path.stem, path.read_bytes())
        if table is None:
            what = "must be a table that ganbench ledger kept, got another"
            raise LedgerError(f"{path}: {what}; give its results folder")
        records[path.stem] = table
    return records


def _table(preset: str, content: bytes) -> pd.DataFrame | None:
    """The table of a preset's file; None where it is no table, has no rows, lacks columns or is damaged."""
    with contextlib.suppress(pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        table = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])
        wanted = TABLES.get(preset, set(COLUMNS))
        if len(table) and wanted <= set(table.columns) and _in_numbers(table[sorted(wanted & NUMBERS)]):
            return table
    return None


def _in_numbers(table: pd.DataFrame) -> bool:
    return all(pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes)
