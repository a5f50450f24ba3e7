"""What bounds a DCGAN's steps: how much of one is convolutions, how fast those are, what compiling costs."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from bench.speed.plain import plain_loop
from bench.speed.test_dcgan import CHANNELS, dcgan, pictures
from gans.cohort import Cohort

pytestmark = pytest.mark.bench

ROUNDS, STEPS = 9, 2
"""Rounds in which all loops take turns, and the steps of each in one."""
_FORWARD, _BACKWARD = torch.ops.aten.convolution, torch.ops.aten.convolution_backward


class Convolved(NamedTuple):
    """Processor seconds and operations of some convolutions."""

    seconds: float
    flops: float


class Convolutions(TorchDispatchMode):
    """Time every convolution within the block: those to or from pixels ("thin") and all others ("wide")."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: Counter[str] = Counter()
        self.flops: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Call an operator as it is, and note how long it took if it is a convolution."""
        start = time.thread_time()
        result = func(*args, **(kwargs or {}))
        took = time.thread_time() - start
        packet = func._overloadpacket
        if packet is _FORWARD:
            self._note(args[1], [args[0], result], 1, took)
        elif packet is _BACKWARD:
            self._note(args[2], [args[0], args[1]], sum(args[-1][:2]), took)
        return result

    def _note(self, weight: Tensor, pictures: list[Tensor], passes: int, seconds: float) -> None:
        """Each weight meets each place of the smaller picture once per pass."""
        kind = "thin" if CHANNELS in weight.shape[:2] else "wide"
        places = min(math.prod(each.shape[2:]) for each in pictures)
        self.seconds[kind] += seconds
        self.flops[kind] += 2 * passes * weight.numel() * len(pictures[0]) * places

    def of(self, kind: str, steps: int) -> Convolved:
        """What one step does of a kind."""
        return Convolved(self.seconds[kind] / steps, self.flops[kind] / steps)


def seconds_of(train: Callable[[int], object]) -> float:
    """Processor seconds of one step."""
    start = time.process_time()
    train(STEPS)
    return (time.process_time() - start) / STEPS


def product_rate() -> float:
    """GFLOP/s of a large matrix product, by processor time: the yardstick of the convolutions."""
    side, times = 1024, 4
    left = torch.ones(side, side)
    start = time.thread_time()
    for _ in range(times):
        torch.mm(left, left)
    return times * 2 * side**3 / (time.thread_time() - start) / 1e9


def convolving(train: Callable[[int], object]) -> dict[str, Convolved]:
    """Convolutions of one step, by kind."""
    with Convolutions() as seen:
        train(STEPS)
    return {kind: seen.of(kind, STEPS) for kind in ("thin", "wide")}


def medians(rounds: list[dict[str, Convolved]]) -> dict[str, Convolved]:
    """The median seconds of each kind."""
    return {
        kind: Convolved(statistics.median(each[kind].seconds for each in rounds), rounds[0][kind].flops)
        for kind in rounds[0]
    }


def test_where_a_step_goes(figure: Callable[..., None]) -> None:
    """Convolutions in a step of either loop, by turns, and what is left to gain beside them."""
    loops = {"plain loop": plain_loop(dcgan(), pictures()), "ours": Cohort([dcgan()], pictures()).train}
    for train in loops.values():
        train(STEPS)
    whole: dict[str, list[float]] = {name: [] for name in loops}
    looks: dict[str, list[dict[str, Convolved]]] = {name: [] for name in loops}
    products = []
    for _ in range(ROUNDS):
        for name, train in loops.items():
            whole[name].append(seconds_of(train))
            looks[name].append(convolving(train))
        products.append(product_rate())

    step = {name: statistics.median(seconds) for name, seconds in whole.items()}
    spent = {name: medians(rounds) for name, rounds in looks.items()}
    figure("GFLOP/s of a large matrix product", statistics.median(products))
    for name, kinds in spent.items():
        figure(f"ms of a step, {name}", 1e3 * step[name])
        for kind, found in kinds.items():
            figure(f"% of it in {kind} convolutions, {name}", 100 * found.seconds / step[name])
            figure(f"GFLOP/s of {kind} convolutions, {name}", found.flops / found.seconds / 1e9)
    bare = sum(found.seconds for found in spent["ours"].values())
    figure("times the plain loop, were all but our convolutions free", step["plain loop"] / bare)


@pytest.fixture
def nothing_compiled(tmp_path: Any) -> Iterator[None]:
    """Inductor with an empty cache."""
    from torch._inductor.utils import fresh_cache

    with fresh_cache(dir=str(tmp_path)):
        yield


def processor_seconds() -> float:
    """Of this process and of the compilers that it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def test_what_compiling_costs(figure: Callable[..., None], nothing_compiled: None) -> None:
    """Processor seconds until a compiled run makes steps: the first of a worker, and the next of its program.

    Beside it how many steps repay them.
    """
    eager, first_calls = Cohort([dcgan()], pictures()), []
    for _ in range(3):
        start = processor_seconds()
        compiled = Cohort([dcgan()], pictures(), compiled=True)
        first_calls.append(processor_seconds() - start)
    assert compiled.mode == "compiled"
    for cohort in (eager, compiled):
        cohort.train(STEPS)
    saved = statistics.median(seconds_of(eager.train) - seconds_of(compiled.train) for _ in range(ROUNDS))
    again = statistics.median(first_calls[1:])

    figure("processor seconds to compile a DCGAN, nothing cached", first_calls[0])
    figure("processor seconds to compile it again, all of it cached", again)
    figure("ms that compiling saves of a step", 1e3 * saved)
    figure("steps that repay the first compilation", first_calls[0] / saved if saved > 0 else math.inf)
    figure("steps that repay another run's", again / saved if saved > 0 else math.inf)
