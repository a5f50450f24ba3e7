"""Worker processes of this machine that anybody with the scheduler's address may send cohorts to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import dask
from distributed import LocalCluster

from bench.engines.local import worker_settings
from bench.engines.remote import Address


@contextmanager
def started(address: Address, workers: int, *, silence: int, gpus: int = 0) -> Iterator[Any]:
    """Start a scheduler at an address with so many one-threaded processes; they end with the block.

    Args:
        silence: the level below which Dask's own log says nothing. gpus: slots for cohorts on a GPU that each
            process declares.
    """
    place = urlsplit(address.uri)
    with (
        dask.config.set(worker_settings()),
        cast(Any, LocalCluster)(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host=place.hostname,
            scheduler_port=place.port or 0,
            protocol=f"{place.scheme}://",
            security=address.security(),
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            memory_limit=0,
            resources={"GPU": gpus} if gpus else None,
            silence_logs=silence,
        ) as cluster,
    ):
        yield cluster
