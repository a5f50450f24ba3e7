"""Files that a run leaves beside its record: pictures of its samples and its generator's weights."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from safetensors.torch import save
from torch import Tensor

from gans.cohort import Cohort
from gans.data import Dataset
from gans.rng import stream

FOLDER = "artifacts"
WEIGHTS = "generator.safetensors"
TILES, SCALE, GAP = 8, 3, 2
"""Pictures are 8 by 8 images, each pixel drawn 3 by 3, with so many pixels of grey around each image."""
GAP_GREY = 150
CANVAS = 216
"""Side of the picture of a mixture's samples, in pixels."""

Pixels = npt.NDArray[np.uint8]


def write_member(
    out: Path,
    run_id: str,
    cohort: Cohort,
    member: int,
    samples: Tensor,
    dataset: Dataset,
    more: Mapping[str, bytes] | None = None,
) -> dict[str, str]:
    """Write one run's files below ``<out>/artifacts/<run_id>/``.

    Shapes:
        samples: (n, *sample_shape).

    Args:
        more: further files by name.

    Returns:
        file name to SHA-256.
    """
    files = {
        "samples.png": png(picture(samples, dataset)),
        WEIGHTS: _weights(cohort, member, dataset, len(samples)),
        **(more or {}),
    }
    folder = out / FOLDER / run_id
    folder.mkdir(parents=True, exist_ok=True)
    return {name: write_atomically(folder / name, content) for name, content in files.items()}


def write_real(out: Path, dataset: Dataset) -> None:
    """Write what runs are shown beside, once per folder: real samples, and a mixture's true modes."""
    name = _file_name(dataset.name)
    path = out / FOLDER / f"real-{name}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, png(picture(dataset.holdout, dataset)))
    modes = out / FOLDER / f"modes-{name}.json"
    if dataset.mode_centers is not None and not modes.exists():
        known = {"centers": dataset.mode_centers.tolist(), "sd": dataset.mode_sd}
        write_atomically(modes, json.dumps(known).encode())


def picture(samples: Tensor, dataset: Dataset) -> Pixels:
    """Draw samples: images as tiles, points of a mixture as a scatter over its modes.

    Shapes:
        samples: (n, *sample_shape). result: (height, width), 0 black to 255 white.
    """
    if dataset.mode_centers is not None:
        return scatter(samples.numpy(force=True), dataset.mode_centers.numpy())
    return _tiles(samples.numpy(force=True))


def png(pixels: Pixels, notes: Mapping[str, str] | None = None) -> bytes:
    """Encode a grey picture; notes are texts that the file carries by name."""
    stream, said = io.BytesIO(), PngInfo()
    for name, text in (notes or {}).items():
        said.add_text(name, text)
    Image.fromarray(pixels).save(stream, format="PNG", optimize=True, pnginfo=said)
    return stream.getvalue()


def write_atomically(path: Path, content: bytes) -> str:
    """Write a file whole or not at all; its SHA-256."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
    return hashlib.sha256(content).hexdigest()


def sheet(samples: npt.NDArray[np.floating[Any]], rows: int, columns: int, *, scale: int = SCALE) -> Pixels:
    """Draw images as tiles in rows; what is not filled stays black, and what is too many is left out.

    Args:
        scale: side of a pixel of the images in pixels of the sheet.

    Shapes:
        samples: (n, height, width), or (n, height, width, 3) in colour, within [-1, 1].
        result: (tall, wide) or (tall, wide, 3).
    """
    shown = np.nan_to_num(samples[: rows * columns], nan=-1.0).clip(-1.0, 1.0)
    canvas = np.full((rows * columns, *shown.shape[1:]), -1.0)
    canvas[: len(shown)] = shown
    images = np.rint((canvas + 1.0) * 127.5).astype(np.uint8).repeat(scale, axis=1).repeat(scale, axis=2)
    within = ((0, 0),) * (images.ndim - 3)
    framed = np.pad(images, ((0, 0), (GAP, 0), (GAP, 0), *within), constant_values=GAP_GREY)
    tall, wide = framed.shape[1:3]
    placed = framed.reshape(rows, columns, *framed.shape[1:]).swapaxes(1, 2)
    tiles: Pixels = placed.reshape(rows * tall, columns * wide, *framed.shape[3:])
    return np.pad(tiles, ((0, GAP), (0, GAP), *within), constant_values=GAP_GREY)


def _tiles(samples: npt.NDArray[np.float32]) -> Pixels:
    # Colour is drawn as its mean: what is shown is structure, and the file stays small.
    return sheet(samples.mean(axis=1) if samples.ndim == 4 else samples, TILES, TILES)


def scatter(points: npt.NDArray[np.float32], centers: npt.NDArray[np.float32], side: int = CANVAS) -> Pixels:
    """Draw points of the plane as dark pixels over grey squares at the modes; what is not finite is left out.

    Shapes:
        points: (n, 2). centers: (modes, 2). result: (side, side).
    """
    reach, half = float(np.abs(centers).max()) * 1.35, side // 54
    canvas: Pixels = np.full((side, side), 255, dtype=np.uint8)
    for position in _cells(centers, reach, side):
        x, y = position
        canvas[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1] = 215
    inside = points[np.isfinite(points).all(axis=1) & (np.abs(points) < reach).all(axis=1)]
    cells = _cells(inside, reach, side)
    canvas[cells[:, 1], cells[:, 0]] = 20
    return canvas


def _cells(points: npt.NDArray[np.float32], reach: float, side: int) -> npt.NDArray[np.int_]:
    scaled = (points * np.array([1.0, -1.0]) / reach + 1.0) / 2.0
    cells: npt.NDArray[np.int_] = np.clip((scaled * side).astype(int), 0, side - 1)
    return cells


def evaluation_latents(dataset: str, n: int, latent_dim: int) -> Tensor:
    """The latents of every evaluation of runs on a data set, as ``Reference.latents`` draws them.

    Shapes:
        result: (n, latent_dim).
    """
    return torch.randn(n, latent_dim, generator=stream(0, f"evaluation/latents/{dataset}/{n}/{latent_dim}"))


def _weights(cohort: Cohort, member: int, dataset: Dataset, shown: int) -> bytes:
    tensors = {
        f"{version}.{name}": value.contiguous().cpu()
        for version, average in (("live", False), ("average", True))
        for name, value in cohort.generator_weights(member, average=average).items()
    }
    buffers = cohort.state.generator.buffers
    tensors |= {f"buffer.{name}": value[member].contiguous().cpu() for name, value in buffers.items()}
    about = {
        "config": asdict(cohort.configs[member]),
        "sample_shape": dataset.sample_shape,
        "bounded": dataset.bounded,
        "dtype": str(dataset.train.dtype).removeprefix("torch."),
        "evaluation_samples": shown,
    }
    # One entry: several are written in an order that changes, and equal runs would differ in their SHA-256.
    return save(tensors, metadata={"about": json.dumps(about, sort_keys=True)})


def _file_name(dataset: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in dataset)
