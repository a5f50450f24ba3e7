"""Real times of this tree against itself: ``python -m bench.regression.proof.record SITTINGS``."""

from __future__ import annotations

import sys
import time

from bench.regression.decision import PAIRS
from bench.regression.pairs import Paired, in_pairs
from bench.regression.proof.timings import KEPT, save
from bench.regression.trees import head

NAMES = (
    "step/nsgan",
    "step/wgan-gp",
    "step/dcgan",
    "evaluation/digits",
    "evaluation/frechet",
    "store/ingest",
)
"""Workloads that are recorded: one of each kind, so that a sitting takes minutes."""


def main(arguments: list[str]) -> int:
    """Time so many sittings of pairs; what is done is kept after each."""
    tree, sittings = head(), list[Paired]()
    for number in range(1, int(arguments[0]) + 1):
        begun = time.monotonic()
        sittings.append(in_pairs(tree, tree, list(NAMES), PAIRS))
        save(sittings, KEPT)
        print(f"sitting {number}: {PAIRS} pairs in {time.monotonic() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
