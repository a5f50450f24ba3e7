"""Save a cohort in training and go on from there bit for bit, also after ``kill -9`` in the middle of a save.

A checkpoint is a pair of files, the numbers as safetensors and everything else as JSON with the SHA-256 of
both; there is no pickle in it. Each file is written under a temporary name, fsynced and renamed, the JSON
last, and the two newest pairs are kept. When the newer one is damaged the older one is read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gans.cohort import Cohort
from gans.config import canonical_json
from gans.snapshot import Snapshot, pack, unpack

FORMAT = 1
KEPT = 2
"""Generations of a checkpoint: the newest, and the one before it in case that is damaged."""

REBUILT: Mapping[str, frozenset[str]] = {
    "Cohort": frozenset(
        {"configs", "fits", "game", "program", "_dataset", "_device", "_evaluators", "_member_step_flops"}
    ),
    "MemberStreams": frozenset({"_config", "_needs_mix", "_dtype", "subsets"}),
}
"""What a cohort made from the same configs has already. All else it holds is saved; the clock's seconds are
saved beside it, because the program that keeps the clock is compiled anew."""

Note = Callable[[str], None]


def _nobody(text: str) -> None:
    return


@dataclass(frozen=True)
class Checkpoint:
    """One generation as it was read.

    Args:
        facts: what must be equal for a resumed run to be the same run.
        about: what else the writer said of it, such as the step.
        snapshot: the state; without its numbers where only the JSON was read. digest: of those numbers.
    """

    facts: Mapping[str, Any]
    about: Mapping[str, Any]
    snapshot: Snapshot
    digest: str


def save_cohort(folder: Path, cohort: Cohort) -> None:
    """Write a cohort's state into a folder of its own.

    Raises:
        OSError: it cannot be written; older generations are as they were.

    Example:
        >>> import tempfile
        >>> from gans.data import load
        >>> from gans.defaults import config_of
        >>> config = config_of("nsgan", batch_size=8)
        >>> first, second = (Cohort([config], load("digits")) for _ in range(2))
        >>> _ = first.train(3)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_cohort(Path(folder) / "mine", first)
        ...     resumed = load_cohort(Path(folder) / "mine", second)
        >>> resumed, second.state.step
        (True, 3)
        >>> bool((first.train(2)["generator_loss"] == second.train(2)["generator_loss"]).all())
        True
    """
    write(folder, pack(state_of(cohort), REBUILT), _facts(cohort), {"step": cohort.state.step})


def load_cohort(folder: Path, cohort: Cohort, note: Note = _nobody) -> bool:
    """Bring a cohort that was made from the same configs to where it was saved; say whether that could be.

    Args:
        note: told why a generation was not used.
    """
    found = read(folder, _facts(cohort), note)
    if found is not None:
        restore(state_of(cohort), found.snapshot)
    return found is not None


def state_of(cohort: Cohort, **more: Any) -> dict[str, Any]:
    """All that must be saved of a cohort, with whatever its owner wants saved beside it."""
    return {"cohort": cohort, "seconds": cohort.clock.seconds, **more}


def restore(
    state: Mapping[str, Any], snapshot: Snapshot, known: Iterable[type] = (), fresh_seconds: bool = True
) -> dict[str, Any]:
    """Bring the objects of a ``state_of`` to where they were; hand back the whole state.

    Args:
        fresh_seconds: add what building and compiling the cohort anew has cost to its warm-up.

    Raises:
        ValueError: the snapshot is that of another version.
    """
    clock = state["cohort"].clock
    spent = clock.seconds["warm_up"] if fresh_seconds else 0.0
    found: dict[str, Any] = unpack(snapshot, state, known)
    clock.seconds.update(found["seconds"])
    clock.seconds["warm_up"] += spent
    return found


def write(
    folder: Path, snapshot: Snapshot, facts: Mapping[str, Any], about: Mapping[str, Any] | None = None
) -> None:
    """Write the next generation, and delete what is older than the one before it.

    Raises:
        OSError: it cannot be written; older generations are as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{_next_number(folder):08d}"
    numbers = folder / f"{stem}.safetensors"
    with _draft(numbers) as draft:
        try:
            save_file(snapshot.tensors, draft)
        except SafetensorError as error:
            raise OSError(f"checkpoint: {numbers} must be written, got {error}") from error
        digest = _file_digest(draft)
    content = {"format": FORMAT, "facts": facts, "about": about or {}, "sha256": digest,
               "tree": snapshot.tree}  # fmt: skip
    with _draft(folder / f"{stem}.json") as draft:
        draft.write_text(json.dumps({"sha256": _text_digest(content), "content": content}), encoding="utf-8")
    _prune(folder)


