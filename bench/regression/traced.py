"""A process of its own that trains for fifty steps in one tree: ``python traced.py TREE [CELLS]``.

It trains every registered recipe, or the cells that CELLS names: JSON, settings by name.

Run as a file, so that what it imports is the tree's; it prints one line of JSON: losses, a digest of all
weights, and numbers that fixed tensors get from every metric.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

STEPS, EVERY, SEED = 50, 10, 7
DATASET = "ring8"
SHAPE = {"generator_width": 32, "discriminator_width": 32, "batch_size": 64, "latent_dim": 2}


def main(arguments: list[str]) -> int:
    """Print the trace of every recipe and the values of every metric."""
    sys.path[:] = [
        arguments[0],
        *(place for place in sys.path if Path(place or ".") != Path(__file__).parent),
    ]
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    from gans.recipes import RECIPES

    shape = {"dataset": DATASET, **SHAPE}
    cells = (
        json.loads(arguments[1])
        if arguments[1:]
        else {name: {"recipe": name, **shape} for name in RECIPES.names()}
    )
    recipes = {name: _told(_trace, cell) for name, cell in cells.items()}
    print(json.dumps({"recipes": recipes, "metrics": _told(_metrics)}))
    return 0


def _told(function: Any, *arguments: Any) -> dict[str, Any]:
    try:
        values: dict[str, Any] = function(*arguments)
    except Exception as error:  # told for this recipe alone
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
    return values


def _trace(cell: dict[str, Any]) -> dict[str, Any]:
    from gans.cohort import Cohort
    from gans.data import load
    from gans.defaults import config_of

    settings = {key: value for key, value in cell.items() if key != "recipe"}
    config = config_of(cell["recipe"], seed=SEED, **settings)
    cohort = Cohort([config], load(config.dataset))
    losses = cohort.train(STEPS)
    weights = {
        **cohort.generator_weights(0),
        **{f"d.{k}": v[0] for k, v in cohort.discriminator_weights().items()},
    }
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].detach().contiguous().numpy().tobytes())
    picked = {
        name: losses[name][0, EVERY - 1 :: EVERY].tolist()
        for name in sorted(losses)
        if losses[name].ndim == 2
    }
    norms = sum(float(value.detach().double().square().sum()) for value in weights.values()) ** 0.5
    return {"digest": digest.hexdigest(), "values": {**picked, "weights": [norms]}}


def _metrics() -> dict[str, Any]:
    import torch

    from bench.features import extractor_for
    from bench.metrics import measure_many, reference_for
    from gans.data import load

    found: dict[str, list[float]] = {}
    extractors = []
    for name in ("ring8", "digits"):
        dataset = load(name)
        reference = reference_for(dataset)
        extractor = extractor_for(dataset)
        extractors.append(f"{extractor.name} {extractor.sha256}")
        draws = torch.Generator().manual_seed(SEED)
        samples = dataset.train[torch.randint(dataset.size, (1, reference.n), generator=draws)]
        samples = samples + 0.05 * torch.randn(samples.shape, generator=draws)
        result = measure_many(samples, reference, ["every", "window", "end"])[0]
        found |= {f"{name}/{key}": [float(value)] for key, value in result.values.items()}
    return {"digest": "; ".join(extractors), "values": found}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
