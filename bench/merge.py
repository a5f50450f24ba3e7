"""Results folders of several machines joined into one: every run once, pictures and generators with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.folder import ARTIFACTS, ENVIRONMENT_FILE, PROFILE_FILE, FolderError, make_usable
from bench.lock import driver_lock
from bench.records import spool
from bench.records.schema import RunRecord
from bench.records.store import Store, open_store
from gans.config import RunConfig, from_mapping

_BATCH = 500


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
        with driver_lock(out), open_store(out, create=True) as target:
            new = sum(_take(store, target, out, said) for store in opened)
            notes = _describe(sources, out, target)
            return Merged(len(target.finished_ids()), new, len(target.missing()), notes)
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


def _take(store: Store, target: Store, out: Path, said: Callable[[str], object]) -> int:
    """Add one folder's runs, its plan, its failures, and what lies beside its store."""
    grids = store.grids()
    announced: dict[str, list[RunConfig]] = {}
    records = store.load_runs(evaluations=True, traces=True)
    _copy_artifacts(store.folder / ARTIFACTS, out / ARTIFACTS)
    new = sum(
        target.ingest(records[start : start + _BATCH], grids) for start in range(0, len(records), _BATCH)
    )
    for run, config in store.missing().items():
        for name in grids.get(run, ()):
            announced.setdefault(name, []).append(from_mapping(config))
    target.plan(announced, keep=True)
    target.add_failures(store.failures())
    said(f"{store.folder}: {len(records)} runs, {new} of them new")
    return new + _late(store.folder, target, grids)


def _late(folder: Path, target: Store, grids: dict[str, tuple[str, ...]]) -> int:
    """Take runs that a driver which died had not stored yet; a folder that is merged is only read."""
    late = [_read(path) for path in spool.waiting(folder)]
    return target.ingest([record for record in late if record is not None], grids)


def _read(path: Path) -> RunRecord | None:
    try:
        return spool.read(path)
    except (ValueError, OSError):
        return None


def _copy_artifacts(source: Path, target: Path) -> None:
    """Copy pictures and generators of runs, and pictures of real data, each whole or not at all."""
    known = sorted(source.iterdir()) if source.is_dir() else []
    target.mkdir(exist_ok=True)
    for entry in known:
        if entry.is_symlink() or entry.name.startswith(".") or (target / entry.name).exists():
            continue
        draft = target / f".{entry.name}.tmp"
        shutil.rmtree(draft, ignore_errors=True)
        (shutil.copytree if entry.is_dir() else shutil.copyfile)(entry, draft)
        draft.replace(target / entry.name)


def _describe(sources: Sequence[Path], out: Path, target: Store) -> tuple[str, ...]:
    """Profile and environment of the first folder that has them; others that differ are told."""
    notes = []
    for name in (PROFILE_FILE, ENVIRONMENT_FILE):
        found = [source / name for source in sources if (source / name).is_file()]
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
