"""Products of many small matrices: our kernel against PyTorch's, one thread each."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

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
    """Arithmetic per second of our kernel, and how many times as fast as torch.bmm it is, by turns."""
    if not inductor_options():
        pytest.skip("our products are not used on this processor")
    m, n, k = size
    draws = stream(0, "speed of products")

    left_turned, right_turned = KINDS[kind]
    pairs = [(_factor(draws, m, k, left_turned), _factor(draws, k, n, right_turned)) for _ in range(BUFFERS)]
    theirs, ours = _repeated(torch.bmm, pairs), _repeated(torch.ops.gans.bmm, pairs)
    counts = steps_in(theirs, SECONDS), steps_in(ours, SECONDS)
    rates = [(rate(theirs, counts[0]), rate(ours, counts[1])) for _ in range(PAIRS)]

    benchmark.pedantic(ours, args=(counts[1],), rounds=3)

    gigaflop = BUFFERS * 2e-9 * MEMBERS * m * n * k
    case = f"{m} x {n} over {k}, {kind}"
    figure(f"GFLOP/s of products, {case}", gigaflop * statistics.median(own for _, own in rates))
    figure(f"times torch.bmm, {case}", statistics.median(own / other for other, own in rates), LEAST)


def _factor(draws: torch.Generator, rows: int, columns: int, turned: bool) -> Tensor:
    """One factor for every member, laid out in memory as its layer has it."""
    if turned:
        return torch.randn(MEMBERS, columns, rows, generator=draws).mT
    return torch.randn(MEMBERS, rows, columns, generator=draws)


def _repeated(
    product: Callable[[Tensor, Tensor], Tensor], pairs: Sequence[tuple[Tensor, Tensor]]
) -> Callable[[int], None]:
    """A function that multiplies all pairs so many times."""

    def times(count: int) -> None:
        """Multiply every pair, over and over."""
        for _ in range(count):
            for left, right in pairs:
                product(left, right)

    return times
