"""Products of many small matrices: our kernel against PyTorch's, one thread each."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from bench.speed.test_training import PAIRS, rate, steps_in
from gans.products import inductor_options
from gans.rng import stream

pytestmark = pytest.mark.bench

MEMBERS = 64
SECONDS = 0.1
BUFFERS = 6
"""Sets of factors used in turn, as in a training step: together larger than the processor's second cache."""

SIZES = ((32, 32, 64), (64, 64, 16), (64, 64, 64), (128, 128, 64), (256, 128, 128))
"""m, n, k."""

KINDS: dict[str, tuple[bool, bool]] = {
    "forward": (False, True),
    "to inputs": (False, False),
    "to weights": (True, False),
}
"""Which factor is turned over in a layer's three products."""
LEAST = 1.4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_products(benchmark, figure, size: tuple[int, int, int], kind: str) -> None:
    if not inductor_options():
        pytest.skip("our products are not used on this processor")
    m, n, k = size
    draws = stream(0, "speed of products")

    def factor(rows: int, columns: int, turned: bool) -> Tensor:
        if turned:
            return torch.randn(MEMBERS, columns, rows, generator=draws).mT
        return torch.randn(MEMBERS, rows, columns, generator=draws)

    pairs = [(factor(m, k, KINDS[kind][0]), factor(k, n, KINDS[kind][1])) for _ in range(BUFFERS)]

    def many(product: Callable[[Tensor, Tensor], Tensor]) -> Callable[[int], None]:
        def times(count: int) -> None:
            for _ in range(count):
                for left, right in pairs:
                    product(left, right)

        return times

    theirs, ours = many(torch.bmm), many(torch.ops.gans.bmm)
    counts = steps_in(theirs, SECONDS), steps_in(ours, SECONDS)
    rates = [(rate(theirs, counts[0]), rate(ours, counts[1])) for _ in range(PAIRS)]

    benchmark.pedantic(ours, args=(counts[1],), rounds=3)

    gigaflop = BUFFERS * 2e-9 * MEMBERS * m * n * k
    case = f"{m} x {n} over {k}, {kind}"
    figure(f"GFLOP/s of products, {case}", gigaflop * statistics.median(own for _, own in rates))
    figure(f"times torch.bmm, {case}", statistics.median(own / other for other, own in rates), LEAST)
