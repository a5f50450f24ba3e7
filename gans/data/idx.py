"""IDX files, the format of MNIST: memory-mapped where they are plain, unpacked once where gzipped."""

from __future__ import annotations

import gzip
import hashlib
import math
import shutil
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gans.data.checksums import checksum, written_atomically
from gans.data.places import DataError, prepared_folder

Bytes = npt.NDArray[np.uint8]

_UNSIGNED_BYTES = 0x08
_MOST_AXES = 3


def find_file(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder, plain or with ``.gz``; None if there is neither."""
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def read_idx(path: Path, axes: int) -> Bytes:
    """The array in an IDX file of unsigned bytes, mapped and not read.

    Pages come from the system's file cache, so that all processes share one
    copy. Writing into the array changes neither the file nor what others see.

    Raises:
        DataError: no such format, or another length than the header says.
    """
    start, shape = _header(path)
    if len(shape) != axes or math.prod(shape) == 0:
        raise DataError(f"{path}: must hold an array of {axes} axes, got shape {shape}; get it again")
    mapped: Bytes = np.memmap(path, dtype=np.uint8, mode="c", offset=start, shape=shape)
    return mapped


def unpacked(path: Path) -> Path:
    """The plain file of a gzipped one, unpacked into the cache when it is first asked for.

    Raises:
        DataError: it cannot be unpacked, or there is no room for it.
    """
    if path.suffix != ".gz":
        return path
    plain = prepared_folder() / f"{path.stem}-{checksum(path, 'sha256')[:16]}"
    if plain.is_file():
        return plain
    try:
        with gzip.open(path, "rb") as packed, written_atomically(plain) as stream:
            shutil.copyfileobj(packed, stream)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path}: must be a whole gzip file, got {error}; get it again") from error
    except OSError as error:
        raise DataError(
            f"{plain}: must be writable to unpack {path.name} into, got {error.strerror}; "
            "unpack it yourself with gunzip, or set GANBENCH_CACHE to a folder with room"
        ) from error
    return plain


def write_idx(path: Path, items: Bytes) -> str:
    """Write an array as an IDX file; its SHA-256.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "labels-idx1-ubyte"
        >>> _ = write_idx(file, np.array([7, 2], dtype=np.uint8))
        >>> read_idx(file, axes=1).tolist()
        [7, 2]
    """
    header = bytes([0, 0, _UNSIGNED_BYTES, items.ndim]) + b"".join(n.to_bytes(4, "big") for n in items.shape)
    content = header + items.tobytes()
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _header(path: Path) -> tuple[int, tuple[int, ...]]:
    with path.open("rb") as stream:
        head = stream.read(4 + 4 * _MOST_AXES)
    axes = head[3] if len(head) > 3 else 0
    start = 4 + 4 * axes
    if head[:3] != bytes([0, 0, _UNSIGNED_BYTES]) or not 1 <= axes <= _MOST_AXES or len(head) < start:
        raise DataError(f"{path}: must be an IDX file of bytes, got another format; get it again")
    shape = tuple(int.from_bytes(head[place : place + 4], "big") for place in range(4, start, 4))
    size, wanted = path.stat().st_size, start + math.prod(shape)
    if size != wanted:
        raise DataError(f"{path}: must have {wanted} bytes for shape {shape}, got {size}; get it again")
    return start, shape
