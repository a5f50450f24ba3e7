"""Where the images of a score come from: a folder of files, or one part of a data set.

Nothing is resized here. How an image is made smaller moves the scores more than most GANs differ, and an
extractor that takes any size resizes in its own way.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gans.data import DATASETS, DataError, Dataset, load
from gans.data.pictures import require_eight_bits
from gans.rng import stream

SUFFIXES = (".png", ".jpg", ".jpeg")
"""The files that torch-fidelity takes, so that both take the same."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "train": ("train",),
    "test": ("holdout",),
    "holdout": ("holdout",),
    "all": ("train", "holdout"),
}
"""Words for the parts of a data set; ``test`` and ``holdout`` are the same one."""

FOLDER = "folder:"
"""How the name of a folder as a data set begins, PATH@SIZE behind it: it names no part of any other."""

FEWEST = 10

Read = Callable[[Tensor], Tensor]


class ImageError(ValueError):
    """Images that cannot be scored, told in one line."""


@dataclass(frozen=True, eq=False)
class Images:
    """A set of images of one size that is read a few at a time.

    Shapes:
        read: (m,) indices -> (m, channels, height, width) in [-1, 1], float32.

    Args:
        name: as the user spelled it, with the part of a data set that was taken.
        count: how many there are.
        size: height and width.
        read: the images with these indices.
    """

    name: str
    count: int
    size: tuple[int, ...]
    read: Read

    def at_most(self, n: int | None) -> Images:
        """These images, or n of them drawn at random, the same ones on every call.

        Example:
            >>> every = Images("a", 100, (1, 1), lambda indices: indices[:, None, None, None].float())
            >>> every.at_most(30).count, every.at_most(None).count, every.at_most(300).count
            (30, 100, 100)
        """
        if n is None or n >= self.count:
            return self
        order = torch.randperm(self.count, generator=stream(0, f"score/images/{self.count}"))
        chosen = order[:n].sort().values
        return Images(self.name, n, self.size, lambda indices: self.read(chosen[indices]))


def images_named(name: str) -> Images:
    """The images of a data set (its test part), of ``data set:train``, ``:test`` or ``:all``, or of a folder.

    A name that is both is the data set, as for ``ganbench audit``: ``mnist`` is MNIST, ``./mnist`` a folder.

    Raises:
        ImageError: there is no such folder or data set, or its images cannot be used.
    """
    # Unlike Path.is_dir, this says no of names that are too long for a file, as a name of nothing may be.
    is_folder = os.path.isdir(name) and not _is_registered(name)  # noqa: PTH112
    found = folder_images(Path(name)) if is_folder else dataset_images(name)
    if found.count < FEWEST:
        raise ImageError(f"{found.name}: must hold at least {FEWEST} images, got {found.count}; add more")
    return found


def _is_registered(name: str) -> bool:
    """Whether a name is that of a data set of ours, or of a part of one."""
    base, _, part = name.rpartition(":")
    return name in DATASETS or (base in DATASETS and part in PARTS)


def dataset_images(name: str) -> Images:
    """One part of a data set.

    Raises:
        ImageError: unknown name, a data set that cannot be loaded, or one without images.
    """
    base, _, part = name.rpartition(":")
    if part not in PARTS or not base:
        if base in DATASETS and not name.startswith(FOLDER):
            raise ImageError(_unknown_part(name, base, part))
        base, part = name, "all" if name.startswith(FOLDER) else "test"
    if base not in DATASETS and ":" not in base:
        raise ImageError(_unknown(name))
    try:
        dataset = load(base)
    except ValueError as error:
        raise ImageError(str(error)) from error
    if len(dataset.sample_shape) != 3:
        raise ImageError(
            f"{name}: must hold images, got samples of shape {dataset.sample_shape}; name a set of images"
        )
    rows = torch.cat([_rows(dataset, each) for each in PARTS[part]])
    # Rows are chosen, not images: a part may be mapped bytes, which joined would all be turned to float.
    return Images(
        f"{base}:{part}", len(rows), dataset.sample_shape[1:], lambda at: dataset.pooled(rows[at]).float()
    )


def _rows(dataset: Dataset, part: str) -> Tensor:
    """Where the samples of a part stand among those of training data and holdout in one row."""
    start = 0 if part == "train" else dataset.size
    return torch.arange(start, start + len(getattr(dataset, part)))


def folder_images(folder: Path) -> Images:
    """The PNG and JPEG files of a folder, or of the folders in it if it has none itself, sorted by path.

    Sizes are read from the files' heads; the pixels when they are needed.

    Raises:
        ImageError: no images, more than one size, or a file that is no image or deeper than 8 bits.
    """
    files = _files(folder.glob("*")) or _files(folder.rglob("*"))
    if not files:
        raise ImageError(
            f"{folder}: must hold images, got no {', '.join(SUFFIXES)} file in it; name the folder that does"
        )
    first = _size(files[0])
    for file in files[1:]:
        size = _size(file)
        if size != first:
            raise ImageError(
                f"{folder}: images must have one size, got {_text(first)} ({files[0].name}) and "
                f"{_text(size)} ({file.name}); resize all in one way before, or score folder:{folder}@SIZE"
            )
    return Images(str(folder), len(files), first, lambda indices: _pixels([files[i] for i in indices]))


def _files(paths: object) -> list[Path]:
    found = [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file()]  # type: ignore[attr-defined]
    return sorted((path.resolve() for path in found), key=str)


def _size(path: Path) -> tuple[int, int]:
    """Height and width of an image that can be scored, as far as the head of its file tells."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            require_eight_bits(path, image)
            return image.height, image.width
    except DataError as error:
        raise ImageError(str(error)) from error
    except Exception as error:
        raise _unreadable(path, error) from error


def _pixels(paths: list[Path]) -> Tensor:
    """Images as torch-fidelity reads them: three channels, whatever the file has."""
    levels = torch.from_numpy(np.stack([_levels(path) for path in paths]))
    return levels.permute(0, 3, 1, 2).float().div(127.5).sub(1)


def _levels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(path) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return np.asarray(image.convert("RGB"), dtype=np.uint8)
    # Pillow and its codecs raise a dozen kinds of error on damaged files.
    except Exception as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> ImageError:
    reason = " ".join(str(error).split())
    return ImageError(
        f"{path}: must be an image that can be read, got {type(error).__name__}: {reason}; "
        "remove it or write it again"
    )


def _text(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _unknown_part(name: str, base: str, part: str) -> str:
    close = get_close_matches(part, PARTS, n=1) or ["test"]
    wanted = f"must name a part of {base}, one of {', '.join(PARTS)}"
    return f"score: {wanted}, got {name!r}; did you mean {base}:{close[0]}?"


def _unknown(name: str) -> str:
    from bench.profile.problems import nearest

    looks_like_a_path = "/" in name or "\\" in name or name.startswith(".")
    advice = "check the path" if looks_like_a_path else nearest(name, DATASETS.names())
    return f"score: must be a folder of images or a data set, got {name!r}; {advice}"
