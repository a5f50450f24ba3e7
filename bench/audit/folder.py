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
from bench.audit.tree import tree_of
from gans.data.defects import IMAGES
from gans.data.pictures import is_deep

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".pgm", ".tif", ".tiff", ".gif"})

MOST_FILES = 10_000
"""Files that are decoded, at most, evenly spaced over the folder."""

LARGEST = 32
"""Shorter side that larger images are shrunk to, in pixels."""

SMALLEST = 4
"""Shorter side of the commonest size, in pixels, below which nothing can be said of images."""

GREY, COLOUR = "grey", "colour"
_GREY_MODES = ("1", "L", "LA")


def subject_of_folder(folder: Path) -> Subject:
    """Read the images below a folder; ``train`` and ``test`` in it are heeded as in ``folder:PATH``.

    Held-out images become the holdout. Folders on either side, or directly below where there are no sides,
    are classes, if all images lie in them. Images of more than 8 bits a channel are left out. The others are
    brought to the commonest size, shrunk so that their shorter side has at most 32 pixels.

    Raises:
        ValueError: there is no such folder, no image in it that can be read, or one on neither side.
    """
    paths = _image_files(folder)
    tree = tree_of(folder, paths)
    opened = {path: _opened(path) for path in paths[:: max(1, -(-len(paths) // MOST_FILES))]}
    facts = _facts(folder, len(paths), opened)
    images = {path: found.image for path, found in opened.items() if found is not None and not found.deep}
    train = [path for path in images if not tree.is_held_out(path)]
    holdout = [path for path in images if tree.is_held_out(path)]
    if not train and not facts.deep:
        raise ValueError(
            f"audit: {tree.train} must hold an image that can be read, got {len(facts.corrupt)} files that "
            "cannot; see that they are images"
        )
    size, kind = _size(folder, facts), COLOUR if COLOUR in facts.kinds else GREY
    return Subject(
        name=str(folder),
        kind=IMAGES,
        train=_stacked([images[path] for path in train], size, kind),
        labels=tree.labels(train),
        classes=len(tree.classes),
        bounded=True,
        holdout=_stacked([images[path] for path in holdout], size, kind) if holdout else None,
        class_names=tree.classes,
        files=facts,
    )


def _facts(folder: Path, files: int, opened: Mapping[Path, _Opened | None]) -> FileFacts:
    found = [each for each in opened.values() if each is not None]
    return FileFacts(
        files,
        len(opened),
        corrupt=[str(path.relative_to(folder)) for path, each in opened.items() if each is None],
        deep=[str(path.relative_to(folder)) for path, each in opened.items() if each and each.deep],
        sizes=dict(Counter(each.size for each in found)),
        kinds=dict(Counter(each.kind for each in found)),
        transparent=sum(each.transparent for each in found),
    )


def _size(folder: Path, facts: FileFacts) -> tuple[int, int]:
    """The size to look at all images in.

    Raises:
        ValueError: they have no detail in it.
    """
    size = _target(facts.sizes)
    if min(size) < SMALLEST:
        raise ValueError(
            f"audit: {folder} must hold images of at least {SMALLEST} x {SMALLEST} pixels, "
            f"got mostly {' x '.join(map(str, size))}; smaller ones have no detail to look at"
        )
    return size


def _image_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ValueError(
            f"audit: must be a folder of images, got {str(folder)!r}; see the spelling of its path"
        )
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not _is_hidden(path.relative_to(folder))
    )
    if not paths:
        raise ValueError(
            f"audit: {folder} must hold images ({', '.join(sorted(SUFFIXES))}), found none; "
            "name the folder that they are in"
        )
    return paths


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An image, shrunk, in "L" or "RGB", and what it was before; a dot in place of one that is deep."""

    image: Image.Image
    size: tuple[int, int]
    transparent: bool
    deep: bool

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
                if is_deep(stored):
                    return _Opened(Image.new("L", (1, 1)), stored.size, transparent=False, deep=True)
                image = stored.convert("L" if stored.mode in _GREY_MODES else "RGB")
                return _Opened(_shrunk(image), stored.size, _see_through(stored), deep=False)
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
    mode, channels = ("L", 1) if kind == GREY else ("RGB", 3)
    table = np.empty((len(images), size[1], size[0], channels), dtype=np.uint8)
    for row, image in enumerate(images):
        fitted = image if image.size == size else image.resize(size, Image.Resampling.BOX)
        table[row] = np.asarray(fitted.convert(mode), dtype=np.uint8).reshape(table.shape[1:])
    return torch.from_numpy(table).permute(0, 3, 1, 2).float() / 127.5 - 1
