"""Results folders of several machines joined into one: every run once, pictures and generators with it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from bench.folder import ARTIFACTS, ENVIRONMENT_FILE, PROFILE_FILE, FolderError, make_usable
from bench.lock import driver_lock
from bench.records import spool
from bench.records.schema import RunRecord
from bench.records.store import Store, open_store
from gans.config import RunConfig, from_mapping

_BATCH = 500
_RUN_ID = re.compile(r"[0-9a-f]{16}")
"""A store from elsewhere may name a run as a path that leads out of its folder."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to.

    Args:
        stored: runs in the joined folder. new: of them added now. missing: planned and in no folder.
        notes: what a reader should know.
    """

    stored: int
    new: int
    missing: int
    notes: tuple[str, ...]


def merge(sources: Sequence[Path], out: Path, said: Callable[[str], object] = lambda line: None) -> Merged:
    """Join the runs of some folders into another, which may hold runs already.

    Args:
        said: is told of each folder as it is read.

    Raises:
        FolderError: two folders are one, or one of them is the target.
        StoreError: a folder holds no results.
    """
    _check(sources, out)
    opened = [open_store(source) for source in sources]  # all of them before anything is written
    try:
        make_usable(out)
        _require_place(out / ARTIFACTS)
        with driver_lock(out), open_store(out, create=True) as target:
            before = target.finished_ids()
            for store in opened:
                _take(store, target, out, said)
            notes = _describe(sources, out, target)
            stored = target.finished_ids()
            return Merged(len(stored), len(stored - before), len(target.missing()), notes)
    finally:
        for store in opened:
            store.close()


def _check(sources: Sequence[Path], out: Path) -> None:
    seen: dict[Path, Path] = {}
    for source in sources:
        place = source.resolve()
        if place == out.resolve():
            raise FolderError(
                f"--out: must be another folder than those to merge, got {out}; choose a new one"
            )
        if place in seen:
            raise FolderError(f"merge: must be given different folders, got {source} twice; leave one out")
        seen[place] = source


def _take(store: Store, target: Store, out: Path, said: Callable[[str], object]) -> None:
    """Add one folder's runs, its plan, its failures, and what lies beside its store."""
    grids = store.grids()
    announced: dict[str, list[RunConfig]] = {}
    _copy_shared(store.folder / ARTIFACTS, out / ARTIFACTS)
    runs = new = 0
    for batch in _batches(chain(store.each_whole_run(), _late(store.folder))):
        wanted = [record for record in batch if target.lacks(record.run_id, record.status)]
        for run in (record.run_id for record in wanted if _RUN_ID.fullmatch(record.run_id)):
            _copy(store.folder / ARTIFACTS / run, out / ARTIFACTS / run)
        target.ingest(batch, grids)
        runs, new = runs + len(batch), new + len(wanted)
    for run, config in store.missing().items():
        for name in grids.get(run, ()):
            announced.setdefault(name, []).append(from_mapping(config))
    target.plan(announced, keep=True)
    target.add_failures(store.failures())
    said(f"{store.folder}: {runs} runs, {new} of them new")


def _batches(records: Iterator[RunRecord]) -> Iterator[list[RunRecord]]:
    """So many at a time as one transaction takes: all of ten thousand would fill memory."""
    while batch := list(islice(records, _BATCH)):
        yield batch


def _late(folder: Path) -> Iterator[RunRecord]:
    """Runs that a driver which died had not stored yet; a folder that is merged is only read."""
    for path in spool.waiting(folder):
        with suppress(ValueError, OSError):
            yield spool.read(path)


def _require_place(artifacts: Path) -> None:
    if artifacts.is_symlink() or (artifacts.exists() and not artifacts.is_dir()):
        raise FolderError(f"{artifacts}: must be a folder, got something else; merge into a new folder")


def _copy_shared(source: Path, target: Path) -> None:
    """Copy what belongs to no run, as pictures of real data; what is there already stays."""
    target.mkdir(exist_ok=True)
    found = sorted(source.iterdir()) if source.is_dir() else []
    for entry in found:
        if not (entry.name.startswith(".") or entry.is_dir() or (target / entry.name).exists()):
            _copy(entry, target / entry.name)


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a run's folder, whole or not at all, over what is there; links and pipes are left."""
    draft = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    if source.is_symlink() or not (source.is_dir() or source.is_file()):
        return
    if source.is_file():
        shutil.copyfile(source, draft)
    else:
        shutil.copytree(source, draft, ignore=_no_files)
        shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)


def _no_files(folder: str, names: list[str]) -> list[str]:
    paths = [Path(folder) / name for name in names]
    return [path.name for path in paths if path.is_symlink() or not (path.is_dir() or path.is_file())]


def _describe(sources: Sequence[Path], out: Path, target: Store) -> tuple[str, ...]:
    """Profile and environment of the first folder that has them; others that differ are told."""
    notes = []
    for name in (PROFILE_FILE, ENVIRONMENT_FILE):
        paths = [source / name for source in sources]
        found = [path for path in paths if path.is_file() and not path.is_symlink()]
        if found and not (out / name).exists():
            shutil.copyfile(found[0], out / name)
        texts = {path.read_bytes() for path in found}
        if name == PROFILE_FILE and len(texts) > 1:
            first = found[0].parent
            notes.append(
                f"the folders hold {len(texts)} different profiles; {PROFILE_FILE} is that of {first}"
            )
    for source in sources:
        with open_store(source) as store:
            for key in store.meta_keys():
                if key.startswith("machine:") or target.meta(key) is None:
                    target.set_meta(key, store.meta(key))
    return tuple(notes)
