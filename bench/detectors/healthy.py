"""Runs without fault, as good as their data allow: whatever is said against them is a false alarm."""

from __future__ import annotations

from bench.detectors.samplers import Sampler, copies, fresh, perfect
from bench.detectors.staging import Script

EARLIEST, LATEST = 4, 24
"""Evaluations between which healthy runs have learned; the final window starts at 30."""

KINDS: dict[str, tuple[str, Sampler, int | None]] = {
    "digits, all images": ("digits", perfect, None),
    "digits, copies of 550": ("digits", copies, 550),
    "digits, copies of 275": ("digits", copies, 275),
    "digits, copies of 110": ("digits", copies, 110),
    "digits, copies of 64": ("digits", copies, 64),
    "digits, new images": ("digits", fresh, 550),
    "ring8, the law itself": ("ring8", fresh, None),
    "ring8, copies of 1000": ("ring8", copies, 1000),
    "ring8, copies of 64": ("ring8", copies, 64),
    "grid25, the law itself": ("grid25", fresh, None),
    "grid25, copies of 1000": ("grid25", copies, 1000),
}
"""Each kind of healthy run: dataset, sampler, and how many training samples the run may see."""

NEW = ("digits, new images", "ring8, the law itself", "grid25, the law itself")
"""Kinds that copy no training sample, so that a flag for memorising is false."""


def healthy_script(kind: str, seed: int) -> Script:
    """A healthy run of a kind; the seed decides when it has learned, too."""
    dataset, sampler, data_size = KINDS[kind]
    arrival = EARLIEST + seed * 7 % (LATEST - EARLIEST + 1)
    return Script(dataset, None, sampler, sampler, arrival, data_size=data_size, memory=kind in NEW)
