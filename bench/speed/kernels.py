"""Where the processor time of a compiled step goes, by kind of work, on one thread.

Usage: ``python -m bench.speed.kernels [--width 64] [--batch 64] [--members 64] [--recipe nsgan]``. It prints
a table in Markdown and the rate at which the products run, beside the machine's peak.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch._inductor import config as inductor
from torch.profiler import ProfilerActivity, profile

from bench.machine import gemm_gflops
from gans.cohort import Cohort
from gans.config import RunConfig
from gans.data import load
from gans.defaults import config_of

STEPS = 100

KINDS: Mapping[str, tuple[str, ...]] = {
    "products of matrices": ("::bmm", "::mm", "::addmm", "::baddbmm"),
    "Adam, averaged generator": ("_lerp_",),
    "activations, biases, losses": ("cpp_fused",),
    "random draws": ("aten::normal_", "aten::uniform_", "aten::rand", "aten::index"),
}
"""Kinds of work and what the names of their operations hold; the first that fits has it."""

REST = "handing over, checks, Python"


def kind_of(operation: str) -> str:
    """The kind of work that an operation of the profiler is.

    Example:
        >>> kind_of("gans::bmm"), kind_of("graph_1_cpp_fused_add_lerp_mul_7"), kind_of("aten::empty")
        ('products of matrices', 'Adam, averaged generator', 'handing over, checks, Python')
    """
    return next((kind for kind, parts in KINDS.items() if any(part in operation for part in parts)), REST)


def seconds_by_kind(operations: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Sum of the seconds of operations, by kind, in the order of KINDS.

    Example:
        >>> spent = seconds_by_kind([("gans::bmm", 2.0), ("aten::bmm", 1.0), ("aten::empty", 0.5)])
        >>> spent["products of matrices"], spent["random draws"], spent[REST]
        (3.0, 0.0, 0.5)
    """
    spent = dict.fromkeys((*KINDS, REST), 0.0)
    for operation, seconds in operations:
        spent[kind_of(operation)] += seconds
    return spent


def profiled(members: list[RunConfig]) -> tuple[dict[str, float], float]:
    """Seconds by kind of STEPS compiled steps of a cohort, and the GFLOP that they calculate."""
    with inductor.patch({"cpp.enable_kernel_profile": True}):
        cohort = Cohort(members, load("digits"), compiled=True)
        cohort.train(STEPS)
    with profile(activities=[ProfilerActivity.CPU], acc_events=True) as recorded:
        cohort.train(STEPS)
    found: Any = recorded.key_averages()
    spent = seconds_by_kind((each.key, each.self_cpu_time_total / 1e6) for each in found)
    return spent, STEPS * cohort.step_flops() / 1e9


def main() -> None:
    """Print the table and the rate of the products."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("width", "batch", "members"):
        parser.add_argument(f"--{name}", type=int, default=64)
    parser.add_argument("--recipe", default="nsgan")
    chosen = parser.parse_args()
    for name in ("width", "batch", "members"):
        if getattr(chosen, name) < 1:
            parser.error(f"--{name}: must be at least 1, got {getattr(chosen, name)}")
    shape = {"generator_width": chosen.width, "discriminator_width": chosen.width, "batch_size": chosen.batch}
    torch.set_num_threads(1)
    try:
        members = [config_of(chosen.recipe, seed=seed, **shape) for seed in range(chosen.members)]
    except ValueError as error:
        parser.error(" ".join(str(error).split()))
    spent, gflop = profiled(members)
    whole = sum(spent.values())
    print("| kind of work | ms per step | % |\n|---|---|---|")
    for kind, seconds in spent.items():
        print(f"| {kind} | {1e3 * seconds / STEPS:.2f} | {100 * seconds / whole:.1f} |")
    rate = gflop / spent["products of matrices"]
    print(f"\nproducts run at {rate:.0f} GFLOP/s, the whole step at {gflop / whole:.0f}, ", end="")
    print(f"large products of PyTorch at {gemm_gflops():.0f}")


if __name__ == "__main__":
    main()
