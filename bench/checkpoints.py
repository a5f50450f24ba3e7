"""Checkpoints of cohorts under way: where they lie, when one is due, and what they must agree on to be used.

Only cohorts that train for longer than the interval ever write one.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.folder import CHECKPOINTS
from bench.jobs import CohortJob
from bench.machine import describe
from gans.config import RunConfig, from_mapping, run_id

Note = Callable[[str], None]


class Checkpoints:
    """The checkpoints of one cohort.

    Args:
        job: what is trained; its ``checkpoint_every`` says how often.
    """

    def __init__(self, job: CohortJob) -> None:
        self._job = job
        self._folder = Path(job.out) / CHECKPOINTS / job.cohort
        self._every = job.checkpoint_every
        self._last = time.monotonic()

    def due(self) -> bool:
        """Whether so long has passed since the last one, or since the start."""
        return self._every > 0 and time.monotonic() - self._last >= self._every

    def write(self, state: Any, step: int, members: Collection[int], mode: str) -> None:
        """Save a state; where that fails, say so and let training go on.

        Args:
            members: which of the job's configs still train.
        """
        from gans import checkpoint
        from gans.snapshot import pack

        packed = pack(state, {**checkpoint.REBUILT, **REBUILT})
        about = {"step": step, "members": list(members)}
        try:
            checkpoint.write(self._folder, packed, facts_of(self._job, mode), about)
        except OSError as error:
            tell(f"checkpoint of cohort {self._job.cohort} could not be written: {error}; training goes on")
        self._last = time.monotonic()

    def read(self, mode: str) -> Any:
        """The newest usable ``gans.checkpoint.Checkpoint``; None where there is none."""
        if not self._folder.is_dir():
            return None
        from gans import checkpoint

        return checkpoint.read(self._folder, facts_of(self._job, mode), tell)

    def remove(self) -> None:
        """Delete them: all members have been handed over."""
        if self._folder.is_dir():
            shutil.rmtree(self._folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Held:
    """A cohort of which a results folder holds a checkpoint.

    Args:
        configs: all with whom it began. compiled: how it trains. step: how far it is.
        other: why it cannot be gone on with; empty where it can.
    """

    cohort: str
    configs: tuple[RunConfig, ...]
    compiled: bool
    step: int
    other: str

    @property
    def ids(self) -> frozenset[str]:
        """The runs of the cohort."""
        return frozenset(map(run_id, self.configs))


def held(out: Path, wanted: Mapping[str, Any]) -> list[Held]:
    """The cohorts that a results folder could go on with, in order of name; damaged checkpoints are left out.

    Args:
        wanted: facts that must be equal, such as ``surroundings`` and the options of a sweep.
    """
    folders = sorted(path for path in (out / CHECKPOINTS).glob("*") if path.is_dir())
    return [found for folder in folders if (found := _held(folder, wanted)) is not None]


def remove(out: Path, cohort: str) -> None:
    """Delete the checkpoints of a cohort that needs them no more."""
    shutil.rmtree(out / CHECKPOINTS / cohort, ignore_errors=True)
    tidy(out)


def tidy(out: Path) -> None:
    """Delete the folder of checkpoints if nothing is in it; no worker may be at work."""
    with suppress(OSError):
        (out / CHECKPOINTS).rmdir()


def surroundings() -> dict[str, Any]:
    """What must be equal besides the job for a resumed run to end in the same bits."""
    versions = describe().versions
    return {
        "code": code_digest(),
        "torch": versions.get("torch", ""),
        "numpy": versions.get("numpy", ""),
        "processor": describe().processor,
    }


def facts_of(job: CohortJob, mode: str) -> dict[str, Any]:
    """All that must be equal."""
    return {
        **surroundings(),
        "configs": [asdict(config) for config in job.configs],
        "device": job.device,
        "mode": mode,
        "planned mode": job.mode,
        "stop_early": job.stop_early,
        "spectra": job.spectra,
    }


@functools.cache
def code_digest() -> str:
    """16 hex digits of all Python code of the two packages that a result depends on."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for path in sorted(path for package in ("gans", "bench") for path in (root / package).rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[:2] not in _WITHOUT_EFFECT:
            digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


_WITHOUT_EFFECT = {
    ("bench", "attribution"), ("bench", "commands"), ("bench", "speed"), ("bench", "detectors"),
    ("bench", "cli.py"),
}  # fmt: skip

REBUILT: Mapping[str, frozenset[str]] = {
    "Watch": frozenset({"_contexts"}),
    "Probes": frozenset({"train", "counts", "holdout", "latents", "mix", "batches", "chain"}),
}
"""What is made anew from the configs, besides what ``gans.checkpoint`` names."""


def tell(text: str) -> None:
    """Leave a line in the log of the workers."""
    print(text, file=sys.stderr, flush=True)


def _held(folder: Path, wanted: Mapping[str, Any]) -> Held | None:
    from gans import checkpoint

    for manifest in checkpoint.generations(folder):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = checkpoint.read_manifest(manifest)
            configs = tuple(from_mapping(values) for values in found.facts["configs"])
            other = checkpoint.difference({name: found.facts.get(name) for name in wanted}, wanted)
            compiled = found.facts["planned mode"] == "compiled"
            return Held(folder.name, configs, compiled, int(found.about["step"]), other)
    return None
