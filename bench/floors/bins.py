"""The self-test of NDB on MNIST: which bins differ, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bench.floors.floor import Floor, compared, within
from bench.metrics.arrays import Floats, as_rows
from bench.metrics.bins import compare_bins, fit_bins, histogram
from gans.data import load
from gans.data.places import DataError

BINS, THRESHOLD = 100, 4.0
"""As in the program of its authors: their README says 3."""
TRAINED, QUERIES = 45_000, 10_000
"""Digits that the bins are made of, and digits that are sorted into them."""

NDB = (("held-out digits", 0, 0, 1, 0.0014), ("test digits", 4, 3, 6, 0.0041), ("no nine", 11, 10, 13, 0.016))
"""What is sorted into the bins; published bins beyond 4 standard errors, the least and the most that count
as that, and the published divergence, of which ours may differ by 20 %."""


def bins() -> Iterator[Floor]:
    """Yield the self-test of NDB on MNIST: bins that differ, and divergence; a reason without the files."""
    try:
        digits = load("mnist")
    except DataError as error:
        for name, published, least, most, _ in NDB:
            yield Floor("bins that differ", name, _RICHARDSON, published, least, most, note=str(error))
        return
    rows = digits.train.flatten(1).numpy()
    labels = np.empty(0) if digits.train_labels is None else digits.train_labels.numpy()
    order = np.random.default_rng(0).permutation(len(rows))
    own, held = order[:TRAINED], order[TRAINED:]
    queries = {
        "held-out digits": rows[held[:QUERIES]],
        "test digits": as_rows(digits.holdout),
        "no nine": rows[held[labels[held] != 9][:QUERIES]],
    }
    yield from _sorted_into_bins(rows[own], queries)


def _sorted_into_bins(own: Floats, queries: Mapping[str, Floats]) -> Iterator[Floor]:
    centres = fit_bins(own, BINS)
    real = histogram(centres, own.astype(np.float64))
    for name, published, least, most, divergence in NDB:
        found = compare_bins(real, histogram(centres, queries[name].astype(np.float64)))
        differ = float(found.differs(THRESHOLD).sum())
        yield Floor(
            "bins that differ", name, _RICHARDSON, published, least, most, *within(differ, least, most)
        )
        reach, ours = 0.2 * divergence, found.jensen_shannon()
        yield compared("divergence over bins", name, _RICHARDSON, divergence, reach, ours)


_RICHARDSON = "Richardson and Weiss 2018, program"
