"""What the metrics say of data whose answer is known: no training, so every difference is a metric's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bench.metrics import measure, reference_for
from bench.metrics.arrays import Floats, as_rows
from bench.metrics.bins import compare_bins, fit_bins, histogram
from bench.metrics.reference import EVALUATION_ROWS, Reference
from gans.data import load
from gans.data.places import DataError
from gans.rng import stream

FACTOR = 1.5
"""How far an estimate of a known support may be off, either way."""
DRAWS = 9
"""Of each known support; the median is compared."""
BINS, THRESHOLD = 100, 4.0
"""Of the self-test of NDB, as in its authors' program: their README says 3."""
TRAINED, QUERIES = 45_000, 10_000
"""Digits that the bins are made of, and digits that are sorted into them."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One number that is known, and ours.

    Args:
        quantity: what it is. data: of which samples. source: who knows it.
        expected: the known number. least, most: between which ours has to lie.
        agrees: None where it could not be taken, for the reason in ``note``.
    """

    quantity: str
    data: str
    source: str
    expected: float
    least: float
    most: float
    ours: float = math.nan
    agrees: bool | None = None
    note: str = ""


def compared(quantity: str, data: str, source: str, expected: float, reach: float, ours: float) -> Floor:
    """One number that may be off by ``reach`` either way.

    Example:
        >>> compared("modes", "ring8", "exact", 8.0, 0.0, 8.0).agrees
        True
    """
    least, most = expected - reach, expected + reach
    return Floor(quantity, data, source, expected, least, most, ours, bool(least <= ours <= most))


def mixtures() -> Iterator[Floor]:
    """Yield modes, quality and divergence of real samples of the two mixtures, in draws of 2,500."""
    for name in ("ring8", "grid25"):
        reference = reference_for(load(name))
        modes = reference.dataset.classes
        count = len(reference.dataset.train) // EVALUATION_ROWS
        chunks = reference.dataset.train[: count * EVALUATION_ROWS].reshape(count, EVALUATION_ROWS, 2)
        found = [measure(chunk, reference, ("modes", "high_quality", "mode_kl")).values for chunk in chunks]
        mean = {each: float(np.mean([values[each] for values in found])) for each in found[0]}
        inside = -math.expm1(-4.5)
        error = math.sqrt(inside * (1 - inside) / (count * EVALUATION_ROWS))
        # Twice the divergence times the count is nearly chi-squared, whose variance is twice its mean.
        null = (modes - 1) / (2 * inside * EVALUATION_ROWS)
        yield compared("modes", name, "exact", modes, 0.0, mean["modes"])
        yield compared("high_quality", name, "exact: 1 - exp(-9/2)", inside, 4 * error, mean["high_quality"])
        reach = 4 * null * math.sqrt(2 / (modes - 1) / count) + 0.02 * null
        yield compared("mode_kl", name, "(K - 1) / 2N", null, reach, mean["mode_kl"])


def supports() -> Iterator[Floor]:
    """Yield supports by the birthday paradox: of 100 and 1,000 digits, of 10,000 points, of real data."""
    digits, grid = reference_for(load("digits")), reference_for(load("grid25"))
    for reference, size, n, noise in (
        (digits, 100, digits.n, 1e-3), (digits, 1000, digits.n, 1e-3), (grid, 10_000, grid.n, 1e-7),
    ):  # fmt: skip
        source = stream(size, "floors: known support")
        found = [
            measure(_resampled(reference, size, n, noise, source), reference, "support_size").values[
                "support_size"
            ]
            for _ in range(DRAWS)
        ]
        yield Floor(
            "support", f"{size:,} known samples of {reference.dataset.name}", "exact", size, size / FACTOR,
            size * FACTOR, *_within(float(np.median(found)), size / FACTOR, size * FACTOR),
        )  # fmt: skip
    for reference in (digits, grid):
        pool = reference.dataset.train
        fresh = pool[torch.randperm(len(pool), generator=stream(0, "floors: real"))[: reference.n]]
        taken = measure(fresh, reference, "support_size")
        least = 10_000.0
        ours, bound = taken.values["support_size"], taken.statuses["support_size"] == "too_few"
        yield Floor(
            "support of real data", reference.dataset.name, "at least a bound", least, least, math.inf, ours,
            bool(bound and ours >= least), "a lower bound: no more duplicates than real data have",
        )  # fmt: skip


def _resampled(reference: Reference, size: int, n: int, noise: float, source: torch.Generator) -> Tensor:
    pool = reference.dataset.train
    known = pool[torch.randperm(len(pool), generator=source)[:size]]
    drawn = known[torch.randint(size, (n,), generator=source)]
    return drawn + noise * torch.randn(drawn.shape, generator=source).to(drawn)


def _within(ours: float, least: float, most: float) -> tuple[float, bool]:
    return ours, bool(least <= ours <= most)


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
            "bins that differ", name, _RICHARDSON, published, least, most, *_within(differ, least, most)
        )
        reach, ours = 0.2 * divergence, found.jensen_shannon()
        yield compared("divergence over bins", name, _RICHARDSON, divergence, reach, ours)


_RICHARDSON = "Richardson and Weiss 2018, program"

FLOORS: Mapping[str, Callable[[], Iterator[Floor]]] = {
    "mixtures": mixtures,
    "supports": supports,
    "bins": bins,
}
"""What is tried, in order; the last takes half a minute and the files of MNIST."""


def floors() -> Iterator[Floor]:
    """Yield every number that is known, as it is taken."""
    for tried in FLOORS.values():
        yield from tried()
