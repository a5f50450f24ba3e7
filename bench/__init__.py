"""The experiments: what is trained, measured and judged, and where its records are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.generators import load_generator
    from bench.monitor import Monitor

__all__ = ["Monitor", "load_generator"]


def __getattr__(name: str) -> Any:
    # The command line must start without PyTorch, which both need.
    if name == "Monitor":
        from bench.monitor import Monitor

        return Monitor
    if name == "load_generator":
        from bench.generators import load_generator

        return load_generator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
