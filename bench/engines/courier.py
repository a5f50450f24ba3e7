"""Finished runs from workers that share no folder with the driver: their files travel with the answer."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.engines.task import execute
from bench.folder import ARTIFACTS, SPOOL, write_atomically
from bench.jobs import CohortJob
from bench.records import spool

_KEPT = (ARTIFACTS, SPOOL)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a worker sends back.

    Args:
        error: why the cohort failed, empty if it did not. files: content by path below the results folder.
    """

    error: str
    files: Mapping[str, bytes]


def train_away(worker: str, job: CohortJob, progress: Any) -> Parcel:
    """Train a cohort in a folder of the worker's own and pack what it left there.

    There is nobody to find a checkpoint again on another machine, so none is written.
    """
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="ganbench-away-") as out:
        error = execute(worker, replace(job, out=out, checkpoint_every=0.0), progress)
        return Parcel(error, _packed(Path(out)))


def unpack(parcel: Parcel, out: Path) -> None:
    """Put the files of a parcel into the results folder, hand-over files last: they say the rest is there.

    Raises:
        ValueError: a path that leads out of the places that a worker may write to; nothing was written.
    """
    for name in parcel.files:
        _check(name)
    for name in sorted(parcel.files, key=lambda name: name.startswith(f"{SPOOL}/")):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, parcel.files[name])
        spool.sync_folder(path.parent)


def _packed(out: Path) -> dict[str, bytes]:
    found = [path for place in _KEPT for path in (out / place).rglob("*") if path.is_file()]
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in found
        if not path.name.startswith(".") and not path.is_symlink()
    }


def _check(name: str) -> None:
    parts = name.split("/")
    plain = all(part and not part.startswith(".") and "\\" not in part and "\0" not in part for part in parts)
    known = parts[0] == ARTIFACTS or (parts[0] == SPOOL and name.endswith(spool.SUFFIX))
    if not (plain and known and 2 <= len(parts) <= 3):
        raise ValueError(f"engine: a worker's file must lie in {' or '.join(_KEPT)}, got {name[:80]!r}")
