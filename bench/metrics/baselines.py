"""What metrics read on real data and on faithful copies of little data: the marks that scores are judged by.

Real against real: two disjoint random samples of the evaluation's size from all images there are (training
and holdout pooled), one in the role of the generated ones. Not the training images against the holdout: the
split is stratified, so their class shares agree better than those of any two independent samples, and 697
of 1,100 images would be more alike than two draws of a generator are. Not two halves of the holdout: half as
many samples have twice the bias.

A copy: a random part of the training samples of the given size, drawn from with replacement as a generator
that had learned exactly those would, against the clean holdout. Of spoiled training samples likewise: what
bad data cost a faithful learner is then known without training.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from bench.metrics.catalog import END, EVERY, METRICS, WINDOW
from bench.metrics.kept import Draws, kept_draws
from bench.metrics.measure import Measurement, measure, measure_memorisation
from gans.data.defective import apply_defect
from gans.data.defects import NONE
from gans.rng import stream

if TYPE_CHECKING:
    from bench.metrics.reference import Reference

FLOOR_DRAWS = 24
"""One draw of the digits' FID floor has a standard deviation of 30 %: 24 bring the mean to 6 %."""

LARGE, LARGE_DRAWS = 2500, 8
"""Draws of more samples than this move less and cost more: a third of them will do."""

COPY_DRAWS = 8

COPY_TIERS = (EVERY, WINDOW)


def real_against_real(reference: Reference) -> Draws:
    """Every metric that has a floor, real samples against as many other real samples, once per draw.

    Memorisation is measured on the holdout against the training samples, in
    one draw: no real sample copies another, so ``data_copying`` is 0 by definition.
    Kept on disk, see ``bench.metrics.kept``.
    """
    return kept_draws("floors", reference, functools.partial(_floors, reference))


def _floors(reference: Reference) -> Draws:
    wanted = [
        name for name in METRICS if METRICS.get(name).tier in (EVERY, WINDOW, END) and METRICS.get(name).floor
    ]
    dataset = reference.dataset
    pool = dataset.size + len(dataset.holdout)
    n = min(reference.n, pool // 2)
    source = stream(0, f"evaluation/floors/{dataset.name}")

    def draws() -> Iterator[Measurement]:
        """Measure halves of real samples against each other, one draw at a time."""
        for _ in range(FLOOR_DRAWS if n <= LARGE else LARGE_DRAWS):
            order = torch.randperm(pool, generator=source)[: 2 * n]
            yield measure(dataset.pooled(order[:n]), reference.against(dataset.pooled(order[n:])), wanted)

    memory = measure_memorisation(reference.real, dataset.train, reference)
    return {**_gather(draws()), **_gather(iter([memory]))}


@functools.lru_cache(maxsize=256)
def copy_scores(reference: Reference, data_size: int, defect: str = NONE) -> Mapping[str, float]:
    """Mean score of generators that have memorised the samples of a run, over 8 draws of these.

    The difference between two such scores, with and without a defect, is
    what bad data cost whoever learns them faithfully; what a run lacks beyond
    it, it lost in training.

    Args:
        data_size: how many random training samples.
        defect: how they are spoiled; the scores are against the clean holdout all the same.

    Raises:
        ValueError: ``data_size`` is outside [1, dataset size], or the defect cannot fall upon such data.
    """
    train = reference.dataset.train
    if not 1 <= data_size <= len(train):
        raise ValueError(
            f"data_size: must be between 1 and {len(train)}, the size of the dataset, got {data_size}; "
            "choose one in that range"
        )
    make = functools.partial(_copied, reference, data_size, defect)
    return mean_of(kept_draws("copies", reference, make, data_size=data_size, defect=defect))


def _copied(reference: Reference, data_size: int, defect: str) -> Draws:
    draws = _copies(reference, data_size) if defect == NONE else _spoiled(reference, data_size, defect)
    return _gather(measure(samples, reference, COPY_TIERS) for samples in draws)


def _copies(reference: Reference, data_size: int) -> Iterator[Tensor]:
    """Samples of generators that have memorised clean training samples."""
    train = reference.dataset.train
    source = stream(0, f"evaluation/copies/{reference.dataset.name}/{data_size}")
    for _ in range(COPY_DRAWS):
        kept = torch.randperm(len(train), generator=source)[:data_size]
        drawn = torch.randint(data_size, (reference.n,), generator=source)
        yield train[kept[drawn]]


def _spoiled(reference: Reference, data_size: int, defect: str) -> Iterator[Tensor]:
    """Samples of generators that have memorised spoiled ones, as the runs of the first seeds see them."""
    source = stream(0, f"evaluation/copies/{reference.dataset.name}/{data_size}/{defect}")
    for seed in range(COPY_DRAWS):
        train = apply_defect(reference.dataset, defect, seed, data_size).train
        yield train[torch.randint(len(train), (reference.n,), generator=source)]


def mean_of(draws: Mapping[str, tuple[float, ...]]) -> dict[str, float]:
    """Mean of each metric over the draws in which it could be had, NaN if in none.

    Example:
        >>> mean_of({"fid": (1.0, math.nan, 2.0), "kid": (math.nan,)})
        {'fid': 1.5, 'kid': nan}
    """
    means = {}
    for name, values in draws.items():
        finite = [value for value in values if math.isfinite(value)]
        means[name] = float(np.mean(finite)) if finite else math.nan
    return means


def _gather(measurements: Iterator[Measurement]) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = defaultdict(list)
    for measurement in measurements:
        for name, value in measurement.values.items():
            found[name].append(value)
    return {name: tuple(values) for name, values in found.items()}
