"""A process of its own that times workloads in one tree: ``python timed.py TREE NAME [NAME ...]``.

It is run as a file, so that what it imports is the tree's; it prints one line of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import runpy
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS, MOST_ROUNDS = 0.12, 12
"""How long a workload is repeated, and how often at most; the median of its rounds counts."""


def main(arguments: list[str]) -> int:
    """Time workloads, each on one thread; what cannot run says why in place of its time."""
    tree, *names = arguments
    sys.path[:] = [tree, *(place for place in sys.path if Path(place or ".") != Path(__file__).parent)]
    import torch

    torch.set_num_threads(1)
    known = runpy.run_path(str(Path(__file__).with_name("workloads.py")))["WORKLOADS"]
    print(json.dumps({name: _told(name, known) for name in names}))
    return 0


def _told(name: str, known: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    try:
        prepare = _imported(name) if ":" in name else known[name]
        work = prepare()
        return {"seconds": timed(work)}
    except Exception as error:  # whatever a tree does wrong is told, and counts for this workload alone
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}


def _imported(name: str) -> Callable[[], Any]:
    module, _, attribute = name.partition(":")
    found: Callable[[], Any] = getattr(importlib.import_module(module), attribute)
    return found


def timed(work: Callable[[], object]) -> float:
    """Median processor seconds of one round, after a first one that is not counted."""
    work()
    gc.collect()
    gc.disable()
    rounds: list[float] = []
    while not rounds or (sum(rounds) < SECONDS and len(rounds) < MOST_ROUNDS):
        start = time.process_time()
        work()
        rounds.append(time.process_time() - start)
    gc.enable()
    return statistics.median(rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
