"""A folder of images as a data set: ``folder:PATH``, ``folder:PATH@32``, ``folder:PATH@32-grey``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gans.data.dataset import Dataset
from gans.data.images import stratified_split
from gans.data.pictures import COLOUR, GREY, Look, found_at, images_below, read_images
from gans.data.pixels import Pixels
from gans.data.places import DataError
from gans.data.prepared import prepared_table
from gans.data.sides import TRAIN, held_out_folder
from gans.rng import stream

PREFIX = "folder:"
FORM = "folder:PATH, folder:PATH@SIZE or folder:PATH@SIZE-grey (or -colour), as in folder:photos@32"
HELD_OUT = 5
"""One image in so many is held out, where the folder does not say which."""
SMALLEST, LARGEST = 4, 1024

_OPTIONS = re.compile(r"(?P<size>\d+)(?:-(?P<kind>grey|colour))?|(?P<alone>grey|colour)")


@dataclass(frozen=True, slots=True)
class FolderName:
    """What a name such as ``folder:photos@32-grey`` says.

    Example:
        >>> named = FolderName.parse("folder:photos@32-grey")
        >>> str(named.path), named.look.size, named.look.kind
        ('photos', 32, 'grey')
    """

    name: str
    path: Path
    look: Look

    @classmethod
    def parse(cls, name: str) -> FolderName:
        """Take a name apart.

        Raises:
            DataError: there is no path in it, or a size that is none.
        """
        rest = name.removeprefix(PREFIX)
        path, at, options = rest.rpartition("@")
        found = _OPTIONS.fullmatch(options) if at else None
        if found is None:
            path, size, kind = rest, None, None
        else:
            size = int(found["size"]) if found["size"] else None
            kind = found["kind"] or found["alone"]
        if not name.startswith(PREFIX) or not path.strip():
            raise DataError(f"dataset: must read {FORM}, got {name!r}; name the folder")
        if size is not None and not SMALLEST <= size <= LARGEST:
            raise DataError(
                f"dataset {name!r}: size must be {SMALLEST} to {LARGEST} pixels, got {size}; "
                "32 suits the networks"
            )
        return cls(name, Path(path).expanduser(), Look(size, kind))

    def require_options(self) -> None:
        """See that what stands behind a folder's name is understood, and no part of another folder's name.

        Raises:
            DataError: the path is no folder, and without what stands behind its last @ it is one.
        """
        path, _, options = str(self.path).rpartition("@")
        if not path.strip() or found_at(self.path) or found_at(Path(path)) != "a folder":
            return
        size = re.search(r"\d+", options)
        side = size[0] if size else "32"
        known = (side, GREY, COLOUR, f"{side}-{GREY}", f"{side}-{COLOUR}")
        near = get_close_matches(options.lower(), known, n=1, cutoff=0.65)
        raise DataError(
            f"dataset {self.name!r}: must have SIZE, {GREY}, {COLOUR}, SIZE-{GREY} or SIZE-{COLOUR} behind "
            f"the last @, got {options!r}; {f'did you mean {near[0]!r}?' if near else 'choose one of'} "
            f"({', '.join(known)})"
        )


def folder(name: str = "folder") -> Dataset:
    """Your own images: ``folder:PATH``, ``folder:PATH@SIZE`` or ``folder:PATH@SIZE-grey``; needs files.

    Images in a ``train`` folder are trained on and those in ``test``,
    ``holdout`` or ``val`` held out; without these one image in five is held
    out. Folders within are classes. Decoded once and kept in the cache.

    Shapes:
        samples (1 or 3, height, width).

    Raises:
        DataError: the folder, or an image in it, cannot be used; the line names it and the remedy.
    """
    named = FolderName.parse(name)
    named.require_options()
    paths = images_below(named.path)
    if len(paths) < 2:
        raise DataError(
            f"{named.path}: must hold at least 2 images, found 1; add some to train on and hold out"
        )

    def made() -> Mapping[str, npt.NDArray[Any]]:
        """All images of the folder, looked at in one way."""
        return {"images": read_images(paths, named.look)}

    look = named.look
    table = torch.from_numpy(prepared_table(f"folder-{look.size}-{look.kind}", paths, made)["images"])
    parts = [path.relative_to(named.path).parts[:-1] for path in paths]
    train, holdout, depth = _split(named.path, parts)
    train, holdout = _shuffled(train, "train"), _shuffled(holdout, "holdout")
    labels, classes = _labels(parts, depth)
    return Dataset(
        name=name,
        train=Pixels(table, train[:, None]),
        holdout=Pixels(table, holdout[:, None]),
        train_labels=None if labels is None else labels[train],
        holdout_labels=None if labels is None else labels[holdout],
        classes=classes,
        bounded=True,
    )


def _split(path: Path, parts: Sequence[tuple[str, ...]]) -> tuple[Tensor, Tensor, int]:
    """Rows of either side, and how many folders above an image say which side it is on."""
    if held_out_folder(path, parts) is None:
        labels, _ = _labels(parts, 0)
        if labels is None:
            labels = torch.zeros(len(parts), dtype=torch.int64)
        kept = len(parts) - max(1, len(parts) // HELD_OUT)
        return *stratified_split(labels, kept, salt="folder"), 0
    is_train = torch.from_numpy(np.array([each[0] == TRAIN for each in parts]))
    return is_train.nonzero().flatten(), (~is_train).nonzero().flatten(), 1


def _shuffled(rows: Tensor, side: str) -> Tensor:
    # Files lie class by class, and whoever takes a part of the rows takes the first: metrics, floors and the
    # fit of an extractor. Only numbers of rows are moved; the bytes stay where they are mapped.
    return rows[torch.randperm(len(rows), generator=stream(0, f"folder/{side}"))]


def _labels(parts: Sequence[tuple[str, ...]], depth: int) -> tuple[Tensor | None, int]:
    """Classes by the name of the folder that many levels down; none where an image lies in no such folder."""
    if any(len(each) <= depth for each in parts):
        return None, 0
    names = sorted({each[depth] for each in parts})
    return torch.tensor([names.index(each[depth]) for each in parts]), len(names)
