"""Where data sets are looked for, and where what is made from them is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT_VARIABLE = "GANBENCH_DATA"
"""Environment variable that names the data root; ``--data-root`` sets it for a command and its workers."""

CACHE_VARIABLE = "GANBENCH_CACHE"
"""Environment variable that names the folder of everything that is kept between calls."""

DEBIAN = Path("/usr/share/datasets")
"""Where packages of Debian such as ``dataset-fashion-mnist`` put their files."""


class DataError(ValueError):
    """A data set that is not there, or not what it should be; the message is one line with a remedy."""


@dataclass(frozen=True, slots=True)
class Place:
    """One folder that a data set was looked for in.

    Args:
        why: who named it, in words.
    """

    folder: Path
    why: str


def data_roots() -> tuple[Place, ...]:
    """Folders whose layout is torchvision's, in the order in which they are searched."""
    downloads = Place(downloads_folder(), "downloads of ganbench")
    named = os.environ.get(ROOT_VARIABLE, "")
    if not named:
        return (downloads,)
    return Place(Path(named).expanduser(), f"--data-root or {ROOT_VARIABLE}"), downloads


def require_root() -> None:
    """See that the data root, where one is named, is a folder.

    Raises:
        DataError: it is not.
    """
    named = os.environ.get(ROOT_VARIABLE, "")
    if named and not Path(named).expanduser().is_dir():
        found = "a file" if Path(named).expanduser().exists() else "no such folder"
        raise DataError(
            f"--data-root or {ROOT_VARIABLE}: must be a folder, got {found}: {named}; "
            "name the folder that holds MNIST/ or FashionMNIST/, or none"
        )


def downloads_folder() -> Path:
    """Where data sets are downloaded to when no data root is named."""
    return cache_home() / "downloads"


def download_root() -> Path:
    """Where a data set is downloaded to: the data root where one is named."""
    return data_roots()[0].folder


def prepared_folder() -> Path:
    """Where unpacked files, decoded images and notes of verified checksums are kept; safe to delete."""
    return cache_home() / "prepared"


def cache_home() -> Path:
    """Where what is made from data is kept: in GANBENCH_CACHE, or ``ganbench`` in the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser() / "data"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "ganbench" / "data"
