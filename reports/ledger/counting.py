"""Whose steps a grid makes equal: the paper counts the discriminator's, some of our grids the generator's."""

from __future__ import annotations

import pandas as pd

EQUAL_GENERATOR = "equal-generator"
"""How the names of grids end whose cells make equal numbers of generator steps."""


def published_count(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs that can be held against the paper, which counts discriminator steps."""
    return runs[~at_equal_generator_steps(runs)]


def at_equal_generator_steps(runs: pd.DataFrame) -> pd.Series:
    """Runs of no other grids: with one discriminator step to each of the generator, both counts are one."""
    names = runs.grids.astype(str).str.split()
    return names.map(lambda each: all(map(_counts_generator_steps, each))).astype(bool)


def _counts_generator_steps(grid: str) -> bool:
    return grid.endswith(EQUAL_GENERATOR)
