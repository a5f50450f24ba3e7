"""What a reader says of a store whose rows cannot be read: one line, whichever way they are damaged."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bench.records.sqlite import StoreError

P = ParamSpec("P")
T = TypeVar("T")
_UNREADABLE = (
    TypeError, ValueError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, zlib.error,
)  # fmt: skip
"""What decoding may raise where text is no JSON, a number is a blob, or a block was cut."""


class _InFolder(Protocol):
    folder: Path


S = TypeVar("S", bound=_InFolder)


def told(read: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Wrap a method that reads rows: what cannot be decoded becomes a StoreError that names the folder."""

    @functools.wraps(read)
    def reading(self: S, /, *arguments: P.args, **named: P.kwargs) -> T:
        """Read with the folder's name at hand."""
        with named_damage(self.folder):
            return read(self, *arguments, **named)

    return reading


@contextmanager
def named_damage(folder: Path) -> Iterator[None]:
    """Turn what decoding raises within into a StoreError that names the folder."""
    try:
        yield
    except StoreError:
        raise
    except _UNREADABLE as error:
        reason = " ".join(str(error).split())[:160] or type(error).__name__
        raise StoreError(
            f"{folder}: must hold whole records, got damaged ones ({reason}); "
            "use a copy of the folder, or train into another"
        ) from error
