"""What takes minutes to know about real data: computed once, then read from the cache by every process.

Floors and copies need dozens of comparisons of thousands of images, and no run can be judged without them.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

import bench.features
import bench.metrics
import gans.data
from gans.data import Dataset
from gans.data.checksums import written_atomically
from gans.data.pixels import CHUNK, Pixels
from gans.data.places import cache_home

if TYPE_CHECKING:
    from bench.metrics.reference import Reference

Draws = Mapping[str, tuple[float, ...]]
"""Metric to its value in each draw."""

LIBRARIES = ("numpy", "scipy", "torch", "torch-fidelity")
"""Whose arithmetic the numbers are."""


def kept_draws(kind: str, reference: Reference, make: Callable[[], Draws], **about: Any) -> Draws:
    """The draws that ``make`` measures: from the cache if data, extractor and code are what they were.

    A file that cannot be read is made again; a cache that cannot be written costs time, not the numbers.

    Args:
        kind: what the draws are of, a word.
        about: all that they depend on beside the reference.

    Returns:
        the draws, the same to the last bit whether read or made.
    """
    path = folder() / f"{kind}-{_key(kind, reference, about)}.json"
    found = _read(path)
    if found is None:
        found = make()
        with contextlib.suppress(OSError), written_atomically(path) as stream:
            stream.write(json.dumps({name: list(values) for name, values in found.items()}).encode())
    return found


def folder() -> Path:
    """Where the draws are kept; safe to delete."""
    return cache_home() / "marks"


@functools.lru_cache(maxsize=64)
def content(dataset: Dataset) -> str:
    """Hash of all that a dataset holds, its name included, for draws are random by name."""
    digest = hashlib.sha256(repr((dataset.name, dataset.classes, dataset.bounded, dataset.mode_sd)).encode())
    parts = (
        dataset.train, dataset.holdout, dataset.train_labels, dataset.holdout_labels, dataset.mode_centers,
    )  # fmt: skip
    for part in parts:
        digest.update(b"none" if part is None else digest_of(part).encode())
    return digest.hexdigest()


def digest_of(samples: Tensor) -> str:
    """Hash of a tensor's kind, shape and numbers; of images kept as bytes, of these bytes.

    Example:
        >>> ones = torch.ones(2, 3)
        >>> digest_of(ones) == digest_of(ones.clone()), digest_of(ones) == digest_of(ones.T)
        (True, False)
    """
    digest = hashlib.sha256(repr((tuple(samples.shape), samples.dtype)).encode())
    for tensor in _stored(samples):
        for rows in torch.split(tensor, CHUNK):
            digest.update(rows.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _stored(samples: Tensor) -> Iterable[Tensor]:
    if not isinstance(samples, Pixels):
        return (samples,)
    pad = torch.tensor([samples.pad])
    return (pad, samples.table) if samples.parts is None else (pad, samples.table, samples.parts)


def _key(kind: str, reference: Reference, about: Mapping[str, Any]) -> str:
    parts = {
        "kind": kind,
        "data": content(reference.dataset),
        "real": digest_of(reference.real),
        "extractor": reference.extractor.sha256,
        "code": _code(),
        **about,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@functools.cache
def _code() -> str:
    """Hash of the code that measures, so that a change to it is never answered with older numbers."""
    digest = hashlib.sha256("\0".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for package in (bench.metrics, bench.features, gans.data):
        for path in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> Draws | None:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {str(name): tuple(map(float, values)) for name, values in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
