"""Give memory back between cohorts, so that fifty cohorts cost a worker no more than one."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import sys


def give_back() -> None:
    """Drop compiled programs and return free pages to the system.

    A trained cohort leaves cycles (its compiled closures) and a heap full of
    holes; without this a worker of the standard profile grew past 1.6 GB.
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        torch._dynamo.reset()
    gc.collect()
    name = ctypes.util.find_library("c") if sys.platform == "linux" else None
    trim = getattr(ctypes.CDLL(name), "malloc_trim", None) if name else None
    if trim is not None:  # glibc alone has it
        trim(0)
