"""Stored generators: found in a results folder, verified, rebuilt from their run's config, and drawn from.

Neither training nor its data are needed: what the network must know of them is stored with the weights.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from bench.artifacts import FOLDER, WEIGHTS, evaluation_latents
from bench.records.schema import FAILED, RunRecord
from bench.records.store import open_store
from gans.config import RunConfig, from_mapping
from gans.data import Dataset
from gans.data import load as load_data
from gans.game import build_modules
from gans.rng import stream

AVERAGE, LIVE = "average", "live"
VERSIONS = (AVERAGE, LIVE)
"""The averaged generator, which papers show, and the one that was last trained, which verdicts judge."""

_BATCH = 500


class GeneratorError(ValueError):
    """A run whose generator cannot be had: one line that says why and what to do."""


@dataclass(frozen=True)
class StoredGenerator:
    """The generator of a finished run.

    Args:
        module: the network in evaluation mode. version: one of VERSIONS.
        space: an empty data set of the samples' name, shape, precision and bounds. shown: how many
            latents every evaluation of the run was made from.
    """

    run_id: str
    config: RunConfig
    version: str
    module: nn.Module
    space: Dataset
    shown: int

    def latents(self, n: int, seed: int | None = None) -> Tensor:
        """Generator inputs: of a seed, or the first of those that every evaluation of the run was made from.

        Shapes:
            result: (n, latent_dim), standard normal.

        Raises:
            ValueError: without a seed there are fewer than n.
        """
        if seed is not None:
            dimension = self.config.latent_dim
            source = stream(seed, f"sample/latents/{dimension}")
            return torch.randn(n, dimension, generator=source, dtype=self.space.train.dtype)
        if not 1 <= n <= self.shown:
            raise ValueError(
                f"n: must be from 1 to {self.shown}, the latents of an evaluation, got {n}; "
                "give a seed for more"
            )
        return evaluation_latents(self.space.name, self.shown, self.config.latent_dim)[:n]

    def draw(self, n: int = 64, seed: int | None = None) -> Tensor:
        """Draw samples in model space; the same ones each time.

        Shapes:
            result: (n, *sample_shape).

        Args:
            seed: of the latents; those of the run's evaluations, and so of its stored picture, where None.
        """
        return self.from_latents(self.latents(n, seed))

    def from_latents(self, latents: Tensor) -> Tensor:
        """Samples of given latents.

        Shapes:
            latents: (n, latent_dim). result: (n, *sample_shape).
        """
        with torch.no_grad():
            parts = [self.module(part) for part in torch.split(latents.to(self.space.train), _BATCH)]
        return torch.cat(parts)


def load_generator(folder: Path | str, run: str, *, average: bool = True) -> StoredGenerator:
    """Load the generator of a stored run.

    Args:
        folder: of results. run: its id or a unique start of it.
        average: the averaged weights; else those that were last trained, which verdicts judge.

    Raises:
        StoreError: the folder has no such run, or several.
        GeneratorError: the run left no generator, one that is not finite, or one that was damaged since.

    Example:
        ``load_generator("results/smoke", "3f2a").draw(16, seed=1)`` are 16 samples. A folder without results
        is refused:

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     load_generator(folder, "3f2a")
        Traceback (most recent call last):
        bench.records.sqlite.StoreError: ...
    """
    with open_store(folder) as store:
        record = store.load_run(run)
    content = _verified(Path(folder), record)
    version = AVERAGE if average else LIVE
    config = from_mapping(record.config)
    about = _metadata(content)
    space = _space(config, about)
    weights = _weights(content, version, record)
    module, _ = build_modules(config, space)
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise GeneratorError(
            f"run {record.run_id}: its weights must fit network {config.network!r}, they do not; "
            "it was trained by another version of it"
        ) from error
    shown = int(about.get("evaluation_samples") or _evaluation_samples(config))
    return StoredGenerator(record.run_id, config, version, module.eval(), space, shown)


def _verified(folder: Path, record: RunRecord) -> bytes:
    """The stored file, which must be what the run's record says it was."""
    run = record.run_id
    digest = record.artifacts.get(WEIGHTS)
    if digest is None:
        why = f"it failed: {record.error}" if record.status == FAILED else f"status {record.status!r}"
        raise GeneratorError(f"run {run}: must have left a generator, got none ({why}); train it again")
    path = folder / FOLDER / run / WEIGHTS
    advice = "restore it from a copy, or run its profile into another folder"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GeneratorError(
            f"{path}: must be a file that can be read, got {error.strerror}; {advice}"
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise GeneratorError(
            f"{path}: must have the SHA-256 that was stored with the run, {digest[:12]}..., "
            f"got {found[:12]}...; it is damaged, {advice}"
        )
    return content


def _metadata(content: bytes) -> dict[str, Any]:
    """What was stored beside the tensors; the header is JSON after eight bytes of its length."""
    length = int.from_bytes(content[:8], "little")
    entries = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    found: dict[str, Any] = json.loads(entries.get("about", "{}"))
    return found


def _space(config: RunConfig, about: dict[str, Any]) -> Dataset:
    """An empty data set like the one of training, from what was stored or, in old folders, from the data."""
    if "sample_shape" not in about:
        data = load_data(config.dataset)
        return replace(data, train=data.train[:1], holdout=data.holdout[:1], train_labels=None,
                       holdout_labels=None)  # fmt: skip
    sample = torch.zeros(1, *about["sample_shape"], dtype=getattr(torch, about["dtype"]))
    return Dataset(config.dataset, sample, sample, None, None, classes=0, bounded=about["bounded"])


def _weights(content: bytes, version: str, record: RunRecord) -> dict[str, Tensor]:
    try:
        tensors = load(content)
    except SafetensorError as error:
        raise GeneratorError(
            f"run {record.run_id}: its generator must be safetensors, got {error}"
        ) from error
    wanted = {f"{version}.", "buffer."}
    found = {
        name[len(prefix) :]: value
        for name, value in tensors.items()
        for prefix in wanted
        if name.startswith(prefix)
    }
    if not all(bool(value.isfinite().all()) for value in found.values()):
        step = record.onset_step
        since = "" if step is None else f" (it diverged at step {step} of {record.config['steps']})"
        raise GeneratorError(
            f"run {record.run_id}: must have finite {version} weights, got NaN or infinity{since}; "
            "choose a run that stayed finite"
        )
    return found


def _evaluation_samples(config: RunConfig) -> int:
    from bench.metrics import reference_for

    return reference_for(load_data(config.dataset)).n


def columns_for(n: int) -> int:
    """Columns of a sheet of n samples: as square as can be, rather wide than high.

    Example:
        >>> columns_for(64), columns_for(10), columns_for(1)
        (8, 4, 1)
    """
    return math.isqrt(max(n, 1) - 1) + 1
