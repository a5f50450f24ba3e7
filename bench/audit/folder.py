"""A folder of image files as an audit reads it: whatever is wrong with a file is noted, not an error."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from bench.audit.subject import FileFacts, Subject
from gans.data.defects import IMAGES

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".pgm", ".tif", ".tiff", ".gif"})

MOST_FILES = 10_000
"""Files that are decoded, at most, evenly spaced over the folder."""

LARGEST = 32
"""Shorter side that larger images are shrunk to, in pixels."""

SMALLEST = 4
"""Shorter side of the commonest size, in pixels, below which nothing can be said of images."""

GREY, COLOUR = "grey", "colour"
_GREY_MODES = ("1", "L", "LA", "I", "F")


def subject_of_folder(folder: Path) -> Subject:
    """Read the images below a folder; folders directly below it are classes, if all images lie in them.

    Images are brought to the commonest size, shrunk so that their shorter side has at most 32 pixels.

    Raises:
        ValueError: there is no such folder, or no image in it that can be read.
    """
    paths = _image_files(folder)
    step = max(1, -(-len(paths) // MOST_FILES))
    read = paths[::step]
    opened = {path: _opened(path) for path in read}
    corrupt = [str(path.relative_to(folder)) for path, found in opened.items() if found is None]
    images = {path: found for path, found in opened.items() if found is not None}
    if not images:
        raise ValueError(
            f"audit: {folder} must hold an image that can be read, got {len(corrupt)} files that cannot; "
            "see that they are images"
        )
    sizes = Counter(found.size for found in images.values())
    if min(_target(sizes)) < SMALLEST:
        raise ValueError(
            f"audit: {folder} must hold images of at least {SMALLEST} x {SMALLEST} pixels, "
            f"got mostly {' x '.join(map(str, _target(sizes)))}; smaller ones have no detail to look at"
        )
    kinds = Counter(found.kind for found in images.values())
    transparent = sum(found.transparent for found in images.values())
    labels, names = _classes(folder, list(images))
    facts = FileFacts(len(paths), len(read), corrupt, dict(sizes), dict(kinds), transparent)
    return Subject(
        name=str(folder),
        kind=IMAGES,
        train=_stacked(
            [found.image for found in images.values()], _target(sizes), COLOUR if COLOUR in kinds else GREY
        ),
        labels=labels,
        classes=len(names),
        bounded=True,
        class_names=names,
        files=facts,
    )


def _image_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ValueError(
            f"audit: must be a folder of images, got {str(folder)!r}; see the spelling of its path"
        )
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")
    )
    if not paths:
        raise ValueError(
            f"audit: {folder} must hold images ({', '.join(sorted(SUFFIXES))}), found none; "
            "name the folder that they are in"
        )
    return paths


@dataclass(frozen=True, slots=True)
class _Opened:
    """An image, shrunk, in "L" or "RGB", and what it was before."""

    image: Image.Image
    size: tuple[int, int]
    transparent: bool

    @property
    def kind(self) -> str:
        """Grey or colour."""
        return GREY if self.image.mode == "L" else COLOUR


def _opened(path: Path) -> _Opened | None:
    """What a file holds; None if it cannot be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as stored:
                stored.load()
                image = stored.convert("L" if stored.mode in _GREY_MODES else "RGB")
                return _Opened(_shrunk(image), stored.size, _see_through(stored))
    except Exception:  # Pillow's decoders raise what they like on a damaged file
        return None


def _see_through(image: Image.Image) -> bool:
    return image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema() != (255, 255)


def _shrunk(image: Image.Image) -> Image.Image:
    return image.resize(_small(image.size), Image.Resampling.BOX) if min(image.size) > LARGEST else image


def _small(size: tuple[int, int]) -> tuple[int, int]:
    factor = max(1.0, min(size) / LARGEST)
    return max(1, round(size[0] / factor)), max(1, round(size[1] / factor))


def _target(sizes: Mapping[tuple[int, int], int]) -> tuple[int, int]:
    """The commonest size; of equally common ones the smallest."""
    return _small(min(sizes, key=lambda size: (-sizes[size], size)))


def _stacked(images: Sequence[Image.Image], size: tuple[int, int], kind: str) -> Tensor:
    mode = "L" if kind == GREY else "RGB"
    rows = []
    for image in images:
        fitted = image if image.size == size else image.resize(size, Image.Resampling.BOX)
        rows.append(np.asarray(fitted.convert(mode), dtype=np.uint8))
    table = torch.from_numpy(np.stack(rows))
    table = table[:, None] if kind == GREY else table.permute(0, 3, 1, 2)
    return table.float() / 127.5 - 1


def _classes(folder: Path, paths: Sequence[Path]) -> tuple[Tensor | None, tuple[str, ...]]:
    parts = [path.relative_to(folder).parts for path in paths]
    names = tuple(sorted(entry.name for entry in folder.iterdir() if _is_class(entry)))
    if len(names) < 2 or any(len(part) < 2 or part[0] not in names for part in parts):
        return None, ()
    return torch.tensor([names.index(part[0]) for part in parts]), names


def _is_class(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith((".", "_"))
