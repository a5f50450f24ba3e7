"""The experiments: what is trained, measured and judged, and where its records are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.monitor import Monitor

__all__ = ["Monitor"]


def __getattr__(name: str) -> Any:
    # The command line must start without PyTorch, which a Monitor needs.
    if name == "Monitor":
        from bench.monitor import Monitor

        return Monitor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
