"""Data sets that consist of known files: where they lie, whether they are whole, how to get them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gans.data.checksums import require_checksum
from gans.data.idx import find_file, unpacked
from gans.data.places import DEBIAN, ROOT_VARIABLE, DataError, Place, data_roots, download_root, require_root


@dataclass(frozen=True)
class FileSet:
    """Files that make up a data set, in torchvision's folder layout.

    Args:
        name: the data set's.
        folder: theirs below a data root, such as "MNIST/raw".
        checksums: hexadecimal, of each file, unpacked; by file name.
        algorithm: of the checksums, as hashlib names it.
        torchvision: name of the class in ``torchvision.datasets`` that downloads them.
        megabytes: the download.
        package: folder of a Debian package that holds them too; empty without one.
    """

    name: str
    folder: str
    checksums: Mapping[str, str]
    algorithm: str
    torchvision: str
    megabytes: int
    package: str = ""

    def places(self) -> tuple[Place, ...]:
        """Folders that are searched, in order."""
        below = tuple(Place(root.folder / self.folder, root.why) for root in data_roots())
        return (*below, Place(DEBIAN / self.package, "Debian package")) if self.package else below

    def missing(self, folder: Path) -> tuple[str, ...]:
        """Names of the files that a folder lacks."""
        return tuple(name for name in self.checksums if find_file(folder, name) is None)

    def find(self) -> Place | None:
        """The first place that holds all files; None if none does."""
        return next((place for place in self.places() if not self.missing(place.folder)), None)

    def require(self) -> dict[str, Path]:
        """The files by name: verified, and unpacked where they were gzipped.

        Raises:
            DataError: no place holds all of them, or one is not what it should be.
        """
        require_root()
        place = self.find()
        if place is None:
            raise DataError(self.absence())
        return {name: self._verified(place.folder, name) for name in self.checksums}

    def absence(self) -> str:
        """Say in one line that the files are nowhere, where they were looked for, and the remedy."""
        searched = ", ".join(str(place.folder) for place in self.places())
        partly = ""
        for place in self.places():
            missing = self.missing(place.folder)
            if len(missing) < len(self.checksums):
                partly = f"; {place.folder} lacks {', '.join(missing)}"
                break
        return (
            f"dataset {self.name!r}: must be in one of {searched}, found in none{partly}; name the folder "
            f"above {self.folder} with --data-root or {ROOT_VARIABLE}, or fetch {self.megabytes} MB: "
            f"ganbench data {self.name} --download"
        )

    def download(self) -> Path:
        """Fetch the files with torchvision into the data root, else the downloads folder; that folder.

        Raises:
            DataError: there is no connection, or what came is damaged.
        """
        require_root()
        root = download_root()
        from torchvision import datasets  # half a second, for this alone

        try:
            root.mkdir(parents=True, exist_ok=True)
            getattr(datasets, self.torchvision)(str(root), download=True)
        # Whatever its mirrors and archives raise means the same to the user: it did not come.
        except Exception as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise DataError(
                f"dataset {self.name!r}: must be downloadable into {root}, got {reason}; "
                f"see the connection, or put {', '.join(self.checksums)} into {root / self.folder} yourself"
            ) from error
        self.require()
        return root

    def _verified(self, folder: Path, name: str) -> Path:
        found = find_file(folder, name)
        if found is None or not os.access(found, os.R_OK):
            raise DataError(f"{folder / name}: must be readable, got no permission; change it with chmod")
        path = unpacked(found)
        require_checksum(path, self.algorithm, self.checksums[name], named=found)
        return path
