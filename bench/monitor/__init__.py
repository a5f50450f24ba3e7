"""Watch a GAN that somebody else trains: in its loop with a ``Monitor``, or afterwards from its log.

A plain PyTorch loop with a monitor in it; the README shows the same::

    PLACE
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.monitor.monitor import Monitor

__all__ = ["Monitor"]


def __getattr__(name: str) -> Any:
    # The command line reads logs with this package, and a log needs no PyTorch.
    if name == "Monitor":
        from bench.monitor.monitor import Monitor

        return Monitor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
