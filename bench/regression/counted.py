"""A process of its own that counts what has no noise, in one tree: ``python counted.py TREE``.

Run as a file, so that what it imports is the tree's; it prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

STEPS = 5
CLI = "import sys; before = set(sys.modules); import bench.cli; print(len(set(sys.modules) - before))"


def main(arguments: list[str]) -> int:
    """Print every count; what a tree cannot count says why."""
    tree = arguments[0]
    sys.path[:] = [tree, *(place for place in sys.path if Path(place or ".") != Path(__file__).parent)]
    counts: dict[str, Any] = {"import/modules": _told(_modules, tree)}
    from gans.recipes import RECIPES

    for recipe in RECIPES.names():
        counts[f"flops/{recipe}"] = _told(_flops, recipe)
        counts[f"operators/{recipe}"] = _told(_operators, recipe)
        counts[f"updates/{recipe}"] = _told(_updates, recipe)
    counts["compilations/nsgan"] = _told(_compilations)
    counts["memory/peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(counts))
    return 0


def _told(function: Any, *arguments: str) -> Any:
    try:
        return function(*arguments)
    except Exception as error:  # told for this count alone
        return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _modules(tree: str) -> int:
    """Modules that the command line loads before it knows what is asked."""
    done = subprocess.run([sys.executable, "-c", CLI], cwd=tree, capture_output=True, text=True, check=True)
    return int(done.stdout)


def _cohort(recipe: str, *, compiled: bool = False) -> Any:
    from gans.cohort import Cohort
    from gans.data import load
    from gans.defaults import config_of

    shape = {"generator_width": 32, "discriminator_width": 32, "batch_size": 64}
    configs = [config_of(recipe, seed=seed, **shape) for seed in range(2)]
    return Cohort(configs, load("digits"), compiled=compiled)


def _flops(recipe: str) -> int:
    return int(_cohort(recipe).step_flops())


def _updates(recipe: str) -> int:
    """Optimizer updates of both players in a few generator steps."""
    from gans.defaults import config_of
    from gans.optim import OPTIMIZERS

    entry, seen = OPTIMIZERS.get(config_of(recipe).optimizer), []
    update = entry.update

    def counting(*arguments: Any) -> Any:
        """Note one update and make it."""
        seen.append(1)
        return update(*arguments)

    object.__setattr__(entry, "update", counting)  # this process ends with its count
    try:
        cohort = _cohort(recipe)
        before = len(seen)
        cohort.train(STEPS)
        return len(seen) - before
    finally:
        object.__setattr__(entry, "update", update)


def _operators(recipe: str) -> int:
    """Operators that a few steps dispatch: Python's and PyTorch's overhead, without a clock."""
    from torch.utils._python_dispatch import TorchDispatchMode

    seen = []

    def passed(self: Any, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note one operator and run it."""
        seen.append(1)
        return func(*args, **(kwargs or {}))

    counting = type("Counting", (TorchDispatchMode,), {"__torch_dispatch__": passed})
    cohort = _cohort(recipe)
    cohort.train(1)
    with counting():
        cohort.train(STEPS)
    return len(seen)


def _compilations() -> int:
    """Graphs that a compiled cohort is made of."""
    from torch._dynamo.utils import counters

    counters.clear()
    _cohort("nsgan", compiled=True).train(STEPS)
    return int(counters["stats"]["unique_graphs"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
