"""What is timed: short fixed pieces of work, each made ready first and then repeated.

This file is also run as it stands against the *other* tree: it imports nothing of its own package. What
a tree lacks makes the workload that needs it refused, not the whole comparison. bench/speed times the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Work = Callable[[], object]
Prepare = Callable[[], Work]

MEMBERS, STEPS, BATCH = 8, 10, 64
EXAMPLE_RUNS = 48


def cohort_step(recipe: str) -> Prepare:
    """Some generator steps of a small eager cohort on the digits."""

    def prepare() -> Work:
        """Build the cohort; what is timed is its steps."""
        from gans.cohort import Cohort
        from gans.data import load
        from gans.defaults import config_of

        shape = {"generator_width": 32, "discriminator_width": 32, "batch_size": BATCH}
        cohort = Cohort([config_of(recipe, seed=seed, **shape) for seed in range(MEMBERS)], load("digits"))
        return lambda: cohort.train(STEPS)

    return prepare


def dcgan_step() -> Work:
    """One generator step of a DCGAN of 16 channels on noise of 3 x 32 x 32 pixels."""
    import torch

    from gans.cohort import Cohort
    from gans.data import Dataset
    from gans.defaults import config_of

    sizes = {"generator_width": 16, "discriminator_width": 16, "generator_depth": 3, "discriminator_depth": 3}
    draws = torch.Generator().manual_seed(0)
    samples = torch.rand(256, 3, 32, 32, generator=draws) * 2 - 1
    noise = Dataset("noise", samples, samples[:64], None, None, classes=0, bounded=True)
    config = config_of("nsgan", network="dcgan", latent_dim=32, batch_size=32, data_size=256, **sizes)
    cohort = Cohort([config], noise)
    return lambda: cohort.train(1)


def probe() -> Work:
    """Every metric of one probe of eight members on the digits."""
    import torch

    from bench.metrics import measure_many, reference_for
    from gans.data import load

    dataset = load("digits")
    reference = reference_for(dataset)
    draws = torch.Generator().manual_seed(0)
    samples = dataset.train[torch.randint(dataset.size, (MEMBERS, reference.n), generator=draws)]
    samples = samples + 0.1 * torch.randn(samples.shape, generator=draws)
    return lambda: measure_many(samples, reference, ["every", "window"])


def frechet() -> Work:
    """The Frechet distance of two sets of 2,000 points in 128 dimensions."""
    import torch

    from bench.metrics.frechet import distance_from_factor, frechet_factor, statistics_of

    draws = torch.Generator().manual_seed(0)
    real, fake = (statistics_of(torch.randn(2000, 128, generator=draws)) for _ in range(2))
    return lambda: distance_from_factor(frechet_factor(real), fake)


def ingest() -> Work:
    """Runs with forty evaluations each into a store of their own."""
    from bench.records.store import open_store

    records, folder = example_records(EXAMPLE_RUNS), tempfile.TemporaryDirectory(prefix="ganbench-timed-")
    folders = iter(range(1_000_000))

    def work() -> None:
        """Store all records in a folder that nobody has used."""
        with open_store(Path(folder.name) / str(next(folders)), create=True) as store:
            store.ingest(records)

    return work


def report() -> Work:
    """The report of a small store, from records to files."""
    from bench.pages import write_report
    from bench.records.store import open_store

    folder = tempfile.TemporaryDirectory(prefix="ganbench-timed-")
    with open_store(Path(folder.name), create=True) as store:
        store.ingest(example_records(EXAMPLE_RUNS))
    return lambda: (write_report(Path(folder.name)), folder)


def example_records(count: int) -> list[Any]:
    """Run records as a worker leaves them: one real run, copied to as many seeds."""
    import dataclasses

    from bench.jobs import CohortJob
    from bench.records import spool
    from bench.worker import run_cohort
    from gans.config import from_mapping, run_id
    from gans.defaults import config_of

    with tempfile.TemporaryDirectory(prefix="ganbench-timed-") as out:
        config = config_of("nsgan", steps=40, generator_width=8, discriminator_width=8)
        run_cohort(CohortJob("example", (config,), compiled=False, out=out))
        record = next(item[1] for item in spool.read_all(out) if isinstance(item, tuple))
    seeds = (dataclasses.replace(from_mapping(record.config), seed=seed) for seed in range(count))
    return [
        dataclasses.replace(record, run_id=run_id(each), config=dataclasses.asdict(each)) for each in seeds
    ]


RECIPES = ("mmgan", "nsgan", "lsgan", "hinge", "wgan", "wgan-gp", "nsgan-r1", "rpgan-r1r2")

WORKLOADS: Mapping[str, Prepare] = {
    **{f"step/{recipe}": cohort_step(recipe) for recipe in RECIPES},
    "step/dcgan": dcgan_step,
    "evaluation/digits": probe,
    "evaluation/frechet": frechet,
    "store/ingest": ingest,
    "report/small": report,
}
"""Every workload by its name; a further one is a function and a line."""
