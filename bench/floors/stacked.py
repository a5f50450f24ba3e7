"""Modes and divergence of real stacked digits: what a perfect generator scores at a given count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from bench.features import extractor_for
from bench.floors.floor import Floor, compared
from bench.metrics.arrays import Floats
from bench.metrics.mode_counts import count_classes
from bench.metrics.modes import reverse_kl
from gans.data import Dataset, load
from gans.data.places import DataError

CHUNK = 500

KNOWN = (
    (26_000, 1000.0, 1.0, 0.0236, 0.0044),
    (10_000, 999.9, 1.0, 0.0547, 0.0055),
    (5_000, 992.7, 11.0, 0.108, 0.011),
    (2_500, 918.0, 30.0, 0.224, 0.022),
)
"""Samples; modes and divergence of real ones, each with how far one draw may be off: four standard deviations
of 26,000 and a tenth elsewhere. The first is of 25,600."""

SOURCE = "simulated: chance, and the shares of the digits"


def stacked() -> Iterator[Floor]:
    """Yield modes and divergence of held-out stacked digits, by our classifier; a reason without."""
    try:
        digits = load("stacked-mnist")
    except DataError as error:
        for n, modes, reach, *_ in KNOWN:
            yield Floor(
                "modes of stacked digits",
                _of(n),
                SOURCE,
                modes,
                modes - reach,
                modes + reach,
                note=str(error),
            )
        return
    sums = _counts(digits)
    for n, modes, modes_reach, divergence, reach in KNOWN:
        counts = sums[n // CHUNK - 1]
        found = reverse_kl(counts / n, np.full(len(counts), 1 / len(counts)))
        covered = float((counts >= 1).sum())
        yield compared("modes of stacked digits", _of(n), SOURCE, modes, modes_reach, covered)
        yield compared("divergence of stacked digits", _of(n), SOURCE, divergence, reach, found)


def _of(n: int) -> str:
    return f"{n:,} held-out samples"


def _counts(digits: Dataset) -> Floats:
    """Samples per triple of the first chunk, of the first two, and so on, as our classifier sees them."""
    extractor = extractor_for(digits)
    counts = []
    for part in torch.split(digits.holdout[: KNOWN[0][0]], CHUNK):
        logits = extractor.logits_of(extractor.features(part).float())
        if logits is None:
            raise TypeError(f"extractor {extractor.name}: must classify stacked digits, got no logits")
        counts.append(count_classes(logits))
    total: Floats = np.cumsum(counts, axis=0)
    return total
