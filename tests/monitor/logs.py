"""Planted logs: what a training with a known fault would have written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

ROWS = 200


def write(path: Path, columns: Mapping[str, Sequence[object]]) -> Path:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def series(function: Callable[[float], float], noise: float = 0.0, seed: int = 0) -> list[float]:
    random = np.random.default_rng(seed)
    return [
        function(at) * math.exp(noise * random.standard_normal()) for at in np.linspace(0, 1, ROWS).tolist()
    ]


STEPS = [50 * row for row in range(ROWS)]
FALLING = series(lambda t: 300 * math.exp(-4 * min(1, 3 * t)), 0.02)
STUCK = series(lambda t: 290.0, 0.02)
SURE = {"D(x)": series(lambda t: 0.995), "D(G(z))": series(lambda t: 0.004)}
UNSURE = {"D(x)": series(lambda t: 0.55), "D(G(z))": series(lambda t: 0.45)}
