"""Arrays that take work to make: made once, kept in the cache, memory-mapped by every process after that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gans.data.checksums import written_atomically
from gans.data.places import prepared_folder

Arrays = Mapping[str, npt.NDArray[Any]]


def prepared_table(name: str, sources: Sequence[Path], make: Callable[[], Arrays]) -> Arrays:
    """The arrays that ``make`` builds from some files: from the cache while those files stay as they are.

    Args:
        name: start of the file names in the cache; say in it all that the arrays depend on beside the files.

    Returns:
        the arrays, mapped where they could be kept; writing into them changes no file.
    """
    key = _fingerprint(name, sources)
    kept = _mapped(key)
    if kept is not None:
        return kept
    made = make()
    try:
        _keep(key, made)
    except OSError:  # a cache that cannot be written costs memory, not the data
        return made
    return _mapped(key) or made


def _fingerprint(name: str, sources: Sequence[Path]) -> str:
    digest = hashlib.sha256(name.encode())
    for path in sources:
        status = path.stat()
        digest.update(f"\0{path.resolve()}:{status.st_size}:{status.st_mtime_ns}".encode())
    return f"{name}-{digest.hexdigest()[:16]}"


def _keep(key: str, arrays: Arrays) -> None:
    folder = prepared_folder()
    for part, array in arrays.items():
        with written_atomically(folder / f"{key}.{part}.npy") as stream:
            np.save(stream, array, allow_pickle=False)
    # Written last: whoever finds it finds the rest.
    with written_atomically(folder / f"{key}.parts") as stream:
        stream.write("\n".join(arrays).encode())


def _mapped(key: str) -> Arrays | None:
    folder = prepared_folder()
    try:
        parts = (folder / f"{key}.parts").read_text("utf-8").split("\n")
        return {part: np.load(folder / f"{key}.{part}.npy", mmap_mode="c") for part in parts}
    except (OSError, ValueError):
        return None
