"""Image files of all kinds to bytes of one size and one kind, without the known ways to spoil them.

Shrinking uses antialiased bicubic filtering over 8-bit values (as Parmar et al. 2022, "On aliased resizing
and surprising subtleties in GAN evaluation", found to be needed); shape is kept by cropping the middle.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from gans.data.places import DataError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".pgm", ".tif", ".tiff"})
GREY, COLOUR = "grey", "colour"
_PILLOW = {GREY: "L", COLOUR: "RGB"}
_DEEP = frozenset({"I", "F"})
"""Pillow's modes of more than 8 bits a channel; also all that begin with "I;"."""

_SHOWN = 200
"""So much of a long path is shown."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Look:
    """What images are brought to.

    Args:
        size: height and width in pixels; None: as they are, if all have one size.
        kind: "grey" or "colour"; None: as they are, if all are of one kind.
    """

    size: int | None = None
    kind: str | None = None


def found_at(path: Path) -> str:
    """What is at a path: "a folder", "a file" or, as of a name that no file can have, nothing.

    Example:
        >>> found_at(Path("/")), found_at(Path("x" * 5_000))
        ('a folder', '')
    """
    try:
        return "a folder" if path.is_dir() else "a file" if path.exists() else ""
    except OSError:
        return ""


def images_below(folder: Path) -> tuple[Path, ...]:
    """Image files of a folder and all folders in it, by name; hidden ones and other files are left out.

    Raises:
        DataError: there is no such folder, or no image in it.
    """
    found = found_at(folder)
    if found != "a folder":
        raise DataError(
            f"{str(folder)[:_SHOWN]}: must be a folder of images, got {found or 'no such folder'}; "
            "see the spelling of its path"
        )
    found_files: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible = (name for name in names if not name.startswith("."))
        found_files += [Path(place, name) for name in visible if Path(name).suffix.lower() in SUFFIXES]
    if not found_files:
        raise DataError(
            f"{folder}: must hold images ({', '.join(sorted(SUFFIXES))}), found none; "
            "name the folder that they are in"
        )
    return tuple(sorted(found_files, key=lambda path: path.relative_to(folder).as_posix()))


def read_images(paths: Sequence[Path], look: Look) -> Bytes:
    """Decode images, each cropped to its middle square and resized where ``look`` names a size.

    Shapes:
        result: (n, 1 or 3, height, width), uint8.

    Raises:
        DataError: an image cannot be read, is transparent, deeper than 8 bits, or unlike the first one
            where ``look`` leaves size or kind open.
    """
    first = _decoded(paths[0], look)
    table: Bytes = np.empty((len(paths), *first.shape), dtype=np.uint8)
    table[0] = first
    for row, path in enumerate(paths[1:], start=1):
        image = _decoded(path, look)
        if image.shape != first.shape:
            raise DataError(_unlike(path, image, paths[0], first))
        table[row] = image
    return table


def is_deep(image: Image.Image) -> bool:
    """Whether an image has more than 8 bits a channel: brought to 8, Pillow clips it, mostly to white.

    Example:
        >>> is_deep(Image.new("I;16", (2, 2))), is_deep(Image.new("L", (2, 2)))
        (True, False)
    """
    return image.mode in _DEEP or image.mode.startswith("I;")


def require_eight_bits(path: Path, image: Image.Image) -> None:
    """See that an image is not deep; its pixels need not be loaded.

    Raises:
        DataError: it is.
    """
    if is_deep(image):
        raise DataError(
            f"{path}: must have 8 bits a channel, got Pillow's mode {image.mode}; convert it to 8 bits"
        )


def _decoded(path: Path, look: Look) -> Bytes:
    image = _opened(path)
    kind = look.kind or (GREY if image.mode in ("1", "L") else COLOUR)
    image = image.convert(_PILLOW[kind])
    if look.size is not None:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        box = (left, top, left + side, top + side)
        image = image.resize((look.size, look.size), Image.Resampling.BICUBIC, box=box)
    pixels = np.asarray(image, dtype=np.uint8)
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _opened(path: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as stored:
                stored.load()
                image = ImageOps.exif_transpose(stored)
    # Pillow's decoders raise what they like on a damaged file: OSError, SyntaxError, struct.error.
    except Exception as error:
        reason = " ".join(str(error).replace(str(path), "it").split())[:100] or type(error).__name__
        raise DataError(f"{path}: must be a readable image, got {reason}; repair or delete it") from error
    require_eight_bits(path, image)
    return _opaque(path, image)


def _opaque(path: Path, image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    whole = image.convert("RGBA")
    if whole.getchannel("A").getextrema() != (255, 255):
        raise DataError(
            f"{path}: must be opaque, got transparent pixels; flatten it on a background of your choice"
        )
    return image.convert("L" if image.mode in ("LA", "La") else "RGB")


def _unlike(path: Path, image: Bytes, model: Path, first: Bytes) -> str:
    if len(image) != len(first):
        kinds = {1: GREY, 3: COLOUR}
        return (
            f"{path}: must be {kinds[len(first)]} like {model.name}, got {kinds[len(image)]}; "
            "convert it, or bring all to one kind with @grey or @colour after the folder's name"
        )
    (height, width), (tall, wide) = image.shape[1:], first.shape[1:]
    return (
        f"{path}: must have {wide} x {tall} pixels like {model.name}, got {width} x {height}; "
        f"bring all to one size with @{min(tall, wide)} after the folder's name"
    )