def read(folder: Path, facts: Mapping[str, Any], note: Note = _nobody) -> Checkpoint | None:
    """Read the newest generation that is whole and was written under the same facts.

    Args:
        note: told, in a line each, why newer ones were passed over.
    """
    for manifest in generations(folder):
        try:
            found = read_manifest(manifest)
            other = difference(found.facts, facts)
            if other:
                note(f"checkpoint {manifest} is not used: {other}")
                continue
            return replace(found, snapshot=_with_numbers(manifest, found))
        except (OSError, ValueError, SafetensorError) as error:
            note(f"checkpoint {manifest} is damaged and not used: {' '.join(str(error).split())}")
            with suppress(OSError):
                manifest.replace(manifest.with_suffix(".damaged"))
    return None


def generations(folder: Path) -> list[Path]:
    """The JSON files of a folder's checkpoints, the newest first."""
    return sorted(folder.glob("[0-9]*.json"), reverse=True)


def read_manifest(path: Path) -> Checkpoint:
    """Read and verify the JSON of one generation, not its numbers.

    Raises:
        ValueError: it is damaged, or of another format. OSError: it cannot be read.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        content, digest = whole["content"], whole["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("its JSON must hold content and sha256, got something else") from error
    if digest != _text_digest(content):
        raise ValueError("its JSON must match its SHA-256, got another one")
    if content["format"] != FORMAT:
        raise ValueError(f"its format must be {FORMAT}, got {content['format']}")
    return Checkpoint(content["facts"], content["about"], Snapshot(content["tree"]), content["sha256"])


def difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Say in a line which fact keeps a checkpoint from being used; empty where none does.

    Example:
        >>> difference({"torch": "2.9", "mode": "eager"}, {"torch": "2.10", "mode": "eager"})
        'torch must be 2.10, got 2.9'
    """
    for name in sorted({*found, *wanted}):
        if found.get(name) != wanted.get(name):
            shown = [_short(each.get(name)) for each in (wanted, found)]
            if shown[0] == shown[1]:
                return f"its {name} must be those of this cohort, got others"
            return f"{name} must be {shown[0]}, got {shown[1]}"
    return ""


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:20]}..."


def _facts(cohort: Cohort) -> dict[str, Any]:
    configs = [canonical_json(config) for config in cohort.configs]
    return {"configs": configs, "mode": cohort.mode, "torch": torch.__version__}


def _with_numbers(manifest: Path, found: Checkpoint) -> Snapshot:
    numbers = manifest.with_suffix(".safetensors")
    if _file_digest(numbers) != found.digest:
        raise ValueError(f"{numbers.name} must match its SHA-256, got another one")
    return Snapshot(found.snapshot.tree, load_file(numbers))


def _next_number(folder: Path) -> int:
    numbers = [int(path.stem) for path in folder.iterdir() if path.stem.isdigit()]
    return max(numbers, default=0) + 1


def _prune(folder: Path) -> None:
    kept = {manifest.stem for manifest in generations(folder)[:KEPT]}
    # The JSON of a generation goes first: numbers without it are nothing, it without them is damage.
    for path in sorted(folder.iterdir(), key=lambda path: path.suffix != ".json"):
        if path.stem not in kept or path.suffix not in (".json", ".safetensors"):
            path.unlink(missing_ok=True)


@contextmanager
def _draft(final: Path) -> Iterator[Path]:
    """A temporary name to write to; after the block the file is made durable and gets its own name."""
    path = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    try:
        yield path
        _sync(path)
        path.replace(final)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # some file systems cannot sync a folder
        _sync(final.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text_digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
