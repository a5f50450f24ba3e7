"""What real samples of the mixtures score, by the law they are drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bench.floors.floor import Floor, compared
from bench.metrics import measure, reference_for
from bench.metrics.reference import EVALUATION_ROWS
from gans.data import load


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
