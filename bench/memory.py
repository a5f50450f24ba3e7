"""Give memory back between cohorts, so that fifty cohorts cost a worker no more than one."""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from collections.abc import Callable

import psutil


def give_back() -> None:
    """Drop compiled programs and return free pages to the system.

    A trained cohort leaves cycles (its compiled closures) and a heap full of
    holes; without this a worker of the standard profile grew past 1.6 GB.
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        torch._dynamo.reset()
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)


def own_bytes() -> int:
    """Count what this process holds for itself: libraries and mapped data are files, which cost nobody room.

    PyTorch and a mapped data set are 0.7 GB that every worker shows and all workers share.
    """
    held = psutil.Process().memory_info()
    return int(held.rss - getattr(held, "shared", 0))  # which Linux alone tells


@functools.cache
def _trim() -> Callable[[int], int] | None:
    """The C library's ``malloc_trim``, which glibc alone has, among what this process has loaded already."""
    if sys.platform != "linux":
        return None
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
