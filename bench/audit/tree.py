"""Where an image lies in a folder: on the side that is trained on or the other, and in which class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from gans.data.sides import TRAIN, held_out_folder


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder of images, its two sides and its classes.

    Args:
        folder: the whole. held_out: name of the folder in it whose images are held out; None where none is.
        classes: names of the folders on either side, if all images lie in them; else empty.

    Example:
        >>> tree = Tree(Path("photos"), "test", ("cats", "dogs"))
        >>> paths = [Path("photos/train/dogs/1.png"), Path("photos/test/cats/2.png")]
        >>> [tree.is_held_out(path) for path in paths], tree.labels(paths)
        ([False, True], tensor([1, 0]))
    """

    folder: Path
    held_out: str | None
    classes: tuple[str, ...]

    @property
    def train(self) -> Path:
        """Where the images lie that are trained on."""
        return self.folder if self.held_out is None else self.folder / TRAIN

    def is_held_out(self, path: Path) -> bool:
        """Whether an image is not trained on."""
        return self.held_out is not None and path.is_relative_to(self.folder / self.held_out)

    def labels(self, paths: Sequence[Path]) -> Tensor | None:
        """Classes of some images; None where there are no classes or no images."""
        if not self.classes or not paths:
            return None
        above = 0 if self.held_out is None else 1
        return torch.tensor([self.classes.index(_above(self.folder, path)[above]) for path in paths])


def tree_of(folder: Path, paths: Sequence[Path]) -> Tree:
    """Sides and classes of a folder, told as they are where it is trained on.

    Raises:
        ValueError: it has two sides and images on neither.
    """
    parts = [_above(folder, path) for path in paths]
    held_out = held_out_folder(folder, parts)
    tops = [folder] if held_out is None else [folder / TRAIN, folder / held_out]
    names = {entry.name for top in tops for entry in top.iterdir() if _is_class(entry)}
    depth = 0 if held_out is None else 1
    if len(names) < 2 or any(len(each) <= depth or each[depth] not in names for each in parts):
        names = set()
    return Tree(folder, held_out, tuple(sorted(names)))


def _above(folder: Path, path: Path) -> tuple[str, ...]:
    """Names of the folders that an image lies in, from the outermost."""
    return path.relative_to(folder).parts[:-1]


def _is_class(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith((".", "_"))
